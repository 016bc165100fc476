"""Many needles looked for in a text at once (Aho and Corasick, 1975)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from monitor.rules.packed import Packed
from monitor.text.alphabet import LETTERS, encode, letter_range
from monitor.text.needles import Needle

Hit = tuple[int, int, int]
"""The number of a needle's text, and where it stands in the haystack, half-open."""

Entry = tuple[bytes, frozenset[bytes] | None, bool]
"""One needle: its text, what may follow in its word, and whether nothing but particles may stand before it there."""

_LETTERS = re.compile(b"[%b]*" % letter_range().encode())
_ARABIC = frozenset(encode(LETTERS))
_NO_PARTICLE = _ARABIC - frozenset(encode("وفبلك"))
"""Letters that no word has directly before what is looked for: that would be another word."""


class Scan:
    """Needles by number, in the order given; those with one text have the number of the text in common. Immutable."""

    def __init__(self, needles: Iterable[Needle]) -> None:
        texts: dict[bytes, list[tuple[int, frozenset[bytes] | None, bool]]] = defaultdict(list)
        self.needles = Packed(dict.fromkeys(needles))
        encoded = [encode(needle.text) for needle in self.needles]
        for number, (needle, text) in enumerate(zip(self.needles, encoded, strict=True)):
            texts[text].append((number, *_checks(needle, text)))
        numbers = {text: number for number, text in enumerate(texts)}
        self.text_of = [numbers[text] for text in encoded]
        self._of_text = list(texts.values())
        self._texts = list(texts)
        self._inside = frozenset(
            number for number, those in enumerate(texts.values()) if not all(starts for _, _, starts in those)
        )
        self._automaton = _automaton(self._texts)

    def __getstate__(self) -> dict[str, object]:
        """The automaton cannot be pickled, and is made quickly."""
        return {name: value for name, value in self.__dict__.items() if name != "_automaton"}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._automaton = _automaton(self._texts)

    def __bool__(self) -> bool:
        return len(self.needles) > 0

    def hits(self, haystack: bytes) -> Sequence[Hit]:
        """Every place of every text, also inside other words, but for what begins no word and would have to."""
        hits = self._automaton.find_matches_as_indexes(haystack, overlapping=True)
        return [hit for hit in hits if not hit[1] or haystack[hit[1] - 1] not in _NO_PARTICLE or hit[0] in self._inside]

    def texts_in(self, haystack: bytes) -> set[int]:
        """The numbers of all texts that stand in it, inside other words too."""
        return {text for text, _, _ in self._automaton.find_matches_as_indexes(haystack, overlapping=True)}

    def entry(self, number: int) -> Entry:
        text = self._texts[self.text_of[number]]
        return text, *_checks(self.needles[number], text)

    def standing(self, hits: Iterable[Hit], haystack: bytes) -> Iterator[tuple[int, int]]:
        """The needles that really stand where their texts were hit, and where they begin."""
        for text, start, end in hits:
            inside = start > 0 and haystack[start - 1] in _NO_PARTICLE
            followed: bytes | None = None
            for number, endings, starts in self._of_text[text]:
                if not (inside and starts):
                    if endings is None:
                        yield number, start
                        continue
                    if followed is None:
                        followed = _following(haystack, end)
                    if followed in endings:
                        yield number, start


def _automaton(texts: list[bytes]) -> BytesAhoCorasick:
    return BytesAhoCorasick(texts, matchkind=MatchKind.Standard, implementation=Implementation.ContiguousNFA)


def any_stands(entries: Iterable[Entry], haystack: bytes) -> bool:
    """Whether one of these needles stands anywhere: quicker than a pass for all where they are few."""
    return any(True for entry in entries for _ in places(entry, haystack))


def places(entry: Entry, haystack: bytes) -> Iterator[int]:
    """Where a needle stands."""
    text, endings, starts = entry
    at = haystack.find(text)
    while at >= 0:
        begins = not starts or not at or haystack[at - 1] not in _NO_PARTICLE
        if begins and (endings is None or _following(haystack, at + len(text)) in endings):
            yield at
        at = haystack.find(text, at + 1)


def _following(haystack: bytes, at: int) -> bytes:
    """The Arabic letters that follow."""
    found = _LETTERS.match(haystack, at)
    return found[0] if found else b""


def _checks(needle: Needle, text: bytes) -> tuple[frozenset[bytes] | None, bool]:
    """A word of other letters or digits ends where Arabic letters begin, and begins where they end: 10قتلى."""
    return _encoded(needle.endings) if text[-1] in _ARABIC else None, needle.starts and text[0] in _ARABIC


@lru_cache(maxsize=1 << 10)
def _encoded(endings: frozenset[str] | None) -> frozenset[bytes] | None:
    """One set for all needles with these endings."""
    return None if endings is None else frozenset(map(encode, endings))
