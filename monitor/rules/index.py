"""Where the patterns of all rules may begin in a text, told in one pass."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import accumulate

from monitor.language import KnownPlace, Plain
from monitor.rules.scan import Scan
from monitor.rules.spellings import Spelling, spellings
from monitor.text.document import Text
from monitor.text.needles import Needle
from monitor.text.terms import Pattern, compile_item


class Vocabulary:
    """The patterns of a ruleset, each with a number; what is written in many rules is compiled once."""

    def __init__(self) -> None:
        self.patterns: list[Pattern] = []
        self._numbers: dict[Hashable, frozenset[int]] = {}

    def of_item(self, item: Plain) -> frozenset[int]:
        if item not in self._numbers:
            self._numbers[item] = self._add(compile_item(item))
        return self._numbers[item]

    def of_place(self, place: KnownPlace) -> frozenset[int]:
        """Every spelling, those with endings where their language puts endings on names."""
        numbers = [self._of_spelling(each) for each in spellings(place)]
        return frozenset[int]().union(*numbers)

    def _of_spelling(self, spelling: Spelling) -> frozenset[int]:
        if spelling not in self._numbers:
            self._numbers[spelling] = self._add([spelling.pattern()])
        return self._numbers[spelling]

    def _add(self, patterns: Iterable[Pattern]) -> frozenset[int]:
        first = len(self.patterns)
        self.patterns.extend(patterns)
        return frozenset(range(first, len(self.patterns)))


class Index:
    """Tells where patterns, known by their place in `patterns`, may begin in a text. Immutable; safe from any thread.

    A pattern that occurs is always among them; one that is among them need not occur.
    """

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.patterns = tuple(patterns)
        numbers: tuple[dict[Needle, list[_Begin]], dict[Needle, list[_Begin]]] = defaultdict(list), defaultdict(list)
        for number, pattern in enumerate(patterns):
            for needle in pattern.needles:
                numbers[needle.joined][needle].append((number, needle.word))
        self._spaced, self._joined = map(Scan, numbers)

    def begins(self, text: Text) -> dict[int, list[int]]:
        """For each pattern the words at which it may begin, in order."""
        begins: dict[int, set[int]] = defaultdict(set)
        for scan, between in ((self._spaced, " "), (self._joined, "")):
            if scan:
                starts = list(accumulate((len(word) + len(between) for word in text.words), initial=0))
                for start, those in scan.hits(between.join(text.words)):
                    at = bisect_right(starts, start) - 1
                    for number, word in those:
                        if at >= word:
                            begins[number].add(at - word)
        return {number: sorted(words) for number, words in begins.items()}


_Begin = tuple[int, int]  # a pattern, and which of its words was met
