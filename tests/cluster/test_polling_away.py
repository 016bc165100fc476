"""A batch in the midst of which the database goes away: its feeds are due soon, and not when their leases end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest
from psycopg import Connection

from monitor.clock import SystemClock
from monitor.cluster.batches import Batch, Lease
from monitor.cluster.plan import clock_us
from monitor.cluster.polling import PUT_OFF, BatchPolls
from monitor.errors import StateError
from monitor.model import Feed
from monitor.store.postgres.database import PostgresDatabase
from tests.cluster.made import SECOND, at_one_host, columns, enrolled, leases, planned

PUT_OFF_US = PUT_OFF // PUT_OFF.resolution


def away(*_: object) -> None:
    raise StateError("it cannot be reached")


def broken(*_: object) -> None:
    raise LookupError("nobody expected it")


@pytest.mark.parametrize("breaks", ["_setup", "_states", "_ahead_us", "_renewed"])
@pytest.mark.parametrize("by", [away, broken])
def test_what_a_batch_could_not_ask_because_the_database_went_away_or_something_broke_is_due_soon(
    db: Connection, plan_url: str, monkeypatch: pytest.MonkeyPatch, breaks: str, by: Callable[..., None]
) -> None:
    before = clock_us(db)
    feeds, given = planned_feeds(db, before)
    with closing(PostgresDatabase(plan_url)) as database:
        work = working(database, feeds)
        monkeypatch.setattr(work, breaks, by)
        with pytest.raises((StateError, LookupError)):
            work.work(Batch(1, tuple(given)).payload)
    for each in given:
        next_us, until_us, by_whom, *_ = columns(db, each.feed_id)
        assert (until_us, by_whom) == (None, None)
        assert before + PUT_OFF_US <= next_us <= clock_us(db) + PUT_OFF_US


def test_a_batch_that_begins_while_the_database_is_away_is_given_back_with_the_next_one(
    db: Connection, plan_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    feeds, given = planned_feeds(db, clock_us(db))
    with closing(PostgresDatabase(plan_url)) as database:
        work = working(database, feeds)
        monkeypatch.setattr(work, "_setup", away)
        monkeypatch.setattr(database, "write", away)
        with pytest.raises(StateError):
            work.work(Batch(1, tuple(given)).payload)
        assert {columns(db, each.feed_id)[2] for each in given} == {"w1"}
        monkeypatch.undo()
        work.work(Batch(1, ()).payload)
    assert {columns(db, each.feed_id)[1:3] for each in given} == {(None, None)}


def planned_feeds(db: Connection, now_us: int) -> tuple[list[Feed], list[Lease]]:
    """Three of one host, and the leases that a plan of half a minute ago gave."""
    feeds = at_one_host(3)
    enrolled(db, *feeds, now_us=now_us - 30 * SECOND)
    return feeds, leases(planned(db, now_us=now_us - 30 * SECOND))


def working(database: PostgresDatabase, feeds: Sequence[Feed]) -> BatchPolls:
    told: Any = SimpleNamespace(begin=away, wait_for=lambda _feeds: None)
    setup: Any = SimpleNamespace(feeds={each.id: each for each in feeds})
    return BatchPolls(database=database, polls=told, setup=lambda _: setup, clock=SystemClock(), worker="w1")
