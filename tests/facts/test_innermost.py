"""Which of the places named a report is about; ids and where they lie are made up."""

from __future__ import annotations

from monitor.facts.innermost import innermost
from monitor.rules.spots import Spot

AROUND = {
    "town": frozenset({"city-province", "land"}),
    "city": frozenset({"city-province", "land"}),
    "quarter": frozenset({"city", "city-province", "land"}),
    "city-province": frozenset({"land"}),
    "far": frozenset({"other-land"}),
    "twin-here": frozenset({"land"}),
    "twin-there": frozenset({"other-land"}),
}


def spot(first: int, last: int | None = None, *, field: str = "title") -> Spot:
    last = last or first + 1
    return Spot(field, first, last, 0, first * 10, last * 10, "", "")  # type: ignore[arg-type]


def test_what_something_within_is_named_of_is_left_out() -> None:
    found = innermost([(spot(0), ("land",)), (spot(1), ("town",)), (spot(2), ("city-province",))], AROUND)
    assert list(found) == ["town"]


def test_a_country_alone_is_told() -> None:
    assert list(innermost([(spot(0), ("land",))], AROUND)) == ["land"]


def test_a_shared_spelling_is_the_city() -> None:
    assert list(innermost([(spot(0), ("city", "city-province"))], AROUND)) == ["city"]


def test_beside_another_place_of_the_province_it_is_the_province() -> None:
    found = innermost([(spot(0), ("town",)), (spot(1), ("city", "city-province"))], AROUND)
    assert list(found) == ["town"]


def test_beside_a_quarter_of_the_city_it_is_the_city_and_left_out() -> None:
    found = innermost([(spot(0), ("quarter",)), (spot(1), ("city", "city-province"))], AROUND)
    assert list(found) == ["quarter"]


def test_words_inside_a_longer_name_are_not_the_place() -> None:
    assert list(innermost([(spot(0, 2), ("town",)), (spot(1), ("far",))], AROUND)) == ["town"]


def test_a_namesake_is_the_one_whose_country_is_named() -> None:
    found = innermost([(spot(0), ("twin-here", "twin-there")), (spot(1), ("other-land",))], AROUND)
    assert list(found) == ["twin-there"]


def test_without_a_hint_both_namesakes_are_told() -> None:
    assert list(innermost([(spot(0), ("twin-here", "twin-there"))], AROUND)) == ["twin-here", "twin-there"]


def test_the_headline_comes_first_and_every_spot_is_kept() -> None:
    read = [(spot(0, field="summary"), ("far",)), (spot(4), ("town",)), (spot(5, field="summary"), ("town",))]
    found = innermost(read, AROUND)
    assert list(found) == ["town", "far"]
    assert [each.field for each in found["town"]] == ["title", "summary"]
