"""Many needles looked for in a text at once (Aho and Corasick, 1975), each where a word may have it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from monitor.text.needles import Needle

Value = TypeVar("Value", bound=Hashable)

_LETTERS = re.compile("[\u0621-\u063a\u0641-\u064a]*")
_ARABIC = frozenset(map(chr, (*range(0x0621, 0x063B), *range(0x0641, 0x064B))))
NO_PARTICLE = _ARABIC - frozenset("وفبلك")
"""Letters that no word has directly before what is looked for: that would be another word."""


class Scan(Generic[Value]):
    """Values by needle. Immutable; safe from any thread."""

    def __init__(self, values: Mapping[Needle, Sequence[Value]]) -> None:
        by_text: dict[str, list[tuple[frozenset[str] | None, tuple[Value, ...]]]] = defaultdict(list)
        inside = set()
        for needle, those in values.items():
            by_text[needle.text].append((needle.endings, tuple(those)))
            if not needle.starts:
                inside.add(needle.text)
        self._values = list(by_text.values())
        self._inside = frozenset(number for number, text in enumerate(by_text) if text in inside)
        self._automaton = AhoCorasick(
            list(by_text),
            matchkind=MatchKind.Standard,
            store_patterns=False,
            implementation=Implementation.ContiguousNFA,
        )

    def __bool__(self) -> bool:
        return bool(self._values)

    def hits(self, haystack: str) -> Iterator[tuple[int, tuple[Value, ...]]]:
        """Where a needle stands, and its values."""
        inside, values = self._inside, self._values
        for number, start, end in self._automaton.find_matches_as_indexes(haystack, overlapping=True):
            if not start or haystack[start - 1] not in NO_PARTICLE or number in inside:
                for endings, those in values[number]:
                    if endings is None or ending(haystack, end) in endings:
                        yield start, those


def ending(haystack: str, at: int) -> str:
    """The Arabic letters that follow."""
    found = _LETTERS.match(haystack, at)
    return found[0] if found else ""


def stands(needle: Needle, haystack: str) -> bool:
    """The same for one needle."""
    at = haystack.find(needle.text)
    while at >= 0:
        starts = not needle.starts or not at or haystack[at - 1] not in NO_PARTICLE
        if starts and (needle.endings is None or ending(haystack, at + len(needle.text)) in needle.endings):
            return True
        at = haystack.find(needle.text, at + 1)
    return False
