"""Places by which entries are found without a look for their names: those that monitor ships, and what they lie in.

A governorate has hundreds of names, each of which may be divided anywhere; to ask for all of them costs more than all
else of a search. So which places a text names is read once, as the index takes it in, by the very patterns of which
rules consist, and kept as words like any other: for each place its own and those of all that it lies within.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple

from monitor import lexicon, pickled
from monitor.compiled import Shelf, key_of
from monitor.language import KnownPlace, Lexicon
from monitor.lexicon.tree import Places, around, below, directly_within
from monitor.model import FIELDS, FieldName
from monitor.rules.compile import Compiler
from monitor.rules.evidence import Search
from monitor.rules.index import Index, Vocabulary
from monitor.rules.needs import Need
from monitor.rules.spellings import spellings
from monitor.text.document import Document
from monitor.text.patterns import Pattern

NAME: Final = "places"  # on the shelf
IN_HEAD, IN_BODY = "\u0641", "\u0642"
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
        return all(each in asked and _are_alike(self.places[each], places[each]) for each in self._within(place_id))


def _are_alike(one: KnownPlace, other: KnownPlace) -> bool:
    return one is other or tuple(spellings(one)) == tuple(spellings(other))


class Anchor(NamedTuple):
    """What a rule cannot hold without: one of these patterns in the text, or one of these words of places in the
    index."""

    patterns: Need
    places: frozenset[str]


def anchors(needs: Sequence[Need], compiler: Compiler, known: Gazetteer) -> tuple[Anchor, ...]:
    """With words for as many of the patterns as there are."""
    covered = list(_covered(compiler, known)) if needs else []
    return tuple(_anchor(need, covered) for need in needs)


def _anchor(need: Need, covered: Sequence[tuple[Need, Need, frozenset[str]]]) -> Anchor:
    left, words = need, frozenset[str]()
    told = [each for each in covered if each[0] <= need]
    for of_place, _, those in told:
        left, words = left - of_place, words | those
    return Anchor(left.union(*(others for _, others, _ in told)), words)


def _covered(compiler: Compiler, known: Gazetteer) -> Iterator[tuple[Need, Need, frozenset[str]]]:
    """For each place that was compiled with all that lies within it: its patterns, those of them for which there is no
    word, and the words."""
    for ids, patterns in compiler.places_with_inner():
        words, left = known.covering(dict.fromkeys(ids), compiler.lexicon.places)
        if words:
            yield patterns, frozenset[int]().union(*(compiler.place(each, exactly=True) for each in left)), words


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


class NotReady(Exception):
    """Something else is asked for than places that are known, by the spellings that are known."""


class Ready(Vocabulary):
    """The patterns that a reader has: a country has thousands, and to make them takes longer than to ask for it.

    Whatever else is asked of it raises NotReady.
    """

    def __init__(self, reader: PlaceReader, known: Gazetteer) -> None:
        super().__init__()
        self._reader, self._known = reader, known

    def _add(self, patterns: Iterable[Pattern]) -> frozenset[int]:  # noqa: ARG002
        raise NotReady

    def of_place(self, place: KnownPlace) -> frozenset[int]:
        ours = self._known.places.get(place.id)
        if ours is None or not _are_alike(ours, place):
            raise NotReady(place.id)
        return self._reader.patterns[place.id]


@cache
def shipped() -> Gazetteer:
    return Gazetteer(lexicon.load().places)


_lock = Lock()
_made: list[PlaceReader] = []


def shipped_reader(state: Path) -> PlaceReader:
    """Made once a process, or taken from the shelf of this state directory."""
    with _lock:
        if not _made:
            _made.append(_taken(Shelf(state)))
        return _made[0]


def reader_in_memory() -> PlaceReader | None:
    """If this process has it already."""
    return _made[0] if _made else None


def _taken(shelf: Shelf) -> PlaceReader:
    key = key_of(NAME)
    raw = shelf.load(NAME, key)
    ready = pickled.load(raw) if raw else None
    if isinstance(ready, PlaceReader):
        return ready
    fresh = PlaceReader(lexicon.load().places)
    shelf.save(NAME, key, pickled.dump(fresh))
    return fresh
