"""How the places of two reports lie to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from monitor.model import Facts
from monitor.stories.keys import Within


class Nearness(Enum):
    """`level` of the place in common tells how much it says; see `Whereabouts`."""

    SAME = "same place"
    WITHIN = "one place within the other"
    APART = "differing places"
    UNKNOWN = "a place is not known"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """`level` of the inner place: 0 a country or a sea, 1 a governorate, 2 and more a town or a part of it. `outer` is
    the level of the outer one where one lies within the other. `main`: both name it first."""

    nearness: Nearness
    places: tuple[str, ...] = ()
    level: int = 0
    outer: int = 0
    main: bool = False


# «مطار دمشق» is Damascus to who tells of it, though it lies in another governorate.
_AROUND = "-governorate"
_OF_A_CITY = ("-airport", "-airbase", "-port", "-governorate")


# Where several things that news tells of happen every day: place and hour alone say less there.
_BUSY = frozenset(
    str.split(
        "gaza khan-yunis rafah jabalia nuseirat deir-al-balah nablus jenin hebron ramallah jerusalem tulkarm "
        "damascus aleppo homs hama idlib latakia deir-ez-zor raqqa hasakah suwayda daraa qamishli baghdad "
        "mosul basra kirkuk erbil sulaymaniyah beirut tripoli-lebanon tyre sidon nabatieh sanaa aden taiz "
        "hudaydah marib khartoum omdurman el-fasher nyala el-obeid port-sudan tripoli-libya benghazi misrata"
    )
)


def is_busy(place: str) -> bool:
    return place in _BUSY


def whereabouts(one: Facts, other: Facts, within: Within) -> Whereabouts:
    """The closest relation, those that stand first before others."""
    if not one.places or not other.places:
        return Whereabouts(Nearness.UNKNOWN)
    found = [
        each
        for a, place in enumerate(one.places[:4])
        for b, second in enumerate(other.places[:4])
        if (each := _relation(place, second, within, main=a == b == 0)) is not None
    ]
    if not found:
        return Whereabouts(Nearness.APART, (one.places[0], other.places[0]))
    return max(found, key=lambda each: (min(each.level, 2), min(each.outer, 2), each.main, each.places))


def parted(one: Facts, other: Facts, within: Within) -> tuple[str, str] | None:
    """A place of each, below a governorate, that is none of the other's: the places they name first, or those behind
    the same first one (a city's two quarters, namesakes in two countries)."""
    if not one.places or not other.places:
        return None
    at = 1 if one.places[0] == other.places[0] else 0
    first, second = (one.places[at:][:1], other.places[at:][:1])
    if not first or not second:
        return None
    if not _strange(first[0], other.places[at:], within) or not _strange(second[0], one.places[at:], within):
        return None
    return min(first[0], second[0]), max(first[0], second[0])


def _strange(place: str, others: Sequence[str], within: Within) -> bool:
    relations = (_relation(place, each, within, main=False) for each in others)
    return len(within(place)) >= 2 and all(found is None or found.outer == 0 for found in relations)


def _relation(one: str, other: str, within: Within, *, main: bool) -> Whereabouts | None:
    inner, outer = sorted((one, other), key=lambda place: (-len(within(place)), place))
    around: Sequence[str] = within(inner)
    names = tuple(dict.fromkeys((inner, outer)))
    if inner == outer:
        return Whereabouts(Nearness.SAME, names, len(around), len(around), main)
    if _city(one) == _city(other):
        return Whereabouts(Nearness.WITHIN, names, 2, 2, main)
    if outer in around:
        return Whereabouts(Nearness.WITHIN, names, len(around), len(within(outer)), main)
    # «جنوب الحسكة»: of a city and of what is around it news uses one name.
    if f"{outer}{_AROUND}" in around or (f"{inner}{_AROUND}" in within(outer)):
        return Whereabouts(Nearness.WITHIN, names, 2, 1, main)
    return None


def _city(place: str) -> str:
    for ending in _OF_A_CITY:
        place = place.removesuffix(ending)
    return place
