"""A recipient hears of what there was before it hears of what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model import Alert, Hold, NotSent, Recipient, Severity
from monitor.store import SqliteStore

from .builders import DAY, DESK, FIELD, HOUR, MINUTE, NOW, alert, item, tell, verdict

REFUSED = NotSent(detail="HTTP 500 from hooks.example", failed_at=NOW)
SECOND = timedelta(seconds=1)


def follow(
    store: SqliteStore, first: Alert, number: int, to: Sequence[Recipient] = (DESK,), **changed: object
) -> Alert:
    """A later alert of the same story, a second later for each."""
    with store.ingest() as tx:
        written = item(f"غارة {number}", story_id=first.story_id, verdicts=[verdict()])
        entry_id, _, _ = tx.write(written, seen_at=NOW)
        told = replace(alert(first.story_id, number, decided_at=NOW + number * SECOND), **changed)
        tx.alert(entry_id, told, to)
    return told


def order(store: SqliteStore, channel: str = "desk", *, after: timedelta = MINUTE) -> list[str]:
    claimed = store.claim_deliveries(NOW + after, channel_id=channel, limit=10, lease=DAY)
    return [each.alert.id for each in claimed]


@pytest.fixture
def first(store: SqliteStore) -> Alert:
    """Told to the desk, and not sent yet."""
    return tell(store, "غارة", DESK)


def test_a_graver_update_goes_behind_its_first_report_and_before_all_others(store: SqliteStore, first: Alert) -> None:
    other = tell(store, "حريق", DESK, seen_at=NOW - HOUR)
    follow(store, first, 2, severity=Severity.CRITICAL)
    assert order(store) == ["1.1", "1.2", other.id]


def test_a_graver_alert_of_another_rule_follows_nothing(store: SqliteStore, first: Alert) -> None:
    follow(store, first, 2, severity=Severity.CRITICAL, rule_id="another")
    assert order(store) == ["1.2", "1.1"]


def test_who_was_not_told_of_the_first_report_waits_for_nothing(store: SqliteStore, first: Alert) -> None:
    follow(store, first, 2, [FIELD], severity=Severity.CRITICAL)
    assert order(store, "field") == ["1.2"]
    assert order(store) == ["1.1"]


def test_a_first_report_that_was_refused_is_tried_again_with_its_update(store: SqliteStore, first: Alert) -> None:
    [tried] = store.claim_deliveries(NOW, channel_id="desk", limit=1, lease=MINUTE)
    store.record(tried, REFUSED, retry_at=NOW + HOUR)
    follow(store, first, 2)
    assert order(store) == ["1.1", "1.2"]


def test_an_update_that_is_tried_again_sooner_brings_its_first_report_with_it(store: SqliteStore, first: Alert) -> None:
    follow(store, first, 2)
    one, two = store.claim_deliveries(NOW + MINUTE, channel_id="desk", limit=2, lease=MINUTE)
    store.record(one, REFUSED, retry_at=NOW + 2 * HOUR)
    store.record(two, REFUSED, retry_at=NOW + HOUR)
    assert order(store, after=HOUR - SECOND) == []
    assert order(store, after=HOUR) == ["1.1", "1.2"]


def test_what_a_fallback_is_told_later_goes_before_what_it_was_told_sooner(store: SqliteStore, first: Alert) -> None:
    follow(store, first, 2, severity=Severity.CRITICAL)
    one, two = store.claim_deliveries(NOW + MINUTE, channel_id="desk", limit=2, lease=MINUTE)
    for tried in (two, one):
        store.pass_on(tried, REFUSED, [FIELD], now=NOW)
    assert order(store, "field") == ["1.1", "1.2"]


@pytest.mark.parametrize("hold", [Hold.QUIET_HOURS, Hold.DIGEST, Hold.BURST])
def test_what_is_held_for_a_time_keeps_it(store: SqliteStore, hold: Hold) -> None:
    with store.ingest() as tx:
        entry_id, story_id, number = tx.write(item(verdicts=[verdict()]), seen_at=NOW)
        assert story_id is not None
        first = alert(story_id, number)
        tx.alert(entry_id, first, [DESK], hold=hold, due_at=NOW + HOUR)
    follow(store, first, 2, severity=Severity.CRITICAL)
    assert order(store) == ["1.2"]
    assert order(store, after=HOUR) == ["1.1"]
