"""The job of a batch, on a real server: what is asked when and by whom, what is given back; and whatever happens to the
worker, no feed is asked or told twice."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from psycopg import Connection

from monitor.clock import SystemClock
from monitor.cluster import batches
from monitor.cluster.batches import Batch, Lease
from monitor.cluster.enrol import sync
from monitor.cluster.plan import clock_us, plan
from monitor.cluster.polling import LEASE, PUT_OFF, BatchPolls
from monitor.errors import StateError
from monitor.model import Feed, FeedState
from monitor.store import Reader, codec
from monitor.store.postgres.database import PostgresDatabase
from monitor.store.postgres.store import PostgresStore, open_postgres
from tests.cluster.made import SECOND, answered, at_one_host, columns, enrolled, feed, leases, planned
from tests.world import NOW, World, item, rss

TENTH = SECOND // 10
PUT_OFF_US = PUT_OFF // timedelta(microseconds=1)
ON_LOOPBACK = [feed(f"here-{n}", "http://127.0.0.1:9/") for n in range(3)]


# --- when, and what is given back: with a loop of polls that only notes


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
def setups() -> dict[int, Any]:
    """By the number of the rules."""
    known = (feed("a"), feed("b"), *at_one_host(5), *ON_LOOPBACK)
    return {1: SimpleNamespace(feeds={each.id: each for each in known})}


@pytest.fixture
def work(
    database: PostgresDatabase, polls: Polls, setups: dict[int, Any], monkeypatch: pytest.MonkeyPatch
) -> BatchPolls:
    monkeypatch.setattr(batches, "LATE_US", 4 * SECOND)  # a machine may stall for longer than the real one
    told: Any = polls
    return BatchPolls(database=database, polls=told, setup=setups.get, clock=SystemClock(), worker="w1")


def leased(db: Connection[Any], *feeds: Feed, gap_us: int = TENTH, ago_us: int = 0) -> list[Lease]:
    """Planned now, or so long ago."""
    now_us = clock_us(db) - ago_us
    enrolled(db, *feeds, now_us=now_us)
    db.execute("UPDATE lane SET gap_us = %s", (gap_us,))
    return leases(planned(db, now_us=now_us))


def run(work: BatchPolls, given: Sequence[Lease]) -> None:
    work.work(Batch(1, tuple(given)).payload)


def is_put_off(db: Connection[Any], feed_id: str, *, since: int) -> bool:
    """Not due at once: who put it off might be who gets it again."""
    next_us, until_us, by, *_ = columns(db, feed_id)
    return (until_us, by) == (None, None) and since + PUT_OFF_US <= next_us <= clock_us(db) + PUT_OFF_US


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
    """A queue was long: asked at once, feeds of one host would be asked together."""
    given = leased(db, *at_one_host(4), gap_us=2 * TENTH, ago_us=5 * SECOND)
    before = clock_us(db)
    run(work, given)
    assert sorted(polls.feeds) == sorted(each.feed_id for each in given)
    slots = [codec.microseconds(state.next_poll_at) for state, _ in polls.begun]
    assert slots[0] >= before
    assert all(later - earlier >= 2 * TENTH for earlier, later in pairwise(slots))


def test_who_comes_late_to_a_host_that_may_be_asked_at_any_time_takes_no_slot_anew(
    db: Connection, polls: Polls, work: BatchPolls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lanes of the own machine have no gaps: to lock them for nothing would hold up all other workers."""
    given = leased(db, *ON_LOOPBACK, ago_us=60 * SECOND)
    monkeypatch.setattr("monitor.cluster.polling.renew", None)
    run(work, given)
    assert sorted(polls.feeds) == [each.id for each in ON_LOOPBACK]


def test_what_was_answered_or_leased_anew_since_is_not_asked(db: Connection, polls: Polls, work: BatchPolls) -> None:
    given = leased(db, feed("a"), feed("b"), *at_one_host(1))
    assert answered(db, given[0], next_us=clock_us(db) + 600 * SECOND)
    db.execute("UPDATE feed_state SET token = token + 1 WHERE feed_id = %s", (given[1].feed_id,))
    before = columns(db, given[1].feed_id)
    run(work, given)
    assert polls.feeds == [given[2].feed_id]
    assert columns(db, given[1].feed_id) == before, "it is left to whom it was leased"


def test_a_feed_that_this_workers_rules_do_not_know_is_left_to_others_for_a_while(
    db: Connection, polls: Polls, work: BatchPolls
) -> None:
    given, before = leased(db, feed("a"), feed("newer")), clock_us(db)
    run(work, given)
    assert polls.feeds == ["a"]
    assert is_put_off(db, "newer", since=before)


def test_without_rules_nothing_is_asked_and_nothing_kept(
    db: Connection, polls: Polls, work: BatchPolls, setups: dict[int, Any]
) -> None:
    setups.clear()
    given, before = leased(db, feed("a"), feed("b")), clock_us(db)
    run(work, given)
    assert polls.feeds == []
    assert all(is_put_off(db, each.feed_id, since=before) for each in given)


