"""A batch is polled feed by feed, each at its slot; whatever happens to the worker, no feed is asked or told twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest

from monitor.clock import SystemClock
from monitor.cluster.batches import Batch, Lease
from monitor.cluster.enrol import sync
from monitor.cluster.plan import clock_us, plan
from monitor.cluster.polling import LEASE, BatchPolls
from monitor.model import Secret
from monitor.store import Reader
from monitor.store.postgres.store import PostgresStore, open_postgres
from tests.world import NOW, World, feed, item, rss

FEEDS = [feed("one"), feed("two"), feed("three")]
HOST = [feed(f"p{n}", url=feed("shared").url) for n in range(3)]  # of one host


@pytest.fixture
def store(postgres_url: str) -> Iterator[PostgresStore]:
    made = open_postgres(postgres_url, now=NOW)
    yield made
    made.close()


class Fleet:
    """One worker's polls, on feeds that are all due."""

    def __init__(self, store: PostgresStore, feeds=FEEDS) -> None:
        self.store = store
        self.world = World(store=store, feeds=feeds, clock=SystemClock())
        self.world.network.pages = {each.id: rss(item(f"غارة {each.id}", n=n)) for n, each in enumerate(feeds)}
        self.rules = {1: self.world.setup}
        with store.database.session() as db:
            sync(db.raw, 1, feeds)
        self.batches = self.worker("w1")

    def worker(self, name: str) -> BatchPolls:
        return BatchPolls(
            database=self.store.database,
            polls=self.world.polls,
            setup=self.rules.get,
            clock=SystemClock(),
            worker=name,
        )

    def planned(self, *, lease: timedelta = LEASE) -> Batch:
        with self.store.database.session() as db:
            [batch] = plan(db.raw, limit=100, lease=lease, worker="w1").batches
        return batch

    @property
    def asked(self) -> list[str]:
        return self.world.network.asked

    def leased(self) -> set[str]:
        with self.store.database.read() as db:
            rows = db.execute("SELECT feed_id FROM feed_state WHERE leased_by IS NOT NULL").fetchall()
        return {row[0] for row in rows}

    def due(self) -> set[str]:
        with self.store.database.session() as db:
            return {
                lease.feed_id
                for each in plan(db.raw, limit=100, lease=LEASE, worker="x").batches
                for lease in each.leases
            }


@pytest.fixture
def fleet(store: PostgresStore) -> Fleet:
    return Fleet(store)


def test_every_feed_of_a_batch_is_asked_once_and_its_lease_ends(fleet):
    fleet.batches.work(fleet.planned().payload)
    assert sorted(fleet.asked) == ["one", "three", "two"]
    assert fleet.leased() == set()
    assert fleet.due() == set()
    assert Reader(fleet.store.database).totals().entries == 3


def test_a_batch_that_is_worked_on_again_asks_nobody_again(fleet):
    """The engine gives a job anew whose worker seemed dead."""
    batch = fleet.planned()
    fleet.batches.work(batch.payload)
    fleet.worker("w2").work(batch.payload)
    assert len(fleet.asked) == 3


def test_what_is_left_of_a_batch_is_asked_by_who_comes_after(fleet):
    batch = fleet.planned()
    done, *left = batch.leases
    fleet.batches.work(Batch(1, (done,)).payload)
    fleet.worker("w2").work(batch.payload)
    assert sorted(fleet.asked) == ["one", "three", "two"]
    assert sorted(fleet.asked[1:]) == sorted(lease.feed_id for lease in left)


def test_a_feed_that_was_leased_again_is_left_to_whom_it_was_leased(fleet):
    batch = fleet.planned()
    with fleet.store.database.write() as db:
        db.execute("UPDATE feed_state SET token = token + 1 WHERE feed_id = 'two'")
    fleet.batches.work(batch.payload)
    assert sorted(fleet.asked) == ["one", "three"]
    assert fleet.leased() == {"two"}


