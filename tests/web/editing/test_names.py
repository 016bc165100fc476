"""Names of places in the boxes of a rule, and the rule as it is written with what they are taken for."""

from __future__ import annotations

import pytest

from monitor import lexicon
from monitor.web.editing.names import names_in, texts_of, with_places

PLACES = lexicon.load().places
RULE = "- id: one\n  all:\n    - {}\n    - جسر\n"


def written(snippet, **chosen):
    return with_places(snippet, names_in(snippet, PLACES, **chosen))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (RULE.format("دير الزور"), RULE.format("place: deir-ez-zor")),
        (RULE.format('"Deir ez-Zor"  # the town'), RULE.format("place: deir-ez-zor  # the town")),
        (RULE.format("[قصف, دير الزور]"), RULE.format("[قصف, {place: deir-ez-zor}]")),
        (RULE.format("الطيبة"), RULE.format("place: [taybeh-lebanon, taybeh-ramallah]")),
        (RULE.format("{all: [منبج, نهر]}"), RULE.format("{all: [{place: manbij}, نهر]}")),
        ("- {id: one, none: [منبج]}\n", "- {id: one, none: [{place: manbij}]}\n"),
        (RULE.format("طويلة"), RULE.format("طويلة")),
        (RULE.format("{exact: منبج}"), RULE.format("{exact: منبج}")),
        (RULE.format("|\n      منبج"), RULE.format("|\n      منبج")),
        ("- id: one\n  title: منبج\n  notify: [منبج]\n", "- id: one\n  title: منبج\n  notify: [منبج]\n"),
        ("- id: [one\n", "- id: [one\n"),
    ],
)
def test_who_writes_the_name_of_a_place_means_the_place(before, after):
    assert written(before) == after


@pytest.mark.parametrize(
    ("text", "choice", "item"),
    [
        ("دير الزور", "exact", "exact: دير الزور"),
        ("دير الزور", "place", "place: deir-ez-zor"),
        ("طويلة", "place", "place: tawila"),
        ("الباب", "word", "الباب"),
        ("دير الزور", "nonsense", "place: deir-ez-zor"),
        ("الباب", "exact", "الباب"),
        ("منبج", "word", "place: manbij"),
    ],
)
def test_its_author_may_take_it_for_something_else_among_what_is_offered(text, choice, item):
    assert written(RULE.format(text), chosen={text: choice}) == RULE.format(item)


def test_a_word_that_the_file_had_already_stays_one_until_its_author_says_otherwise():
    snippet = RULE.format("منبج")
    (named,) = names_in(snippet, PLACES, written_before=texts_of(snippet))
    assert (named.taken, named.choices) == ("word", ("place", "word"))
    assert with_places(snippet, [named]) == snippet
    assert "place: manbij" in written(snippet, written_before=texts_of(snippet), chosen={"منبج": "place"})


def test_of_a_name_it_is_told_what_is_searched_and_what_a_word_would_miss():
    (named,) = names_in(RULE.format("دير الزور"), PLACES)
    assert named.spellings == len({*PLACES["deir-ez-zor"].terms, *PLACES["deir-ez-zor"].inflected})
    assert named.missed[0] == "ديرالزور"
    assert named.within == sum(place.within == "deir-ez-zor" for place in PLACES.values()) > 0
