"""Read the shipped places and event classes into values of the rule language.

The data is ours and is checked by the tests, so a mistake in it is a bug: it raises, and nothing is repaired.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

from monitor.language import EventClass, KnownPlace, Lexicon
from monitor.lexicon.words import items_of

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

ANNOUNCERS = (
    *("مدينة", "بلدة", "ناحية", "ريف", "محيط", "مشارف", "أطراف", "ضواحي"),
    *("شمال", "شمالي", "جنوب", "جنوبي", "شرق", "شرقي", "غرب", "غربي"),
)
"""Words that announce a place. Behind them «الباب» is the town; by itself it is a door."""

LATIN_ANNOUNCERS = ("city of", "town of", "near")


@cache
def load() -> Lexicon:
    """Every shipped place and event class, by id. The groups are empty: those are the operator's own."""
    return Lexicon(places=_places(), events={event["id"]: _event(event) for event in records("events")})


def records(kind: str) -> Iterator[dict[str, Any]]:
    """The records of `places` or `events` as they stand in the files, file by file in alphabetical order.

    A place has `id`, `kind`, `name` by language and `lat`/`lon` in degrees (WGS 84), all but countries `within`,
    and as needed: `terms`, more spellings; `inflected`, spellings in languages that put endings on names; `guarded`,
    spellings that are also ordinary words (see `ANNOUNCERS`); `namesake`, the capital of which a governorate
    has the name.
    """
    folder = resources.files(__package__) / kind
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".yaml"):
            yield from yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506  (a safe loader, in C)


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
    yield from (f"{word} {name}" for name in guarded for word in (LATIN_ANNOUNCERS if name.isascii() else ANNOUNCERS))


def _once(terms: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(terms))


def _event(event: Mapping[str, Any]) -> EventClass:
    return EventClass(id=event["id"], title=event["title"], items=tuple(items_of(event)))
