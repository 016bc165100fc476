"""The data files: YAML of lists, mappings and texts, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import Any, Required, TypedDict, cast


def records(kind: str) -> Iterator[dict[str, Any]]:
    """The records of `places` or `events` as they stand in the files, file by file in alphabetical order."""
    folder = resources.files(__package__) / kind
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".yaml"):
            yield from read(file.read_text(encoding="utf-8"))


class PlaceRecord(TypedDict, total=False):
    """Of `places` (see `load`). Degrees are texts here, as all scalars are."""

    id: Required[str]
    kind: Required[str]
    name: Required[Mapping[str, str]]
    within: str
    namesake: str
    terms: Sequence[str]
    inflected: Sequence[str]
    guarded: Sequence[str]
    behind: Sequence[str]
    context: Sequence[str | Mapping[str, Any]]
    ban: Sequence[str]
    lat: str
    lon: str
    pcode: str


def place_records() -> Iterator[PlaceRecord]:
    """The tests hold the files to it: what is read of them has no types."""
    yield from cast("Iterator[PlaceRecord]", records("places"))


def records_of(name: str) -> list[dict[str, Any]]:
    """The records of one file of this room."""
    return list(read((resources.files(__package__) / name).read_text(encoding="utf-8")))


def read(text: str) -> Any:
    """The document of a file; every scalar is a text, as it is written.

    Built from the parser's events: half the time of PyYAML's constructors (45 against 115 ms for all our files), and
    nothing turns into a truth value or a date.
    """
    import yaml  # not for those who need other parts of this room

    parser: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)(text)
    open_nodes: list[list[Any]] = [[]]
    while not isinstance(event := parser.get_event(), yaml.StreamEndEvent):
        match event:
            case yaml.ScalarEvent():
                open_nodes[-1].append(event.value)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                open_nodes.append([])
            case yaml.SequenceEndEvent():
                open_nodes[-2].append(open_nodes.pop())
            case yaml.MappingEndEvent():
                open_nodes[-2].append(_mapping(open_nodes.pop()))
    return open_nodes[0][0]


def _mapping(flat: list[Any]) -> dict[str, Any]:
    keys, values = flat[::2], flat[1::2]
    if len(set(keys)) < len(keys):
        raise ValueError(f"a key stands twice: {keys}")
    return dict(zip(keys, values, strict=True))
