"""What lies within what: the way up from a place, and everything below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from monitor.language import KnownPlace

Places = Mapping[str, KnownPlace]
Inner = Mapping[str, Sequence[KnownPlace]]


def around(place: KnownPlace, places: Places) -> tuple[KnownPlace, ...]:
    """What the place lies within, the nearest first, the country last. A circle is walked once."""
    found: dict[str, KnownPlace] = {}
    outer = places.get(place.within or "")
    while outer is not None and outer.id not in found and outer.id != place.id:
        found[outer.id] = outer
        outer = places.get(outer.within or "")
    return tuple(found.values())


def lies_within(place: KnownPlace, outer_id: str, places: Places) -> bool:
    """Whether it is that place, or within it through any number of levels."""
    return place.id == outer_id or any(outer.id == outer_id for outer in around(place, places))


def directly_within(places: Places) -> Inner:
    """By id: the places whose `within` it is, by id in the alphabet's order."""
    inner: dict[str, list[KnownPlace]] = defaultdict(list)
    for place in sorted(places.values(), key=lambda place: place.id):
        if place.within is not None:
            inner[place.within].append(place)
    return inner


def below(place_id: str, inner: Inner) -> Iterator[tuple[int, KnownPlace]]:
    """Everything within a place, through all levels, each with its depth (1 is directly within), outer before inner."""
    waiting = [(1, place) for place in reversed(inner.get(place_id, ()))]
    seen = {place_id}
    while waiting:
        depth, place = waiting.pop()
        if place.id not in seen:
            seen.add(place.id)
            yield depth, place
            waiting += [(depth + 1, each) for each in reversed(inner.get(place.id, ()))]
