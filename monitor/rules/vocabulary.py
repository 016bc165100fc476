"""The patterns of a ruleset, and how the next ruleset gets those that it has in common with this one.

To compile a pattern costs more than all that is made of it afterwards, and whoever changes rules changes a word.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

from monitor.language import KnownPlace, Plain
from monitor.rules.index import Index
from monitor.rules.packed import Packed
from monitor.rules.spellings import Spelling, spellings
from monitor.text.needles import Needle
from monitor.text.patterns import Pattern
from monitor.text.terms import compile_item

Parts = tuple[tuple[Needle, ...], ...]


class Sources:
    """Of what each pattern of an index was compiled. Immutable; can be pickled, the index with it."""

    def __init__(self, vocabulary: Vocabulary, index: Index) -> None:
        self.index = index
        self._numbers = Packed(vocabulary.numbers.items())

    def numbers(self) -> Mapping[Hashable, frozenset[int]]:
        """The patterns of each item and spelling."""
        return dict(self._numbers)


class Vocabulary:
    """The patterns of a ruleset, each with a number; what is written in many rules is compiled once.

    `before`: what was compiled before is taken from there. What that amounts to is the same.
    """

    def __init__(self, before: Sources | None = None) -> None:
        self.patterns: list[Pattern] = []
        self.parts: list[Parts] = []
        """Of each pattern."""
        self.was: list[int | None] = []
        """The number that each pattern had before; None for one that is new."""
        self.numbers: dict[Hashable, frozenset[int]] = {}
        """The patterns of each item and spelling that was asked for."""
        self._before = before
        self._compiled = before.numbers() if before else {}

    def of_item(self, item: Plain) -> frozenset[int]:
        found = self.numbers.get(item)
        if found is None:
            found = self.numbers[item] = self._taken(item) or self._add(compile_item(item))
        return found

    def of_place(self, place: KnownPlace) -> frozenset[int]:
        """Every spelling, those with endings where their language puts endings on names."""
        numbers = [self._of_spelling(each) for each in spellings(place)]
        return frozenset[int]().union(*numbers)

    def _of_spelling(self, spelling: Spelling) -> frozenset[int]:
        found = self.numbers.get(spelling)
        if found is None:
            found = self.numbers[spelling] = self._taken(spelling) or self._add([spelling.pattern()])
        return found

    def _taken(self, source: Hashable) -> frozenset[int]:
        """Empty for what was not compiled before."""
        old = sorted(self._compiled.get(source, ()))
        first = len(self.patterns)
        if self._before and old:
            self.patterns += [self._before.index.patterns[number] for number in old]
            self.parts += [self._before.index.parts[number] for number in old]
            self.was += old
        return frozenset(range(first, len(self.patterns)))

    def _add(self, patterns: Iterable[Pattern]) -> frozenset[int]:
        first = len(self.patterns)
        self.patterns += patterns
        new = self.patterns[first:]
        self.parts += [pattern.parts for pattern in new]
        self.was += [None] * len(new)
        return frozenset(range(first, len(self.patterns)))
