"""Where the patterns of all rules may begin in a document, told in one pass over it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from functools import cached_property
from itertools import accumulate

from monitor.language import KnownPlace, Plain
from monitor.model import FieldName
from monitor.rules.scan import Hit, Scan
from monitor.rules.spellings import Spelling, spellings
from monitor.text.alphabet import encode
from monitor.text.document import Document
from monitor.text.haystack import WORD
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
    """Patterns, known by their place in `patterns`, and the needles by which they are met. Immutable; safe from any
    thread."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.patterns = tuple(patterns)
        self.spaced = _Side(patterns, joined=False)
        self.joined = _Side(patterns, joined=True)

    def glance(self, document: Document, fields: Sequence[FieldName]) -> Glance:
        return Glance(self, document, fields)


class _Side:
    """One of the two haystacks: with spaces, or without. `met_by`: for each pattern its needles, by number."""

    def __init__(self, patterns: Sequence[Pattern], *, joined: bool) -> None:
        of = {
            number: [each for each in pattern.needles if each.joined is joined]
            for number, pattern in enumerate(patterns)
        }
        self.scan = Scan(needle for needles in of.values() for needle in needles)
        numbers = {needle: number for number, needle in enumerate(self.scan.needles)}
        self.met_by = {
            number: tuple(numbers[needle] for needle in needles) for number, needles in of.items() if needles
        }
        self.holders: list[list[tuple[int, int]]] = [[] for _ in numbers]
        """For each needle the patterns that it may meet, and in which of their words it stands."""
        for pattern, needles in of.items():
            for needle in needles:
                self.holders[numbers[needle]].append((pattern, needle.word))


class Glance:
    """What one pass over a document shows: where the texts of needles stand, inside other words too.

    Patterns that occur are told by `begins`; one that is told there need not occur. Not for sharing between threads.
    """

    def __init__(self, index: Index, document: Document, fields: Sequence[FieldName]) -> None:
        self._index = index
        self._document = document
        self._fields = fields
        self.text = b"\n".join([document.field(name).haystack for name in fields])
        self.hits = index.spaced.scan.hits(self.text)

    @cached_property
    def joined_text(self) -> bytes:
        return b"".join(self._encoded_words)

    @cached_property
    def joined_hits(self) -> Sequence[Hit]:
        return self._index.joined.scan.hits(self.joined_text) if self._index.joined.scan else ()

    def begins(self, patterns: Collection[int]) -> dict[int, list[tuple[FieldName, int]]]:
        """For each of these patterns that was met the words at which it may begin, in reading order."""
        found: dict[int, set[int]] = defaultdict(set)
        for side, text, hits, starts in self._sides:
            wanted = {needle for pattern in patterns for needle in side.met_by.get(pattern, ())}
            texts = hits.keys() & {side.scan.text_of[needle] for needle in wanted}
            for needle, start in side.scan.standing([hit for number in texts for hit in hits[number]], text):
                if needle in wanted:
                    at = bisect_right(starts, start) - 1
                    for pattern, word in side.holders[needle]:
                        if pattern in patterns and at >= word:
                            found[pattern].add(at - word)
        return {pattern: list(map(self._place, sorted(words))) for pattern, words in found.items()}

    def _place(self, word: int) -> tuple[FieldName, int]:
        """The field of a word that was counted through all of them, and its number there."""
        field = bisect_right(self._firsts, word) - 1
        return self._fields[field], word - self._firsts[field]

    @cached_property
    def _words(self) -> list[str]:
        return [word for name in self._fields for word in self._document.field(name).words]

    @cached_property
    def _is_plain(self) -> bool:
        return all(self._document.field(name).plain_haystack is not None for name in self._fields)

    @cached_property
    def _firsts(self) -> list[int]:
        return list(accumulate([len(self._document.field(name).tokens) for name in self._fields], initial=0))[:-1]

    @cached_property
    def _sides(self) -> list[tuple[_Side, bytes, dict[int, list[Hit]], list[int]]]:
        """Each haystack with its hits and where each word begins in it."""
        sides = []
        if self._index.spaced.scan:
            text, hits, starts = self._aligned()
            sides.append((self._index.spaced, text, _by_text(hits), starts))
        if self._index.joined.scan:
            starts = _starts(self._encoded_words, 0)
            sides.append((self._index.joined, self.joined_text, _by_text(self.joined_hits), starts))
        return sides

    def _aligned(self) -> tuple[bytes, Sequence[Hit], list[int]]:
        """The haystack with spaces, if need be looked over once more with nothing but its words, so that none is
        counted wrongly."""
        if self._is_plain:
            return self.text, self.hits, [found.start() for found in WORD.finditer(self.text)]
        text = b" ".join(self._encoded_words)
        return text, self._index.spaced.scan.hits(text), _starts(self._encoded_words, 1)

    @cached_property
    def _encoded_words(self) -> list[bytes]:
        return WORD.findall(self.text) if self._is_plain else list(map(encode, self._words))


def _starts(words: Iterable[bytes], between: int) -> list[int]:
    return list(accumulate([len(word) + between for word in words], initial=0))


def _by_text(hits: Iterable[Hit]) -> dict[int, list[Hit]]:
    texts: dict[int, list[Hit]] = defaultdict(list)
    for hit in hits:
        texts[hit[0]].append(hit)
    return texts
