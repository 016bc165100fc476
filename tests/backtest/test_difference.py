"""Two trials side by side: what is gained and lost, and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.backtest import Decided, Speed, Trial, WouldSend, compare
from monitor.model import Reason, Severity
from tests.backtest.trials import FIRE, OTHER, STRIKE, STRIKES, archive, document, rule

BEGINS = datetime(2026, 3, 4, tzinfo=UTC)


def alert(document_: int, rule_id: str, severity: Severity, hour: int) -> WouldSend:
    at = BEGINS + timedelta(hours=hour)
    return WouldSend(
        document=str(document_),
        entry_id=document_,
        rule_id=rule_id,
        severity=severity,
        reason=Reason.FIRST_REPORT,
        why="",
        at=at,
        decided_at=at,
        title="t",
        link=None,
        source="s",
        feed_id="s",
        published_at=None,
        spans=(),
        story=1,
        sources=1,
        reports=1,
        channels=("desk",),
    )


@st.composite
def trials(draw) -> Trial:
    keys = draw(st.lists(st.tuples(st.integers(0, 4), st.sampled_from("ab")), unique=True))
    told = [alert(*key, draw(st.sampled_from(Severity)), draw(st.integers(0, 2))) for key in keys]
    known = {each.key for each in told}
    quiet = draw(st.lists(st.tuples(st.integers(0, 4).map(str), st.sampled_from("ab"))))
    return Trial(
        rules=tuple(draw(st.sets(st.sampled_from("ab"))) | {each.rule_id for each in told}),
        alerts=tuple(told),
        quiet={key: Decided(Reason.DUPLICATE, "w") for key in quiet if key not in known},
        hits={},
        days={},
        by_source={},
        by_rule={},
        overlaps=(),
        samples=(),
        entries=0,
        first_at=None,
        last_at=None,
        speed=Speed(matching=0, deciding=0, entries=0),
    )


@given(trials(), trials())
def test_gained_and_kept_are_all_of_the_new_lost_and_kept_all_of_the_old(old, new):
    found = compare(old, new)
    gained, lost = [{change.alert.key for change in each} for each in (found.gained, found.lost)]
    kept = {each.key for each in found.kept}
    assert gained | kept == {each.key for each in new.alerts}
    assert lost | kept == {each.key for each in old.alerts}
    assert not gained & kept
    assert not lost & kept
    assert not gained & lost


@given(trials(), trials())
def test_the_other_way_round_what_was_gained_is_lost(old, new):
    there, back = compare(old, new), compare(new, old)
    assert {each.alert for each in there.gained} == {each.alert for each in back.lost}
    assert {each.key for each in there.kept} == {each.key for each in back.kept}
    assert {(each.old, each.new) for each in there.altered} == {(each.new, each.old) for each in back.altered}


@given(trials())
def test_a_trial_does_not_differ_from_itself(trial):
    found = compare(trial, trial)
    assert (found.gained, found.lost, found.kept, found.altered) == ((), (), trial.alerts, ())


@given(trials(), trials())
def test_every_change_has_a_reason(old, new):
    found = compare(old, new)
    assert all(change.why and all(change.why) for change in (*found.gained, *found.lost))


@pytest.mark.parametrize(
    ("old", "new", "gained", "lost"),
    [
        (STRIKES, rule("strikes", "غارة, بحرية"), [], [["now: only بحرية is missing"]]),
        (rule("strikes", "غارة, بحرية"), STRIKES, [["before: only بحرية is missing"]], []),
        (
            rule("strikes", "قصف"),
            rule("strikes", "غارة"),
            [["before: قصف is missing", "now holds: غارة («غارة»)"]],
            [],
        ),
        (STRIKES, rule("strikes", "غارة", none="[أطراف]"), [], [["now: only excluded by «أطراف» (أطراف)"]]),
        (STRIKES, rule("raids", "غارة"), [["the rule is new"]], [["the rule is gone"]]),
        (
            STRIKES,
            rule("strikes", "غارة", min_sources="2"),
            [],
            [["now: below min_sources (one independent"]],
        ),
        (STRIKES, rule("strikes", "غارة", enabled="false"), [], [["now: it is switched off (enabled: false)"]]),
    ],
    ids=["one clause more", "one clause less", "another word", "an exclusion", "another id", "two sources", "off"],
)
def test_the_clauses_that_make_the_difference_are_named(tried, old, new, gained, lost):
    history = archive(document(STRIKE), document(FIRE), document(OTHER))
    found = compare(tried(history, old), tried(history, new))
    for changes, expected in ((found.gained, gained), (found.lost, lost)):
        assert len(changes) == len(expected), changes
        for change, whys in zip(changes, expected, strict=True):
            assert change.alert.title == STRIKE
            for told, why in zip(change.why, whys, strict=False):
                assert _plain(told).startswith(why), change.why
            assert len(change.why) >= len(whys)


def test_another_severity_is_no_loss(tried):
    history = archive(document(STRIKE))
    found = compare(tried(history), tried(history, rule("strikes", "غارة", severity="low")))
    assert (found.gained, found.lost) == ((), ())
    assert [(each.old.severity, each.new.severity) for each in found.altered] == [(Severity.HIGH, Severity.LOW)]


def _plain(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")
