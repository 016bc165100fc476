"""Which patterns of which rules may begin in a text, told in one pass over what stands between its white space.

A pattern names the words with which it can begin (`heads`). So a word is looked up once, whatever the number of rules,
and only patterns that may begin there are ever tried.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple, cast

from monitor.language import KnownPlace, Plain
from monitor.rules.spellings import Spelling, spellings
from monitor.text.fold import fold_spelled
from monitor.text.heads import HeadIndex
from monitor.text.kept import Kept
from monitor.text.particles import remainders
from monitor.text.terms import Pattern, compile_item
from monitor.text.tokens import chunk, plain_word

_HALF = 1 << 16  # chunks; some 25 MB for a ruleset that has read much news


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


class Seen(NamedTuple):
    """What may begin in one chunk: how many words it has, the patterns that may begin at each (by the word's place in
    the chunk), and all of these patterns together."""

    words: int
    at: tuple[tuple[int, tuple[int, ...]], ...]
    patterns: tuple[int, ...]


class Index:
    """Tells which patterns, known by their place in `patterns`, may begin at a word. Safe from any thread.

    A pattern that occurs is always among them; one that is among them need not occur.
    """

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.patterns = tuple(patterns)
        self._heads = HeadIndex(pattern.heads for pattern in patterns)
        self._kept: Kept[Seen] = Kept(_HALF)

    def glance(self, chunks: Sequence[str]) -> list[Seen]:
        """Each chunk in turn."""
        seen = self._kept.newer(chunks)
        if all(seen):
            return cast("list[Seen]", seen)
        look = self._look
        return [known or look(written) for known, written in zip(seen, chunks, strict=True)]

    def _look(self, written: str) -> Seen:
        seen = self._kept.get(written)
        if seen is None:
            word = plain_word(written)
            if word is None:
                seen = self._mixed(written)
            elif word == written:
                seen = self._word(word)
            else:
                seen = self._look(word)
            self._kept.keep(written, seen)
        return seen

    def _word(self, word: str) -> Seen:
        numbers = self._heads.that_include(remainders(fold_spelled(word)))
        return Seen(1, ((0, numbers),), numbers) if numbers else _NOTHING[1]

    def _mixed(self, written: str) -> Seen:
        tokens = chunk(written).tokens
        each = [self._heads.that_include(token.surface.remainders) for token in tokens]
        at = tuple((place, numbers) for place, numbers in enumerate(each) if numbers)
        if not at and len(tokens) < len(_NOTHING):
            return _NOTHING[len(tokens)]
        return Seen(len(tokens), at, tuple({number for numbers in each for number in numbers}))


_NOTHING = tuple(Seen(words, (), ()) for words in range(8))
