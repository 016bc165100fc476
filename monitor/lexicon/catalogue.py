"""The shipped ids for people who write rules, as Markdown: `python -m monitor.lexicon.catalogue`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from monitor.language import KnownPlace, Lexicon
from monitor.lexicon.load import load

_INTRODUCTION = """\
# Shipped events, actors, places and newsrooms

What `event:`, `place:` and the `source:` of a feed may name, and which actors alerts tell of. This page is generated:
`python -m monitor.lexicon.catalogue`.

A place finds every spelling of its own and of all that stands under it here; `exactly: true` leaves the inner ones out.
A code behind the kind of a place is its P-code of OCHA; alerts tell it for every place within.
Own places go under `places:` of the rules file; one with an id of this page overrides it, key by key.
"""


def catalogue(lexicon: Lexicon) -> str:
    """The page kept in docs/: events and actors by id, places country by country, each under what it lies within,
    newsrooms."""
    return "".join(
        (
            *(_INTRODUCTION, "\n## Events\n\n", *_events(lexicon)),
            *("\n## Actors\n\n", *_actors(lexicon)),
            *("\n## Places\n\n", *_places(lexicon)),
            *("\n## Newsrooms\n\n", *_newsrooms(lexicon)),
        )
    )


def _events(lexicon: Lexicon) -> Iterator[str]:
    yield "| write | finds | يجد |\n|---|---|---|\n"
    for event in sorted(lexicon.events.values(), key=lambda event: event.id):
        yield f"| `event: {event.id}` | {event.title['en']} | {event.title['ar']} |\n"


def _actors(lexicon: Lexicon) -> Iterator[str]:
    yield "| id | who | من | part of |\n|---|---|---|---|\n"
    for actor in sorted(lexicon.actors.values(), key=lambda actor: actor.id):
        within = f"`{actor.within}`" if actor.within else ""
        yield f"| `{actor.id}` | {actor.title['en']} | {actor.title['ar']} | {within} |\n"


def _places(lexicon: Lexicon) -> Iterator[str]:
    inside: dict[str | None, list[KnownPlace]] = {}
    for place in lexicon.places.values():
        inside.setdefault(place.within, []).append(place)
    yield from _under(None, inside, depth=0)


def _under(outer: str | None, inside: dict[str | None, list[KnownPlace]], depth: int) -> Iterator[str]:
    for place in sorted(inside.get(outer, ()), key=lambda place: place.id):
        code = f", {place.pcode}" if place.pcode else ""
        yield f"{'  ' * depth}- `{place.id}` {place.name['en']}, {place.name['ar']} ({place.kind}{code})\n"
        yield from _under(place.id, inside, depth + 1)


def _newsrooms(lexicon: Lexicon) -> Iterator[str]:
    yield "Those of one owner are one voice; without an owner here, a newsroom is its own.\n\n"
    yield "| write | newsroom | الاسم | owner |\n|---|---|---|---|\n"
    for newsroom in sorted(lexicon.newsrooms.values(), key=lambda newsroom: newsroom.id):
        owner = newsroom.owner if newsroom.owner != newsroom.id else ""
        agency = ", agency" if newsroom.agency else ""
        yield f"| `source: {newsroom.id}` | {newsroom.name['en']}{agency} | {newsroom.name['ar']} | {owner} |\n"


if __name__ == "__main__":
    sys.stdout.write(catalogue(load()))
