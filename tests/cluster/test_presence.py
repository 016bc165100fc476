"""What a worker says of itself, and that nothing ends its signs of life but the worker itself."""

from __future__ import annotations

import contextlib
import logging
import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from monitor import heartbeat
from monitor.cluster.batches import Batch, Lease
from monitor.cluster.jobs.queues import Queue, Work
from monitor.cluster.presence import Presence, Self
from monitor.errors import StateError
from monitor.model import ArticleReport, Attempt, NotSent, PollReport, Sent
from monitor.model.workers import Told
from monitor.status import is_alive
from monitor.store import SqliteStore
from monitor.store.worker_rows import Workers
from tests.alerts.made import a_delivery
from tests.cluster.made import until
from tests.store.builders import NOW

ME = Self(id="a-1", host="alpha", pid=4711, version="0.9")


@dataclass
class Clock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return 0.0


@dataclass
class Rows:
    """A database that may be away, and whose clock is its own."""

    workers: Workers
    breaks: Exception | None = None
    asked: list[str] = field(default_factory=list)
    answered: threading.Event = field(default_factory=threading.Event)

    def beat(self, seen):
        self.asked.append("beat")
        if self.breaks:
            raise self.breaks
        self.answered.set()
        return self.workers.beat(seen)

    def end(self, worker_id):
        if self.breaks:
            raise self.breaks
        self.workers.end(worker_id)

    def forget(self):
        self.asked.append("forget")
        return self.workers.forget()

    def listed(self):
        return self.workers.listed()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rows():
    store = SqliteStore.in_memory(now=NOW)
    yield Rows(Workers(store.database, lambda _db: NOW))
    store.close()


@pytest.fixture
def presence(rows, clock, tmp_path) -> Presence:
    return Presence(rows, ME, clock, rules=lambda: (7, "سطر 3"), state=tmp_path, every=0.01)


def told(rows: Rows) -> Told:
    (found,) = rows.listed()
    return found.worker.told


def test_it_says_who_it_is_and_by_which_rules_it_works(presence, rows):
    assert presence.beat()
    (found,) = rows.listed()
    assert (found.worker.id, found.worker.host, found.worker.pid, found.worker.version) == ("a-1", "alpha", 4711, "0.9")
    assert (found.worker.rules_number, found.worker.rules_trouble, found.worker.stage) == (7, "سطر 3", "working")
    presence.drain()
    presence.beat()
    assert rows.listed()[0].worker.stage == "draining"
    assert presence.is_draining


def test_it_counts_what_it_did(presence, rows):
    delivery = a_delivery()
    presence.polled(PollReport(feed_id="one", outcome="polled", new=3, alerts=(delivery.alert,)))
    presence.polled(PollReport(feed_id="two", outcome="failed"))
    presence.read_article(ArticleReport(feed_id="one", link="https://a.example/1", alerts=(delivery.alert,)))
    presence.delivered(delivery, Attempt(result=Sent(sent_at=NOW)))
    presence.delivered(delivery, Attempt(result=NotSent(detail="x", permanent=True, failed_at=NOW)))
    presence.beat()
    assert told(rows) == Told(
        polls={"polled": 1, "failed": 1},
        entries=3,
        alerts=2,
        articles={"read": 1},
        deliveries={"sent": 1, "dead": 1},
    )


def jobs(presence: Presence, work: Work) -> dict[str, Work]:
    """The work of each task, as the engine is given it."""
    (queue,) = presence.over([Queue(name="all", at_once=3, tasks={"poll": work, "deliver": work, "plan": work})])
    assert (queue.name, queue.at_once) == ("all", 3)
    return dict(queue.tasks)


def test_it_counts_jobs_by_their_task_good_and_bad(presence, rows):
    done: list[object] = []

    def work(payload):
        if payload["n"] == 2:
            raise StateError("no")
        done.append(payload["n"])

    poll = jobs(presence, work)["poll"]
    poll({"n": 1})
    with pytest.raises(StateError):
        poll({"n": 2})
    presence.beat()
    assert (told(rows).jobs, told(rows).jobs_failed, done) == ({"poll": 1}, {"poll": 1}, [1])


