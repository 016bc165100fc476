"""Which event is meant by one of its words."""

from __future__ import annotations

import pytest

from monitor import lexicon as shipped
from monitor.language import AllOf, EventClass, Term, Verb
from monitor.rules.event_words import events_called

_FIRED_ON = AllOf(items=(Term(text="صاروخ"), Term(text="سقوط")), near=3)
EVENTS = {
    "blast": EventClass(id="blast", title={"ar": "انفجار"}, items=(Term(text="انفجار"), Term(text="car bomb"))),
    "rockets": EventClass(id="rockets", title={"en": "Rockets and mortars"}, items=(_FIRED_ON, Verb(text="قصف"))),
    "mortar": EventClass(id="mortar", title={"en": "mortars"}, items=(Term(text="هاون"),)),
}


@pytest.mark.parametrize(
    ("word", "ids"),
    [
        ("انفجار", ("blast",)),
        ("والانفجارات", ("blast",)),
        ("Car bombs", ("blast",)),
        ("يقصف", ("rockets",)),
        ("صاروخ", ()),  # counts only beside another word, and is no title
        ("Mortars", ("rockets", "mortar")),
        ("bomb", ()),
        ("انفجار قريب", ()),
        ("…", ()),
    ],
)
def test_an_event_is_known_by_its_words_or_else_by_its_title(word, ids):
    assert events_called(word, EVENTS) == ids


def test_a_word_of_many_events_names_none():
    many = {f"e{n}": EventClass(id=f"e{n}", title={}, items=(Term(text="هجوم"),)) for n in range(4)}
    assert events_called("هجوم", many) == ()


@pytest.mark.parametrize(
    ("word", "ids"),
    [
        ("kidnapping", ("abduction",)),
        ("غارات", ("airstrike",)),
        ("خطف", ("abduction",)),  # of several meanings: the traps know its event
        ("raid", ("airstrike", "arrest-raid")),
    ],
)
def test_what_an_editor_would_write_finds_the_shipped_event(word, ids):
    assert events_called(word, shipped.load().events) == ids
