"""Where the patterns of all rules may begin in a document."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from monitor.model import FieldName
from monitor.rules.packed import Packed
from monitor.rules.scan import Entry, Scan, places
from monitor.text.alphabet import encode
from monitor.text.document import Document
from monitor.text.haystack import WORD, without_spaces
from monitor.text.needles import Needle
from monitor.text.patterns import Pattern


class Index:
    """Patterns, known by their place in `patterns`, and the needles by which they are met. Immutable; safe from any
    thread."""

    def __init__(
        self, patterns: Sequence[Pattern], parts: Sequence[tuple[tuple[Needle, ...], ...]] | None = None
    ) -> None:
        """`parts` of each pattern, where they are known."""
        self.patterns = Packed(patterns)
        self.parts = Packed([pattern.parts for pattern in patterns] if parts is None else parts)
        """For each pattern the needles of its words, those of the rarest word first."""
        self.spaced = Side(self.parts, joined=False)
        self.joined = Side(self.parts, joined=True)

    def glance(self, document: Document, fields: Sequence[FieldName]) -> Glance:
        return Glance(self, document, fields)


class Side:
    """One of the two haystacks: with spaces, or without."""

    def __init__(self, of: Sequence[Sequence[Sequence[Needle]]], *, joined: bool) -> None:
        """`of`: for each pattern the needles of its words."""
        parts = {number: [part for part in those if part[0].joined is joined] for number, those in enumerate(of)}
        self.scan = Scan(needle for those in parts.values() for part in those for needle in part)
        numbers = {needle: number for number, needle in enumerate(self.scan.needles)}
        self.parts = {
            pattern: tuple(frozenset(map(numbers.__getitem__, part)) for part in those)
            for pattern, those in parts.items()
            if those
        }
        """For each pattern the needles of its words, by number, the rarest word first."""
        self.holders: dict[int, list[tuple[int, int]]] = defaultdict(list)
        """For each needle of a rarest word the patterns that it may meet, and in which of their words it stands."""
        self.entries: dict[int, list[tuple[Entry, int]]] = {}
        """For each pattern the needles of its rarest word, and which of its words that is."""
        for pattern, those in parts.items():
            for needle in those[0] if those else ():
                number = numbers[needle]
                self.holders[number].append((pattern, needle.word))
                self.entries.setdefault(pattern, []).append((self.scan.entry(number), needle.word))

    def rarest(self, patterns: Iterable[int]) -> frozenset[int]:
        """The needles of the rarest words of these patterns: where none of them stands, none of the patterns begins."""
        return frozenset[int]().union(*(those[0] for each in patterns if (those := self.parts.get(each))))


_FEW_PATTERNS = 24  # that are looked for by themselves; for more, all are


@dataclass(frozen=True)
class Scanned:
    """One haystack of a document, for the needles of one side."""

    side: Side
    text: bytes

    def standing(self) -> Iterator[tuple[int, int]]:
        """The needles that stand in the text, and where."""
        scan = self.side.scan
        return scan.standing(scan.hits(self.text), self.text)

    def meets(self, needles: Set[int]) -> bool:
        """Whether one of these stands in the text."""
        return not needles.isdisjoint(self._needles)

    @cached_property
    def _needles(self) -> frozenset[int]:
        return frozenset(needle for needle, _ in self.standing())


class Glance:
    """A document as its haystacks: where patterns may begin in it.

    Patterns that occur are told by `begins`; one that is told there need not occur. Not for sharing between threads.
    """

    def __init__(self, index: Index, document: Document, fields: Sequence[FieldName]) -> None:
        self._index = index
        self._document = document
        self._fields = fields
        self.spaced = Scanned(index.spaced, b"\n".join([document.field(name).haystack for name in fields]))

    @cached_property
    def joined(self) -> Scanned:
        text = without_spaces(self.spaced.text) if self._is_plain else b"".join(self._words)
        return Scanned(self._index.joined, text)

    def meets(self, spaced: Set[int], joined: Set[int]) -> bool:
        """Whether one of these needles of the two sides stands anywhere: quicker than `begins`, which has to know the
        words."""
        return self.spaced.meets(spaced) or (bool(joined) and self.joined.meets(joined))

    def begins(self, patterns: frozenset[int]) -> Mapping[int, list[tuple[FieldName, int]]]:
        """For each of these patterns that was met the words at which it may begin, in reading order; perhaps others
        too."""
        if len(patterns) > _FEW_PATTERNS or "all_begins" in self.__dict__:
            return self.all_begins
        return self._begins(patterns)

    @cached_property
    def all_begins(self) -> Mapping[int, list[tuple[FieldName, int]]]:
        """The same for all patterns."""
        found: dict[int, set[int]] = defaultdict(set)
        for each, starts in self._scanned:
            holders = each.side.holders
            for needle, start in each.standing():
                at = bisect_right(starts, start) - 1
                for pattern, word in holders.get(needle, ()):
                    if at >= word:
                        found[pattern].add(at - word)
        return {pattern: self._in_order(words) for pattern, words in found.items()}

    def _begins(self, patterns: frozenset[int]) -> dict[int, list[tuple[FieldName, int]]]:
        found: dict[int, list[tuple[FieldName, int]]] = {}
        for each, starts in self._scanned:
            for pattern in patterns:
                words = {
                    bisect_right(starts, at) - 1 - word
                    for entry, word in each.side.entries.get(pattern, ())
                    for at in places(entry, each.text)
                }
                if words:
                    found[pattern] = self._in_order(words)
        return found

    def _in_order(self, words: Iterable[int]) -> list[tuple[FieldName, int]]:
        return [self._place(word) for word in sorted(words) if word >= 0]

    def _place(self, word: int) -> tuple[FieldName, int]:
        """The field of a word that was counted through all of them, and its number there."""
        field = bisect_right(self._firsts, word) - 1
        return self._fields[field], word - self._firsts[field]

    @cached_property
    def _firsts(self) -> list[int]:
        return list(accumulate([len(self._document.field(name).tokens) for name in self._fields], initial=0))[:-1]

    @cached_property
    def _is_plain(self) -> bool:
        return all(self._document.field(name).plain_haystack is not None for name in self._fields)

    @cached_property
    def _words(self) -> list[bytes]:
        if self._is_plain:
            return WORD.findall(self.spaced.text)
        return [encode(word) for name in self._fields for word in self._document.field(name).words]

    @cached_property
    def _scanned(self) -> list[tuple[Scanned, list[int]]]:
        """Each haystack that is needed, and where each word begins in it."""
        scanned = []
        if self._index.spaced.scan:
            scanned.append(self._aligned())
        if self._index.joined.scan:
            scanned.append((self.joined, _starts(self._words, 0)))
        return scanned

    def _aligned(self) -> tuple[Scanned, list[int]]:
        """The haystack with spaces; if need be made once more of nothing but its words, so that none is counted
        wrongly."""
        if self._is_plain:
            return self.spaced, self._plain_starts()
        return Scanned(self._index.spaced, b" ".join(self._words)), _starts(self._words, 1)

    def _plain_starts(self) -> list[int]:
        starts: list[int] = []
        offset = 0
        for name in self._fields:
            text = self._document.field(name)
            starts += [offset + start for start in text.word_starts]
            offset += len(text.haystack) + 1
        return starts


def _starts(words: Iterable[bytes], between: int) -> list[int]:
    return list(accumulate([len(word) + between for word in words], initial=0))
