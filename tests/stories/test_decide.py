"""The life of an alert, one table for each of its rules (docs/why/dedup.md)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitor.language import Escalate
from monitor.model import Mute, MuteKind, Reason, Severity, Tag
from monitor.stories.changes import as_told, least
from monitor.stories.decide import is_stale
from tests.stories.told import HOUR, MINUTE, NOW, RULE, TITLE, case, decided, facts, last, report

CRITICAL = replace(RULE, escalate=Escalate(sources=3, within=2 * HOUR, to=Severity.CRITICAL))
PLACED = {"places": ["harabish"], "events": ["airstrike"]}
A, B, C = report("one", at=NOW - HOUR), report("two", at=NOW - HOUR / 2), report("three")


def mute(kind: MuteKind, subject: str) -> Mute:
    return Mute(
        id=3, kind=kind, subject=subject, until=NOW + HOUR, reason="أعمال صيانة", by="desk", begun_at=NOW - HOUR
    )


def old(*, of=None, title: str = TITLE, at=NOW - HOUR):
    """What an earlier version of the entry reported."""
    return report("one", of=of, title=title, at=at, entry_id=7)


def new(*, of=None, title: str = TITLE):
    return report("one", of=of, title=title, at=NOW - HOUR, entry_id=7)


# --- what keeps a report quiet, whatever it says


@pytest.mark.parametrize(
    ("asked", "rule", "reason"),
    [
        (case(new(), before=old()), RULE, Reason.DUPLICATE),
        (case(new(), before=old(), matched=["another"]), RULE, Reason.FIRST_REPORT),
        (case(baseline=True), RULE, Reason.BASELINE),
        (case(baseline=True, published_at=NOW - 25 * HOUR), RULE, Reason.BASELINE),
        (case(published_at=NOW - 25 * HOUR), RULE, Reason.STALE),
        (case(published_at=None), RULE, Reason.FIRST_REPORT),
        (case(published_at=NOW + HOUR), RULE, Reason.FIRST_REPORT),
        (case(), replace(RULE, expires=date(2026, 11, 21)), Reason.EXPIRED),
        (case(), replace(RULE, expires=date(2026, 11, 22)), Reason.FIRST_REPORT),
        (case(published_at=NOW - 25 * HOUR), replace(RULE, expires=date(2026, 11, 21)), Reason.STALE),
    ],
    ids=[
        "an edit that changes nothing", "an edit that a rule matches for the first time", "the first poll of a feed",
        "the first poll before the age", "too old", "without a date", "dated ahead", "expired", "on its last day",
        "the age before the last day",
    ],
)  # fmt: skip
def test_what_is_quiet_whatever_it_says(asked, rule, reason):
    assert decided(asked, rule).reason is reason


@pytest.mark.parametrize(
    ("muted", "is_muted"),
    [
        (mute(MuteKind.RULE, "r"), True),
        (mute(MuteKind.RULE, "another"), False),
        (mute(MuteKind.STORY, "3"), True),
        (mute(MuteKind.STORY, "4"), False),
        (mute(MuteKind.SOURCE, "one"), True),
        (mute(MuteKind.SOURCE, "two"), False),
        (mute(MuteKind.PLACE, "harabish"), True),
        (mute(MuteKind.PLACE, "deir-ez-zor"), True),
        (mute(MuteKind.PLACE, "idlib"), False),
    ],
    ids=lambda each: f"{each.kind.value} {each.subject}" if isinstance(each, Mute) else "",
)
def test_a_mute_silences_what_it_names_and_what_lies_within(muted, is_muted):
    verdict = decided(case(report(of=facts(**PLACED)), A, mutes=(muted,)))
    assert (verdict.reason is Reason.MUTED) == is_muted
    if is_muted:
        what = f"mute 3 ({muted.kind.value} {muted.subject}, until 2026-11-22 13:00 UTC): أعمال صيانة"
        assert verdict.why == what


def test_a_place_is_muted_only_where_nothing_else_is_named():
    elsewhere = case(report(of=facts(places=["harabish", "idlib"])), mutes=(mute(MuteKind.PLACE, "harabish"),))
    nowhere = case(mutes=(mute(MuteKind.PLACE, "harabish"),))
    assert decided(elsewhere).reason is decided(nowhere).reason is Reason.FIRST_REPORT


# --- nothing was told of the story under the rule


@pytest.mark.parametrize(
    ("least", "asked", "reason"),
    [
        (1, case(), Reason.FIRST_REPORT),
        (1, case(B, A), Reason.FIRST_REPORT),
        (2, case(), Reason.TOO_FEW_SOURCES),
        (2, case(report("one", title="أخرى"), A), Reason.TOO_FEW_SOURCES),
        (2, case(report("two", text="نص"), report("one", text="نص", at=NOW - HOUR)), Reason.TOO_FEW_SOURCES),
        (2, case(B, A), Reason.CORROBORATED),
        (3, case(B, A), Reason.TOO_FEW_SOURCES),
        (3, case(C, B, A), Reason.CORROBORATED),
        (2, case(C, B, A), Reason.FIRST_REPORT),
    ],
    ids=[
        "one is enough", "others told it, and nobody was told", "one of two", "one owner twice", "a copy is no voice",
        "two of two", "two of three", "three of three", "they were enough before, and it was not told",
    ],
)  # fmt: skip
def test_a_story_is_told_when_so_many_tell_it(least, asked, reason):
    verdict = decided(asked, replace(RULE, min_sources=least))
    assert verdict.reason is reason
    assert verdict.tells is (reason if reason.tells else None)
    assert verdict.due_at is None


def test_too_few_says_how_many():
    verdict = decided(case(B, A), replace(RULE, min_sources=3))
    assert verdict.why == "2 independent sources so far, and the rule wants 3"


def test_an_edit_that_brings_news_of_an_entry_that_nobody_was_told_of_is_a_first_report():
    assert decided(case(new(of=facts(5)), before=old(of=facts(2)))).reason is Reason.FIRST_REPORT


def test_a_story_that_is_told_by_enough_for_escalation_from_the_first_begins_so():
    verdict = decided(case(C, B, A), replace(CRITICAL, min_sources=3))
    assert (verdict.reason, verdict.severity) == (Reason.CORROBORATED, Severity.CRITICAL)
    assert decided(
        case(report("four"), C, B, A, told=last(severity=Severity.CRITICAL, sources=3)), CRITICAL
    ).reason is (Reason.DUPLICATE)


# --- something was told


@pytest.mark.parametrize(
    ("tags", "told", "reason"),
    [
        ([Tag.DENIED], last(), Reason.DENIED),
        ([Tag.DENIED], last(ago=MINUTE), Reason.DENIED),
        ([Tag.DENIED], last(denied=True), Reason.DUPLICATE),
        ([Tag.CORRECTION], last(), Reason.CORRECTED),
        ([Tag.CORRECTION], last(ago=MINUTE), Reason.CORRECTED),
        ([Tag.CORRECTION], last(corrected=True), Reason.DUPLICATE),
        ([Tag.CORRECTION, Tag.DENIED], last(), Reason.DENIED),
        ([Tag.DRILL], last(), Reason.DUPLICATE),
        ([Tag.ANNIVERSARY], last(), Reason.DUPLICATE),
    ],
)
def test_a_denial_and_a_correction_are_told_once_and_at_once(tags, told, reason):
    verdict = decided(case(report("one", of=facts(None, None, *tags), title="بيان"), A, told=told))
    assert (verdict.reason, verdict.due_at) == (reason, None)


@pytest.mark.parametrize(
    ("now", "told", "reason"),
    [
        (facts(3, None, Tag.CORRECTION), last(killed=30), Reason.CORRECTED),
        (facts(3, None, Tag.CORRECTION), last(killed=3, corrected=True), Reason.DUPLICATE),
        (facts(2, None, Tag.CORRECTION), last(killed=3, corrected=True), Reason.CORRECTED),
        (facts(30), last(killed=3, corrected=True, withdrawn=frozenset({"killed 30"})), Reason.DUPLICATE),
        (facts(31), last(killed=3, corrected=True, withdrawn=frozenset({"killed 30"})), Reason.UPDATED),
    ],
    ids=["fewer", "said already", "corrected again", "a late copy of what was taken back", "more than ever"],
)
def test_a_correction_holds_until_it_is_corrected_or_outdone(now, told, reason):
    assert decided(case(report("one", of=now, title="بيان"), A, told=told)).reason is reason


@pytest.mark.parametrize(
    ("before", "now", "reason"),
    [
        (facts(30), facts(3), Reason.CORRECTED),
        (facts(None, 12), facts(None, 2), Reason.CORRECTED),
        (facts(30), facts(), Reason.DUPLICATE),
        (facts(30), facts(30), Reason.DUPLICATE),
        (facts(places=["harabish"]), facts(places=["idlib"]), Reason.CORRECTED),
        (facts(places=["harabish"]), facts(places=["deir-ez-zor"]), Reason.UPDATED),
        (facts(places=["harabish"]), facts(places=["harabish", "idlib"]), Reason.UPDATED),
        (facts(places=["harabish", "idlib"]), facts(places=["idlib"]), Reason.DUPLICATE),
        (facts(events=["airstrike"]), facts(events=["protest"]), Reason.CORRECTED),
        (facts(events=["airstrike"]), facts(events=["airstrike", "protest"]), Reason.UPDATED),
    ],
    ids=[
        "fewer killed", "fewer wounded", "no figure any more", "the same", "another place", "the place around it",
        "one more place", "one place less", "another class", "one more class",
    ],
)  # fmt: skip
def test_a_version_that_takes_back_what_it_said_corrects_it_and_one_that_adds_to_it_updates(before, now, reason):
    told = last(
        killed=before.killed and before.killed.least, wounded=before.wounded and before.wounded.least,
        places=frozenset(before.places), events=frozenset(before.events),
    )  # fmt: skip
    assert decided(case(new(of=now), before=old(of=before), told=told)).reason is reason


@pytest.mark.parametrize(
    ("line", "article", "reason"),
    [
        (facts(places=["harabish"]), facts(places=["idlib"]), Reason.DUPLICATE),
        (facts(events=["airstrike"]), facts(events=["protest"]), Reason.DUPLICATE),
        (facts(places=["harabish"]), facts(places=["harabish", "idlib"]), Reason.DUPLICATE),
        (facts(events=["airstrike"]), facts(events=["airstrike", "protest"]), Reason.DUPLICATE),
        (facts(3), facts(7), Reason.UPDATED),
        (facts(7), facts(3), Reason.CORRECTED),
    ],
    ids=["another place", "another class", "one more place", "one more class", "more killed", "fewer killed"],
)
def test_of_what_an_article_tells_besides_its_line_figures_alone_are_news(line, article, reason):
    told = last(killed=line.killed and line.killed.least, places=frozenset(line.places), events=frozenset(line.events))
    assert decided(case(new(of=article), before=old(of=line), told=told, completes=True)).reason is reason


@pytest.mark.parametrize(
    ("line", "article"),
    [
        (facts(places=["harabish"]), facts(7, places=["idlib"])),
        (facts(places=["harabish"]), facts(7, places=["harabish", "idlib"])),
        (facts(events=["airstrike"]), facts(7, events=["protest"])),
        (facts(events=["airstrike"]), facts(7, events=["airstrike", "protest"])),
    ],
    ids=["another place", "one more place", "another class", "one more class"],
)
@pytest.mark.parametrize("matched", ["r", "another"], ids=["matched before", "matched by the article alone"])
def test_a_figure_that_was_told_makes_no_news_of_what_an_article_names_besides(line, article, matched):
    told = last(killed=7, places=frozenset(line.places), events=frozenset(line.events))
    asked = case(new(of=article), before=old(of=line), told=told, matched=[matched], completes=True)
    assert decided(asked).reason is Reason.DUPLICATE


@pytest.mark.parametrize(("completes", "reason"), [(True, Reason.DUPLICATE), (False, Reason.MUTED)])
def test_an_article_that_names_a_place_besides_is_no_change_of_which_a_mute_could_keep_quiet(completes, reason):
    line, article = facts(places=["harabish"]), facts(places=["harabish", "idlib"])
    muted = (mute(MuteKind.RULE, RULE.id),)
    asked = case(new(of=article), before=old(of=line), told=last(), mutes=muted, completes=completes)
    assert decided(asked).reason is reason


def test_what_a_version_takes_back_is_no_correction_where_it_was_told_as_it_is_now():
    told = last(killed=3, corrected=True)
    assert decided(case(new(of=facts(3)), before=old(of=facts(30)), told=told)).reason is Reason.DUPLICATE


@pytest.mark.parametrize(
    ("at", "told", "reason"),
    [
        ((0, 30, 90), last(sources=2), Reason.ESCALATED),
        ((0, 30, 90), last(sources=2, ago=MINUTE), Reason.ESCALATED),
        ((0, 30, 120), last(sources=2), Reason.ESCALATED),
        ((0, 30, 121), last(sources=2), Reason.DUPLICATE),
        ((0, 30, 90), last(sources=2, escalated=True), Reason.DUPLICATE),
        ((0, 90), last(sources=2), Reason.DUPLICATE),
        ((0, 90), last(sources=1), Reason.CORROBORATED),
    ],
    ids=["in time", "within the throttle", "just in time", "too late", "told before", "two of three", "the second"],
)
def test_so_many_voices_in_time_escalate_once_and_at_once(at, told, reason):
    *others, latest = (
        report(owner, at=NOW - 2 * HOUR + minutes * MINUTE) for owner, minutes in zip("abc", at, strict=False)
    )
    verdict = decided(case(latest, *others, told=told), CRITICAL)
    assert verdict.reason is reason
    if reason is Reason.ESCALATED:
        assert (verdict.severity, verdict.due_at, verdict.before) == (Severity.CRITICAL, None, {"severity": "medium"})


def test_a_severity_once_raised_stays_for_the_story():
    told = last(severity=Severity.CRITICAL, escalated=True, killed=2, sources=3)
    verdict = decided(case(report("one", of=facts(5), title="أخرى"), A, told=told), CRITICAL)
    assert (verdict.reason, verdict.severity) == (Reason.UPDATED, Severity.CRITICAL)
    assert "severity" not in verdict.before
    lower = replace(CRITICAL, escalate=Escalate(sources=3, within=HOUR, to=Severity.HIGH))
    assert decided(case(report("one", of=facts(5), title="أخرى"), A, told=told), lower).severity is Severity.HIGH
    assert decided(case(report("one", of=facts(5), title="أخرى"), A, told=told), RULE).severity is None


@pytest.mark.parametrize(
    ("now", "told", "reason"),
    [
        (facts(5), last(), Reason.UPDATED),
        (facts(5), last(killed=3), Reason.UPDATED),
        (facts(3), last(killed=3), Reason.DUPLICATE),
        (facts(2), last(killed=3), Reason.DUPLICATE),
        (facts(0), last(), Reason.DUPLICATE),
        (facts(None, 4), last(killed=3), Reason.UPDATED),
        (facts(3, 4), last(killed=3, wounded=4), Reason.DUPLICATE),
    ],
    ids=["where none were told", "more", "as many", "fewer", "nobody", "wounded", "both told"],
)
def test_more_killed_or_wounded_than_was_told_update_the_story(now, told, reason):
    assert decided(case(report("one", of=now, title="أخرى"), A, told=told)).reason is reason


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("قصف على أطراف البلدة فجرا", Reason.DUPLICATE),
        ("قَصفٌ على أطراف البلدة", Reason.DUPLICATE),
        ("قصف على البلدة", Reason.DUPLICATE),
        ("نزوح مئات العائلات من البلدة بعد ليلة عنيفة", Reason.UPDATED),
    ],
    ids=["a word more", "other marks", "shorter", "new words"],
)
def test_a_materially_new_headline_of_a_known_entry_updates_the_story(title, reason):
    verdict = decided(case(new(title=title), before=old(), told=last()))
    assert verdict.reason is reason
    assert verdict.before == ({"headline": TITLE} if reason.tells else {})


@pytest.mark.parametrize(
    ("owner", "dated", "told", "reason"),
    [
        ("one", NOW, last(ago=31 * MINUTE), Reason.UPDATED),
        ("one", NOW, last(ago=30 * MINUTE), Reason.DUPLICATE),
        ("one", None, last(ago=31 * MINUTE), Reason.DUPLICATE),
        ("copier", NOW, last(ago=31 * MINUTE), Reason.DUPLICATE),
    ],
    ids=["after the throttle", "within it", "without a date", "another newsroom's copy"],
)
def test_a_newsroom_that_publishes_its_headline_anew_is_heard_after_the_throttle(owner, dated, told, reason):
    again = report(owner, text="نص", at=NOW)
    assert decided(case(again, report("one", text="نص", at=NOW - HOUR), told=told, published_at=dated)).reason is reason


def test_an_entry_that_is_dated_later_by_more_than_the_throttle_is_heard_again():
    before = old(at=NOW - HOUR)
    assert decided(case(new(), before=before, told=last(), published_at=NOW)).reason is Reason.UPDATED
    assert decided(case(new(), before=before, told=last(), published_at=NOW - 31 * MINUTE)).reason is Reason.DUPLICATE


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (case(B, A, told=last()), Reason.CORROBORATED),
        (case(B, A, told=last(sources=2)), Reason.DUPLICATE),
        (case(C, B, A, told=last(sources=2, corroborated=True)), Reason.DUPLICATE),
        (case(report("one", title="أخرى"), A, told=last()), Reason.DUPLICATE),
        (case(report("two", text="نص"), report("one", text="نص", at=NOW - HOUR), told=last()), Reason.DUPLICATE),
        (case(report("one", title="أخرى"), B, A, told=last()), Reason.DUPLICATE),
        (case(C, B, A, told=last()), Reason.CORROBORATED),
        (case(report("one", of=facts(4)), told=last(killed=4)), Reason.DUPLICATE),
    ],
    ids=[
        "the second voice", "two were told", "once", "one owner twice", "a copy",
        "the second voice was muted, and this is none", "it was muted, and this is a third", "nothing new",
    ],
)  # fmt: skip
def test_a_second_voice_is_told_once(asked, reason):
    assert decided(asked).reason is reason


# --- the throttle


@pytest.mark.parametrize(
    ("told", "due"),
    [
        (last(ago=10 * MINUTE), 20),
        (last(ago=30 * MINUTE), None),
        (last(ago=29 * MINUTE), 1),
        (last(ago=10 * MINUTE, told_at=NOW + 5 * MINUTE), 5),
        (last(ago=45 * MINUTE, told_at=NOW - 25 * MINUTE), 5),
        (last(ago=-HOUR), None),
    ],
    ids=[
        "it waits for the throttle's end", "that is over", "a minute before", "it takes the turn of what waits",
        "the throttle runs from when what was held was told", "the clock was set back",
    ],
)  # fmt: skip
def test_what_changes_within_the_throttle_waits_for_its_end(told, due):
    verdict = decided(case(B, A, told=told))
    assert verdict.tells is Reason.CORROBORATED
    assert verdict.due_at == (None if due is None else NOW + due * MINUTE)
    assert verdict.reason is (Reason.CORROBORATED if due is None else Reason.THROTTLED)


def test_without_a_throttle_nothing_waits():
    assert decided(case(B, A, told=last(ago=timedelta(0))), replace(RULE, throttle=timedelta(0))).due_at is None


def test_what_takes_the_turn_of_another_says_what_people_saw_before():
    waiting = last(ago=MINUTE, told_at=NOW + MINUTE, killed=5, shown=last(killed=2))
    verdict = decided(case(report("one", of=facts(9), title="أخرى"), A, told=waiting))
    assert (verdict.tells, verdict.before) == (Reason.UPDATED, {"killed": "2"})
    assert decided(
        case(report("one", of=facts(9), title="أخرى"), A, told=last(killed=5, shown=last(killed=2)))
    ).before == {"killed": "5"}


@pytest.mark.parametrize(
    ("asked", "reason", "killed"),
    [
        (report("two"), Reason.CORROBORATED, 30),
        (report("two", of=facts(4)), Reason.CORROBORATED, 30),
        (report("one", of=facts(None, 9), title="أخرى"), Reason.UPDATED, 30),
        (report("two", of=facts(None, None, Tag.DENIED)), Reason.DENIED, 30),
        (report("two", of=facts(None, None, Tag.CORRECTION, places=["idlib"])), Reason.CORRECTED, 30),
        (report("two", of=facts(20, None, Tag.CORRECTION)), Reason.CORRECTED, 20),
        (report("two", of=facts(31)), Reason.UPDATED, 31),
    ],
    ids=[
        "a second voice", "a second voice that knows of fewer", "the wounded", "a denial", "a correction of the place",
        "a correction of the figure", "more",
    ],
)  # fmt: skip
def test_what_takes_the_turn_of_another_tells_its_figures_which_nobody_has_seen(asked, reason, killed):
    waiting = last(ago=MINUTE, told_at=NOW + MINUTE, killed=30, shown=last(killed=3))
    the_case = case(asked, A, told=waiting)
    verdict = decided(the_case)
    assert (verdict.tells, verdict.before["killed"]) == (reason, "3")
    assert least(as_told(the_case, waiting, reason), "killed") == killed


def test_a_figure_that_people_saw_is_not_told_with_a_report_that_does_not_say_it():
    seen = last(ago=HOUR, killed=30)
    assert as_told(case(B, A, told=seen), seen, Reason.CORROBORATED).killed is None
    waiting = last(ago=MINUTE, told_at=NOW + MINUTE, killed=30, shown=seen)
    assert as_told(case(B, A, told=waiting), waiting, Reason.CORROBORATED).killed is None


# --- what one newsroom cannot do to the others


@pytest.mark.parametrize(
    ("others", "now", "told", "reason"),
    [
        ([report("h", of=facts(900))], 12, {("killed", 900)}, Reason.UPDATED),
        ([report("h", of=facts(900))], 12, {("killed", 900), ("killed", 12)}, Reason.DUPLICATE),
        ([report("h", of=facts(900))], 14, {("killed", 900), ("killed", 12)}, Reason.UPDATED),
        ([report("h", of=facts(900))], 100, {("killed", 900)}, Reason.DUPLICATE),
        ([report("h", of=facts(900)), report("two", of=facts(850))], 12, {("killed", 900)}, Reason.DUPLICATE),
        ([report("h", of=facts(3))], 12, {("killed", 900)}, Reason.UPDATED),
    ],
    ids=[
        "far fewer than one says", "as many as was told beside it", "more than was told beside it", "not far fewer",
        "fewer than two say", "nobody says so any more",
    ],
)  # fmt: skip
def test_a_toll_that_one_newsroom_alone_says_keeps_no_other_quiet(others, now, told, reason):
    known = last(killed=900, figures=frozenset(told), sources=2)
    assert decided(case(report("one", of=facts(now)), *others, told=known)).reason is reason


@pytest.mark.parametrize(
    ("again", "others", "reason"),
    [
        (report("one", of=facts(30), title="مجددا"), [report("one", of=facts(30), at=NOW - 3 * HOUR)], Reason.UPDATED),
        (report("one", of=facts(30), title="قبل", at=NOW - 2 * HOUR), [report("one", of=facts(30))], Reason.DUPLICATE),
        (report("late", of=facts(30)), [report("one", of=facts(30), at=NOW - 3 * HOUR)], Reason.DUPLICATE),
        (
            report("one", of=facts(30), title="مجددا"),
            [report("one", of=facts(30), at=NOW - 3 * HOUR), report("one", of=facts(2, None, Tag.CORRECTION))],
            Reason.DUPLICATE,
        ),
    ],
    ids=["it insists", "it said so before", "a late copy", "it took it back itself"],
)  # fmt: skip
def test_a_number_that_another_took_back_is_news_when_its_newsroom_tells_it_again(again, others, reason):
    corrected = last(
        ago=HOUR, reason=Reason.CORRECTED, killed=2, corrected=True, withdrawn=frozenset({"killed 30"}), sources=2
    )
    assert decided(case(again, *others, told=corrected)).reason is reason


def test_what_was_only_denied_so_far_is_told_at_once_when_somebody_tells_it():
    only_denied = last(ago=MINUTE, sources=0, denied=True)
    verdict = decided(
        case(report("one"), report("one", of=facts(None, None, Tag.DENIED), title="أخرى"), told=only_denied)
    )
    assert (verdict.reason, verdict.due_at) == (Reason.UPDATED, None)
    denial = report("two", of=facts(None, None, Tag.DENIED))
    assert decided(case(denial, told=only_denied)).reason is Reason.DUPLICATE


def test_who_denies_an_event_is_no_source_for_it():
    rule = replace(RULE, min_sources=2)
    denial = report("two", of=facts(None, None, Tag.DENIED))
    assert decided(case(denial, A), rule).reason is Reason.TOO_FEW_SOURCES
    assert decided(case(B, A, denial), rule).reason is Reason.CORROBORATED


@pytest.mark.parametrize(
    ("dated", "seen", "reason"),
    [(-20, 0, Reason.ESCALATED), (-20, -2, Reason.ESCALATED), (-1, -2, Reason.ESCALATED), (-3, -2.5, Reason.DUPLICATE)],
    ids=["joined later, dated back", "seen first, dated back", "seen first, as dated", "two hours and more ago"],
)
def test_an_early_date_keeps_nobody_from_being_in_time(dated, seen, reason):
    early = replace(report("h", at=NOW + dated * HOUR), seen_at=NOW + seen * HOUR)
    assert decided(case(C, B, A, early, told=last(sources=4)), CRITICAL).reason is reason


# --- the rule that was told, and no other


def test_what_another_rule_was_told_counts_for_that_one_only():
    assert decided(case(B, A, told=last(rule_id="another"))).reason is Reason.FIRST_REPORT


def test_an_entry_turns_stale_only_past_its_age():
    day = timedelta(days=1)
    assert not is_stale(NOW - day, now=NOW, max_age=day)
    assert is_stale(NOW - day - MINUTE, now=NOW, max_age=day)
    assert not is_stale(NOW + day, now=NOW, max_age=day)
