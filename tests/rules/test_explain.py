"""Why a rule does or does not match, as a value."""

from __future__ import annotations

import json
from datetime import date

import pytest

from monitor.language import AllOf, AnyOf, Exact, InField, InPlace, KnownPlace, Name, OfEvent, OfGroup, Regex, Term
from monitor.model import Entry
from monitor.rules.explain import explain, explain_each
from monitor.rules.explain_json import as_json
from monitor.rules.explanation import named
from monitor.rules.matcher import Matcher
from monitor.text.document import read
from tests.rules.made import EASTERN, TODAY, a_document, a_feed, a_lexicon, a_place, a_rule

FLAGSHIP = a_rule(
    "dez",
    all=(InPlace(ids=("deir-ez-zor",)), OfGroup(ids=("airport",)), OfEvent(ids=("clash",))),
    near=15,
    none=(OfGroup(ids=("retrospective",)),),
)
FIGHTING = a_lexicon(
    places=(a_place("aleppo", "حلب"), a_place("manbij", "منبج", "Manbij", within="aleppo")),
    event_attack=(
        Term(text="اقتحام"),
        AllOf(items=(Term(text="هجوم"), AnyOf(items=(Term(text="معسكر"), Term(text="دورية")))), near=3),
    ),
)


def explained(rule=FLAGSHIP, *, lexicon=EASTERN, feed=None, today=None, **fields):
    return explain(rule, lexicon, a_document(**fields), feed=feed, today=today)


def obstacles(*arguments, **named_ones):
    return [(one.kind, one.what) for one in explained(*arguments, **named_ones).obstacles]


# --- what was found ----------------------------------------------------------------------------------------------


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


def test_a_sighting_names_the_search_text_that_found_it_and_the_place_within():
    near = explained(title="معارك بقاعدة جوية في هرابش").boxes[0][1]
    place, group, event = (part.sightings[0] for part in near.parts)
    assert (place.term, place.place) == ("هرابش", "harabish")
    assert (group.term, group.place) == ("قاعدة جوية", "")
    assert event.term == "معركة"


def test_a_sighting_is_where_it_was_published():
    title = "معارك\u202e <b>مطـــار</b>"
    (sighting,) = explained(title=title).boxes[0][1].parts[1].sightings
    assert title[sighting.start : sighting.end] == "مطـــار"


def test_sentences_are_counted_from_one():
    rule = a_rule(all=(Term(text="جسر"),))
    (sighting,) = explained(rule, summary="وصل الوفد. وأغلق الجسر.").boxes[0][1].sightings
    assert sighting.sentence == 2


def test_of_spellings_within_one_another_the_longest_is_told():
    rule = a_rule(all=(InPlace(ids=("deir-ez-zor-governorate",)),))
    told = explained(rule, title="محافظة دير الزور").boxes[0][1]
    assert [one.surface for one in told.sightings] == ["محافظة دير الزور"]


def test_an_event_is_one_clause_and_words_that_count_together_one_sighting():
    rule = a_rule(all=(OfEvent(ids=("attack",)),))
    ((_, clause),) = explained(rule, lexicon=FIGHTING, title="هجوم عنيف على دورية").boxes
    assert (clause.title, clause.parts) == ("event attack", ())
    assert [(one.surface, one.how) for one in clause.sightings] == [("هجوم عنيف على دورية", "هجوم … دورية")]


# --- how close ---------------------------------------------------------------------------------------------------


def test_a_near_that_holds_tells_the_words_between_each_and_the_next():
    distance = explained(title="اشتباك عنيف فجرا عند مطار في دير الزور").boxes[0][1].distance
    assert (distance.field, distance.words, distance.gaps) == ("title", ("اشتباك", "مطار", "دير الزور"), (3, 1))


def test_two_things_in_the_same_words_have_no_distance():
    lexicon = a_lexicon(places=(a_place("airfield", "مطار الوادي"),), airport=(Term(text="مطار"),))
    rule = a_rule(all=(InPlace(ids=("airfield",)), OfGroup(ids=("airport",)), Term(text="قصف")), near=2)
    distance = explained(rule, lexicon=lexicon, title="قصف مطار الوادي").boxes[0][1].distance
    assert (distance.words, distance.gaps) == (("قصف", "مطار الوادي"), (0,))


