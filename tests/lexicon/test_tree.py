"""What lies within what."""

from __future__ import annotations

from monitor.language import KnownPlace
from monitor.lexicon.tree import around, below, directly_within, lies_within


def a_place(place_id: str, within: str | None = None) -> KnownPlace:
    return KnownPlace(id=place_id, name={}, terms=(), within=within)


PLACES = {
    place.id: place
    for place in (
        a_place("land"),
        a_place("north", "land"),
        a_place("town", "north"),
        a_place("quarter", "town"),
        a_place("south", "land"),
        a_place("egg", "hen"),
        a_place("hen", "egg"),
        a_place("nest", "hen"),
    )
}


def test_the_way_up_begins_with_the_nearest() -> None:
    assert [place.id for place in around(PLACES["quarter"], PLACES)] == ["town", "north", "land"]
    assert around(PLACES["land"], PLACES) == ()


def test_a_circle_or_an_outer_place_that_is_not_there_ends_the_way() -> None:
    assert [place.id for place in around(PLACES["egg"], PLACES)] == ["hen"]
    assert [place.id for place in around(PLACES["nest"], PLACES)] == ["hen", "egg"]
    assert around(a_place("lost", "nowhere"), PLACES) == ()


def test_a_place_lies_within_itself_and_whatever_is_around_it() -> None:
    assert [lies_within(PLACES["town"], outer, PLACES) for outer in ("town", "land", "south")] == [True, True, False]


def test_all_that_lies_below_comes_with_its_depth_outer_before_inner() -> None:
    inner = directly_within(PLACES)
    assert [(depth, place.id) for depth, place in below("land", inner)] == [
        (1, "north"), (2, "town"), (3, "quarter"), (1, "south"),
    ]  # fmt: skip
    assert [place.id for _, place in below("egg", inner)] == ["hen", "nest"]
    assert list(below("quarter", inner)) == []
