"""Words that a reader may take for a search text, and why they are not it."""

from __future__ import annotations

import pytest

from monitor.language import AllOf, AnyOf, Exact, InPlace, KnownPlace, Name, OfEvent, OfGroup, Term, Verb, Word
from monitor.rules.explain import explain
from tests.rules.made import a_document, a_lexicon, a_place, a_rule

LEXICON = a_lexicon(
    places=(
        a_place("homs", "حمص", "Homs"),
        KnownPlace(id="gate", name={"ar": "البوابة"}, terms=(), guarded=("البوابة",), ban=("البوابة الإلكترونية",)),
    ),
    airport=(Term(text="مطار"), Term(text="قاعدة جوية")),
    event_drone=(AllOf(items=(Term(text="مسيرة"), AnyOf(items=(Term(text="صاروخ"), Term(text="قصف")))), near=3),),
)


def nearly(item, title, **fields):
    told = explain(a_rule(all=(item,)), LEXICON, a_document(title=title, **fields))
    assert not told.matched
    return [(one.surface, one.reason) for one in told.almost]


CASES = [
    (Name(text="حماة"), "حماية المدنيين", "حماية", "no form of the name حماة"),
    (Name(text="درعا"), "درعاً واقيا", "درعاً", "with tanwin it is another word"),
    (Name(text="سبها"), "ما كسبها", "كسبها", "a word of its own, though it looks like سبها"),
    (InPlace(ids=("homs",)), "صحن من الحمص", "الحمص", "a name is found as it is written"),
    (InPlace(ids=("gate",)), "أغلق البوابة", "البوابة", "it is an ordinary word as well"),
    (InPlace(ids=("gate",)), "عبر البوابة الإلكترونية", "البوابة", "is never this place"),
    (Name(text="الباب"), "فتح باب الحوار", "باب", "the name has the article"),
    (Term(text="جسور"), "تدمير جسر", "جسر", "جسر finds both"),
    (Term(text="دوريات"), "استهداف دورية", "دورية", "دورية finds both"),
    (Term(text="السد"), "انهيار سد", "سد", "the article is expected where you write it; سد finds both"),
    (Term(text="قصف"), "المدفعية تقصف الحي", "تقصف", "{word: قصف, forms: [noun, verb]}"),
    (Term(text="استهداف"), "زورق يستهدف المرفأ", "يستهدف", "which a noun does not find: {verb: استهدف} does"),
    (Term(text="استعادة"), "الجيش يستعيد بلدة", "يستعيد", "{verb: استعاد} does"),
    (Term(text="اغتيال"), "ملثمون اغتالوا قاضيا", "اغتالوا", "{verb: اغتال} does"),
    (Term(text="احتلال"), "المليشيا تحتل السوق", "تحتل", "{verb: احتل} does"),
    (Term(text="الانفجار"), "انفجرت قنبلة", "انفجرت", "{verb: انفجر} does"),
    (Term(text="إغلاق"), "البلدية أغلقت الطريق", "أغلقت", "{verb: أغلق} does"),
    (Term(text="مداهمة"), "الشرطة داهمت المنزل", "داهمت", "{verb: داهم} does"),
    (Term(text="مظاهرات"), "انطلاق مظاهرة طلابية", "مظاهرة", "a plural does not find its singular; مظاهرة finds both"),
    (Term(text="انسحابات"), "انسحاب من البلدة", "انسحاب", "a plural does not find its singular; انسحاب finds both"),
    (Verb(text="قصف"), "القصف مستمر", "القصف", "it is a noun"),
    (Exact(text="مسيرة"), "سقوط مسيرات", "مسيرات", "'exact' takes the word as it stands only"),
    (Term(text="shell"), "Heavy shelling overnight", "shelling", "{starts: shell} finds it"),
    (Word(text="جريح", ban=("جريحا",)), "نقل جريحا", "جريحا", "(ban)"),
    (Term(text="نفق"), "زيادة الإنفاق", "الإنفاق", "with this hamza it is another word"),
    (Term(text="أنفاق"), "إنفاق كبير", "إنفاق", "with this hamza it is another word"),
    (Word(text="علي", strict=("yaa",)), "على الطريق", "على", "'strict' tells its letters"),
    (Name(text="تل"), "بناء كتل", "كتل", "before so short a word"),
    (Term(text="قاعدة جوية"), "قاعدة للقوات الجوية", "قاعدة للقوات الجوية", "side by side"),
    (Term(text="قاعدة جوية"), "غارة جوية على قاعدة", "جوية على قاعدة", "in the order in which they are written"),
    (Term(text="قاعدة جوية"), "قصف القاعدة. جوية كانت الضربة", "القاعدة. جوية", "the end of a sentence"),
    (Term(text="حمص"), "Shells near Homs", "Homs", "it is a spelling of that place, or lies within it; {place: homs}"),
    (AnyOf(items=(Term(text="سد"), Term(text="حمص"))), "Shells near Homs", "Homs", "{place: homs} finds it"),
    (OfGroup(ids=("airport",)), "أمطار غزيرة", None, ""),
    (Term(text="نفق"), "النفقات العامة", "النفقات", "no form of نفق, but another word"),
    (OfEvent(ids=("drone",)), "انطلاق مسيرة في المدينة", "مسيرة", "counts close to صاروخ, قصف"),
    (OfEvent(ids=("drone",)), "انطلاق قصف في المدينة", None, ""),
    (Name(text="درعا"), "ب ج", None, ""),
    (Term(text="جسر"), "كلام آخر", None, ""),
]


@pytest.mark.parametrize(("item", "title", "surface", "reason"), CASES, ids=[case[1] for case in CASES])
def test_a_word_that_is_not_taken_is_told_with_its_reason(item, title, surface, reason):
    told = nearly(item, title)
    assert (told[0][0] if told else None) == surface
    assert not told or reason in told[0][1]


def test_a_word_in_a_field_that_is_not_looked_at_is_told():
    assert nearly(Term(text="جسر"), "خبر", body="تضرر الجسر ") == [
        ("الجسر", "the rule does not look at the body for it")
    ]


def test_at_most_three_are_told():
    assert len(nearly(Term(text="shell"), "shelling shelled shelling shellac shelly")) == 3


def test_what_was_found_has_no_nearly():
    told = explain(a_rule(all=(Term(text="نفق"),)), LEXICON, a_document(title="نفق ونفقات"))
    assert told.almost == ()


@pytest.mark.parametrize(
    "rule",
    [
        a_rule(query=AllOf(items=(Term(text="استهداف"), Term(text="محطة")), near=8)),
        a_rule(query=AllOf(items=(AnyOf(items=(Term(text="تدمير"), Term(text="استهداف"))), Term(text="محطة")))),
        a_rule(any=(AllOf(items=(Term(text="استهداف"), Term(text="محطة"))),)),
    ],
    ids=["a query with near", "a list in a query", "a box"],
)
def test_what_a_query_or_a_box_lacks_is_looked_for_as_well(rule):
    told = explain(rule, LEXICON, a_document(title="زورق يستهدف المحطة"))
    assert [(one.surface, one.term) for one in told.almost] == [("يستهدف", "استهداف")]


def test_a_word_that_a_group_counts_only_beside_others_is_not_looked_for_alone():
    lexicon = a_lexicon(attack=(AllOf(items=(Term(text="استهداف"), Term(text="محطة"))),))
    told = explain(a_rule(all=(OfGroup(ids=("attack",)),)), lexicon, a_document(title="زورق يستهدف المحطة"))
    assert told.almost == ()