NOT_NEAR = [
    ("اشتباك " + "كلام " * 20 + "مطار دير الزور", "", "the closest they come is 20 words"),
    ("اشتباك " + "كلام " * 16 + "مطار دير الزور", "", "the closest they come is 16 words"),
    (
        "اشتباك",
        "مطار دير الزور",
        "they are not all in one field: the title has event clash; the summary has place deir-ez-zor, group airport",
    ),
    ("اشتباك", "دير الزور", ""),
]


@pytest.mark.parametrize(("title", "summary", "note"), NOT_NEAR)
def test_items_that_stand_too_far_apart_are_told_how_far(title, summary, note):
    told = explained(title=title, summary=summary)
    assert not told.matched
    assert told.boxes[0][1].note == note


def test_a_sentence_that_does_not_hold_names_the_one_that_has_most():
    rule = a_rule(all=(Term(text="قصف"), Term(text="جسر"), Term(text="نهر")), near="sentence")
    told = obstacles(rule, title="قصف الجسر", summary="ارتفع النهر. وقصف.")
    assert told == [("distance", "no sentence has them all; the title lacks نهر")]


# --- what stands in the way --------------------------------------------------------------------------------------

WAYS = [
    ("only one clause is missing", FLAGSHIP, "مطار دير الزور", [("missing", "event clash")]),
    ("two are", FLAGSHIP, "اشتباك", [("missing", "place deir-ez-zor"), ("missing", "group airport")]),
    ("an exclusion", FLAGSHIP, "ذكرى اشتباك مطار دير الزور", [("excluded", "«ذكرى» (group retrospective)")]),
    (
        "too far apart",
        a_rule(all=(Term(text="قصف"), Term(text="جسر")), near=1),
        "قصف على حي قرب الجسر",
        [("distance", "the closest they come is 3 words")],
    ),
    (
        "a list",
        a_rule(all=(Term(text="قصف"), AnyOf(items=(Term(text="جسر"), Term(text="سد"))))),
        "قصف ليلي",
        [("missing", "جسر or سد")],
    ),
    (
        "so many of a list",
        a_rule(any=(Term(text="جسر"), Term(text="نهر"), Term(text="قصف")), at_least=2),
        "جسر قديم",
        [("missing", "at least 2 of these (جسر, نهر or قصف)")],
    ),
    (
        "a box inside",
        a_rule(all=(Term(text="قصف"), AllOf(items=(Term(text="جسر"), Term(text="نهر")), near=1))),
        "قصف جسر ثم عبور سريع للنهر",
        [("distance", "the closest they come is 3 words")],
    ),
    ("nothing", a_rule(all=(Term(text="جسر"),)), "فتح الجسر", []),
]


@pytest.mark.parametrize(("rule", "title", "told"), [way[1:] for way in WAYS], ids=[way[0] for way in WAYS])
def test_what_keeps_a_rule_from_matching_is_named(rule, title, told):
    assert obstacles(rule, title=title) == told


def test_a_near_miss_lacks_one_thing_and_has_something():
    assert explained(title="مطار دير الزور").near_miss
    assert explained(title="ذكرى اشتباك مطار دير الزور").near_miss
    assert not explained(title="مطار").near_miss
    assert not explained(title="اشتباك عند مطار دير الزور").near_miss
    assert not explained(a_rule(all=(Term(text="جسر"),)), title="كلام").near_miss


def test_a_rule_that_does_not_look_says_why_and_is_explained_all_the_same():
    rule = a_rule(
        all=(Term(text="جسر"),), enabled=False, feeds=("tag:iraq",), languages=("he",), expires=date(2026, 1, 1)
    )
    told = explained(rule, feed=a_feed(), today=TODAY, title="قصف الجسر العائم فوق النهر")
    assert len(told.skipped) == 4
    assert not told.matched
    assert told.boxes[0][1].held
    assert {one.kind for one in told.obstacles} == {"filter"}


