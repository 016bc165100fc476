"""Words that are the name of a place, by the shipped gazetteer and by places of the author's own."""

from __future__ import annotations

import pytest

from monitor import lexicon
from monitor.language import KnownPlace
from monitor.rules.place_names import is_rather_a_word, missed, places_called, spelled

PLACES = lexicon.load().places


def ids(text, known=PLACES):
    return [place.id for place in places_called(text, known)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("دير الزور", ["deir-ez-zor"]),
        ("ديرالزور", ["deir-ez-zor"]),
        ("دَيْر الزّور", ["deir-ez-zor"]),
        ("deir ezzor", ["deir-ez-zor"]),
        ("الطيبة", ["taybeh-lebanon", "taybeh-ramallah"]),
        ("جسر", []),
        ("قصف دير الزور", []),
        ("!", []),
    ],
)
def test_a_place_is_known_by_any_of_its_spellings_and_by_nothing_around_them(text, found):
    assert ids(text) == found


def test_a_place_of_the_authors_own_is_known_where_it_is_written_and_nowhere_else():
    own = {"mill": KnownPlace(id="mill", name={"ar": "طاحونة الوادي", "en": "Valley Mill"}, terms=("طاحونة الوادي",))}
    assert ids("طاحونة الوادي", own) == ["mill"]
    assert ids("طاحونة الوادي") == []


@pytest.mark.parametrize(
    ("text", "is_word"),
    [("دير الزور", False), ("الميادين", False), ("Hit", False), ("hit", True), ("طويلة", True), ("raqqa", False)],
)
def test_a_name_that_stands_everywhere_as_a_word_is_rather_that_word(text, is_word):
    assert is_rather_a_word(text, places_called(text, PLACES)) is is_word


def test_what_a_word_misses_is_told_in_its_own_letters_first():
    assert missed("دير الزور", places_called("دير الزور", PLACES))[0] == "ديرالزور"
    assert all(name.isascii() or "ü" in name for name in missed("Manbij", places_called("Manbij", PLACES))[:2])


def test_of_its_spellings_those_that_only_announce_it_are_not_counted():
    (mayadin,) = places_called("الميادين", PLACES)
    assert mayadin.announced
    assert not set(spelled([mayadin])) & (set(mayadin.announced) - set(mayadin.terms))
