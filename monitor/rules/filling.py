"""Filling `${…}` in under feeds, channels, heartbeat and web, after YAML is read: what a variable holds is never read
as YAML."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from monitor.errors import Problem
from monitor.language import Location
from monitor.rules.nodes import Block, Node, Scalar, Series, location, map_scalars
from monitor.rules.problems import Refused, Report, shown
from monitor.rules.secrets import Lookup, Reference, fill
from monitor.rules.yaml_source import Source

SECTIONS: Mapping[str, str] = {"feeds": "feed", "channels": "channel"}
LeftOut = frozenset[Location]  # where the blocks begin that lack a value


def fill_in(source: Source, lookup: Lookup, report: Report) -> tuple[Source, LeftOut]:
    """The file with its references filled in, and the feeds and channels that lack one: each is told once."""
    left_out: set[Location] = set()
    data = _copy(source.data)
    for section, kind in SECTIONS.items():
        if isinstance(data.get(section), Block | Series):
            data[section] = _copy(data[section])
        for key, entry in _members(data.get(section)):
            filled, unset = _fill_entry(entry, lookup, report)
            data[section][key] = filled
            if unset:
                left_out.add(location(entry))
                _tell(kind, key, entry, unset, report)
    _fill_heartbeat(data, lookup, report)
    _fill_token(data, lookup, report)
    return Source(source.file, data, source.digest), frozenset(left_out)


def _fill_heartbeat(data: Block, lookup: Lookup, report: Report) -> None:
    """It stands alone, not in a section; without its value it is as if it were not there."""
    written = data.get("heartbeat")
    if written is None:
        return
    filled, unset = _fill_entry(written, lookup, report)
    data["heartbeat"] = filled
    if unset:
        _tell("heartbeat", "heartbeat", written, unset, report)
        del data["heartbeat"]


def _fill_token(data: Block, lookup: Lookup, report: Report) -> None:
    """Of the pages; nothing else of theirs is a secret. Without its value nobody may look: to leave it out would open
    them."""
    web = data.get("web")
    written = web.get("token") if isinstance(web, Block) else None
    if not isinstance(written, Scalar):
        return
    filled, unset = _fill_entry(written, lookup, report)
    data["web"] = map_values(web, lambda value: filled if value is written else value)
    if unset:
        reference = unset[0][1]
        report.warning(
            written.at, "R316", f"nobody may look at the pages: {reference} has no value", _remedy(reference)
        )


def passed_over(source: Source) -> Source:
    """The file for those who need rules alone: no channels, and no reference in a feed has a value."""
    data = _copy(source.data)
    for key in ("channels", "heartbeat"):
        data.pop(key, None)
    for key in ("feeds", "web"):
        if isinstance(data.get(key), Series | Block):
            data[key] = map_scalars(data[key], lambda scalar: scalar.filled(None) if "${" in scalar else scalar)
    return Source(source.file, data, source.digest)


def _copy(node: Node) -> Node:
    return map_values(node, lambda value: value)


def map_values(node: Node, change: Callable[[Node], Node]) -> Node:
    """A block or list with each of its direct values changed."""
    if isinstance(node, Block):
        block = Block(node.at)
        block.update((key, change(value)) for key, value in node.items())
        return block
    series = Series(node.at)
    series.extend(change(value) for value in node)
    return series


def _members(node: Node) -> Iterator[tuple[int | str, Node]]:
    if isinstance(node, Block):
        yield from list(node.items())
    elif isinstance(node, Series):
        yield from list(enumerate(node))


def _fill_entry(entry: Node, lookup: Lookup, report: Report) -> tuple[Node, tuple[tuple[Scalar, Reference], ...]]:
    unset: list[tuple[Scalar, Reference]] = []

    def change(scalar: Scalar) -> Scalar:
        if scalar.unset:
            return scalar
        try:
            filled, missing = fill(scalar, lookup)
        except Refused as error:
            report.refused(error, scalar.at)
            return scalar.filled(None)
        unset.extend((scalar, reference) for reference in missing)
        return filled

    return map_scalars(entry, change), tuple(unset)


def _tell(kind: str, key: int | str, entry: Node, unset: tuple[tuple[Scalar, Reference], ...], report: Report) -> None:
    names = ", ".join(dict.fromkeys(str(reference) for _, reference in unset))
    first, reference = unset[0]
    called = (
        "address"
        if kind == "heartbeat"
        else f"'{shown(key)}'"
        if isinstance(key, str)
        else f"on line {location(entry).line}"
    )
    plural = "have no value" if "," in names else "has no value"
    report.warning(
        first.at,
        "R316",
        f"the {kind} {called} is left out: {names} {plural}",
        f"{_remedy(reference)}, or remove the {kind}",
    )


def tells_of_what_is_left_out(problem: Problem) -> bool:
    """A feed, a channel or the heartbeat, for want of a value; see `_tell`."""
    return problem.code == "R316" and " is left out: " in problem.what


def _remedy(reference: Reference) -> str:
    """A monitor that runs has the variables of where it was started; files it reads anew."""
    if reference.file:
        return f"create the file {shown(reference.name)}"
    return f"set it: export {reference.name}=…, and start monitor again where it runs"
