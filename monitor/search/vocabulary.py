"""All words of the indexed texts, and in which of them something stands that a rule waits for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Final

from monitor.rules.scan import Scan, places
from monitor.search.words import is_word
from monitor.text.needles import Needle

_END: Final = b"\n"
_FEW: Final = 24  # needles that are looked for one by one
_AT_ONCE: Final = 1 << 17  # bytes that are looked through at once: what is met in them is a list in memory

_PARTS: Final = 48  # of two indexes as they mostly are: a part becomes one of eight times its size, and so on

MOST: Final = 3_000
"""Words of one needle. What more words than that hold is met nearly everywhere, and costs more to look up than to
judge."""

Held = frozenset[bytes] | None  # words; None for too many


def packed(words: Iterable[bytes]) -> bytes:
    """Words as they are kept: in order, each with a line end before and behind it."""
    return _END + _END.join(sorted(words)) + _END


def unpacked(part: bytes) -> list[bytes]:
    return part.strip(_END).split(_END)


@lru_cache(maxsize=_PARTS)
def _in_order(part: bytes) -> list[bytes]:
    """Kept from one search to the next: to cut a large part takes longer than all else that is asked of it."""
    return unpacked(part)


class Vocabulary:
    """The parts that make it up; a word may stand in several."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        self._parts = parts
        self._there: dict[bytes, bool] = {}  # the same pieces of names are asked for again and again

    @cached_property
    def _words(self) -> list[list[bytes]]:
        return list(map(_in_order, self._parts))

    def __contains__(self, word: bytes) -> bool:
        found = self._there.get(word)
        if found is None:
            found = self._there[word] = any(
                (at := bisect_left(words, word)) < len(words) and words[at] == word for words in self._words
            )
        return found

    def has_one_that_begins(self, start: bytes) -> bool:
        return any(
            (at := bisect_left(words, start)) < len(words) and words[at].startswith(start) for words in self._words
        )

    def holding(self, needles: Collection[Needle]) -> Mapping[Needle, Held]:
        """For each the words in which it stands, by its own terms."""
        scan = Scan(needles)
        found: dict[Needle, set[bytes] | None] = {each: set() for each in scan.needles}
        for number, each in enumerate(scan.needles):
            if not is_word(scan.entry(number)[0]):
                found[each] = None  # it reaches over what separates words here
        for needle, word in self._one_by_one(scan) if len(scan.needles) <= _FEW else self._at_once(scan):
            words = found[needle]
            if words is not None:
                words.add(word)
                if len(words) > MOST:
                    found[needle] = None
        return {needle: None if words is None else frozenset(words) for needle, words in found.items()}

    def _one_by_one(self, scan: Scan) -> Iterator[tuple[Needle, bytes]]:
        for part in self._parts:
            for number, needle in enumerate(scan.needles):
                for at in places(scan.entry(number), part):
                    yield needle, _word_at(part, at)

    def _at_once(self, scan: Scan) -> Iterator[tuple[Needle, bytes]]:
        for part in self._parts:
            for piece in _sliced(part):
                for number, at in scan.standing(scan.hits(piece), piece):
                    yield scan.needles[number], _word_at(piece, at)


def _sliced(part: bytes) -> Iterator[bytes]:
    """Each begins and ends with a line end, as the part does."""
    start = 0
    while start < len(part) - 1:
        end = part.find(_END, start + _AT_ONCE)
        end = len(part) - 1 if end < 0 else end
        yield part[start : end + 1]
        start = end


def _word_at(part: bytes, at: int) -> bytes:
    return part[part.rfind(_END, 0, at) + 1 : part.find(_END, at)]
