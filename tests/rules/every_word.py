"""The slow way to match: every pattern tried at every word of every field, every rule judged.

It knows no needles, no haystack, no heads and no plain texts, so that what these lose shows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import cast

from monitor.model import FIELDS, Entry, FieldName, Match
from monitor.rules.evidence import Search
from monitor.rules.index import Glance, Index
from monitor.rules.matcher import Matcher, judge
from monitor.text.document import Document, Text, read
from monitor.text.heads import HeadIndex
from monitor.text.terms import Pattern

Begins = dict[int, list[tuple[FieldName, int]]]


class EveryWord:
    """Instead of a `Glance`: any pattern may begin anywhere."""

    def __init__(self, document: Document) -> None:
        self._everywhere = [(name, at) for name in FIELDS for at in range(len(document.field(name).tokens))]

    def begins(self, patterns: Collection[int]) -> Begins:
        return dict.fromkeys(patterns, self._everywhere)


class ByHeads:
    """Nearly as slow, for patterns by the thousand: they may begin at every word that their heads include."""

    def __init__(self, heads: HeadIndex, document: Document) -> None:
        self._begins: Begins = {}
        for name in FIELDS:
            for at, token in enumerate(document.field(name).tokens):
                for number in heads.that_include(token.surface.remainders):
                    self._begins.setdefault(number, []).append((name, at))

    def begins(self, patterns: Collection[int]) -> Begins:
        return {number: self._begins[number] for number in patterns if number in self._begins}


def read_the_long_way(entry: Entry) -> Document:
    """Read as no text is plain."""
    document = read(entry)
    for name in FIELDS:
        vars(document.field(name))["plain_haystack"] = None  # a cached property
    return document


def all_judged(matcher: Matcher, entry: Entry, heads: HeadIndex | None = None) -> tuple[Match, ...]:
    """What every rule of these finds, filters apart. With `heads`, those of all patterns, by these."""
    document = read_the_long_way(entry)
    glance = EveryWord(document) if heads is None else ByHeads(heads, document)
    search = Search(index_of(matcher), cast("Glance", glance), document)
    return tuple(match for rule in matcher.rules if (match := judge(rule, search)[0]) is not None)


def index_of(matcher: Matcher) -> Index:
    return matcher.search(read(Entry(feed_id="f"))).index


def occurrences(patterns: Sequence[Pattern], text: Text) -> Iterator[tuple[int, int]]:
    """Number and first word of each pattern wherever it is found."""
    for at in range(len(text.tokens)):
        for number, pattern in enumerate(patterns):
            if pattern.at(text, at) is not None:
                yield number, at
