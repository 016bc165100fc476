"""Going on behind a mistake at which YAML stops: a draft of the file, mended just enough to find the mistakes after it.

What was mended is never used. Its file is in error already, and each text that was touched is passed over in silence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from monitor.language import Location
from monitor.rules.characters import forbidden
from monitor.rules.yaml_hints import Stop

MAX_MENDS = 50
_MAX_REREAD = 8 << 20  # characters in all: reading a long file again and again takes seconds
_TIMES_A_LINE = 2
_LINES_BACK = 100  # how far above a list or block in brackets may have been opened
_TAB_SIZES = (2, 4, 8)
_OPENS_BRACKETS = re.compile(r"\s*(?:-\s+)*(?:[^\s\[{'\"#][^\[{'\"#]*:\s+)?[\[{]")
_BRACKETS = re.compile(r"(?:(?<=[\s,\[{])|^)(?:'(?:[^']|'')*'|\"(?:\\.|[^\"\\])*\"|#.*)|\$\{[^{}]*\}|([\[{])|([\]}])")
_END_IN_BRACKETS = re.compile(r"(?:\$\{[^{}]*\}|[^,\[\]{}])*")
_COMMENT = re.compile(r"(?<!\s)\s+(?:#|$)")


class Draft:
    """A file's lines as the parser is given them. Knows of each changed character where it stands in the file."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = list(lines)
        self.silent: set[tuple[int, int]] = set()  # line and column, in the file, of each text that was touched
        self._columns: dict[int, list[int]] = {}  # of a changed line: the column of each character, and of its end
        self._mends: Counter[int] = Counter()
        self._indented: set[int] = set()
        self._left = min(MAX_MENDS, _MAX_REREAD // (sum(map(len, lines)) + 1))

    @property
    def changed(self) -> bool:
        return bool(self._columns)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def at(self, drafted: Location) -> Location:
        """Where in the file a place of the draft is."""
        columns = self._columns.get(drafted.line)
        if columns is None:
            return drafted
        return Location(drafted.file, drafted.line, columns[min(drafted.column, len(columns)) - 1])

    def without_tabs(self, number: int) -> None:
        """Two spaces for each tab of a line's indentation, or more where that brings it in line with those above."""
        line = self.lines[number - 1]
        end, tabs = _indent(line), line[: _indent(line)].count("\t")
        above = self._levels_above(number)
        fitting = (size for size in _TAB_SIZES if (end + tabs * (size - 1), _is_item(line)) in above)
        size = next(fitting, _TAB_SIZES[0])
        widths = [size if char == "\t" else 1 for char in line[:end]]
        columns = [column for column, width in enumerate(widths, 1) for _ in range(width)]
        self.lines[number - 1] = " " * len(columns) + line[end:]
        self._columns[number] = columns + (self._columns.get(number) or list(range(1, len(line) + 2)))[end:]
        self._indented.add(number)

    def _levels_above(self, number: int) -> set[tuple[int, bool]]:
        """How far lines above are indented, and whether an item of a list is."""
        above = [line for line in self.lines[max(0, number - 1 - _LINES_BACK) : number - 1] if line.strip()]
        inside = {(_indent(line) + 2, False) for line in above if _is_item(line)}
        return inside | {(_indent(line), _is_item(line)) for line in above}

    def without_forbidden(self, number: int) -> None:
        for index, _ in reversed(list(forbidden(self.lines[number - 1]))):
            self._replace(number, index, index + 1, "")

    def follows_from_mending(self, stop: Stop) -> bool:
        """Whether the parser may stop here only for what was guessed when lines were mended."""
        if stop.quote is not None:
            return False
        first = min(stop.stopped - 1, stop.since or stop.stopped)
        touched = self._columns.keys() & {stop.stopped - 1, stop.stopped}
        return bool(touched) or any(first <= number <= stop.stopped for number in self._indented)

    def mend(self, stop: Stop) -> bool:
        """Change the line at which the parser stopped, so that it can read on; False when nothing helps."""
        number, start = stop.at.line, stop.quote
        if start is None or not self._left or self._mends[number] >= _TIMES_A_LINE:
            return False
        self._left -= 1
        self._mends[number] += 1
        line = self.lines[number - 1]
        if line[start : start + 1] == "\t":
            self._replace(number, start, start + 1, " ")
            return True
        end = self._end(number, start)
        where = self.at(Location(stop.at.file, number, start + 1))
        self.silent.add((number, where.column))
        self._replace(number, start, end, "'" + line[start:end].replace("'", "’") + "'")
        return start < end

    def _end(self, number: int, start: int) -> int:
        """Where the text ends that begins here: at the end of the line, or in brackets at the next sign of theirs."""
        line = self.lines[number - 1]
        if self._in_brackets(number, start):
            inner = _END_IN_BRACKETS.match(line, start)
            return start + len(line[start : inner.end() if inner else None].rstrip())
        comment = _COMMENT.search(line, start)
        return comment.start() if comment else len(line)

    def _in_brackets(self, number: int, start: int) -> bool:
        above = range(number - 1, max(0, number - _LINES_BACK) - 1, -1)
        first = next((index for index in above if _OPENS_BRACKETS.match(self.lines[index])), number - 1)
        before = [*self.lines[first : number - 1], self.lines[number - 1][:start]]
        signs = [found for line in before for found in _BRACKETS.finditer(line)]
        return sum(bool(found[1]) - bool(found[2]) for found in signs) > 0

    def _replace(self, number: int, start: int, end: int, new: str) -> None:
        line = self.lines[number - 1]
        columns = self._columns.get(number) or list(range(1, len(line) + 2))
        inside = columns[start:end] or [columns[start]]
        fitted = [inside[min(max(0, index - (len(new) > end - start)), len(inside) - 1)] for index in range(len(new))]
        self._columns[number] = [*columns[:start], *fitted, *columns[end:]]
        self.lines[number - 1] = line[:start] + new + line[end:]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _is_item(line: str) -> bool:
    return line.lstrip(" \t").startswith("- ")
