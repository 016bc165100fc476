"""Of the places named in a text those that it is about: the innermost, each where it was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from monitor.rules.spots import Spot, reading_order

Around = Mapping[str, frozenset[str]]
"""By id, everything that a place lies within."""


def innermost(read: Sequence[tuple[Spot, Sequence[str]]], around: Around) -> dict[str, list[Spot]]:
    """`read`: each place in the text with the ids of all places that are spelled so. In reading order, the title first.

    Words inside a longer name are not the place they would be alone (شارع بغداد is no Baghdad). A name that several
    places have is that of which the surroundings are named too, if there is one such; else it is all of them. A place
    is left out where one within it is named.
    """
    kept = [(spot, ids) for spot, ids in read if not _inside_longer(spot, read)]
    sure = {place for _, ids in kept if len(_inner_of(ids, around)) == 1 for place in ids}
    found: dict[str, list[Spot]] = {}
    for spot, ids in sorted(kept, key=lambda pair: reading_order(pair[0])):
        for place in _likely(_inner_of(ids, around), sure, around):
            found.setdefault(place, []).append(spot)
    return {
        place: spots
        for place, spots in found.items()
        if not any(place in around.get(other, frozenset()) for other in found)
        and not _stands_for_outer(place, found, around)
    }


def _inside_longer(spot: Spot, read: Iterable[tuple[Spot, Sequence[str]]]) -> bool:
    return any(
        other.field == spot.field
        and other.first <= spot.first
        and spot.last <= other.last
        and other.last - other.first > spot.last - spot.first
        for other, _ in read
    )


def _inner_of(ids: Sequence[str], around: Around) -> list[str]:
    """Without those that others of them lie within: a city, not the governorate of its name."""
    outer = frozenset[str]().union(*(around.get(place, frozenset()) for place in ids))
    return [place for place in ids if place not in outer]


def _likely(ids: Sequence[str], sure: set[str], around: Around) -> Sequence[str]:
    if len(ids) < 2:
        return ids
    backed = [place for place in ids if around.get(place, frozenset()) & sure]
    return backed or ids


def _stands_for_outer(place: str, found: Iterable[str], around: Around) -> bool:
    """A city's name beside another place of the division that is called after it means the division: 'in Sarmin,
    Idlib'. The lexicon's ids say so: `idlib` lies within `idlib-governorate`, `gaza` within `gaza-strip`."""
    namesakes = {outer for outer in around.get(place, frozenset()) if outer.startswith(f"{place}-")}
    return any(
        other != place and place not in around.get(other, frozenset()) and around.get(other, frozenset()) & namesakes
        for other in found
    )
