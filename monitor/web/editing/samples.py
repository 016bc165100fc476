"""A rule's tests as boxes: the headlines that it must match, and those that it must not, one a line.

A line is a headline as it is; only one that begins with '{' is YAML, as {title: …, summary: …}.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from monitor.web.editing.items import flow, yaml_of
from monitor.web.editing.lists import change_of
from monitor.web.editing.places import Block, Node, Series, Splice, Text, composed, data, end_of, scalar, start_of
from monitor.web.editing.settings import Settings

KINDS: Final = ("match", "no_match")
SETTING: Final = "tests"
_OPENS: Final = "{"


def samples(tests: Node | None, kind: str) -> list[str]:
    return [_line(value) for _, value in _of_kind(tests, kind)]


def kinds_of(entry: Node) -> list[str]:
    """Of one test; several or none for one that is written wrongly."""
    return [kind for kind in KINDS if _value(entry, kind) is not None]


def others(tests: Node | None, kind: str) -> list[object]:
    """What all other tests say."""
    entries = tests.value if isinstance(tests, Series) else []
    return [data(entry) for entry in entries if _value(entry, kind) is None]


def says(tests: Node | None, kind: str, lines: Sequence[str]) -> bool:
    return [_line(value) for _, value in _of_kind(tests, kind)] == [_as_shown(line) for line in lines]


def with_samples(rule: Settings, kind: str, wanted: Sequence[str]) -> Iterator[Splice]:
    """The rule's tests of a kind, one a line; what is beside a headline that stays ('because') stays. Raises NotAnItem,
    Beyond."""
    tests = rule.values.get(SETTING)
    if isinstance(tests, Series) and tests.value:
        if not wanted and len(samples(tests, kind)) == len(tests.value):
            yield from rule.without(SETTING)
        else:
            yield from _changed(tests, kind, wanted, rule)
    elif wanted and (tests is not None or rule.block.flow_style):
        yield from rule.with_block(SETTING, f"[{', '.join(f'{{{kind}: {_yaml(line)}}}' for line in wanted)}]")
    elif wanted:
        indent = rule.newline + " " * (int(rule.block.start_mark.column) + 2)
        yield from rule.with_block(SETTING, "".join(f"{indent}- {kind}: {_yaml(line)}" for line in wanted))


def _changed(tests: Series, kind: str, wanted: Sequence[str], rule: Settings) -> Iterator[Splice]:
    known = _of_kind(tests, kind)
    steps = SequenceMatcher(None, [_line(value) for _, value in known], list(wanted), autojunk=False).get_opcodes()
    change = change_of(tests, rule.text, rule.newline)
    gone: list[int] = []
    for step, old_from, old_to, new_from, new_to in steps:
        if step == "equal":
            continue
        pairs = min(old_to - old_from, new_to - new_from)
        for number in range(pairs):
            value = known[old_from + number][1]
            yield Splice(start_of(value), end_of(value, rule.text), _yaml(wanted[new_from + number]))
        gone += [known[number][0] for number in range(old_from + pairs, old_to)]
        if more := [f"{kind}: {_yaml(line)}" for line in wanted[new_from + pairs : new_to]]:
            at = known[old_from + pairs - 1][0] + 1 if old_from + pairs else known[0][0] if known else len(tests.value)
            yield change.with_more(at, [f"{{{each}}}" for each in more] if tests.flow_style else more)
    for first, last in _runs(gone):
        yield from change.without(first, last)


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Those that follow each other, as [first, last)."""
    run: list[int] = []
    for number in numbers:
        if run and number != run[-1] + 1:
            yield run[0], run[-1] + 1
            run = []
        run.append(number)
    if run:
        yield run[0], run[-1] + 1


def _of_kind(tests: Node | None, kind: str) -> list[tuple[int, Node]]:
    """Each test of the kind: which one of all it is, and its text."""
    entries = tests.value if isinstance(tests, Series) else []
    found = ((number, _value(entry, kind)) for number, entry in enumerate(entries))
    return [(number, value) for number, value in found if value is not None]


def _value(entry: Node, kind: str) -> Node | None:
    pairs = entry.value if isinstance(entry, Block) else ()
    return next((value for key, value in pairs if isinstance(key, Text) and key.value == kind), None)


def _line(value: Node) -> str:
    if not isinstance(value, Text):
        return flow(value)
    text = value.value
    as_it_is = text.isprintable() and text == text.strip() and text and not text.startswith(_OPENS)
    return text if as_it_is else f"{{title: {json.dumps(text, ensure_ascii=False)}}}"


def _yaml(line: str) -> str:
    return yaml_of(line) if line.startswith(_OPENS) else scalar(line)


def _as_shown(line: str) -> str:
    """A line as it will be shown when it is read back."""
    return line if not line.startswith(_OPENS) else _line(_only(yaml_of(line)))


def _only(yaml_text: str) -> Node:
    node = composed(f"[{yaml_text}]")
    assert isinstance(node, Series)
    only: Node = node.value[0]
    return only
