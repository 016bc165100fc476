"""Rules over documents: what each item and key means, with the spans that a reader would see."""

from __future__ import annotations

from datetime import date

import pytest

import monitor.rules.vocabulary
from monitor.language import (
    AllOf,
    AnyOf,
    Exact,
    Group,
    InField,
    InPlace,
    KnownPlace,
    Lexicon,
    Name,
    OfEvent,
    OfGroup,
    Regex,
    Starts,
    Term,
    Verb,
)
from monitor.model import Severity
from monitor.rules.matcher import Matcher
from monitor.text.heads import Heads
from monitor.text.needles import needles_of
from tests.rules.made import EASTERN, TODAY, a_document, a_feed, a_lexicon, a_place, a_rule, matched, shown

DEIR_EZ_ZOR = InPlace(ids=("deir-ez-zor",))
AIRPORT = OfGroup(ids=("airport",))
CLASH = OfEvent(ids=("clash",))
RETROSPECTIVE = OfGroup(ids=("retrospective",))

FLAGSHIP = a_rule("dez", all=(DEIR_EZ_ZOR, AIRPORT, CLASH), near=15, none=(RETROSPECTIVE,))

SPANS = [
    # rule, fields, what is shown, because
    (
        FLAGSHIP,
        {"title": "تجدد الاشتباكات قرب المطار العسكري بديرالزور"},
        [
            ("title", "event clash", "الاشتباكات"),
            ("title", "group airport", "المطار"),
            ("title", "place deir-ez-zor", "بديرالزور"),
        ],
        "every form, joined name, particles",
    ),
    (
        FLAGSHIP,
        {"title": "هدوء حذر", "summary": "معارك في محيط القاعدة الجوية عند حي هرابش"},
        [
            ("summary", "event clash", "معارك"),
            ("summary", "group airport", "القاعدة الجوية"),
            ("summary", "place deir-ez-zor", "هرابش"),
        ],
        "a place within the place, a phrase, a broken plural",
    ),
    (FLAGSHIP, {"title": "إعادة افتتاح مطار دير الزور"}, None, "no clash"),
    (FLAGSHIP, {"title": "اشتباكات قرب مطار الميادين"}, None, "another town of the governorate is not the city"),
    (
        FLAGSHIP,
        {"title": "اشتباكات قرب مطار دير الزور", "summary": "مشهد من مسلسل جديد"},
        None,
        "`none` looks at every searched field, wherever the rest was found",
    ),
    (
        FLAGSHIP,
        {"title": "اشتباكات قرب مطار دير الزور", "body": "مشهد من مسلسل جديد"},
        [
            ("title", "event clash", "اشتباكات"),
            ("title", "group airport", "مطار"),
            ("title", "place deir-ez-zor", "دير الزور"),
        ],
        "but at no field that is not searched",
    ),
    (
        FLAGSHIP,
        {"title": "اشتباكات في حي سكني", "summary": "عودة الرحلات إلى مطار دير الزور"},
        None,
        "near means one field",
    ),
    (
        a_rule(all=(DEIR_EZ_ZOR, CLASH)),
        {"title": "اشتباكات في حي سكني", "summary": "عودة الرحلات إلى مطار دير الزور"},
        [("title", "event clash", "اشتباكات"), ("summary", "place deir-ez-zor", "دير الزور")],
        "without near, all may be in different fields",
    ),
    (
        a_rule(all=(InPlace(ids=("deir-ez-zor-governorate",)), CLASH)),
        {"title": "اشتباكات في الميادين"},
        [("title", "event clash", "اشتباكات"), ("title", "place deir-ez-zor-governorate", "الميادين")],
        "a governorate has its towns within it",
    ),
    (
        a_rule(all=(InPlace(ids=("deir-ez-zor-governorate",)), CLASH)),
        {"title": "اشتباكات في هرابش"},
        [("title", "event clash", "اشتباكات"), ("title", "place deir-ez-zor-governorate", "هرابش")],
        "and what is within them, through all levels",
    ),
    (
        a_rule(all=(InPlace(ids=("deir-ez-zor-governorate",), exactly=True), CLASH)),
        {"title": "اشتباكات في الميادين"},
        None,
        "exactly leaves the inner ones out",
    ),
    (
        a_rule(all=(InPlace(ids=("deir-ez-zor-governorate",), exactly=True), CLASH)),
        {"title": "اشتباكات في محافظة دير الزور"},
        [("title", "event clash", "اشتباكات"), ("title", "place deir-ez-zor-governorate", "محافظة دير الزور")],
        "exactly asks for its own spellings; of two, one in the other, the longer is shown",
    ),
    (
        a_rule(all=(InPlace(ids=("deir-ez-zor-governorate",), exactly=True),)),
        {"title": "وصول قافلة إلى دير الزور"},
        [("title", "place deir-ez-zor-governorate", "دير الزور")],
        "a name shared with the city is the governorate's own",
    ),
    (
        a_rule(any=(InPlace(ids=("idlib", "deir-ez-zor")),)),
        {"title": "من ادلب إلى دير الزور"},
        [("title", "place idlib", "ادلب"), ("title", "place deir-ez-zor", "دير الزور")],
        "any of several places, each shown under its own id",
    ),
    (
        a_rule(any=(Term(text="قتيل"), Term(text="جريح"), Term(text="مفقود")), at_least=2),
        {"title": "قتيل وجريح في انهيار بناء"},
        [("title", "قتيل", "قتيل"), ("title", "جريح", "وجريح")],
        "two of three",
    ),
    (
        a_rule(any=(Term(text="قتيل"), Term(text="جريح"), Term(text="مفقود")), at_least=2),
        {"title": "قتيل في انهيار بناء"},
        None,
        "one is not two",
    ),
    (
        a_rule(all=(CLASH,), any=(AIRPORT, Term(text="ميناء"))),
        {"title": "اشتباكات عند الميناء"},
        [("title", "event clash", "اشتباكات"), ("title", "ميناء", "الميناء")],
        "all and any together",
    ),
    (a_rule(all=(CLASH,), any=(AIRPORT,)), {"title": "اشتباكات عند الميناء"}, None, "all holds, any does not"),
    (
        a_rule(all=(CLASH, AIRPORT), near="sentence"),
        {"summary": "توقفت الاشتباكات. أعيد فتح المطار أمام المسافرين."},
        None,
        "two sentences",
    ),
    (
        a_rule(all=(CLASH, AIRPORT), near="sentence"),
        {"summary": "أعيد فتح المطار. توقفت الاشتباكات حول المطار."},
        [("summary", "event clash", "الاشتباكات"), ("summary", "group airport", "المطار")],
        "the second sentence has both, and only it is shown",
    ),
    (
        a_rule(all=(CLASH, AIRPORT), near="title"),
        {"title": "اشتباكات جديدة", "summary": "اشتباكات في المطار"},
        None,
        "near: title",
    ),
    (
        a_rule(all=(InField(field="title", item=CLASH), AIRPORT)),
        {"title": "اشتباكات جديدة", "summary": "تبادل لإطلاق النار في المطار"},
        [("title", "event clash", "اشتباكات"), ("summary", "group airport", "المطار")],
        "one item in the title, the other anywhere",
    ),
    (
        a_rule(all=(InField(field="title", item=CLASH), AIRPORT)),
        {"title": "إغلاق المطار", "summary": "اشتباكات في محيطه"},
        None,
        "the item is elsewhere",
    ),
    (
        a_rule(all=(InField(field="body", item=CLASH),)),
        {"title": "خبر", "body": "اندلعت اشتباكات"},
        [("body", "event clash", "اشتباكات")],
        "a field that an item names is looked at, though search_in does not have it",
    ),
    (a_rule(all=(CLASH,), search_in=("title",)), {"summary": "اندلعت اشتباكات"}, None, "a field that is not searched"),
    (
        a_rule(all=(AnyOf(items=(Term(text="جسر"), Exact(text="bridge"))),)),
        {"title": "Bridge closed", "summary": "إغلاق الجسور"},
        [("title", "bridge", "Bridge"), ("summary", "جسر", "الجسور")],
        "a list",
    ),
    (
        a_rule(all=(AllOf(items=(Verb(text="استهدف"), AIRPORT), near=2),)),
        {"title": "مسيّرات تستهدف محيط المطار"},
        [("title", "استهدف", "تستهدف"), ("title", "group airport", "المطار")],
        "a box with a distance, a verb in the imperfect",
    ),
    (
        a_rule(all=(Starts(text="saldırı"),)),
        {"title": "Üsse SALDIRILAR sürüyor"},
        [("title", "saldırı", "SALDIRILAR")],
        "starts",
    ),
    (a_rule(all=(Name(text="درعا"),)), {"title": "ارتدى درعاً واقية"}, None, "a name takes no endings"),
    (
        a_rule(all=(Regex(pattern=r"\d+ قتيل"),)),
        {"title": "مقتل ١٢ قتيلاً"},
        [("title", r"\d+ قتيل", "١٢ قتيل")],
        "a regex sees the folded text",
    ),
]