def test_it_tells_what_is_under_way_as_long_as_it_is(presence, rows):
    seen: list[tuple[int, int, tuple[str, ...]]] = []
    batch = Batch(rules=1, leases=tuple(Lease(f"feed-{n}", 1, 1) for n in range(25)))

    def under_way() -> tuple[int, int, tuple[str, ...]]:
        presence.beat()
        return told(rows).batches, told(rows).feeds, told(rows).channels

    def work(payload):
        seen.append(under_way())
        if "feeds" in payload:
            with contextlib.suppress(StateError):
                tasks["deliver"]({"channel": "desk"})
        elif "channel" in payload:
            tasks["plan"]({"slot_us": 1})
            raise StateError("a job may end badly")

    tasks = jobs(presence, work)
    tasks["poll"](batch.payload)
    assert seen == [(1, 25, ()), (1, 25, ("desk",)), (1, 25, ("desk",))]
    assert under_way() == (0, 0, ())


def test_it_tells_how_far_its_clock_is_off_that_of_the_database(presence, rows, clock):
    clock.at = NOW - timedelta(seconds=7)
    presence.beat()
    assert presence.beat()
    assert told(rows).clock_ahead == timedelta(seconds=-7)


@pytest.mark.parametrize("breaks", [StateError("the database db on h cannot be reached"), RuntimeError("a bug")])
def test_a_database_that_is_away_is_told_once_and_so_is_its_return(presence, rows, caplog, breaks):
    caplog.set_level(logging.WARNING)
    rows.breaks = breaks
    assert [presence.beat() for _ in range(3)] == [False, False, False]
    assert presence.is_away
    assert len(caplog.records) == 1
    rows.breaks = None
    assert [presence.beat() for _ in range(2)] == [True, True]
    assert not presence.is_away
    assert [each.message for each in caplog.records[1:]] == ["presence.back"]


def test_the_thread_goes_on_through_a_loss_and_ends_with_the_row(presence, rows):
    rows.breaks = StateError("away")
    presence.start()
    until(lambda: len(rows.asked) >= 3)
    rows.breaks = None
    until(lambda: bool(rows.listed()))
    presence.end()
    assert rows.listed() == ()
    asked = len(rows.asked)
    presence.end()
    assert len(rows.asked) == asked


def test_an_end_while_the_database_is_away_is_an_end_all_the_same(presence, rows):
    presence.beat()
    rows.breaks = StateError("away")
    presence.end()
    assert len(rows.listed()) == 1  # silent from now on, and forgotten after a day


def test_what_was_left_by_workers_of_long_ago_is_removed_at_the_beginning(presence, rows):
    rows.workers.beat(replace(presence.seen(), id="old"))
    with rows.workers._database.write() as db:
        db.execute("UPDATE worker SET beat_us = 1 WHERE id = 'old'")
    presence.beat()
    presence.beat()
    assert rows.asked == ["beat", "forget", "beat"]
    with rows.workers._database.read() as db:
        assert [row[0] for row in db.execute("SELECT id FROM worker")] == ["a-1"]


def test_a_health_check_sees_it_also_while_the_database_is_away(presence, rows, clock, tmp_path):
    rows.breaks = StateError("away")
    presence.beat()
    assert is_alive(tmp_path, clock.now())
    presence.end()
    assert heartbeat.read(tmp_path) is None


def test_a_worker_whose_ticks_have_stopped_gives_no_sign_of_life(rows, clock, tmp_path):
    presence = Presence(rows, ME, clock, rules=lambda: (None, ""), alive=lambda: False, state=tmp_path)
    assert not presence.beat()
    assert rows.asked == []
    assert not is_alive(tmp_path, clock.now())
