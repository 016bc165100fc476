"""A clock of the database that was set back by a day holds up nothing for a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from monitor.cluster.batches import BEYOND_US, Lease, is_beyond
from monitor.cluster.enrol import sync
from monitor.cluster.plan import plan
from monitor.cluster.pressure import lag
from monitor.cluster.set_back import mend
from monitor.model import NotSent, WantedArticle
from monitor.store.article_rows import Articles
from monitor.store.postgres.database import PostgresDatabase
from monitor.store.postgres.now import server_now
from monitor.store.postgres.store import PostgresStore
from monitor.store.turn_rows import TurnRows
from tests.cluster.made import at_one_host
from tests.postgres import Postgres
from tests.store.builders import MINUTE, item, tell
from tests.store.conftest import with_schema

DAY_US = 86_400_000_000
LEASE = timedelta(minutes=5)


@pytest.fixture
def database(postgres: Postgres) -> Iterator[PostgresDatabase]:
    url = postgres.fresh(with_schema)
    made = PostgresDatabase(url)
    yield made
    made.close()
    postgres.drop(url)


def planned(database: PostgresDatabase) -> list[str]:
    with database.write() as db:
        made = plan(db.raw, limit=100, lease=LEASE, worker="w1")
    return [lease.feed_id for batch in made.batches for lease in batch.leases]


def sets_back_by_a_day(database: PostgresDatabase) -> None:
    """To whoever asks, all that was written lies a day ahead."""
    with database.write() as db:
        db.execute("UPDATE lane SET free_us = free_us + ?", (DAY_US,))
        db.execute(
            "UPDATE feed_state SET next_poll_us = next_poll_us + :day, lease_until_us = lease_until_us + :day, "
            "last_polled_us = last_polled_us + :day",
            {"day": DAY_US},
        )
        db.execute("UPDATE channel_turn SET until_us = until_us + ?", (DAY_US,))
        db.execute(
            "UPDATE article SET wanted_us = wanted_us + :day, due_us = due_us + :day, "
            "lease_until_us = lease_until_us + :day",
            {"day": DAY_US},
        )


def test_feeds_that_were_leased_or_polled_and_their_lanes_are_due_again(database):
    with database.session() as db:
        sync(db.raw, 1, at_one_host(3))
    asked = planned(database)
    assert len(asked) == 3
    with database.write() as db:  # one was polled, and is due in an hour
        db.execute(
            "UPDATE feed_state SET leased_by = NULL, lease_until_us = NULL, last_polled_us = next_poll_us - 300000000, "
            "next_poll_us = next_poll_us + 3600000000 WHERE feed_id = ?",
            (asked[0],),
        )
    assert not database.do(mend), "all is as it should be"
    sets_back_by_a_day(database)
    assert planned(database) == []
    assert database.do(mend)
    assert sorted(planned(database)) == sorted(asked)
    assert not database.do(mend)


def test_the_turn_of_a_worker_that_was_killed_just_before_is_had_by_another(database):
    turns = TurnRows(database, server_now, lease=timedelta(seconds=15))
    assert turns.take("ops", "killed")
    sets_back_by_a_day(database)
    assert turns.take("ops", "other") is None
    database.do(mend)
    assert turns.left() == ["ops"]
    assert turns.take("ops", "other")


def test_what_was_to_be_sent_is_due_once_and_then_again_as_its_failures_have_it(database):
    store = PostgresStore(database)
    tell(store, seen_at=datetime.now(UTC) + timedelta(days=1))
    now = datetime.now(UTC) + timedelta(seconds=1)
    assert store.channels_due(now) == []
    assert store.database.do(mend)
    [delivery] = store.claim_deliveries(now, limit=9, lease=LEASE)
    store.record(delivery, NotSent(detail="busy", failed_at=now), retry_at=now + timedelta(hours=1))
    assert not store.database.do(mend)
    assert store.channels_due(now + timedelta(minutes=59)) == []


def wants_an_article(store: PostgresStore, now: datetime) -> Articles:
    entry = item(link="https://local.example/1")
    with store.ingest() as tx:
        entry_id, _, _ = tx.write(entry, seen_at=now)
        tx.want_article(entry_id, entry.entry, entry.fingerprint.raw, now=now)
    return Articles(store.database)


def claimed(articles: Articles, now: datetime) -> list[WantedArticle]:
    return articles.claim(["local"], now, ahead=timedelta(0), limit=9, lease=LEASE)


@pytest.mark.parametrize("is_read", [False, True], ids=["waits", "is being read"])
def test_an_article_is_read_now_and_its_tries_after_that_have_their_pauses(database, is_read):
    now = datetime.now(UTC) + timedelta(seconds=1)
    articles = wants_an_article(PostgresStore(database), now)
    if is_read:
        assert claimed(articles, now)
        assert not database.do(mend), "all is as it should be"
    sets_back_by_a_day(database)
    assert claimed(articles, now + 60 * MINUTE) == []
    assert database.do(mend)
    [wanted] = claimed(articles, now)
    articles.unread(wanted, "busy", now=now, again_at=now + 2 * MINUTE)
    assert not database.do(mend)
    assert claimed(articles, now + MINUTE) == []
    assert claimed(articles, now + 2 * MINUTE)


def test_an_article_wanted_before_waits_no_longer_for_its_next_try_than_any_does(database):
    now = datetime.now(UTC) + timedelta(seconds=1)
    articles = wants_an_article(PostgresStore(database), now)
    with database.write() as db:  # it was tried in vain while the clock was a day ahead
        db.execute("UPDATE article SET due_us = due_us + ?, attempts = 1", (DAY_US,))
    assert database.do(mend)
    assert claimed(articles, now)


def test_the_word_of_who_was_reading_an_article_counts_after_the_clock_was_set_back(database):
    now = datetime.now(UTC) + timedelta(seconds=1)
    articles = wants_an_article(PostgresStore(database), now + timedelta(days=1))
    [mine] = claimed(articles, now + timedelta(days=1))
    database.do(mend)
    [another] = claimed(articles, now)
    articles.unread(another, "busy", now=now, again_at=now + 2 * MINUTE)
    articles.unread(mine, "gone", now=now, again_at=None)
    assert claimed(articles, now + 2 * MINUTE), "once another spoke, no more"


def test_a_slot_that_lies_where_none_is_given_out_is_waited_for_by_nobody():
    assert not is_beyond(Lease("one", 1, BEYOND_US), 0)
    assert is_beyond(Lease("one", 1, BEYOND_US + 1), 0)


def test_how_long_a_feed_has_been_due_is_told_and_leased_ones_are_not_due(database):
    with database.session() as db:
        assert lag(db.raw) == timedelta(0), "there is none"
        sync(db.raw, 1, at_one_host(2))
        now_us = db.execute("SELECT max(next_poll_us) AS it FROM feed_state").fetchone()["it"] + 180_000_000
        assert lag(db.raw, now_us=now_us) == timedelta(minutes=3)
    assert len(planned(database)) == 2
    with database.session() as db:
        assert lag(db.raw, now_us=now_us) == timedelta(0)
