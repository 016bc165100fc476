from __future__ import annotations

import pytest

from monitor.alerts import phrases
from monitor.model import Facts, Figure, NamedFact, Reason, Severity, Span, Tag
from tests.alerts.made import an_alert
from tests.support import ROOT

HERE = Span(field="title", start=0, end=1, clause="killed")


def figure(least, most):
    return Figure(kind="killed", least=least, most=most, span=HERE)


@pytest.mark.parametrize(
    ("changes", "arabic", "english"),
    [
        ({}, "", ""),
        ({"reason": Reason.UPDATED}, "↳ تحديث", "↳ update"),
        ({"reason": Reason.DENIED}, "↳ نفي", "↳ denial"),
        ({"reason": Reason.CORRECTED}, "↳ تصحيح", "↳ correction"),
        ({"reason": Reason.ESCALATED}, "↳ تصعيد", "↳ escalated"),
        (
            {"reason": Reason.ESCALATED, "before": {"severity": "medium"}, "severity": Severity.CRITICAL},
            "↳ تصعيد: متوسط ← حرج",
            "↳ escalated: MEDIUM → CRITICAL",
        ),
        (
            {"reason": Reason.CORROBORATED, "sources": 3, "follows": "1.1.r"},
            "↳ مصدر مستقل ثالث يؤكد",
            "↳ a third independent source reports it",
        ),
        (
            {"reason": Reason.CORROBORATED, "sources": 8, "follows": "1.1.r"},
            "↳ مصدر مستقل ثامن يؤكد",
            "↳ an eighth independent source reports it",
        ),
        (
            {"reason": Reason.CORROBORATED, "sources": 14, "follows": "1.1.r"},
            "↳ مصادر مستقلة أخرى تؤكد",
            "↳ further independent sources report it",
        ),
        ({"reason": Reason.CORROBORATED, "sources": 2}, "مصدران مستقلان", "2 independent sources"),
    ],
)
def test_a_reason_is_told_in_both_languages(changes, arabic, english):
    assert phrases.reason(an_alert(**changes), "ar") == arabic
    assert phrases.reason(an_alert(**changes), "en") == english


def test_a_tag_that_the_reason_names_is_not_told_twice():
    facts = Facts(tags=frozenset({Tag.DENIED, Tag.DRILL}))
    assert phrases.tags(an_alert(facts=facts), "ar") == ("نفي", "تدريب")
    assert phrases.tags(an_alert(facts=facts, reason=Reason.DENIED), "ar") == ("تدريب",)


@pytest.mark.parametrize(
    ("told", "before", "arabic", "english"),
    [
        (None, "", "", ""),
        (figure(5, 5), "", "5", "5"),
        (figure(5, 5), "3", "3 ← 5", "3 → 5"),
        (figure(10, None), "", "10 على الأقل", "at least 10"),
        (figure(5, 7), "", "من 5 إلى 7", "5 to 7"),
    ],
)
def test_a_figure_is_told_with_what_was_told_before(told, before, arabic, english):
    assert phrases.figure(told, before, "ar") == arabic
    assert phrases.figure(told, before, "en") == english


@pytest.mark.parametrize(
    ("count", "arabic"),
    [
        (1, "مصدر مستقل واحد"),
        (2, "مصدران مستقلان"),
        (3, "3 مصادر مستقلة"),
        (10, "10 مصادر مستقلة"),
        (11, "11 مصدرًا مستقلًا"),
        (100, "100 مصدر مستقل"),
        (102, "102 مصدر مستقل"),
        (103, "103 مصادر مستقلة"),
    ],
)
def test_sources_are_counted_as_arabic_counts(count, arabic):
    assert phrases.sources(count, "ar") == arabic


def test_what_may_be_a_target_is_no_event_and_counted_casualties_are_told_by_their_number():
    def told(events, **facts):
        named = tuple(NamedFact(id=id, name={"en": id}) for id in events)
        return list(phrases.facts(an_alert(events=named, facts=Facts(**facts)), "en"))

    assert told(["clash", "target-site", "casualties"]) == ["clash, casualties"]
    assert told(["clash", "casualties"], killed=figure(5, 5)) == ["killed: 5", "clash"]
    assert told(["target-site"]) == []


@pytest.mark.parametrize("id", [phrases.TARGET, phrases.CASUALTIES])
def test_the_classes_that_are_no_news_of_their_own_are_in_the_lexicon(id):
    shipped = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "monitor/lexicon/events").glob("*.yaml"))
    assert f"- id: {id}\n" in shipped


def test_a_place_is_told_with_its_code_or_else_where_it_lies():
    coded = NamedFact(id="raqqa", name={"ar": "الرقة", "en": "Raqqa"}, pcode="SY11", lat=35.95, lon=39.01)
    lying = NamedFact(id="x", name={"en": "Tall"}, lat=35.5, lon=40.25)
    assert (
        phrases.named((coded, lying), "ar")
        == "الرقة (\u2068SY11\u2069)، \u2068Tall\u2069 (\u206835.5000, 40.2500\u2069)"
    )
    assert phrases.named((lying,) * 5, "en").endswith(", +2 more")
