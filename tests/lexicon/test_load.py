"""Reading the shipped files."""

from __future__ import annotations

import pytest
import yaml

from monitor.language import Lexicon, Name, Term
from monitor.lexicon import load
from monitor.lexicon.announced import ANNOUNCERS, announced
from monitor.lexicon.data import place_records, read
from monitor.lexicon.load import place_of


def test_the_lexicon_is_read_once() -> None:
    assert load() is load()


def test_groups_are_the_operators_own(lexicon: Lexicon) -> None:
    assert not lexicon.groups


def test_every_scalar_is_a_text() -> None:
    assert read("- {id: no, at: 12:30, lat: 1.0, 'on': yes}\n") == [
        {"id": "no", "at": "12:30", "lat": "1.0", "on": "yes"}
    ]


def test_it_reads_what_the_full_parser_reads() -> None:
    text = "- id: a\n  name: {ar: باب, en: Bab}\n  terms: [x, 'y z', [deep]]\n- id: b\n"
    assert read(text) == yaml.load(text, Loader=yaml.BaseLoader)


def test_a_key_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        read("- {id: a, id: b}\n")


def test_a_guarded_name_is_found_behind_words_that_announce_a_place_only(lexicon: Lexicon) -> None:
    place = lexicon.places["al-bab"]
    assert "الباب" not in place.terms
    assert {f"{word} الباب" for word in ANNOUNCERS} <= set(place.announced)


def test_names_are_spellings_too(lexicon: Lexicon) -> None:
    place = lexicon.places["deir-ez-zor"]
    assert {place.name["ar"], place.name["en"]} <= set(place.terms)


def test_degrees_are_numbers_though_files_are_read_as_texts(lexicon: Lexicon) -> None:
    written = {place["id"]: place for place in place_records()}
    for place in lexicon.places.values():
        assert type(place.lat) is type(place.lon) is float, place.id
        assert (place.lat, place.lon) == (float(written[place.id]["lat"]), float(written[place.id]["lon"]))


def _capital(**said: object) -> dict[str, object]:
    return {"id": "gate", "kind": "city", "name": {"ar": "البوابة", "en": "Gate"}, "terms": ["بوابة الشرق"], **said}


def test_a_context_guards_every_spelling_where_nothing_says_which() -> None:
    place = place_of(_capital(context=["الوادي", {"name": "تل أبيض"}], inflected=["Kapi"]), {})
    assert (place.terms, place.guarded) == ((), ("البوابة", "Gate", "بوابة الشرق", "Kapi"))
    assert place.context == (Term(text="الوادي"), Name(text="تل أبيض"))
    assert {"مدينة البوابة", "near Gate"} <= set(place.announced)


def test_a_guard_on_one_spelling_leaves_the_others_free() -> None:
    place = place_of(_capital(guarded=["البوابة"], context=["الوادي"], behind=["في"]), {})
    assert (place.terms, place.guarded) == (("Gate", "بوابة الشرق"), ("البوابة",))
    assert "في البوابة" in place.announced


def test_a_governorate_has_the_guards_and_bans_of_its_namesake() -> None:
    capital = _capital(guarded=["البوابة"], context=["الوادي"], ban=["البوابة الإلكترونية"])
    governorate = {"id": "g", "kind": "governorate", "name": {"ar": "محافظة البوابة", "en": "G"}, "namesake": "gate"}
    place = place_of(governorate, {"gate": capital})
    assert (place.guarded, place.context) == (("البوابة",), (Term(text="الوادي"),))
    assert place.ban == ("البوابة الإلكترونية",)
    assert "محافظة البوابة" in place.terms


def test_more_than_words_is_no_context() -> None:
    with pytest.raises(ValueError, match="no word"):
        place_of(_capital(context=[{"together": [{"noun": "سد"}, {"noun": "ماء"}]}]), {})


@pytest.mark.parametrize(
    ("spelling", "behind"),
    [("الباب", "مدينة الباب"), ("Bab", "near Bab"), ("Çoban", "near Çoban"), ("Баб", None), ("באב", None)],
)
def test_words_that_announce_a_place_are_of_its_script(spelling: str, behind: str | None) -> None:
    found = list(announced([spelling]))
    assert (behind in found) if behind else not found
