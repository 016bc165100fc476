"""Why a rule does or does not match, as a value and as text."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.language import AnyOf, Exact, InPlace, KnownPlace, OfEvent, OfGroup, Regex, Term
from monitor.rules.explain import explain, explain_each, render
from tests.rules.made import EASTERN, TODAY, a_document, a_feed, a_lexicon, a_rule

FLAGSHIP = a_rule(
    "dez",
    all=(InPlace(ids=("deir-ez-zor",)), OfGroup(ids=("airport",)), OfEvent(ids=("clash",))),
    near=15,
    none=(OfGroup(ids=("retrospective",)),),
)


def explained(rule=FLAGSHIP, *, feed=None, today=None, **fields):
    return explain(rule, EASTERN, a_document(**fields), feed=feed, today=today)


def test_a_match_shows_each_clause_its_words_and_how_they_were_read():
    told = explained(title="والاشتباكات قرب مطار ديرالزور")
    ((_, near), (_, veto)) = told.boxes
    assert told.matched
    assert near.held
    assert not veto.held
    assert [(part.title, part.sightings[0].surface) for part in near.parts] == [
        ("place deir-ez-zor", "ديرالزور"),
        ("group airport", "مطار"),
        ("event clash", "والاشتباكات"),
    ]
    assert near.parts[2].sightings[0].how == "و+ال+اشتباك+ات"


def test_a_sighting_is_where_it_was_published_and_fit_for_a_terminal():
    title = "معارك\u202e <b>مطـــار</b>"
    (sighting,) = explained(title=title).boxes[0][1].parts[1].sightings
    assert title[sighting.start : sighting.end] == "مطـــار"
    assert "\u202e" not in render(explained(title=title))


NOT_NEAR = [
    ("اشتباك " + "كلام " * 20 + "مطار دير الزور", "", "the closest they come is 20 words"),
    ("اشتباك " + "كلام " * 16 + "مطار دير الزور", "", "the closest they come is 16 words"),
    ("اشتباك", "مطار دير الزور", "they are not all in one field"),
    ("اشتباك", "دير الزور", ""),
]


@pytest.mark.parametrize(("title", "summary", "note"), NOT_NEAR)
def test_items_that_stand_too_far_apart_are_told_how_far(title, summary, note):
    told = explained(title=title, summary=summary)
    assert not told.matched
    assert told.boxes[0][1].note == note


def test_a_veto_is_named_with_the_words_that_caused_it():
    told = explained(title="ذكرى اشتباك مطار دير الزور")
    assert not told.matched
    assert told.boxes[1][1].sightings[0].surface == "ذكرى"
    assert "✓ none: group retrospective: not found" in render(explained(title="مطار"))
    assert "✗ none: group retrospective: found, which excludes the document" in render(told)


def test_a_rule_that_does_not_look_says_why_and_is_explained_all_the_same():
    rule = a_rule(
        all=(Term(text="جسر"),), enabled=False, feeds=("tag:iraq",), languages=("he",), expires=date(2026, 1, 1)
    )
    told = explained(rule, feed=a_feed(), today=TODAY, title="قصف الجسر العائم فوق النهر")
    assert len(told.skipped) == 4
    assert not told.matched
    assert told.boxes[0][1].held


def test_a_failing_regex_is_part_of_the_explanation():
    told = explained(a_rule(all=(Regex(pattern="(a|aa)+$"),)), title="a" * 60 + "b")
    assert len(told.problems) == 1
    assert "problem: the regex" in render(told)


def test_the_text_names_rule_clauses_places_and_readings():
    rule = a_rule("bridges", any=(AnyOf(items=(Term(text="جسر"), Exact(text="bridge")), at_least=2), Term(text="معبر")))
    assert render(explained(rule, title="قصف جسر")).splitlines() == [
        "bridges: does not match",
        "  ✗ any: any of these: no",
        "    ✗ at least 2 of these: no",
        "      ✓ جسر",
        "        title 4–7 «جسر» = جسر",
        "      ✗ bridge: not found",
        "    ✗ معبر: not found",
    ]


def test_many_sightings_are_counted_not_listed():
    assert "and 5 more" in render(explained(a_rule(all=(Term(text="جسر"),)), title="جسر " * 10))


def test_many_rules_are_explained_in_order_as_each_would_be():
    rules = [FLAGSHIP, a_rule("bridges", all=(Term(text="جسر"),))]
    document = a_document(title="اشتباك عند جسر دير الزور")
    assert explain_each(rules, EASTERN, document) == tuple(explain(rule, EASTERN, document) for rule in rules)


GATE = a_lexicon(
    places=(
        KnownPlace(
            id="gate",
            name={"ar": "البوابة", "en": "Gate"},
            terms=(),
            guarded=("البوابة",),
            context=(Term(text="الوادي"),),
            ban=("البوابة الإلكترونية",),
        ),
    )
)


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("انفجار في البوابة عند الوادي", "= البوابة (near «الوادي»)"),
        ("أغلق البوابة وراءه", "«البوابة» in the title is not taken: it is an ordinary word as well"),
        ("قرب الوادي البوابة الإلكترونية", "is not taken: «البوابة الإلكترونية» is never this place"),
    ],
)
def test_a_guarded_spelling_says_what_vouched_for_it_or_why_it_was_not_taken(title, told):
    explanation = explain(a_rule("r", all=(InPlace(ids=("gate",)),)), GATE, a_document(title=title))
    assert told in render(explanation)


def test_a_score_is_told_with_its_parts_whether_it_is_reached_or_not():
    items = (Term(text="قصف"), Term(text="جسر"), Term(text="نزوح"))
    rule = a_rule("bridges", any=items, weights=(3, 1, 2), min_score=4)
    assert "✓ any: a score of at least 4 of these: قصف 3 + جسر 1 = 4 of 4" in render(explained(rule, title="قصف جسر"))
    assert "✗ any: a score of at least 4 of these: no; قصف 3 = 3 of 4" in render(explained(rule, title="قصف ليلي"))
    assert "0 of 4" in render(explained(rule, title="هدوء"))
