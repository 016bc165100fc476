"""Troubles are remembered as they are, and what is read to find them is what was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.model import Alert, NotSent, Recipient, Sent
from monitor.store import SqliteStore
from monitor.store.trouble_rows import TroubleRows
from monitor.trouble import Finding, Kind, Sends, Trouble

from .builders import DAY, HOUR, MINUTE, NOW, item, verdict
from .builders import alert as made

CANARY = "monitor:canary"
FULL = Trouble(
    finding=Finding(
        kind=Kind.FEED_FAILING,
        subject="one",
        since=NOW - HOUR,
        facts={"name": "وكالة\x00\ud800", "failures": 3},
        patience=3 * MINUTE,
        passes=True,
    ),
    begun_at=NOW - HOUR,
    over_at=NOW,
    times=4,
    told=True,
    said_at=NOW - MINUTE,
)
BARE = Trouble(finding=Finding(kind=Kind.NETWORK, facts={}), begun_at=NOW)


def alert(n: int, rule_id: str = "strikes", *, at: datetime = NOW) -> Alert:
    return made(1, n, rule_id=rule_id, decided_at=at)


def rows(store: SqliteStore) -> TroubleRows:
    return TroubleRows(store.database)


def make(store: SqliteStore, *alerts: Alert, channel: str = "desk") -> None:
    """Alerts to one channel."""
    with store.ingest() as tx:
        entry_id, *_ = tx.write(item(guid="g", verdicts=[verdict()]), seen_at=NOW)
        for each in alerts:
            tx.alert(entry_id, each, [Recipient(channel_id=channel, key="only")])


def try_all(store: SqliteStore, at, *, sent: bool = False, dead: bool = False) -> None:
    for delivery in store.claim_deliveries(at, limit=99, lease=MINUTE):
        result = Sent(sent_at=at) if sent else NotSent(detail="HTTP 500", failed_at=at)
        store.record(delivery, result, retry_at=None if dead else at)


@pytest.mark.parametrize("trouble", [FULL, BARE], ids=["full", "bare"])
def test_a_trouble_comes_back_as_it_went_in(store, trouble):
    rows(store).save([trouble], [])
    assert rows(store).load() == {trouble.key: trouble}


def test_a_trouble_is_replaced_and_forgotten_by_its_key(store):
    rows(store).save([FULL, BARE], [])
    rows(store).save([replace(BARE, told=True)], [FULL.key])
    assert rows(store).load() == {BARE.key: replace(BARE, told=True)}


def test_a_kind_that_another_version_wrote_is_passed_over(store):
    rows(store).save([BARE], [])
    with store.database.write() as db:
        db.execute("UPDATE trouble SET kind = 'of tomorrow'")
    assert rows(store).load() == {}


def sends(store: SqliteStore, now=NOW) -> dict[str, Sends]:
    return rows(store).sends(now=now, canary_rule=CANARY, given_up_over=7 * DAY)


def test_a_channel_that_owes_nothing_is_left_out(store):
    assert sends(store) == {}
    make(store, alert(1))
    try_all(store, NOW, sent=True)
    assert sends(store) == {}


def test_what_waits_is_counted_since_the_oldest(store):
    make(store, alert(1), alert(2, at=NOW + HOUR))
    assert sends(store) == {"desk": Sends(waiting_since=NOW, waiting=2)}
    try_all(store, NOW + 2 * HOUR)
    assert sends(store)["desk"] == Sends(waiting_since=NOW, waiting=2, tries=1, error="HTTP 500")


def test_daily_tests_among_what_waits_are_told_apart(store):
    make(store, alert(1), alert(2, CANARY))
    assert sends(store)["desk"].canaries == 1
    try_all(store, NOW, sent=True)
    assert sends(store) == {}


def test_what_was_given_up_counts_until_something_arrives(store):
    make(store, alert(1))
    try_all(store, NOW + MINUTE, dead=True)
    assert sends(store) == {"desk": Sends(given_up=1, given_up_at=NOW + MINUTE, error="HTTP 500")}
    make(store, alert(2, at=NOW + HOUR))
    try_all(store, NOW + HOUR, sent=True)
    assert sends(store).get("desk", Sends()).given_up == 0


def test_what_was_given_up_long_ago_does_not_count(store):
    make(store, alert(1))
    try_all(store, NOW, dead=True)
    assert sends(store, NOW + 7 * DAY)["desk"].given_up == 1
    assert sends(store, NOW + 7 * DAY + MINUTE) == {}


def test_failures_before_the_last_that_arrived_do_not_count(store):
    make(store, alert(1))
    try_all(store, NOW)
    make(store, alert(2, at=NOW + HOUR), channel="other")
    with store.database.write() as db:
        db.execute("UPDATE delivery SET channel_id = 'desk'")
    [_first, second] = store.claim_deliveries(NOW + 2 * HOUR, limit=9, lease=MINUTE)
    store.record(second, Sent(sent_at=NOW + 3 * HOUR), retry_at=None)
    assert sends(store)["desk"].tries == 0


def test_the_gaps_of_a_feed_are_those_of_its_entries_up_to_its_last(store):
    with store.ingest() as tx:
        for n, hour in enumerate([0, 1, 5, 6, 40 * 24]):
            at = NOW + hour * HOUR
            tx.write(item(f"خبر رقم {n}", guid=str(n), published_at=None), seen_at=at)
        tx.write(item("بعيد", guid="other", feed_id="other"), seen_at=NOW + 2 * HOUR)
    until = NOW + 6 * HOUR
    assert rows(store).gaps("local", over=30 * DAY, until=until) == [HOUR, 4 * HOUR, HOUR]
    assert rows(store).gaps("local", over=30 * DAY, until=NOW + 40 * DAY) == []


def test_a_date_in_the_future_is_when_the_entry_was_seen(store):
    with store.ingest() as tx:
        for n, published in enumerate([NOW - HOUR, NOW + 9 * DAY, NOW]):
            tx.write(item(f"خبر رقم {n}", guid=str(n), published_at=published), seen_at=NOW)
    assert rows(store).gaps("local", over=DAY, until=NOW) == [HOUR, timedelta(0)]


def test_past_matches_are_counted_by_rule_and_feed(store):
    with store.ingest() as tx:
        for n, feed_id in enumerate(["local", "local", "other"]):
            tx.write(item(f"خبر رقم {n}", guid=str(n), feed_id=feed_id, verdicts=[verdict()]), seen_at=NOW)
    assert rows(store).matches(since=NOW) == {"strikes": {"local": 2, "other": 1}}
    assert rows(store).matches(since=NOW + MINUTE) == {}
