from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.language import Rule, Term
from monitor.model import Entry, KnownEntry, KnownStory, LastAlert, Match, Reason, Severity
from monitor.stories.decide import decide, is_stale

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RULE = Rule(id="r", title={"": "t"}, severity=Severity.HIGH, all=(Term(text="قصف"),), throttle=30 * MINUTE)


def entry(feed_id: str = "one", published_at: datetime | None = NOW - MINUTE) -> Entry:
    return Entry(feed_id=feed_id, guid="g", title="قصف على البلدة", published_at=published_at)


def known(*matched: str) -> KnownEntry:
    return KnownEntry(
        id=7,
        guid="g",
        link=None,
        published_at=NOW,
        texts=frozenset(),
        words=frozenset(),
        matched_rules=frozenset(matched),
        story_id=3,
    )


def story(*told_by: str, alerted: dict[str, timedelta]) -> KnownStory:
    alerts = tuple(last(rule, NOW - ago, told_by[0]) for rule, ago in alerted.items())
    return KnownStory(id=3, begun_at=NOW - timedelta(hours=4), reports=(), alerts=alerts)


def last(rule: str, at: datetime, feed_id: str) -> LastAlert:
    return LastAlert(
        rule_id=rule, alert_id="3.1", first_id="3.1", number=1, alerted_at=at, told_at=at, feed_id=feed_id,
        severity=Severity.MEDIUM, reason=Reason.FIRST_REPORT,
    )  # fmt: skip


def reason(of: Entry | None = None, *, known=None, story=None, baseline=False, rule: Rule = RULE) -> Reason:
    match = Match(rule_id=rule.id, severity=rule.severity, spans=())
    verdicts = decide(
        of or entry(), [match], rules=lambda _: rule, known=known, story=story, baseline=baseline, now=NOW
    )
    assert [verdict.match for verdict in verdicts] == [match]
    return verdicts[0].reason


def test_a_fresh_match_is_a_first_report():
    assert reason() is Reason.FIRST_REPORT


def test_the_first_poll_of_a_feed_is_recorded_not_announced():
    assert reason(baseline=True) is Reason.BASELINE


def test_an_old_entry_is_recorded_not_announced():
    assert reason(entry(published_at=NOW - timedelta(hours=25))) is Reason.STALE


def test_an_undated_entry_is_announced():
    assert reason(entry(published_at=None)) is Reason.FIRST_REPORT


def test_an_edit_is_silent_for_a_rule_that_an_earlier_version_matched():
    assert reason(known=known("r")) is Reason.DUPLICATE


def test_an_edit_that_newly_matches_is_announced():
    assert reason(known=known("another")) is Reason.UPDATED


def test_another_outlets_copy_of_an_alerted_headline_is_silent_even_without_throttle():
    copied = story("one", alerted={"r": timedelta(hours=3)})
    assert reason(entry("two"), story=copied) is Reason.DUPLICATE


def test_a_copy_is_announced_when_the_first_report_was_not():
    assert reason(entry("two"), story=story("one", alerted={})) is Reason.FIRST_REPORT


def test_a_copy_is_announced_for_a_rule_that_the_first_report_did_not_match():
    assert reason(entry("two"), story=story("one", alerted={"another": MINUTE})) is Reason.FIRST_REPORT


def test_a_newsroom_that_repeats_its_headline_is_throttled_and_then_heard():
    assert reason(story=story("one", alerted={"r": 29 * MINUTE})) is Reason.THROTTLED
    assert reason(story=story("one", alerted={"r": 30 * MINUTE})) is Reason.UPDATED


def test_an_alert_of_the_future_throttles_nothing_because_the_clock_was_set_back():
    assert reason(story=story("one", alerted={"r": -60 * MINUTE})) is Reason.UPDATED


def test_the_newest_alert_counts_for_the_throttle():
    alerts = tuple(last("r", NOW - ago * MINUTE, "one") for ago in (90, 5, 60))
    told = KnownStory(id=3, begun_at=NOW - timedelta(hours=4), reports=(), alerts=alerts)
    assert reason(story=told) is Reason.THROTTLED


def test_a_copyist_that_repeats_its_copy_is_silent():
    copied = story("one", "two", alerted={"r": timedelta(hours=3)})
    assert reason(entry("two"), story=copied) is Reason.DUPLICATE


def test_an_edit_that_is_dated_later_by_more_than_the_throttle_is_heard_again():
    assert reason(entry(published_at=NOW + timedelta(minutes=31)), known=known("r")) is Reason.UPDATED
    assert reason(entry(published_at=NOW + timedelta(minutes=29)), known=known("r")) is Reason.DUPLICATE


def test_an_entry_turns_stale_only_past_its_age():
    day = timedelta(days=1)
    assert not is_stale(NOW - day, now=NOW, max_age=day)
    assert is_stale(NOW - day - MINUTE, now=NOW, max_age=day)
    assert not is_stale(NOW + day, now=NOW, max_age=day)
