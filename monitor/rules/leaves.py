"""The two operators that look at a text themselves: words and regular expressions. Boxes of them: `operators`."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

import regex

from monitor.model import FIELDS, FieldName
from monitor.rules.evidence import Evidence, Search
from monitor.rules.near import Block, Slot, outermost
from monitor.rules.spots import Spot, reading_order
from monitor.text.document import Text

REGEX_TIMEOUT = 0.05  # seconds of processor time, for one pattern in one field
REGEX_TEXT = 20 * 1024  # folded characters of a field that a regex looks at; what follows is not searched
REGEX_SPOTS = 1_000  # of one pattern in one field; further ones are not looked for

Way = tuple[Slot, ...]  # what must stand close together for `near` to hold


class Node(Protocol):
    """One compiled operator. A node that holds has a spot at least; compared by identity."""

    @property
    def title(self) -> str:
        """For people: 'place deir-ez-zor', 'all of these, at most 15 words apart'."""

    @property
    def parts(self) -> tuple[Node, ...]:
        """What it judges; empty for a leaf."""

    def anchors(self) -> frozenset[int] | None:
        """Patterns of which at least one must be found or this cannot hold; None if there is no telling."""

    def find(self, evidence: Evidence) -> tuple[Spot, ...]:
        """The spots by which this holds, in no particular order; none if it does not."""

    def ways(self, evidence: Evidence) -> list[Way]:
        """How this can take part in a `near` of the one field that the evidence is narrowed to; none if it cannot."""


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Any of some patterns, all shown as one clause, in some fields."""

    title: str
    patterns: frozenset[int]
    fields: frozenset[FieldName]
    parts: tuple[Node, ...] = ()

    def anchors(self) -> frozenset[int] | None:
        return self.patterns

    def find(self, evidence: Evidence) -> tuple[Spot, ...]:
        return evidence.spots(self)

    def ways(self, evidence: Evidence) -> list[Way]:
        return _one_slot(self.find(evidence))

    def look(self, search: Search) -> tuple[Sequence[Spot], str]:
        spots = []
        for name, found in search.found(self.patterns):
            if name in self.fields:
                text = search.document.field(name)
                sentence = text.sentence(found.first)
                start, end = text.span(found.first, found.last)
                spots.append(Spot(name, found.first, found.last, sentence, start, end, self.title, found.how))
        return sorted(spots, key=reading_order), self._trouble(search)

    def _trouble(self, search: Search) -> str:
        """What the patterns that raised said; hardly ever anything."""
        return "; ".join(search.broken[number] for number in sorted(search.broken.keys() & self.patterns))


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """A regular expression over the folded text of some fields.

    It looks at the first `REGEX_TEXT` folded characters of a field. What it matches is shown and counted as the
    characters matched and the words they touch; where it matches no character (as a lookahead does), as the word
    that follows, or else the last. One that is too slow finds what it found until then, and that is told.
    """

    title: str
    pattern: regex.Pattern[str]
    fields: frozenset[FieldName]
    parts: tuple[Node, ...] = ()

    def anchors(self) -> frozenset[int] | None:
        return None

    def find(self, evidence: Evidence) -> tuple[Spot, ...]:
        return evidence.spots(self)

    def ways(self, evidence: Evidence) -> list[Way]:
        return _one_slot(self.find(evidence))

    def look(self, search: Search) -> tuple[Sequence[Spot], str]:
        spots: list[Spot] = []
        trouble = ""
        for name in FIELDS:
            if name in self.fields:
                found, in_time = self._in_time(search.document.field(name), name)
                spots += found
                if not in_time:
                    trouble = (
                        f"the regex {self.title!r} took longer than {REGEX_TIMEOUT * 1000:.0f} ms in the {name}; "
                        "write it without nested repetition, or use terms and near"
                    )
        return spots, trouble

    def _in_time(self, text: Text, name: FieldName) -> tuple[list[Spot], bool]:
        """What was found, and whether that is all. Tried twice: a pause of this process counts as the pattern's time,
        and does not come twice running."""
        spots: list[Spot] = []
        for _ in range(2):
            spots.clear()
            try:
                spots.extend(self._spots(text, name))
            except TimeoutError:
                continue
            return spots, True
        return spots, False

    def _spots(self, text: Text, name: FieldName) -> Iterator[Spot]:
        folded = text.folded[:REGEX_TEXT]
        for found in islice(self.pattern.finditer(folded, timeout=REGEX_TIMEOUT), REGEX_SPOTS):
            words = _words_at(text, *found.span())
            if words is not None:
                first, last, start, end = words
                sentence = text.sentence(min(first, len(text.tokens) - 1))
                yield Spot(name, first, last, sentence, start, end, self.title, "regex")


def _words_at(text: Text, start: int, end: int) -> tuple[int, int, int, int] | None:
    """The words [first, last) that folded characters touch, and what to mark of the text as published.

    None where the field has no word at all.
    """
    if not text.tokens:
        return None
    published = text.folded_span(start, end) if end > start else None
    if published is None:
        return _word_after(text, start)
    words = range(len(text.tokens))
    first = bisect_right(words, published[0], key=lambda word: text.span(word, word + 1)[1])
    last = bisect_left(words, published[1], key=lambda word: text.span(word, word + 1)[0])
    return first, max(first, last), *published


def _word_after(text: Text, position: int) -> tuple[int, int, int, int]:
    there = text.folded_span(position, len(text.folded))
    words = range(len(text.tokens))
    after = there[0] if there else len(text.published)
    word = bisect_right(words, after, key=lambda word: text.span(word, word + 1)[1])
    word = min(word, len(words) - 1)
    return word, word + 1, *text.span(word, word + 1)


def _one_slot(spots: Sequence[Spot]) -> list[Way]:
    blocks = outermost(Block(spot.first, spot.last, (spot,)) for spot in spots)
    return [(blocks,)] if blocks else []
