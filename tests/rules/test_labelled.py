"""Whole rules over labelled and real texts. They are not part of the project: skipped where they are absent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor.language import AnyOf, InField, InPlace, Item, Name, OfEvent, OfGroup, Rule, Starts, Term, Verb
from monitor.model import FIELDS
from monitor.rules.matcher import Matcher
from tests.rules.made import EASTERN, TODAY, a_document, a_rule, matched

SHARED = Path(__file__).parents[3] / "shared" / "data"
CASES = SHARED / "matching" / "dev.jsonl"
REPORT = SHARED / "000_d1873cb8842c0eb3.txt"
AT_MOST_WRONG = 3


def terms(*texts: str) -> tuple[Item, ...]:
    return tuple(Term(text=text) for text in texts)


def names(*texts: str) -> tuple[Item, ...]:
    return tuple(Name(text=text) for text in texts)


def starts(*texts: str) -> tuple[Item, ...]:
    return tuple(Starts(text=text) for text in texts)


SHELLING: tuple[Item, ...] = (Term(text="قصف"), Verb(text="قصف"))
QAMISHLI = names("القامشلي", "Qamishli", "Kamışlı", "Камышлы", "قامشلی", "قامشلۆ", "קמישלי")
BLASTS = (
    *terms("انفجار", "اشتباك", "هجوم"),
    *starts("explosion", "clash", "attack", "patlama", "çatışma", "взрыв", "انفجار", "درگیری", "تەقینەوە", "פיצוץ"),
)
RULES: tuple[Rule, ...] = (
    a_rule(
        "D01",
        all=names("الموصل"),
        any=(*terms("هجوم", "انفجار", "اشتباك", "كمين"), *SHELLING),
        none=terms("مباراة"),
    ),
    a_rule(
        "D02",
        all=(AnyOf(items=names("تعز", "الحديدة", "لحج", "عدن")),),
        any=(*terms("معركة", "قذيفة", "قناص", "لغم"), *SHELLING),
    ),
    a_rule("D03", any=(*terms("اعتقال", "مداهمة", "أسير", "معتقل", "سجين"), Verb(text="اعتقل"))),
    a_rule("D05", any=terms("نفق")),
    a_rule("D06", any=terms("مظاهرة", "احتجاج", "اعتصام", "متظاهر")),
    a_rule(
        "D07",
        all=(AnyOf(items=names("أم درمان", "الخرطوم")),),
        any=(*terms("اشتباك", "معركة", "قذيفة", "هجوم", "انفجار"), *SHELLING),
    ),
    a_rule("D08", any=(InField(field="title", item=AnyOf(items=(*terms("حصار", "محاصر"), Verb(text="حاصر")))),)),
    a_rule("D09", all=(AnyOf(items=QAMISHLI), AnyOf(items=BLASTS))),
    a_rule("D10", all=(Term(text="سفينة"), AnyOf(items=(*terms("هجوم", "صاروخ"), Verb(text="استهدف")))), near=6),
)


@pytest.mark.skipif(not CASES.exists(), reason="the labelled cases are not here")
def test_rules_agree_with_the_labelled_cases():
    matcher = Matcher(RULES, EASTERN)
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    wrong = [case for case in cases if (case["rule"] in said(matcher, case)) != case["should_match"]]
    told = "\n".join(
        f"{case['id']} {case['rule']} {case['should_match']} {case['title']} {case['why']}" for case in wrong
    )
    assert len(wrong) <= AT_MOST_WRONG, told


def said(matcher: Matcher, case: dict[str, str]) -> set[str]:
    matches = matcher.match(a_document(title=case["title"], summary=case["summary"]), feed=None, today=TODAY)
    assert not matches.problems
    return {match.rule_id for match in matches.matches}


FLAGSHIP = a_rule(
    "dez",
    all=(InPlace(ids=("deir-ez-zor",)), OfGroup(ids=("airport",)), OfEvent(ids=("clash",))),
    near=15,
    none=(OfGroup(ids=("retrospective",)),),
    search_in=FIELDS,  # where a feed has a body, only that says what happened at the airport
)


def as_one_field(headline: str, text: str, field: str) -> dict[str, str]:
    return {field: f"{headline}\n{text}"}


def as_an_entry(headline: str, text: str, field: str) -> dict[str, str]:
    return {"title": headline, field: text}


@pytest.mark.skipif(not REPORT.exists(), reason="the report that started the project is not here")
@pytest.mark.parametrize("given", [as_one_field, as_an_entry])
@pytest.mark.parametrize("field", ["summary", "body"])
def test_the_first_rule_alerts_on_the_report_that_started_the_project(given, field):
    headline, _, text = REPORT.read_text(encoding="utf-8").partition("\n")
    (match,) = matched(FLAGSHIP, **given(headline, text, field)).matches
    assert {span.clause for span in match.spans} == {"place deir-ez-zor", "group airport", "event clash"}


@pytest.mark.skipif(not REPORT.exists(), reason="the report that started the project is not here")
def test_its_headline_alone_names_no_airport():
    headline, _, _ = REPORT.read_text(encoding="utf-8").partition("\n")
    assert not matched(FLAGSHIP, title=headline).matches
