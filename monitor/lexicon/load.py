"""The shipped places and event classes as values of the rule language.

The data is ours and is checked by the tests, so a mistake in it is a bug: it raises, and nothing is repaired.

A place in `places/*.yaml` has `id`, `kind`, `name` by language and `lat`/`lon` in degrees (WGS 84), all but countries
and waters `within`, and as needed: `terms`, more spellings; `inflected`, spellings in languages that put endings on
names; `guarded`, spellings that are also ordinary words (see `announced`); `behind`, more words behind which these
are the place (found harmless in the news we hold); `context`, words near which a guarded spelling is the place, and
every spelling is guarded where `guarded` is not there; `ban`, words or words side by side that are never the place;
`namesake`, the capital of which a governorate has the name and all the spellings.

An actor in `actors.yaml` has `id`, `title` by language, as needed `within` (the actor it is a part of), and its words;
a guard in `guards.yaml` has the name of a `Tag` for its `id`, and its words. `pcode` of a place is its code in OCHA's
common operational datasets.

An event class in `events/*.yaml` has `id`, `title` by language, `acled` (event and sub-event types of the ACLED
codebook of October 2024) and its words (see `words`); as needed `hints`, more words that rules look for and that do
not tell of it (see `EventClass`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

from monitor.language import Actor, EventClass, Item, KnownPlace, Lexicon
from monitor.lexicon.announced import announced
from monitor.lexicon.article import articles_varied
from monitor.lexicon.data import PlaceRecord, place_records, records, records_of
from monitor.lexicon.newsrooms import load_newsrooms
from monitor.lexicon.words import context_of, items_of
from monitor.model import Tag

T = TypeVar("T")


@cache
def load() -> Lexicon:
    """Every shipped place, event class, actor and newsroom, by id. The groups are empty: those are the operator's
    own."""
    return Lexicon(
        places=_places(),
        events={event["id"]: _event(event) for event in records("events")},
        actors={actor["id"]: _actor(actor) for actor in records_of("actors.yaml")},
        newsrooms=load_newsrooms(),
    )


@cache
def guards() -> Mapping[Tag, tuple[Item, ...]]:
    """What marks a report as other than the plain news of an event."""
    return {Tag(guard["id"]): tuple(items_of(guard)) for guard in records_of("guards.yaml")}


def _places() -> dict[str, KnownPlace]:
    raw = {place["id"]: place for place in place_records()}
    return {place_id: place_of(place, raw) for place_id, place in raw.items()}


def place_of(place: PlaceRecord, raw: Mapping[str, PlaceRecord]) -> KnownPlace:
    """A record as a place; `raw` are all records by id."""
    tellers = [place, *([raw[place["namesake"]]] if "namesake" in place else [])]

    def told(tell: Callable[[PlaceRecord], Iterable[T]]) -> tuple[T, ...]:
        return tuple(dict.fromkeys(each for teller in tellers for each in tell(teller)))

    return KnownPlace(
        id=place["id"],
        name=place["name"],
        terms=told(_terms),
        inflected=told(_inflected),
        guarded=told(_guarded),
        announced=told(lambda teller: announced(_guarded(teller), teller.get("behind", ()))),
        context=told(lambda teller: context_of(teller.get("context", ()))),
        ban=told(lambda teller: teller.get("ban", ())),
        within=place.get("within"),
        kind=place["kind"],
        lat=float(place["lat"]) if "lat" in place else None,
        lon=float(place["lon"]) if "lon" in place else None,
        pcode=place.get("pcode", ""),
    )


def _terms(place: PlaceRecord) -> Iterator[str]:
    guarded = _guarded(place)
    yield from (name for name in _spellings(place) if name not in guarded)


def _inflected(place: PlaceRecord) -> Iterator[str]:
    yield from place.get("inflected", ())


def _spellings(place: PlaceRecord) -> Iterator[str]:
    for name in (*place["name"].values(), *place.get("terms", ())):
        yield from articles_varied(name)


def _guarded(place: PlaceRecord) -> tuple[str, ...]:
    """Where nothing says which, a context guards every spelling."""
    if "context" in place and "guarded" not in place:
        return (*_spellings(place), *_inflected(place))
    return tuple(varied for name in place.get("guarded", ()) for varied in articles_varied(name))


def _actor(actor: Mapping[str, Any]) -> Actor:
    return Actor(id=actor["id"], title=actor["title"], items=tuple(items_of(actor)), within=actor.get("within"))


def _event(event: Mapping[str, Any]) -> EventClass:
    hints = tuple(items_of(event.get("hints", {})))
    return EventClass(id=event["id"], title=event["title"], items=tuple(items_of(event)), hints=hints)