@pytest.mark.parametrize(("rule", "fields", "expected", "because"), SPANS, ids=[case[3] for case in SPANS])
def test_a_rule_matches_and_marks_what_fired(rule, fields, expected, because):
    assert shown(rule, **fields) == expected


def test_offsets_are_those_of_the_field_as_published():
    title = "<b>اشتبا&#1603;ات</b> قرب مطار دير&nbsp;الزور"
    assert shown(FLAGSHIP, title=title) == [
        ("title", "event clash", "اشتبا&#1603;ات"),
        ("title", "group airport", "مطار"),
        ("title", "place deir-ez-zor", "دير&nbsp;الزور"),
    ]


def test_a_match_carries_the_rules_severity():
    (match,) = matched(a_rule(all=(CLASH,), severity=Severity.CRITICAL), title="اشتباك").matches
    assert (match.rule_id, match.severity) == ("r", Severity.CRITICAL)


def test_matches_come_in_rule_order():
    rules = [a_rule(each, all=(Term(text=term),)) for each, term in (("z", "مطار"), ("a", "اشتباك"), ("m", "جسر"))]
    seen = a_document(title="اشتباك عند جسر المطار")
    matches = Matcher(rules, Lexicon()).match(seen, feed=None, today=TODAY).matches
    assert [match.rule_id for match in matches] == ["z", "a", "m"]