@pytest.mark.parametrize("asked", [0, 2], ids=["before the first", "while a slot is waited for"])
def test_who_is_told_to_stop_hands_back_what_he_did_not_ask(
    db: Connection, polls: Polls, work: BatchPolls, asked: int
) -> None:
    given = leased(db, *at_one_host(5))
    polls.then = lambda: work.stop() if len(polls.begun) == asked else None
    if not asked:
        work.stop()
    run(work, given)
    assert polls.feeds == [each.feed_id for each in given[:asked]]
    assert [columns(db, each.feed_id)[2] for each in given] == [None] * 5
    assert all(columns(db, each.feed_id)[0] <= clock_us(db) for each in given[asked:]), "due at once"


def test_a_feed_of_which_nothing_could_be_written_is_asked_again_soon(
    db: Connection, polls: Polls, work: BatchPolls
) -> None:
    """The database was away as its answer came: its lease would last for minutes."""
    before, given = clock_us(db), leased(db, feed("a"))
    run(work, given)
    assert polls.feeds == ["a"]
    assert is_put_off(db, "a", since=before)


def test_what_the_database_was_not_there_to_take_back_is_given_back_with_the_next_batch(
    db: Connection, work: BatchPolls, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        monkeypatch.undo()
        raise StateError("the database is away")

    given = leased(db, feed("a"))
    monkeypatch.setattr("monitor.cluster.polling.hand_back", away)
    run(work, given)
    assert columns(db, "a")[2] is not None
    run(work, ())
    assert columns(db, "a")[2] is None


# --- what comes of it: with the pipeline of one machine


FEEDS = [feed("one"), feed("two"), feed("three")]


class Fleet:
    """Workers' polls, on feeds that are all due."""

    def __init__(self, store: PostgresStore) -> None:
        self.store = store
        self.world = World(store=store, feeds=FEEDS, clock=SystemClock())
        self.world.network.pages = {each.id: rss(item(f"غارة {each.id}", n=n)) for n, each in enumerate(FEEDS)}
        with store.database.session() as db:
            sync(db.raw, 1, FEEDS)
        self.batches = self.worker("w1")

    def worker(self, name: str) -> BatchPolls:
        return BatchPolls(
            database=self.store.database,
            polls=self.world.polls,
            setup={1: self.world.setup}.get,
            clock=SystemClock(),
            worker=name,
        )

    def planned(self) -> Sequence[Batch]:
        with self.store.database.session() as db:
            return plan(db.raw, limit=100, lease=LEASE, worker="w1").batches

    @property
    def asked(self) -> list[str]:
        return self.world.network.asked

    def leased(self) -> set[str]:
        with self.store.database.read() as db:
            rows = db.execute("SELECT feed_id FROM feed_state WHERE leased_by IS NOT NULL").fetchall()
        return {row[0] for row in rows}

    def entries(self) -> int:
        return Reader(self.store.database).totals().entries


@pytest.fixture
def fleet(postgres_url: str) -> Iterator[Fleet]:
    store = open_postgres(postgres_url, now=NOW)
    yield Fleet(store)
    store.close()


def test_every_feed_of_a_batch_is_asked_once_and_its_lease_ends(fleet: Fleet) -> None:
    [batch] = fleet.planned()
    fleet.batches.work(batch.payload)
    assert sorted(fleet.asked) == ["one", "three", "two"]
    assert fleet.leased() == set()
    assert fleet.planned() == ()
    assert fleet.entries() == 3


def test_what_is_left_of_a_batch_is_asked_by_who_comes_after_and_nothing_again(fleet: Fleet) -> None:
    """The engine gives a job anew whose worker seemed dead."""
    [batch] = fleet.planned()
    done, *left = batch.leases
    fleet.batches.work(Batch(1, (done,)).payload)
    fleet.worker("w2").work(batch.payload)
    assert fleet.asked[0] == done.feed_id
    assert sorted(fleet.asked[1:]) == sorted(lease.feed_id for lease in left)
    fleet.worker("w3").work(batch.payload)
    assert len(fleet.asked) == fleet.entries() == 3


def test_the_answer_of_a_feed_that_was_leased_again_meanwhile_is_not_written(fleet: Fleet) -> None:
    [batch] = fleet.planned()
    submit = fleet.world.network.submit

    def slow(request: Any) -> Any:
        with fleet.store.database.write() as db:
            db.execute("UPDATE feed_state SET token = token + 1 WHERE feed_id = ?", (request.feed.id,))
        return submit(request)

    fleet.world.network.submit = slow  # type: ignore[method-assign]
    fleet.batches.work(batch.payload)
    assert len(fleet.asked) == 3
    assert fleet.entries() == 0
    assert fleet.leased() == {"one", "two", "three"}


def test_batches_side_by_side_poll_each_feed_once(fleet: Fleet) -> None:
    [batch] = fleet.planned()
    parts = [Batch(1, (lease,)) for lease in batch.leases]
    threads = [threading.Thread(target=fleet.batches.work, args=(part.payload,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(fleet.asked) == ["one", "three", "two"]
