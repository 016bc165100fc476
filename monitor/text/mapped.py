"""A text that remembers where each of its characters was published."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

Edit = tuple[int, int, str]  # replace [start, end) by this; end > start


@dataclass(frozen=True, slots=True)
class Mapped:
    """`text`, and for each of its characters the half-open, never empty range of the source that it stands for.

    Ranges never go back: both arrays are sorted. No arrays: the text is the source itself.
    """

    text: str
    starts: array[int] | None = None
    ends: array[int] | None = None

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The source range of `text[start:end]`, which must not be empty."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]

    def rewrite(self, edits: Iterable[Edit]) -> Mapped:
        """The text after these edits, which are sorted, disjoint, and refer to `text`."""
        copy = _Copy(self)
        for start, end, replacement in edits:
            copy.keep(start)
            copy.replace(start, end, replacement)
        return copy.done()


class _Copy:
    """A new text in the making: what was copied so far, and where we stand in the old one."""

    def __init__(self, old: Mapped) -> None:
        self._old = old
        self._at = 0
        self._pieces: list[str] = []
        self._starts, self._ends = array("I"), array("I")

    def keep(self, end: int) -> None:
        start, self._at = self._at, end
        self._pieces.append(self._old.text[start:end])
        if self._old.starts is None or self._old.ends is None:
            self._starts.extend(range(start, end))
            self._ends.extend(range(start + 1, end + 1))
        else:
            self._starts.extend(self._old.starts[start:end])
            self._ends.extend(self._old.ends[start:end])

    def replace(self, start: int, end: int, replacement: str) -> None:
        first, last = self._old.source(start, end)
        self._pieces.append(replacement)
        self._starts.extend([first] * len(replacement))
        self._ends.extend([last] * len(replacement))
        self._at = end

    def done(self) -> Mapped:
        if self._at == 0:
            return self._old
        self.keep(len(self._old.text))
        return Mapped("".join(self._pieces), self._starts, self._ends)
