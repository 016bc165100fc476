"""Reading the facts of a report.

Costs more to make than a matcher of a few rules, for it knows every place, event class and actor; so it is made once,
kept on the shelf with the matcher, and asked only about reports that a rule matched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from typing import Final

from monitor.facts.innermost import innermost
from monitor.facts.known import Known, known
from monitor.facts.tags import tags_of
from monitor.language import KnownPlace, Lexicon
from monitor.lexicon.load import guards
from monitor.lexicon.tree import around
from monitor.model import FIELDS, Facts, FieldName, NamedFact, Span
from monitor.rules.compile import Compiler
from monitor.rules.evidence import Search
from monitor.rules.index import Index
from monitor.rules.spots import Spot, spans
from monitor.rules.vocabulary import Sources, Vocabulary
from monitor.text.document import Document, read_text
from monitor.text.figures import figures

# Characters of a body, markup among them: the two or three paragraphs in which a newsroom says what happened, where and
# to whom. What follows is what happened before, elsewhere and to others.
LEAD: Final = 1_500


class FactReader:
    """Immutable; safe from any thread. Can be pickled."""

    def __init__(self, lexicon: Lexicon, *, before: FactReader | None = None) -> None:
        """`before`: of another lexicon, or of this one; what both know is not compiled again. Raises for a lexicon of
        which a place, event class or actor cannot be found by anything."""
        self._sources: Sources
        vocabulary = Vocabulary(before._sources if before else None)
        compiler = Compiler(lexicon, vocabulary)
        self._around = {
            place.id: frozenset(outer.id for outer in around(place, lexicon.places))
            for place in lexicon.places.values()
        }
        spelled: dict[int, list[str]] = defaultdict(list)
        for place_id in lexicon.places:
            for pattern in compiler.place(place_id, exactly=True):
                spelled[pattern].append(place_id)
        self._spelled = {pattern: tuple(ids) for pattern, ids in spelled.items()}
        self._events = known(compiler, "event", {each.id: each.items for each in lexicon.events.values()})
        self._actors = known(compiler, "actor", {each.id: each.items for each in lexicon.actors.values()})
        self._tags = Known(compiler, ((tag, f"tag {tag.value}", items) for tag, items in guards().items()))
        self._index = Index(vocabulary.patterns, vocabulary.parts)
        self._sources = Sources(vocabulary, self._index)
        self._within = {each.id: each.within for each in lexicon.actors.values() if each.within}
        self._named = {
            "place": {place.id: _place(place, lexicon) for place in lexicon.places.values()},
            "event": {each.id: NamedFact(id=each.id, name=each.title) for each in lexicon.events.values()},
            "actor": {each.id: NamedFact(id=each.id, name=each.title) for each in lexicon.actors.values()},
        }

    def read(self, document: Document) -> Facts:
        """Of title and summary, or of how the body begins where there is no summary. Never raises, whatever was
        published."""
        document = _led(document)
        fields = fields_of(document)
        glance = self._index.glance(document, fields)
        search = Search(self._index, glance, document)
        begun = frozenset(glance.all_begins)
        places = innermost(list(self._places(search, begun)), self._around)
        events = self._events.found(search, begun)
        actors = self._innermost_actors(self._actors.found(search, begun))
        figure = figures(document, fields)
        tags = tags_of(self._tags.found(search, begun), events)
        spots = (spot for found in (places, events, actors, tags) for those in found.values() for spot in those)
        told = [each.figure.span for each in figure if each is not None]
        return Facts(
            killed=figure.killed.figure if figure.killed else None,
            wounded=figure.wounded.figure if figure.wounded else None,
            places=tuple(places),
            events=tuple(events),
            actors=tuple(actors),
            tags=frozenset(tags),
            spans=tuple(sorted((*spans(_called(places, spots)), *told), key=_order)),
        )

    def named(self, facts: Facts) -> tuple[tuple[NamedFact, ...], tuple[NamedFact, ...], tuple[NamedFact, ...]]:
        """Places, event classes and actors, in the order of the facts; without what the lexicon does not know."""
        places, events, actors = (
            tuple(self._named[kind][each] for each in ids if each in self._named[kind])
            for kind, ids in (("place", facts.places), ("event", facts.events), ("actor", facts.actors))
        )
        return places, events, actors

    def _places(self, search: Search, begun: Set[int]) -> Iterator[tuple[Spot, tuple[str, ...]]]:
        at: dict[tuple[FieldName, int, int], tuple[str, dict[str, None]]] = {}
        for pattern in sorted(self._spelled.keys() & begun):
            for name, found in search.found(frozenset((pattern,))):
                _, ids = at.setdefault((name, found.first, found.last), (found.how, {}))
                ids.update(dict.fromkeys(self._spelled[pattern]))
        for (name, first, last), (how, ids) in at.items():
            text = search.document.field(name)
            start, end = text.span(first, last)
            yield Spot(name, first, last, text.sentence(first), start, end, "", how), tuple(ids)

    def _innermost_actors(self, found: Mapping[str, list[Spot]]) -> dict[str, list[Spot]]:
        outer = {self._within.get(actor) for actor in found}
        return {actor: spots for actor, spots in found.items() if actor not in outer}


def _led(document: Document) -> Document:
    """With no more of the body than is read, where it is; what is found stands where it stands in the whole."""
    body = document.body.published
    if len(body) <= LEAD or len(document.summary.tokens):
        return document
    return replace(document, body=read_text(body[:LEAD]))


def fields_of(document: Document) -> tuple[FieldName, ...]:
    """Where the facts of a report stand. A full article tells of much besides, so it is read only where nothing else
    is there."""
    return ("title", "summary") if len(document.summary.tokens) else ("title", "body")


def _called(places: Mapping[str, list[Spot]], spots: Iterable[Spot]) -> Iterator[Spot]:
    """The spots with their clauses; those of places were read before it was known which."""
    for place, those in places.items():
        yield from (spot._replace(clause=f"place {place}") for spot in those)
    yield from (spot for spot in spots if spot.clause)


def _order(span: Span) -> tuple[int, int, int]:
    return FIELDS.index(span.field), span.start, span.end


def _place(place: KnownPlace, lexicon: Lexicon) -> NamedFact:
    outer = around(place, lexicon.places)
    pcode = next((each.pcode for each in (place, *outer) if each.pcode), "")
    return NamedFact(id=place.id, name=place.name, pcode=pcode, lat=place.lat, lon=place.lon)