def test_a_rule_for_certain_feeds_says_so_where_the_feed_is_not_known():
    told = explained(a_rule(all=(Term(text="جسر"),), feeds=("tag:iraq",)), title="جسر")
    assert (told.matched, told.notes) == (True, ("it looks only at the feeds tag:iraq",))


def test_a_field_that_the_rule_leaves_out_is_named_where_it_would_help():
    rule = a_rule(all=(Term(text="جسر"), Term(text="قصف")))
    assert obstacles(rule, title="قصف", body="تضرر الجسر") == [
        ("field", "the rule does not look at the body; with 'search_in: [title, summary, body]' it matches")
    ]
    assert obstacles(rule, title="قصف", body="تضرر السد") == [("missing", "جسر")]


def test_a_failing_regex_is_part_of_the_explanation():
    told = explained(a_rule(all=(Regex(pattern="(a|aa)+$"),)), title="a" * 60 + "b")
    assert len(told.problems) == 1


def test_many_rules_are_explained_in_order_as_each_would_be():
    rules = [FLAGSHIP, a_rule("bridges", all=(Term(text="جسر"),))]
    document = a_document(title="اشتباك عند جسر دير الزور")
    assert explain_each(rules, EASTERN, document) == tuple(explain(rule, EASTERN, document) for rule in rules)


RULES = [
    FLAGSHIP,
    a_rule(any=(Term(text="جسر"), InField(field="summary", item=Name(text="درعا")))),
    a_rule(all=(AnyOf(items=(Exact(text="جسر"), Term(text="نهر")), at_least=2),), none=(Term(text="سد"),)),
    a_rule(all=(AllOf(items=(Term(text="جسر"), Term(text="نهر")), near="sentence"), Term(text="قصف")), near=6),
]
TEXTS = ["جسر على النهر", "قصف جسر. والنهر", "قصف الجسر والنهر والسد", "اشتباك في مطار دير الزور", "", "درعا"]


@pytest.mark.parametrize("rule", RULES, ids=range(len(RULES)))
@pytest.mark.parametrize("text", TEXTS)
def test_the_verdict_is_the_matchers_and_stands_only_where_nothing_is_in_the_way(rule, text):
    document = read(Entry(feed_id="f", title=text, summary=text))
    told = explain(rule, EASTERN, document)
    found = Matcher([rule], EASTERN).match(document, feed=None, today=TODAY)
    assert told.matched == bool(found.matches) == (not told.obstacles)


# --- told otherwise ----------------------------------------------------------------------------------------------


def test_as_json_it_says_all_that_the_value_holds():
    told = json.loads(json.dumps(as_json(explained(title="ذكرى اشتباك مطار دير الزور"))))
    assert (told["rule"], told["matches"], told["near_miss"]) == ("dez", False, True)
    assert told["in_the_way"] == [{"kind": "excluded", "what": "«ذكرى» (group retrospective)"}]
    assert told["all"]["distance"] == {"field": "title", "words": ["اشتباك", "مطار", "دير الزور"], "gaps": [0, 0]}
    assert [part["sightings"][0]["start"] for part in told["all"]["parts"]] == [17, 12, 5]
    assert (told["any"], told["none"][0]["found"]) == (None, True)


@pytest.mark.parametrize(
    ("titles", "told"),
    [
        (["جسر"], "جسر"),
        (["place a", "place b"], "place a or b"),
        (["place a", "event b"], "place a or event b"),
        (["a", "b", "c", "d"], "a, b, c or d"),
        (["place a", "place b", "place c", "place d", "place e"], "place a, b, c or 2 more"),
    ],
)
def test_alternatives_are_named_as_far_as_they_are_few(titles, told):
    assert named(titles, joined="or") == told


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


def test_a_guarded_spelling_says_what_vouched_for_it():
    told = explained(a_rule(all=(InPlace(ids=("gate",)),)), lexicon=GATE, title="انفجار في البوابة عند الوادي")
    assert told.boxes[0][1].sightings[0].how == "البوابة (near «الوادي»)"
