"""Which patterns of which rules may begin in a text, told in one pass over what stands between its white space.

A pattern names the words with which it can begin (`heads`). So a word is looked up once, whatever the number of rules,
and only patterns that may begin there are ever tried.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from typing import NamedTuple, cast

from monitor.language import Exact, KnownPlace, Name, Starts, Term, Verb, Word
from monitor.text.fold import fold_spelled
from monitor.text.kept import Kept
from monitor.text.particles import remainders
from monitor.text.patterns import Heads
from monitor.text.terms import Pattern, compile_item, compile_spelling
from monitor.text.tokens import chunk, plain_word

_HALF = 1 << 16  # chunks; some 25 MB for a ruleset that has read much news
_START = 3  # letters

Plain = Term | Name | Verb | Exact | Starts | Word


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
        inflected = frozenset(place.inflected)
        numbers = [self._of_spelling(term, inflected=False) for term in place.terms if term not in inflected]
        numbers += [self._of_spelling(term, inflected=True) for term in place.inflected]
        return frozenset[int]().union(*numbers)

    def _of_spelling(self, term: str, *, inflected: bool) -> frozenset[int]:
        key = (term, inflected)
        if key not in self._numbers:
            self._numbers[key] = self._add([compile_spelling(term, inflected=inflected)])
        return self._numbers[key]

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
        self._heads = _Heads(pattern.heads for pattern in patterns)
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


class _Heads:
    """The heads of many patterns, so that those which include a remainder are looked up and not tried one by one."""

    def __init__(self, heads: Iterable[Heads]) -> None:
        self._words: dict[str, list[int]] = {}
        self._stems: dict[str, list[tuple[Collection[str], int]]] = {}
        self._prefixes: dict[str, list[int]] = {}
        for number, head in enumerate(heads):
            for word in head.words:
                self._words.setdefault(word, []).append(number)
            for root, endings in head.stems:
                self._stems.setdefault(root, []).append((endings, number))
            for prefix in head.prefixes:
                self._prefixes.setdefault(prefix, []).append(number)
        # How long the roots are that begin so: words that begin like no root are most, and need one look.
        self._lengths = _lengths_by_start(self._stems)
        self._starts = sorted({len(start) for start in self._lengths})
        self._prefix_lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._shortest_prefix = min(self._prefix_lengths, default=0)
        self._prefix_starts = frozenset(prefix[: self._shortest_prefix] for prefix in self._prefixes)

    def that_include(self, remainders: Iterable[str]) -> tuple[int, ...]:
        numbers: list[int] = []
        words, stems, starts, lengths = self._words, self._stems, self._starts, self._lengths
        for rest in remainders:
            if rest in words:
                numbers += words[rest]
            for start in starts:
                begun = rest[:start]
                if begun in lengths:
                    for cut in lengths[begun]:
                        root = rest[:cut]
                        if root in stems:
                            ending = rest[cut:]
                            numbers += [number for endings, number in stems[root] if ending in endings]
            if self._prefixes and rest[: self._shortest_prefix] in self._prefix_starts:  # hardly ever
                for length in self._prefix_lengths:
                    numbers += self._prefixes.get(rest[:length], ())
        return tuple(sorted(set(numbers))) if numbers else ()


def _lengths_by_start(roots: Iterable[str]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = {}
    for root in roots:
        lengths.setdefault(root[:_START], set()).add(len(root))
    return {start: tuple(sorted(those)) for start, those in lengths.items()}
