"""Places by which entries are found without a look for their names: those that monitor ships, and what they lie in.

A governorate has hundreds of names, each of which may be divided anywhere; to ask for all of them costs more than all
else of a search. So which places a text names is read once, as the index takes it in, by the very patterns of which
rules consist, and kept as words like any other: for each place its own and those of all that it lies within.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Final

from monitor.language import KnownPlace, Lexicon
from monitor.lexicon.tree import Places, around, below, directly_within
from monitor.model import FIELDS, FieldName
from monitor.rules.compile import Compiler
from monitor.rules.evidence import Search
from monitor.rules.index import Index
from monitor.rules.spellings import spellings
from monitor.text.document import Document

IN_HEAD: Final = "\u0641"
IN_BODY: Final = "\u0642"
"""What the words of places begin with: letters that no other word of the index has, whose letters are below U+0100."""


class Gazetteer:
    """Which words stand for which places. Immutable."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self._inner = directly_within(places)
        self._numbers = {each: f"{number:x}" for number, each in enumerate(sorted(places))}

    def words(self, place_id: str) -> frozenset[str]:
        """Of a place and all that it lies within, without what marks them."""
        outer = around(self.places[place_id], self.places)
        return frozenset(self._numbers[each] for each in (place_id, *(place.id for place in outer)))

    def covering(self, asked: Collection[str], places: Places) -> tuple[frozenset[str], frozenset[str]]:
        """For places of another lexicon, the outer before the inner: words of which one stands in every text that names
        any of them, and in no other; and those places of which they say nothing."""
        words, covered = set[str](), set[str]()
        for place_id in asked:
            if place_id not in covered and self._has_all_alike(place_id, places, asked):
                words.add(self._numbers[place_id])
                covered |= self._within(place_id)
        return frozenset(words), frozenset(asked) - covered

    def _within(self, place_id: str) -> set[str]:
        return {place_id, *(place.id for _, place in below(place_id, self._inner))}

    def _has_all_alike(self, place_id: str, places: Places, asked: Collection[str]) -> bool:
        """Whether all that its word stands for is asked for, by the same spellings."""
        if place_id not in self.places:
            return False
        return all(each in asked and are_alike(self.places[each], places[each]) for each in self._within(place_id))


def are_alike(one: KnownPlace, other: KnownPlace) -> bool:
    return one is other or tuple(spellings(one)) == tuple(spellings(other))


class PlaceReader:
    """Reads which places a text names. Immutable; safe from any thread. Can be pickled."""

    def __init__(self, places: Places) -> None:
        compiler, known = Compiler(Lexicon(places=places)), Gazetteer(places)
        words: dict[int, frozenset[str]] = defaultdict(frozenset)
        self.patterns = {place_id: compiler.place(place_id, exactly=True) for place_id in places}
        """Of each place, by number in the index."""
        for place_id, those in self.patterns.items():
            for pattern in those:
                words[pattern] |= known.words(place_id)
        self._words = dict(words)
        self.index = Index(compiler.vocabulary.patterns)

    def read(self, document: Document) -> frozenset[str]:
        """The words of the places that are named, those that the body alone names marked as such."""
        found: dict[bool, set[str]] = {False: set(), True: set()}
        for name, words in self._found(document):
            found[name == "body"] |= words
        body = found[True] - found[False]
        return frozenset((*map(IN_HEAD.__add__, found[False]), *map(IN_BODY.__add__, body)))

    def _found(self, document: Document) -> Iterator[tuple[FieldName, frozenset[str]]]:
        glance = self.index.glance(document, FIELDS)
        search = Search(self.index, glance, document)
        for pattern in glance.all_begins:
            for name, _ in search.found(frozenset((pattern,))):
                yield name, self._words[pattern]
