"""Rules that stand for others: when a report is kept quiet for what was told elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.language import Escalate, Inhibit, Rule
from monitor.model import LastAlert, Match, Reason, Severity, ToldStory
from monitor.stories.decide import decide
from monitor.stories.inhibition import by_inhibited, in_order

from .told import HOUR, MINUTE, NOW, RULE, case, facts, last, report, story

NATIONAL = replace(RULE, id="national", inhibit=Inhibit(rules=("r",), lasts=12 * HOUR), tags=("truce",))


def told(*, ago: timedelta = HOUR, places=(), events=(), story_id: int = 8) -> ToldStory:
    return ToldStory(
        rule_id="national", story_id=story_id, alert_id="8.1", title="هدنة شاملة", told_at=NOW - ago,
        places=frozenset(places), events=frozenset(events),
    )  # fmt: skip


def reason(asked, rule: Rule = RULE, *, by: Rule = NATIONAL, standing=()) -> tuple[Reason, str]:
    asked = replace(asked, standing={by.id: tuple(standing)})
    match = Match(rule_id=rule.id, severity=rule.severity, spans=())
    (verdict,) = decide(asked, [match], rules=lambda _: rule, inhibitors=lambda each: (by,) if each == "r" else ())
    return verdict.reason, verdict.why


def same(what) -> Rule:
    return replace(NATIONAL, inhibit=Inhibit(rules=("r",), lasts=12 * HOUR, same=what))


def test_the_reason_names_the_alert_that_stands_for_it_until_when_and_its_headline() -> None:
    found = reason(case(), standing=[told()])
    until = "2026-11-22 23:00 UTC"
    assert found == (Reason.INHIBITED, f"alert 8.1 of rule national stands for it until {until}: هدنة شاملة")


@pytest.mark.parametrize(
    ("what", "here", "there", "is_quiet"),
    [
        (None, {}, {}, True),
        ("country", {"places": ["harabish"]}, {"places": ["syria"]}, True),
        ("country", {"places": ["harabish"]}, {"places": ["beirut"]}, False),
        ("country", {"places": []}, {"places": ["syria"]}, False),  # nobody knows
        ("country", {"places": ["harabish"]}, {"places": []}, False),
        ("place", {"places": ["harabish"]}, {"places": ["deir-ez-zor"]}, True),
        ("place", {"places": ["syria"]}, {"places": ["harabish"]}, True),
        ("place", {"places": ["homs"]}, {"places": ["harabish"]}, False),
        ("event", {"events": ["clash"]}, {"events": ["clash"]}, True),
        ("event", {"events": ["clash"]}, {"events": ["attack"]}, True),  # may tell one event
        ("event", {"events": ["clash"]}, {"events": ["flood"]}, False),
        ("event", {"events": []}, {"events": ["clash"]}, False),
    ],
)
def test_same_asks_for_what_both_say(what, here, there, is_quiet: bool) -> None:
    asked = case(report(of=facts(**here)))
    assert (reason(asked, by=same(what), standing=[told(**there)])[0] is Reason.INHIBITED) is is_quiet


def test_the_story_that_was_told_is_the_same_whatever_it_says() -> None:
    asked = case(report(), report("two"))
    assert reason(asked, by=same("place"), standing=[told(story_id=3)])[0] is Reason.INHIBITED


@pytest.mark.parametrize(("ago", "is_quiet"), [(12 * HOUR, True), (12 * HOUR + MINUTE, False)])
def test_it_stands_for_others_as_long_as_its_rule_says(ago: timedelta, is_quiet: bool) -> None:
    assert (reason(case(), standing=[told(ago=ago)])[0] is Reason.INHIBITED) is is_quiet


def test_critical_passes_also_where_a_story_was_or_is_raised_to_it() -> None:
    critical = replace(RULE, severity=Severity.CRITICAL)
    assert reason(case(), critical, standing=[told()])[0] is Reason.FIRST_REPORT
    rises = replace(RULE, escalate=Escalate(sources=2, within=HOUR, to=Severity.CRITICAL))
    assert reason(case(), rises, standing=[told()])[0] is Reason.INHIBITED
    two = case(report(), report("two"), told=last())
    assert reason(two, rises, standing=[told()])[0] is Reason.ESCALATED
    raised: LastAlert = last(severity=Severity.CRITICAL, escalated=True)
    assert reason(case(told=raised), rises, standing=[told()])[0] is not Reason.INHIBITED


def test_what_keeps_a_report_quiet_anyway_goes_before() -> None:
    assert reason(case(baseline=True), standing=[told()])[0] is Reason.BASELINE


def test_a_rule_stands_for_those_it_names_and_for_no_tag_of_its_own() -> None:
    national = replace(NATIONAL, inhibit=Inhibit(rules=("tag:truce", "r"), lasts=HOUR))
    tagged = replace(RULE, id="tagged", tags=("truce",))
    off = replace(national, id="off", enabled=False)
    found = by_inhibited([RULE, national, tagged, replace(RULE, id="other"), off])
    assert {rule_id: [each.id for each in those] for rule_id, those in found.items()} == {
        "r": ["national"], "tagged": ["national"], "off": ["national"],
    }  # fmt: skip


def test_rules_that_stand_for_others_are_decided_before_them() -> None:
    matches = [Match(rule_id=each, severity=Severity.LOW, spans=()) for each in ("a", "b", "c")]
    rules = {each: replace(RULE, id=each) for each in ("a", "b", "c")}
    standing = {"a": (rules["b"],), "b": (rules["c"],)}
    assert [each.rule_id for each in in_order(matches, lambda rule: standing.get(rule, ()))] == ["c", "b", "a"]
    assert story() is not None
