"""All words of the indexed texts, and in which of them something stands that a rule waits for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from monitor.rules.scan import Scan, places
from monitor.search.words import is_word

_END: Final = b"\n"
_FEW: Final = 24  # needles that are looked for one by one

MOST: Final = 3_000
"""Words of one need. What more words than that hold is met nearly everywhere, and costs more to look up than to judge.
"""


def packed(words: Iterable[bytes]) -> bytes:
    """Words as they are kept: in order, each with a line end before and behind it."""
    return _END + _END.join(sorted(words)) + _END


def unpacked(part: bytes) -> list[bytes]:
    return part.strip(_END).split(_END)


class Vocabulary:
    """The parts that make it up; a word may stand in several."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        self._parts = parts

    def holding(self, scan: Scan, needles: frozenset[int]) -> frozenset[bytes] | None:
        """The words in which one of these needles stands, by the needle's own terms; None for too many."""
        if any(not is_word(scan.entry(needle)[0]) for needle in needles):
            return None  # it reaches over what separates words here
        found: set[bytes] = set()
        for word in self._one_by_one(scan, needles) if len(needles) <= _FEW else self._at_once(scan, needles):
            found.add(word)
            if len(found) > MOST:
                return None
        return frozenset(found)

    def _one_by_one(self, scan: Scan, needles: frozenset[int]) -> Iterator[bytes]:
        entries = [scan.entry(needle) for needle in sorted(needles)]
        for part in self._parts:
            for entry in entries:
                for at in places(entry, part):
                    yield _word_at(part, at)

    def _at_once(self, scan: Scan, needles: frozenset[int]) -> Iterator[bytes]:
        for part in self._parts:
            for needle, at in scan.standing(scan.hits(part), part):
                if needle in needles:
                    yield _word_at(part, at)


def _word_at(part: bytes, at: int) -> bytes:
    return part[part.rfind(_END, 0, at) + 1 : part.find(_END, at)]