def test_matches_of_rules_that_stand_far_apart_come_in_rule_order_too():
    words = ("نهر", "قصف", *["نهر"] * 6, "قصف")
    rules = [a_rule(f"r{number}", all=(Term(text=word),)) for number, word in enumerate(words)]
    matches = Matcher(rules, Lexicon()).match(a_document(title="قصف"), feed=None, today=TODAY).matches
    assert [match.rule_id for match in matches] == ["r1", "r8"]


def test_of_two_spans_that_begin_together_the_longer_is_shown():
    place = a_lexicon(places=(a_place("zor", "دير", "دير الزور"),))
    rule = a_rule(all=(InPlace(ids=("zor",)),))
    assert shown(rule, lexicon=place, title="من دير الزور") == [("title", "place zor", "دير الزور")]


def test_a_document_without_words_matches_nothing():
    assert matched(FLAGSHIP) == matched(FLAGSHIP, title="   … ", summary="<p></p>")
    assert not matched(FLAGSHIP).matches


def test_a_matcher_without_rules_matches_nothing():
    assert not Matcher([], Lexicon()).match(a_document(title="اشتباك"), feed=None, today=TODAY).matches


def test_places_within_each_other_in_a_circle_end():
    circle = a_lexicon(places=(a_place("one", "الأولى", within="two"), a_place("two", "الثانية", within="one")))
    assert shown(a_rule(all=(InPlace(ids=("one",)),)), lexicon=circle, title="طريق الثانية") == [
        ("title", "place one", "الثانية")
    ]


def test_a_group_that_contains_itself_ends():
    own = OfGroup(ids=("loop",))
    looped = Lexicon(groups={"loop": Group(id="loop", items=(own, Term(text="جسر")))})
    assert shown(a_rule(all=(own,)), lexicon=looped, title="جسر") == [("title", "group loop", "جسر")]


def test_a_group_of_boxes_is_shown_under_its_own_name():
    grouped = a_lexicon(strike=(AllOf(items=(Exact(text="غارة"), Exact(text="جوية")), near=1), Regex(pattern="raids?")))
    rule = a_rule(any=(OfGroup(ids=("strike",)),))
    assert shown(rule, lexicon=grouped, title="غارة جوية", summary="Air raid") == [
        ("title", "group strike", "غارة"),
        ("title", "group strike", "جوية"),
        ("summary", "group strike", "raid"),
    ]


def test_inflected_spellings_of_a_place_take_endings():
    kamishli = KnownPlace(
        id="qamishli", name={"ar": "القامشلي", "en": "Qamishli"}, terms=("Kamışlı",), inflected=("Kamışlı",)
    )
    rule = a_rule(all=(InPlace(ids=("qamishli",)),))
    assert shown(rule, lexicon=a_lexicon(places=(kamishli,)), title="Kamışlıda patlama")


def test_a_text_that_repeats_a_word_ten_thousand_times_is_marked_a_hundred_times():
    (match,) = matched(a_rule(all=(CLASH,)), title="اشتباك " * 10_000).matches
    assert len(match.spans) == 100


