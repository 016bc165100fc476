"""The shipped places and event classes as values of the rule language.

The data is ours and is checked by the tests, so a mistake in it is a bug: it raises, and nothing is repaired.

A place in `places/*.yaml` has `id`, `kind`, `name` by language and `lat`/`lon` in degrees (WGS 84), all but countries
and waters `within`, and as needed: `terms`, more spellings; `inflected`, spellings in languages that put endings on
names; `guarded`, spellings that are also ordinary words (see `ANNOUNCERS`); `behind`, more words behind which these
are the place (found harmless in the news we hold); `namesake`, the capital of which a
governorate has the name and all the spellings. An event class in `events/*.yaml` has `id`, `title` by language,
`acled` (event and sub-event types of the ACLED codebook of October 2024) and its words (see `words`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from monitor.language import EventClass, KnownPlace, Lexicon
from monitor.lexicon.data import records
from monitor.lexicon.words import items_of

ANNOUNCERS = (
    *("مدينة", "بلدة", "ناحية", "ريف", "محيط", "مشارف", "أطراف", "ضواحي", "مطار"),
    *("شمال", "شمالي", "جنوب", "جنوبي", "شرق", "شرقي", "غرب", "غربي"),
)
"""Words that announce a place. Behind them «الباب» is the town; by itself it is a door."""

LATIN_ANNOUNCERS = ("city of", "town of", "near")


@cache
def load() -> Lexicon:
    """Every shipped place and event class, by id. The groups are empty: those are the operator's own."""
    return Lexicon(places=_places(), events={event["id"]: _event(event) for event in records("events")})


def _places() -> dict[str, KnownPlace]:
    raw = {place["id"]: place for place in records("places")}
    return {place_id: _place(place, raw) for place_id, place in raw.items()}


def _place(place: Mapping[str, Any], raw: Mapping[str, Mapping[str, Any]]) -> KnownPlace:
    tellers = [place, *([raw[place["namesake"]]] if "namesake" in place else [])]
    return KnownPlace(
        id=place["id"],
        name=place["name"],
        terms=_once(term for teller in tellers for term in _terms(teller)),
        inflected=_once(term for teller in tellers for term in teller.get("inflected", ())),
        within=place.get("within"),
        kind=place["kind"],
    )


def _terms(place: Mapping[str, Any]) -> Iterator[str]:
    guarded = place.get("guarded", ())
    yield from (name for name in place["name"].values() if name not in guarded)
    yield from place.get("terms", ())
    yield from (f"{word} {name}" for name in guarded for word in _announcers(name, place.get("behind", ())))


def _announcers(name: str, behind: Iterable[str]) -> tuple[str, ...]:
    return LATIN_ANNOUNCERS if name.isascii() else (*ANNOUNCERS, *behind)


def _once(terms: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(terms))


def _event(event: Mapping[str, Any]) -> EventClass:
    return EventClass(id=event["id"], title=event["title"], items=tuple(items_of(event)))
