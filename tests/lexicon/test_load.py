"""Reading the shipped files."""

from __future__ import annotations

import pytest
import yaml

from monitor.language import Lexicon
from monitor.lexicon import load
from monitor.lexicon.data import read
from monitor.lexicon.load import ANNOUNCERS


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
    terms = lexicon.places["al-bab"].terms
    assert "الباب" not in terms
    assert {f"{word} الباب" for word in ANNOUNCERS} <= set(terms)


def test_names_are_spellings_too(lexicon: Lexicon) -> None:
    place = lexicon.places["deir-ez-zor"]
    assert {place.name["ar"], place.name["en"]} <= set(place.terms)
