"""Over four hundred days, by a clock that is told: what stands in its feed is never forgotten, and nothing grows."""

from __future__ import annotations

import pytest

from monitor.model import FeedState
from monitor.store import Reader, Retention, SqliteStore, tidy
from tests.world import NOW as BEGIN
from tests.world import World
from tests.world import item as published

from .builders import DAY, HOUR, MINUTE, NOW, feeds, item, tell, verdict


def test_in_four_hundred_days_an_entry_that_stays_is_alerted_once_and_the_state_stops_growing() -> None:
    """A pinned alert, one that comes back after 60 days of absence, and two new entries a day; the feed answers only
    every third day. Housekeeping runs each time."""
    world = World()
    world.poll(published("هدوء", n=0))
    alerts, kept = list[str](), dict[int, int]()
    for day in range(0, 400, 3):
        today = BEGIN + day * DAY
        returning = [published("غارة عائدة", n=2, at=BEGIN)] if day % 63 < 3 else []
        passing = [published(f"خبر {day} {n}", n=1000 + day * 2 + n, at=today) for n in range(2)]
        alerts += world.poll(published("غارة مثبتة", n=1, at=BEGIN), *returning, *passing)
        world.deliver()
        world.clock.advance(3 * DAY - MINUTE)
        tidy(world.store, now=world.clock.now())
        kept[day] = Reader(world.store.database).totals().entries
    assert sorted(alerts) == ["غارة عائدة", "غارة مثبتة"]
    assert kept[399] == kept[201] == kept[120]
    assert len(world.sender.sent) == 2


def show(store: SqliteStore, titles: list[str], at=NOW, feed_id: str = "local") -> None:
    with store.ingest() as tx:
        for title in titles:
            tx.write(item(title, feed_id=feed_id), seen_at=at)


def count(store: SqliteStore, table: str) -> int:
    with store.database.read() as db:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_feed_that_floods_keeps_what_left_its_document_last(store: SqliteStore) -> None:
    for day in range(20):
        show(store, [f"خبر {day} {n}" for n in range(10)], NOW + day * DAY)
    keep = Retention(forms=55, least=3 * DAY)
    assert tidy(store, now=NOW + 19 * DAY, keep=keep).entries == 150
    known = store.known_raw("local", [item(f"خبر {day} 0").fingerprint.raw for day in range(20)])
    assert known == {item(f"خبر {day} 0").fingerprint.raw for day in range(15, 20)}


def test_even_a_feed_that_floods_keeps_what_its_document_held_lately(store: SqliteStore) -> None:
    for day in range(10):
        show(store, [f"خبر {day} {n}" for n in range(10)], NOW + day * DAY)
    tidy(store, now=NOW + 9 * DAY, keep=Retention(forms=5, least=3 * DAY))
    assert count(store, "sighting") == 40


def test_an_entry_whose_text_changes_at_every_poll_keeps_its_first_its_newest_and_what_was_matched(
    store: SqliteStore,
) -> None:
    with store.ingest() as tx:
        entry_id, story_id, _ = tx.write(item("قرأه 0", guid="g", verdicts=[verdict("first")]), seen_at=NOW)
        for n in range(1, 130):
            told = [verdict("middle")] if n == 20 else []
            changed = item(f"قرأه {n}", guid="g", known_id=entry_id, story_id=story_id, verdicts=told)
            tx.write(changed, seen_at=NOW + n * MINUTE)
    tidy(store, now=NOW + HOUR)
    assert count(store, "entry") == 2 + 51
    with store.ingest() as tx:
        (known,) = tx.known_entries("local", guids=["g"], links=[], texts=[])
    assert known.matched_rules == {"first", "middle"}
    assert {item(title).fingerprint.text for title in ("قرأه 0", "قرأه 20", "قرأه 129")} <= known.texts


def test_a_rule_that_matches_at_every_edit_keeps_a_bounded_number_of_verdicts(store: SqliteStore) -> None:
    with store.ingest() as tx:
        entry_id, story_id, _ = tx.write(item("غارة 0", guid="g", verdicts=[verdict()]), seen_at=NOW)
        for n in range(1, 130):
            changed = item(f"غارة {n}", guid="g", known_id=entry_id, story_id=story_id, verdicts=[verdict()])
            tx.write(changed, seen_at=NOW + n * MINUTE)
    tidy(store, now=NOW + HOUR)
    assert count(store, "verdict") <= 52
    assert count(store, "entry") <= 103
    tidy(store, now=NOW + HOUR)
    assert count(store, "entry") <= 53
    with store.ingest() as tx:
        assert tx.known_entries("local", guids=["g"], links=[], texts=[])[0].matched_rules == {"strikes"}


def test_a_feed_that_is_no_longer_asked_is_forgotten_but_for_its_alerts(store: SqliteStore) -> None:
    store.claim_due_feeds(feeds("local", "asked"), NOW, limit=9, lease=MINUTE)
    show(store, ["قديم"], feed_id="local")
    show(store, ["مستمر"], feed_id="asked")
    tell(store, "غارة")
    with store.ingest() as tx:
        tx.feed_state(FeedState(feed_id="local", next_poll_at=NOW, last_polled_at=NOW))
        tx.feed_state(FeedState(feed_id="asked", next_poll_at=NOW + 398 * DAY, last_polled_at=NOW + 398 * DAY))
    at = NOW + 401 * DAY
    removed = tidy(store, now=at)  # the alert has not been sent yet
    assert (removed.entries, removed.alerts) == (1, 0)
    assert Reader(store.database).entries_by_feed() == {"asked": 1, "local": 1}
    with store.database.write() as db:
        db.execute("UPDATE delivery SET status = 'sent'")
    assert tidy(store, now=at).alerts == 1
    assert [state.feed_id for state in Reader(store.database).feeds()] == ["asked"]
    assert Reader(store.database).entries_by_feed() == {"asked": 1}
    assert count(store, "feed_key") == 1


@pytest.mark.parametrize("days", [1, 89])
def test_nothing_that_was_seen_within_the_retention_goes(store: SqliteStore, days: int) -> None:
    show(store, ["قديم", "باق"])
    show(store, ["باق"], NOW + days * DAY)
    assert tidy(store, now=NOW + days * DAY).entries == 0
