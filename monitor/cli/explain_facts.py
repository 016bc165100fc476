"""What a text says happened, as alerts tell it, with the words that say so: for `monitor explain --facts`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from monitor.facts.reports import ReportReader
from monitor.model import Entry, Facts, Figure, NamedFact
from monitor.text.clean import display
from monitor.text.document import read


class FactsTold:
    def __init__(self, reader: ReportReader) -> None:
        self._reader = reader

    def lines(self, entry: Entry) -> Iterator[str]:
        """One for each thing that is said; one that says so where there is none."""
        facts = self._reader.read(read(entry))
        told = list(self._told(entry, facts))
        yield "facts:" if told else "facts: none"
        yield from (f"  {line}" for line in told)

    def as_json(self, entry: Entry) -> dict[str, Any]:
        facts = self._reader.read(read(entry))
        places, events, actors = self._reader.named(facts)
        return {
            "killed": _least_and_most(facts.killed),
            "wounded": _least_and_most(facts.wounded),
            "places": [_named(place) for place in places],
            "events": [each.id for each in events],
            "actors": [each.id for each in actors],
            "tags": sorted(tag.value for tag in facts.tags),
        }

    def _told(self, entry: Entry, facts: Facts) -> Iterator[str]:
        for kind, figure in (("killed", facts.killed), ("wounded", facts.wounded)):
            if figure:
                yield f"{kind} {_number(figure)}{_words(entry, facts, (kind,))}"
        for kind, named in zip(("place", "event", "actor"), self._reader.named(facts), strict=True):
            for each in named:
                yield f"{kind} {each.id}{_where(each)}{_words(entry, facts, (f'{kind} {each.id}',))}"
        for tag in sorted(facts.tags, key=lambda tag: tag.value):
            yield f"tag {tag.value}{_words(entry, facts, (f'tag {tag.value}',))}"


def _number(figure: Figure) -> str:
    if figure.most is None:
        return f"{figure.least} or more"
    return str(figure.least) if figure.least == figure.most else f"{figure.least} to {figure.most}"


def _least_and_most(figure: Figure | None) -> dict[str, int | None] | None:
    return {"least": figure.least, "most": figure.most} if figure else None


def _named(place: NamedFact) -> dict[str, Any]:
    return {"id": place.id, "pcode": place.pcode or None, "lat": place.lat, "lon": place.lon}


def _where(place: NamedFact) -> str:
    return f" ({place.pcode})" if place.pcode else ""


def _words(entry: Entry, facts: Facts, clauses: Sequence[str]) -> str:
    """': «…», «…»', as published; '' where nothing shows it."""
    found = (getattr(entry, span.field)[span.start : span.end] for span in facts.spans if span.clause in clauses)
    shown = [f"«{display(word)}»" for word in dict.fromkeys(found) if display(word)]
    return f": {', '.join(shown)}" if shown else ""
