"""What a rule cannot hold without, by what an index has: words of places for as many patterns as there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from monitor.language import KnownPlace
from monitor.rules.compile import Compiler
from monitor.rules.needs import Need
from monitor.rules.vocabulary import Vocabulary
from monitor.search.gazetteer import Gazetteer, PlaceReader, are_alike
from monitor.text.patterns import Pattern


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
        if ours is None or not are_alike(ours, place):
            raise NotReady(place.id)
        return self._reader.patterns[place.id]
