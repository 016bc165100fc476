"""The job of a batch, on a real server: what is asked when, and what is given back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from psycopg import Connection

from monitor.clock import SystemClock
from monitor.cluster import batches
from monitor.cluster.batches import Batch, Lease
from monitor.cluster.plan import clock_us
from monitor.cluster.polling import PUT_OFF, BatchPolls
from monitor.model import FeedState
from monitor.store import codec
from monitor.store.postgres.database import PostgresDatabase
from tests.cluster.made import SECOND, answered, at_one_host, columns, enrolled, feed, leases, planned

TENTH = SECOND // 10
PUT_OFF_US = PUT_OFF // timedelta(microseconds=1)


class Polls:
    """Stands for the loop of polls: notes what it was told to begin, and when."""

    def __init__(self, db: Connection[Any]) -> None:
        self.db, self.begun = db, list[tuple[FeedState, int]]()
        self.then = lambda: None

    def begin(self, _setup: object, state: FeedState) -> None:
        self.begun.append((state, clock_us(self.db)))
        self.then()

    def wait_for(self, _feed_ids: Collection[str]) -> None:
        pass

    @property
    def feeds(self) -> list[str]:
        return [state.feed_id for state, _ in self.begun]


@pytest.fixture
def database(plan_url: str) -> Iterator[PostgresDatabase]:
    made = PostgresDatabase(plan_url)
    yield made
    made.close()


@pytest.fixture
def polls(db: Connection[Any]) -> Polls:
    return Polls(db)


@pytest.fixture
def work(database: PostgresDatabase, polls: Polls, monkeypatch: pytest.MonkeyPatch) -> BatchPolls:
    monkeypatch.setattr(batches, "LATE_US", 4 * SECOND)  # a machine may stall for longer than the real one
    known = {each.id: each for each in (feed("a"), feed("b"), *at_one_host(5))}
    setup: Any = SimpleNamespace(feeds=known)
    told: Any = polls
    return BatchPolls(database=database, polls=told, setup=lambda _: setup, clock=SystemClock(), worker="w1")


def leased(db: Connection[Any], *feeds: Any, gap_us: int = TENTH, ago_us: int = 0) -> list[Lease]:
    """Planned now, or so long ago."""
    now_us = clock_us(db) - ago_us
    enrolled(db, *feeds, now_us=now_us)
    db.execute("UPDATE lane SET gap_us = %s", (gap_us,))
    return leases(planned(db, now_us=now_us))


def run(work: BatchPolls, given: list[Lease]) -> None:
    work.work(Batch(1, tuple(given)).payload)


def test_each_feed_is_asked_at_its_slot_with_its_token_and_due_when_the_slot_was(
    db: Connection, polls: Polls, work: BatchPolls
) -> None:
    given = leased(db, *at_one_host(3), gap_us=2 * TENTH)
    run(work, given)
    assert polls.feeds == [each.feed_id for each in given]
    for (state, at_us), lease in zip(polls.begun, given, strict=True):
        assert at_us >= lease.at_us - TENTH // 10  # the clocks are compared to a few milliseconds
        assert (state.token, state.next_poll_at) == (lease.token, codec.instant(lease.at_us))


def test_a_batch_that_comes_late_asks_no_host_twice_within_its_gap(
    db: Connection, polls: Polls, work: BatchPolls
) -> None:
    given = leased(db, *at_one_host(4), gap_us=2 * TENTH, ago_us=5 * SECOND)
    before = clock_us(db)
    run(work, given)
    assert sorted(polls.feeds) == sorted(each.feed_id for each in given)
    slots = [codec.microseconds(state.next_poll_at) for state, _ in polls.begun]
    assert slots[0] >= before
    assert all(later - earlier >= 2 * TENTH for earlier, later in pairwise(slots))


def test_what_was_answered_or_leased_anew_since_is_not_asked(db: Connection, polls: Polls, work: BatchPolls) -> None:
    given = leased(db, feed("a"), feed("b"), *at_one_host(1))
    assert answered(db, given[0], next_us=clock_us(db) + 600 * SECOND)
    db.execute("UPDATE feed_state SET token = token + 1 WHERE feed_id = %s", (given[1].feed_id,))
    run(work, given)
    assert polls.feeds == [given[2].feed_id]


def test_a_feed_that_this_workers_rules_do_not_know_is_left_to_others_for_a_while(
    db: Connection, polls: Polls, work: BatchPolls
) -> None:
    given = leased(db, feed("a"), feed("newer"))
    before = clock_us(db)
    run(work, given)
    assert polls.feeds == ["a"]
    next_us, until_us, by, *_ = columns(db, "newer")
    assert (until_us, by) == (None, None)
    assert before + PUT_OFF_US <= next_us <= clock_us(db) + PUT_OFF_US


def test_who_is_told_to_stop_hands_back_what_he_did_not_ask(db: Connection, polls: Polls, work: BatchPolls) -> None:
    given = leased(db, *at_one_host(5))
    polls.then = lambda: work.stop() if len(polls.begun) == 2 else None
    run(work, given)
    assert polls.feeds == [each.feed_id for each in given[:2]]
    assert [columns(db, each.feed_id)[2] for each in given] == [None] * 5
    assert all(columns(db, each.feed_id)[0] <= clock_us(db) for each in given[2:])


def test_a_feed_of_which_nothing_could_be_written_is_asked_again_soon(
    db: Connection, polls: Polls, work: BatchPolls
) -> None:
    """The database was away as its answer came: its lease would last for minutes."""
    before, given = clock_us(db), leased(db, feed("a"))
    run(work, given)
    assert polls.feeds == ["a"]
    next_us, until_us, by, *_ = columns(db, "a")
    assert (until_us, by) == (None, None)
    assert before + PUT_OFF_US <= next_us <= clock_us(db) + PUT_OFF_US