def test_a_rule_that_raises_is_reported_and_stops_no_other(monkeypatch):
    class Broken:
        heads = Heads(frozenset({"جسر"}))
        parts = (needles_of(heads),)

        def at(self, text, position):
            raise ZeroDivisionError("broken on purpose")

    real = monitor.rules.vocabulary.compile_item
    monkeypatch.setattr(
        monitor.rules.vocabulary, "compile_item", lambda item: (Broken(),) if item.text == "جسر" else real(item)
    )
    rules = [a_rule("bad", all=(Term(text="جسر"),)), a_rule("good", all=(Term(text="قصف"),))]
    told = Matcher(rules, Lexicon()).match(a_document(title="قصف جسر"), feed=None, today=TODAY)
    assert [match.rule_id for match in told.matches] == ["good"]
    assert [(problem.rule_id, problem.text) for problem in told.problems] == [
        ("bad", "ZeroDivisionError: broken on purpose")
    ]


def test_a_rule_that_cannot_be_compiled_is_named():
    with pytest.raises(KeyError) as raised:
        Matcher([a_rule("lost", all=(OfGroup(ids=("nowhere",)),))], EASTERN)
    assert raised.value.__notes__ == ["while compiling rule lost"]


def test_a_text_with_too_many_ways_to_choose_is_reported_not_missed_in_silence():
    words = tuple(Exact(text=f"w{chr(97 + n)}") for n in range(18))
    crowd = " ".join(word.text for word in words[:-1]) + " "
    far = "far " * 30 + words[-1].text
    told = matched(a_rule(all=words, near=20), body="", title=crowd * 50 + far)
    assert not told.matches
    assert "too many ways" in told.problems[0].text


def test_what_was_found_before_it_became_too_much_work_counts():
    words = (Exact(text="amber"), Exact(text="birch"), Exact(text="cedar"))
    told = matched(a_rule(all=words, near=3), title="amber birch cedar " * 20_000)
    assert len(told.matches) == len(told.problems) == 1


FILTERS = [
    # what the rule says, the feed, the title, does it look?
    ({}, None, "اشتباك", True),
    ({"enabled": False}, None, "اشتباك", False),
    ({"expires": date(2026, 11, 22)}, None, "اشتباك", True),
    ({"expires": date(2026, 11, 21)}, None, "اشتباك", False),
    ({"feeds": ("f",)}, a_feed(), "اشتباك", True),
    ({"feeds": ("other",)}, a_feed(), "اشتباك", False),
    ({"feeds": ("tag:syria",)}, a_feed(tags=frozenset({"syria", "local"})), "اشتباك", True),
    ({"feeds": ("syria",)}, a_feed(tags=frozenset({"syria"})), "اشتباك", False),
    ({"feeds": ("tag:syria",)}, a_feed(), "اشتباك", False),
    ({"feeds": ("other",)}, None, "اشتباك", True),
    ({"languages": ("ar",)}, None, "اشتباك عنيف في وسط المدينة", True),
    ({"languages": ("he",)}, None, "اشتباك عنيف في وسط المدينة", False),
    ({"languages": ("he",)}, a_feed(languages=("he",)), "اشتباك عنيف في وسط المدينة", True),
    ({"languages": ("AR-sy",)}, a_feed(languages=("en",)), "اشتباك عنيف في وسط المدينة", True),
]


@pytest.mark.parametrize(("said", "feed", "title", "looks"), FILTERS)
def test_a_rule_looks_only_where_it_was_told_to(said, feed, title, looks):
    rule = a_rule(all=(CLASH,), **said)
    assert bool(Matcher([rule], EASTERN).match(a_document(title=title), feed=feed, today=TODAY).matches) is looks


def test_no_text_hides_from_a_rule_by_repeating_its_words():
    both = AllOf(items=(AnyOf(items=(Term(text="مطار"), Term(text="قاعدة"))), Term(text="اشتباك")), near=5)
    rule = a_rule("r", all=(Name(text="دير الزور"), both, AllOf(items=(Term(text="مطار"), both), near=9)), near=15)
    told = matched(rule, title="اشتباكات قرب مطار دير الزور " * 6_000)
    assert [match.rule_id for match in told.matches] == ["r"]
    assert "too many ways" in told.problems[0].text


def test_a_rule_that_looks_for_nothing_is_never_asked():
    """A silence of whole feeds."""
    assert Matcher([a_rule("quiet", all=())], a_lexicon()).rules == ()
