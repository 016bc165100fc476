"""All that is read of a report besides its text: what it says happened, and whose word it is."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.facts.reader import FactReader
from monitor.language import Lexicon, Newsroom
from monitor.lexicon.tree import around
from monitor.model import Facts, Feed, NamedFact, Origin
from monitor.stories.origin import Origins
from monitor.text.document import Document


class ReportReader:
    """`setup.Reading`. Immutable; safe from any thread. Can be pickled."""

    def __init__(self, lexicon: Lexicon, *, before: ReportReader | None = None) -> None:
        """`before`: see `FactReader`."""
        self._facts: FactReader
        self._facts = FactReader(lexicon, before=before._facts if before else None)
        self._newsrooms = lexicon.newsrooms
        self._origins = Origins(lexicon.newsrooms)
        self._within = {
            place.id: tuple(outer.id for outer in around(place, lexicon.places)) for place in lexicon.places.values()
        }

    def read(self, document: Document) -> Facts:
        return self._facts.read(document)

    def named(self, facts: Facts) -> tuple[tuple[NamedFact, ...], tuple[NamedFact, ...], tuple[NamedFact, ...]]:
        return self._facts.named(facts)

    def origin(self, feed: Feed, document: Document) -> Origin:
        return self._origins.of(feed, document)

    def newsrooms(self) -> Mapping[str, Newsroom]:
        return self._newsrooms

    def within(self, place_id: str) -> tuple[str, ...]:
        return self._within.get(place_id, ())
