from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import psycopg
import pytest
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from procrastinate.sync_psycopg_connector import SyncPsycopgConnector

from monitor.cluster.jobs.defer import defer

Db = psycopg.Connection[tuple[Any, ...]]


def waiting(db: Db) -> list[Any]:
    return [args for (args,) in db.execute("SELECT args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")]


def channels(*names: str) -> list[dict[str, object]]:
    return [{"channel": name} for name in names]


def deliver(db: Db, *names: str) -> int:
    return defer(
        db, queue="deliveries", task="deliver", payloads=channels(*names),
        queueing_lock=lambda payload: f"deliver:{payload['channel']}",
    )  # fmt: skip


def test_jobs_are_there_when_the_transaction_has_committed(url: str, db: Db) -> None:
    with psycopg.connect(url) as writer:
        assert defer(writer, queue="q", task="t", payloads=channels("desk", "مكتب")) == 2
        assert waiting(db) == []
    assert waiting(db) == channels("desk", "مكتب")


def test_a_transaction_that_is_rolled_back_enqueues_nothing(url: str, db: Db) -> None:
    with psycopg.connect(url) as writer:
        defer(writer, queue="q", task="t", payloads=channels("desk"))
        writer.rollback()
    assert waiting(db) == []


def test_nothing_to_defer_is_no_statement(db: Db) -> None:
    assert defer(db, queue="q", task="t", payloads=[]) == 0


def test_of_one_queueing_lock_one_job_waits_and_the_transaction_goes_on(url: str, db: Db) -> None:
    with psycopg.connect(url) as writer:
        assert deliver(writer, "desk", "night", "desk") == 2
        assert deliver(writer, "night", "mail") == 1
    assert sorted(job["channel"] for job in waiting(db)) == ["desk", "mail", "night"]


def test_a_job_under_way_is_in_nobodys_way(db: Db) -> None:
    deliver(db, "desk")
    db.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    assert deliver(db, "desk") == 1


def test_two_that_defer_the_same_the_other_way_round_do_not_deadlock(url: str) -> None:
    names = [f"channel-{n:04}" for n in range(3000)]
    both = Barrier(2)

    def repeat(order: list[str]) -> int:
        with psycopg.connect(url) as writer:
            both.wait(60)
            done = deliver(writer, *order)
            writer.rollback()
            return done

    with ThreadPoolExecutor(2) as writers:
        for _ in range(3):
            assert list(writers.map(repeat, [names, names[::-1]])) == [3000, 3000]


@pytest.mark.parametrize("lock", [None, "once"])
def test_a_job_is_written_as_procrastinate_writes_it(url: str, db: Db, lock: str | None) -> None:
    mine, theirs = {"channel": "مكتب"}, {"channel": "مكتب"}
    with psycopg.connect(url) as writer:
        defer(writer, queue="q", task="t", payloads=[mine], queueing_lock=(lambda _: lock) if lock else None)
    columns = "queue_name, task_name, priority, lock, queueing_lock, args, status, scheduled_at, attempts"
    ours = db.execute(f"SELECT {columns} FROM procrastinate_jobs".encode()).fetchall()
    events = db.execute("SELECT type FROM procrastinate_events").fetchall()
    db.execute("DELETE FROM procrastinate_jobs")
    job = Job(queue="q", lock=None, queueing_lock=lock, task_name="t", task_kwargs=theirs)
    JobManager(SyncPsycopgConnector()).batch_defer_jobs([job], connection=db)
    assert db.execute(f"SELECT {columns} FROM procrastinate_jobs".encode()).fetchall() == ours
    assert db.execute("SELECT type FROM procrastinate_events").fetchall() == events
