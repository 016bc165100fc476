"""Where in the file each character of a text stands, however YAML wrote it: plain, quoted, or folded over lines."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.language import Location
from monitor.rules.nodes import Scalar


def places(written: Scalar, lines: Sequence[str]) -> list[Location]:
    """One for each character, and one for the end; each the beginning of the text where that is all that is known (a
    text with escapes in it, or lines that are not there).

    `lines` are those of the file. White space stands where the text goes on.
    """
    found = _aligned(written, lines) if lines else _straight(written)
    return found or [written.at] * (len(written) + 1)


def _straight(written: Scalar) -> list[Location] | None:
    if not written.plain or written.multiline:
        return None
    at = written.at
    return [Location(at.file, at.line, at.column + offset) for offset in range(len(written) + 1)]


def _aligned(written: Scalar, lines: Sequence[str]) -> list[Location] | None:
    """Walks through text and lines side by side. Signs that YAML takes away (quotes, `>-`) are passed over."""
    line, column = _first_character(written, lines)
    found: list[Location] = []
    for char in written:
        if not char.isspace():
            while True:
                while line < len(lines) and column >= len(lines[line]):
                    line, column = line + 1, 0
                if line >= len(lines):
                    return None
                there = lines[line][column]
                if there == char:
                    break
                if not there.isspace() and there != "'":
                    return None
                column += 1
        found.append(Location(written.at.file, line + 1, column + 1))
        column += not char.isspace()
    found.append(Location(written.at.file, line + 1, column + 1))
    return found


def _first_character(written: Scalar, lines: Sequence[str]) -> tuple[int, int]:
    """Counted from 0: behind an opening quotation mark, on the line below a block's sign."""
    line, column = written.at.line - 1, written.at.column - 1
    opening = lines[line][column : column + 1] if line < len(lines) else ""
    if written.plain or opening not in ("'", '"', ">", "|"):
        return line, column
    return (line, column + 1) if opening in ("'", '"') else (line + 1, 0)
