"""Many needles looked for in a text at once (Aho and Corasick, 1975)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from monitor.text.alphabet import LETTERS, encode, letter_range
from monitor.text.needles import Needle

Hit = tuple[int, int, int]
"""The number of a needle's text, and where it stands in the haystack, half-open."""

_LETTERS = re.compile(b"[%b]*" % letter_range().encode())
_NO_PARTICLE = frozenset(encode(LETTERS)) - frozenset(encode("وفبلك"))
"""Letters that no word has directly before what is looked for: that would be another word."""


class Scan:
    """Needles by number, in the order given; those with one text have the number of the text in common. Immutable."""

    def __init__(self, needles: Iterable[Needle]) -> None:
        texts: dict[bytes, list[tuple[int, frozenset[bytes] | None, bool]]] = defaultdict(list)
        self.needles = tuple(dict.fromkeys(needles))
        for number, needle in enumerate(self.needles):
            texts[encode(needle.text)].append((number, _encoded(needle.endings), needle.starts))
        numbers = {text: number for number, text in enumerate(texts)}
        self.text_of = [numbers[encode(needle.text)] for needle in self.needles]
        self._of_text = list(texts.values())
        self._automaton = BytesAhoCorasick(
            list(texts), matchkind=MatchKind.Standard, implementation=Implementation.ContiguousNFA
        )

    def __bool__(self) -> bool:
        return bool(self.needles)

    def hits(self, haystack: bytes) -> Sequence[Hit]:
        """Every place of every text, also inside other words."""
        return self._automaton.find_matches_as_indexes(haystack, overlapping=True)

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
                        followed = _LETTERS.match(haystack, end)[0]  # type: ignore[index]  # it matches everywhere
                    if followed in endings:
                        yield number, start


@lru_cache(maxsize=1 << 10)
def _encoded(endings: frozenset[str] | None) -> frozenset[bytes] | None:
    """One set for all needles with these endings."""
    return None if endings is None else frozenset(map(encode, endings))
