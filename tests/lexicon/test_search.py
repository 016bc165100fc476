"""People find the place they mean, however they type it."""

from __future__ import annotations

import pytest

from monitor.language import KnownPlace, Lexicon
from monitor.lexicon.search import Hit, How, Search


@pytest.fixture(scope="module")
def search(lexicon: Lexicon) -> Search:
    return Search(lexicon.places)


@pytest.mark.parametrize(
    ("typed", "place", "how"),
    [
        ("deir-ez-zor", "deir-ez-zor", How.ID),
        ("Deir ez Zor", "deir-ez-zor", How.ID),
        ("deir_ez_zor", "deir-ez-zor", How.ID),
        ("دير الزور", "deir-ez-zor", How.SPELLING),
        ("ديرالزور", "deir-ez-zor", How.SPELLING),
        ("ديــر الــزّور", "deir-ez-zor", How.SPELLING),
        ("بديرالزور", "deir-ez-zor", How.ATTACHED),
        ("وبدير الزور", "deir-ez-zor", How.ATTACHED),
        ("للباب", "al-bab", How.ATTACHED),
        ("ادلب", "idlib", How.SPELLING),
        ("الحسكه", "hasakah", How.SPELLING),
        ("حسكة", "hasakah", How.SOUND),
        ("درعة", "daraa", How.SOUND),
        ("DEIREZZOR", "deir-ez-zor", How.SPELLING),
        ("Dar'aa", "daraa", How.SPELLING),
        ("Darʿaa", "daraa", How.SPELLING),
        ("al-Idlib", "idlib", How.SOUND),
        ("Ar Raqqah", "raqqa", How.SPELLING),
        ("Qamishly", "qamishli", How.SOUND),
        ("Alepo", "aleppo", How.SOUND),
        ("دمشثق", "damascus", How.NEAR),
        ("Damasvus", "damascus", How.NEAR),
        ("Menbic", "manbij", How.SPELLING),
        ("Deyrizor'da", "deir-ez-zor", How.ATTACHED),
        ("Дейр-эз-Зоре", "deir-ez-zor", How.ATTACHED),
        ("חאלב", "aleppo", How.SPELLING),
        ("اشتباكات قرب مطار دير الزور", "deir-ez-zor-airport", How.WITHIN_TEXT),
        ("Zor", "deir-ez-zor", How.PART),
        ("منب", "manbij", How.PART),
    ],
)
def test_the_place_that_is_meant_comes_first(search: Search, typed: str, place: str, how: How) -> None:
    first = search.find(typed)[0]
    assert (first.place.id, first.how) == (place, how)


def test_a_city_comes_before_the_governorate_of_its_name(search: Search) -> None:
    assert [hit.place.id for hit in search.find("إدلب")][:2] == ["idlib", "idlib-governorate"]


def test_every_place_is_found_by_its_id_and_by_each_of_its_spellings(search: Search, lexicon: Lexicon) -> None:
    """A spelling that several places have finds them all."""
    lost = []
    for place in lexicon.places.values():
        for typed in (place.id, *place.terms[:2], *place.guarded, *place.inflected[:1]):
            sure = [hit.place.id for hit in search.find(typed) if hit.how <= How.ATTACHED]
            lost += [] if place.id in sure else [(place.id, typed)]
    assert lost == []


@pytest.mark.parametrize("typed", ["xyzzy", "برنامج الأغذية", "قصف", "", "…", "ء"])
def test_what_is_no_place_is_not_found(search: Search, typed: str) -> None:
    assert search.find(typed) == []


def test_a_place_is_found_once_by_what_fits_best(search: Search) -> None:
    found = [hit.place.id for hit in search.find("حلب")]
    assert len(found) == len(set(found))


def test_where_nothing_is_found_the_nearest_are_guessed(search: Search) -> None:
    assert search.find("Daxmsqxus") == []
    assert "damascus" in [hit.place.id for hit in search.guesses("Daxmsqxus")]
    assert search.guesses("…") == []


def test_typing_errors_are_not_looked_for_where_a_place_is_spelled_so(search: Search) -> None:
    assert [hit for hit in search.find("حماة") if hit.how is How.NEAR] == []


def test_a_spelling_that_needs_company_is_marked(search: Search) -> None:
    assert search.find("الباب")[0].guarded
    assert not search.find("منبج")[0].guarded


def test_particles_are_shown_as_they_were_read(search: Search) -> None:
    assert search.find("وبديرالزور")[0].read == "و+ب+دير الزور"


def test_places_of_ones_own_are_found_beside_the_shipped_ones(lexicon: Lexicon) -> None:
    own = KnownPlace(id="wadi-own", name={"ar": "وادي المثال", "en": "Wadi Mithal"}, terms=("وادي المثال",))
    found: list[Hit] = Search({**lexicon.places, own.id: own}).find("بوادي المثال")
    assert (found[0].place, found[0].how) == (own, How.ATTACHED)


def test_an_option_may_name_a_place_by_its_id_or_a_spelling_and_not_by_a_typing_error(search: Search) -> None:
    assert [place and place.id for place in map(search.resolve, ["homs", "حمص", "حمصص", "nowhere"])] == [
        "homs", "homs", None, None,
    ]  # fmt: skip


def test_of_typing_errors_the_one_with_fewer_letters_wrong_comes_first() -> None:
    places = [
        KnownPlace(id=name.casefold(), name={"en": name}, terms=(name,), kind=kind)
        for name, kind in (("Bermandolk", "country"), ("Bermandil", "village"))
    ]
    found = Search({place.id: place for place in places}).find("Bermandik")
    assert [(hit.place.id, hit.how) for hit in found] == [("bermandil", How.NEAR), ("bermandolk", How.NEAR)]


@pytest.mark.parametrize(
    ("typed", "meant", "others"),
    [
        ("دير الزور", "deir-ez-zor", ["deir-ez-zor-governorate"]),
        ("بديرالزور", "deir-ez-zor", ["deir-ez-zor-governorate"]),
        ("محافظة دير الزور", "deir-ez-zor-governorate", []),
        ("الميادين", "mayadin", []),
        ("Raqqa", "raqqa", ["raqqa-governorate"]),
        ("مكان لا وجود له", "", []),
    ],
)
def test_of_places_of_one_name_the_innermost_is_meant(
    search: Search, typed: str, meant: str, others: list[str]
) -> None:
    called = search.called(typed)
    assert [place.id for place in called] == [each for each in (meant, *others) if each]
    found = search.innermost(called)
    assert (found.id if found else "") == meant


def test_of_places_of_one_name_that_lie_apart_none_is_meant() -> None:
    def hills(name: str) -> KnownPlace:
        return KnownPlace(id=name, kind="village", name={"ar": "التلال"}, terms=("التلال",), within=None)

    search = Search({each.id: each for each in (hills("east-hills"), hills("west-hills"))})
    assert len(search.called("التلال")) == 2
    assert search.innermost(search.called("التلال")) is None
