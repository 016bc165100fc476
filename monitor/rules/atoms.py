"""What an item looks for, search text by search text, each with where it comes from: for explain and lint.

The matcher merges the hundred words of a group into one leaf. Here they stand apart again, under the same name of
their clause, so that a person can be told which spelling of which place, or which entry of an event, was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from monitor.language import (
    AllOf,
    AnyOf,
    InField,
    InPlace,
    Item,
    KnownPlace,
    Lexicon,
    Name,
    OfEvent,
    OfGroup,
    Plain,
    Regex,
    Without,
)
from monitor.lexicon.tree import below, directly_within
from monitor.rules.spellings import Spelling, spellings
from monitor.text.document import Text
from monitor.text.heads import HeadIndex
from monitor.text.terms import Found, Pattern, compile_item


@dataclass(frozen=True, slots=True)
class Atom:
    """One search text. `clause` is what the matcher calls the clause it counts for.

    `item` says how it is looked for; a place's spelling is a Name. `place` is the place that is spelled so, '' for
    none. `alone`: it counts by itself, not only together with others of a box.
    """

    clause: str
    item: Plain
    place: str = ""
    spelling: Spelling | None = None
    alone: bool = True

    @property
    def text(self) -> str:
        return self.item.text

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        return _patterns(self.item, self.spelling)

    def at(self, text: Text, index: int) -> Iterator[Found]:
        """What of it begins at this word."""
        return (found for pattern in self.patterns if (found := pattern.at(text, index)))

    def find(self, text: Text) -> Iterator[Found]:
        """Where it stands, in reading order."""
        return (found for _, found in finder((self,)).find(text))


class Finder:
    """Looks for many search texts at once, in one text."""

    def __init__(self, sought: Sequence[Atom]) -> None:
        self._patterns = [(atom, pattern) for atom in sought for pattern in atom.patterns]
        self._heads = HeadIndex(pattern.heads for _, pattern in self._patterns)

    def begun(self, text: Text) -> Iterator[tuple[Atom, Pattern, int]]:
        """What may begin at which word, by its letters."""
        for index, token in enumerate(text.tokens):
            for number in self._heads.that_include(token.surface.remainders):
                yield *self._patterns[number], index

    def find(self, text: Text) -> Iterator[tuple[Atom, Found]]:
        for atom, pattern, index in self.begun(text):
            found = pattern.at(text, index)
            if found:
                yield atom, found


@lru_cache(maxsize=1 << 10)
def finder(sought: tuple[Atom, ...]) -> Finder:
    """Made once for the words of an event that many rules ask for."""
    return Finder(sought)


def atoms(item: Item, lexicon: Lexicon, *, clause: str = "") -> Iterator[Atom]:
    """Every search text of an item, those in boxes too. A regular expression is none."""
    match item:
        case Regex():
            return
        case InPlace():
            yield from _of_places(item, lexicon.places, clause)
        case OfGroup():
            for group in item.ids:
                for inner in lexicon.groups[group].items:
                    yield from atoms(inner, lexicon, clause=clause or f"group {group}")
        case OfEvent():
            for event in item.ids:
                for inner in lexicon.events[event].words:
                    yield from atoms(inner, lexicon, clause=clause or f"event {event}")
        case AllOf() if clause:  # of a rule's or a query's own box each is a clause, and counts by itself
            for inner in item.items:
                yield from (replace(atom, alone=False) for atom in atoms(inner, lexicon, clause=clause))
        case AnyOf() | AllOf():
            for inner in item.items:
                yield from atoms(inner, lexicon, clause=clause)
        case Without():
            for inner in (item.item, *item.unwanted):
                yield from atoms(inner, lexicon, clause=clause)
        case InField():
            yield from atoms(item.item, lexicon, clause=clause)
        case _:
            yield Atom(clause or item.text, item)


def boxes(item: Item, lexicon: Lexicon, *, clause: str = "") -> Iterator[tuple[str, AllOf]]:
    """The words that count only together, within groups and events, with the name of their clause."""
    match item:
        case OfGroup():
            for group in item.ids:
                for inner in lexicon.groups[group].items:
                    yield from boxes(inner, lexicon, clause=clause or f"group {group}")
        case OfEvent():
            for event in item.ids:
                for inner in lexicon.events[event].words:
                    yield from boxes(inner, lexicon, clause=clause or f"event {event}")
        case AllOf() if clause:
            yield clause, item
        case AnyOf() | AllOf():
            for inner in item.items:
                yield from boxes(inner, lexicon, clause=clause)
        case InField() | Without():
            yield from boxes(item.item, lexicon, clause=clause)
        case _:
            return


def places_within(place_id: str, places: Mapping[str, KnownPlace]) -> Iterator[str]:
    """The place itself first, then all places within it, through all levels."""
    yield place_id
    yield from (place.id for _, place in below(place_id, directly_within(places)))


def _of_places(item: InPlace, places: Mapping[str, KnownPlace], clause: str) -> Iterator[Atom]:
    for named in item.ids:
        inner = (named,) if item.exactly else places_within(named, places)
        for place_id in inner:
            for spelling in spellings(places[place_id]):
                yield Atom(clause or f"place {named}", Name(text=spelling.text), place_id, spelling)


@lru_cache(maxsize=1 << 14)
def _patterns(item: Plain, spelling: Spelling | None) -> tuple[Pattern, ...]:
    return (spelling.pattern(),) if spelling is not None else compile_item(item)
