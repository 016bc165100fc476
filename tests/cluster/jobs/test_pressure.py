from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg

from monitor.cluster.jobs.defer import defer
from monitor.cluster.jobs.pressure import pressure

Db = psycopg.Connection[tuple[Any, ...]]


def test_an_idle_fleet_has_none(db: Db) -> None:
    assert pressure(db) == ()


def test_each_task_tells_what_waits_runs_stalls_and_failed(db: Db) -> None:
    db.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()), (now() - interval '1 minute')")
    defer(db, queue="q", task="poll", payloads=[{}] * 8)
    defer(db, queue="q", task="deliver", payloads=[{}])
    db.execute("UPDATE procrastinate_events SET at = at - interval '90 seconds' WHERE job_id IN (4, 5)")
    for job, state, worker in ((1, "doing", 1), (2, "doing", 2), (3, "doing", None)):
        db.execute("UPDATE procrastinate_jobs SET status = %s, worker_id = %s WHERE id = %s", (state, worker, job))
    db.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = 8")
    deliver, poll = pressure(db)
    assert (deliver.task, deliver.waiting, deliver.running) == ("deliver", 1, 0)
    assert (poll.task, poll.waiting, poll.running, poll.stalled, poll.failed) == ("poll", 4, 3, 2, 1)
    assert poll.oldest is not None
    assert timedelta(seconds=90) <= poll.oldest < timedelta(minutes=10)


def test_a_task_without_waiting_jobs_has_no_oldest(db: Db) -> None:
    defer(db, queue="q", task="poll", payloads=[{}])
    db.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    (poll,) = pressure(db)
    assert poll.oldest is None
