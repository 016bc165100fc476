"""Changing the lines of one list: what stays is not touched, with its quotes, comments and blank lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, Protocol

from monitor.web.editing.items import line_of, yaml_of
from monitor.web.editing.places import (
    Node,
    Series,
    Splice,
    end_of,
    line_start,
    next_line,
    start_of,
)

_COMMENT: Final = re.compile(r"#[^\r\n]*")


def changed_list(series: Series, wanted: Sequence[str], text: str, newline: str) -> Iterator[Splice]:
    """From the lines that a list has to those wanted, of which there is at least one. Raises NotAnItem."""
    had = [line_of(node) for node in series.value]
    steps = SequenceMatcher(None, had, list(wanted), autojunk=False).get_opcodes()
    change = change_of(series, text, newline)
    for step, old_from, old_to, new_from, new_to in steps:
        if step == "equal":
            continue
        pairs = min(old_to - old_from, new_to - new_from)
        for number in range(pairs):
            node = series.value[old_from + number]
            yield Splice(start_of(node), end_of(node, text), yaml_of(wanted[new_from + number]))
        if old_to - old_from > pairs:
            yield from change.without(old_from + pairs, old_to)
        if new_to - new_from > pairs:
            yield change.with_more(old_from + pairs, [yaml_of(line) for line in wanted[new_from + pairs : new_to]])


class Change(Protocol):
    """Items by their number in the list; `items` as YAML."""

    def without(self, first: int, last: int) -> Iterator[Splice]: ...
    def with_more(self, before: int, items: Sequence[str]) -> Splice: ...


def change_of(series: Series, text: str, newline: str) -> Change:
    """Of a list that is not empty, however it is written."""
    return _Flow(series.value, text) if series.flow_style else _Lines(series, text, newline)


class _Lines:
    """A list of which each item begins a line, with '- '."""

    def __init__(self, series: Series, text: str, newline: str) -> None:
        self._nodes, self._text, self._newline = series.value, text, newline
        self._indent = " " * int(series.start_mark.column)

    def without(self, first: int, last: int) -> Iterator[Splice]:
        for node in self._nodes[first:last]:
            yield Splice(self._begins(node), self._ends(node), "")

    def with_more(self, before: int, items: Sequence[str]) -> Splice:
        at = self._ends(self._nodes[before - 1]) if before else self._begins(self._nodes[0])
        return Splice(at, at, "".join(f"{self._indent}- {item}{self._newline}" for item in items))

    def _begins(self, node: Node) -> int:
        """Of the line of its dash, which may stand above it."""
        at = line_start(self._text, start_of(node))
        while self._text[at + len(self._indent)] != "-" or self._text[at : at + len(self._indent)].strip():
            at = line_start(self._text, at - 1)
        return at

    def _ends(self, node: Node) -> int:
        return next_line(self._text, end_of(node, self._text))


class _Flow:
    """A list in brackets."""

    def __init__(self, nodes: Sequence[Node], text: str) -> None:
        self._text = text
        self._spans = [(start_of(node), end_of(node, text)) for node in nodes]

    def without(self, first: int, last: int) -> Iterator[Splice]:
        yield from without(self._spans, first, last, self._text)

    def with_more(self, before: int, items: Sequence[str]) -> Splice:
        told = ", ".join(items)
        if before:
            at = self._spans[before - 1][1]
            return Splice(at, at, f", {told}")
        at = self._spans[0][0]
        return Splice(at, at, f"{told}, ")


def without(spans: Sequence[tuple[int, int]], first: int, last: int, text: str) -> Iterator[Splice]:
    """A run of what stands in brackets left out, each with its comma; not all of it."""
    between = (spans[first][0], spans[last][0]) if last < len(spans) else (spans[first - 1][1], spans[last - 1][1])
    if "#" not in text[slice(*between)]:
        yield Splice(*between, "")
        return
    for number in range(first, last):
        yield Splice(*spans[number], "")
        behind = number if last < len(spans) else number - 1
        comma = _comma(text, spans[behind][1], spans[behind + 1][0])
        yield Splice(comma, comma + 1, "")


def _comma(text: str, start: int, end: int) -> int:
    return start + _COMMENT.sub(lambda comment: "#" * len(comment[0]), text[start:end]).index(",")