def test_the_answer_of_a_feed_that_was_leased_again_meanwhile_is_not_written(fleet):
    batch = fleet.planned()
    submit = fleet.world.network.submit

    def slow(request):
        with fleet.store.database.write() as db:
            db.execute("UPDATE feed_state SET token = token + 1 WHERE feed_id = ?", (request.feed.id,))
        return submit(request)

    fleet.world.network.submit = slow
    fleet.batches.work(batch.payload)
    assert len(fleet.asked) == 3
    assert Reader(fleet.store.database).totals().entries == 0
    assert fleet.leased() == {"one", "two", "three"}


def test_feeds_that_this_worker_does_not_know_are_put_off_for_others(fleet):
    batch = fleet.planned()
    fleet.rules[1] = World(store=fleet.store, feeds=FEEDS[:1]).setup
    fleet.batches.work(batch.payload)
    assert fleet.asked == ["one"]
    assert fleet.leased() == set()
    assert fleet.due() == set()  # not at once: we might be who gets them again


def test_without_rules_nothing_is_asked_and_nothing_kept(fleet):
    batch = fleet.planned()
    fleet.rules.clear()
    fleet.batches.work(batch.payload)
    assert fleet.asked == []
    assert fleet.leased() == set()


def test_who_is_to_stop_asks_nobody_and_hands_back_what_is_due_at_once(fleet):
    batch = fleet.planned()
    fleet.batches.stop()
    fleet.batches.work(batch.payload)
    assert fleet.asked == []
    assert fleet.due() == {"one", "two", "three"}


def test_who_is_told_to_stop_while_a_slot_is_waited_for_hands_back_what_is_left(store):
    fleet = Fleet(store, HOST)
    batch = fleet.planned()
    submit = fleet.world.network.submit

    def then_stop(request):
        fleet.batches.stop()
        return submit(request)

    fleet.world.network.submit = then_stop
    fleet.batches.work(batch.payload)
    assert fleet.asked == [batch.leases[0].feed_id]
    assert fleet.leased() == set()


def test_feeds_of_one_host_are_asked_at_their_slots(store):
    fleet = Fleet(store, HOST)
    batch = fleet.planned()
    with store.database.read() as db:
        fleet.batches.work(batch.payload)
        now_us = clock_us(db.raw)
    assert fleet.asked == [lease.feed_id for lease in batch.leases]
    assert now_us >= batch.leases[-1].at_us


def test_who_comes_late_asks_at_slots_of_now(store):
    """A queue was long: asked at once, feeds of one host would be asked together."""
    fleet = Fleet(store, HOST)
    batch = fleet.planned()
    late = Batch(1, tuple(Lease(each.feed_id, each.token, each.at_us - 60_000_000) for each in batch.leases))
    slots: list[int] = []
    submit = fleet.world.network.submit

    def noting(request):
        with store.database.read() as db:
            slots.append(
                db.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint").fetchall()[0][0]
            )
        return submit(request)

    fleet.world.network.submit = noting
    fleet.batches.work(late.payload)
    assert sorted(fleet.asked) == ["p0", "p1", "p2"]
    assert min(after - before for before, after in pairwise(slots)) > 700_000


def test_who_comes_late_to_a_host_that_may_be_asked_at_any_time_takes_no_slot_anew(store, monkeypatch):
    """The lanes of the own machine have no gaps: to lock them for nothing would hold up all other workers."""
    fleet = Fleet(store, [feed(f"p{n}", url=Secret("http://127.0.0.1:9/")) for n in range(3)])
    batch = fleet.planned()
    late = Batch(1, tuple(Lease(each.feed_id, each.token, each.at_us - 60_000_000) for each in batch.leases))
    monkeypatch.setattr("monitor.cluster.polling.renew", None)
    fleet.batches.work(late.payload)
    assert sorted(fleet.asked) == ["p0", "p1", "p2"]


def test_batches_side_by_side_poll_each_feed_once(fleet):
    batch = fleet.planned()
    parts = [Batch(1, (lease,)) for lease in batch.leases]
    threads = [threading.Thread(target=fleet.batches.work, args=(part.payload,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(fleet.asked) == ["one", "three", "two"]
