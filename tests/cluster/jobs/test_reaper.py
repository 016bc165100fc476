from __future__ import annotations

import asyncio
import json
import logging
from functools import partial
from typing import Any

import psycopg
import pytest
from procrastinate import PsycopgConnector
from procrastinate.manager import JobManager

from monitor.cluster.jobs.defer import defer
from monitor.cluster.jobs.reaper import KEPT, STARTS, reap, trim

Db = psycopg.Connection[tuple[Any, ...]]


async def _with_manager(url: str, work: Any) -> Any:
    connector = PsycopgConnector(conninfo=url, min_size=1, max_size=2)
    await connector.open_async()
    try:
        return await work(JobManager(connector))
    finally:
        await connector.close_async()


def reaped(url: str) -> int:
    return asyncio.run(_with_manager(url, partial(reap, again=0)))  # type: ignore[no-any-return]


def worker(db: Db, *, silent: float) -> int:
    """One that gave its last sign of life so many seconds ago."""
    statement = (
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s)) RETURNING id"
    )
    row = db.execute(statement.encode(), (silent,)).fetchone()
    assert row
    return int(row[0])


def jobs_of(url: str, db: Db, worker_id: int, number: int, *, lock: str | None = None, attempts: int = 0) -> None:
    with psycopg.connect(url) as writer:
        for _ in range(number):
            defer(writer, queue="q", task="t", payloads=[{}], queueing_lock=(lambda _: lock) if lock else None)
    db.execute(
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s WHERE status = 'todo'",
        (worker_id, attempts),
    )


def states(db: Db) -> dict[str, int]:
    return dict(db.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status").fetchall())


def test_jobs_of_a_silent_worker_begin_again(url: str, db: Db) -> None:
    jobs_of(url, db, worker(db, silent=60), 3)
    assert reaped(url) == 3
    assert states(db) == {"todo": 3}


def test_jobs_of_a_live_worker_are_left_alone(url: str, db: Db) -> None:
    jobs_of(url, db, worker(db, silent=0), 3)
    assert reaped(url) == 0
    assert states(db) == {"doing": 3}


def test_a_worker_that_was_silent_with_the_database_is_not_taken_for_dead(url: str, db: Db) -> None:
    jobs_of(url, db, worker(db, silent=60), 1)
    jobs_of(url, db, worker(db, silent=60), 2)

    async def resumed(manager: JobManager) -> int:
        looks = asyncio.create_task(reap(manager, again=1))
        await asyncio.sleep(0.5)
        db.execute("UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = 1")
        return await looks

    assert asyncio.run(_with_manager(url, resumed)) == 2
    assert db.execute("SELECT status::text FROM procrastinate_jobs ORDER BY id").fetchall()[0] == ("doing",)


def test_what_begins_again_does_not_wait_for_a_clock_that_is_ahead(url: str, db: Db) -> None:
    jobs_of(url, db, worker(db, silent=60), 1)
    reaped(url)
    assert db.execute("SELECT scheduled_at < now() - interval '1 day' FROM procrastinate_jobs").fetchone() == (True,)


def test_workers_are_told_of_what_begins_again(url: str, db: Db) -> None:
    jobs_of(url, db, worker(db, silent=60), 1)
    with psycopg.connect(url, autocommit=True) as listener:
        listener.execute('LISTEN "procrastinate_queue_v1#q"')
        reaped(url)
        assert [json.loads(heard.payload)["job_id"] for heard in listener.notifies(timeout=60, stop_after=1)] == [1]


def test_a_job_that_took_its_workers_with_it_is_given_up(url: str, db: Db, caplog: pytest.LogCaptureFixture) -> None:
    gone = worker(db, silent=60)
    jobs_of(url, db, gone, 1)
    with caplog.at_level(logging.ERROR, "monitor"):
        for _ in range(STARTS):
            reaped(url)
            db.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE status = 'todo'")
    assert states(db) == {"failed": 1}
    assert [record.message for record in caplog.records] == ["job.dead"]


def test_a_job_that_another_waits_to_do_anyway_is_dropped(url: str, db: Db) -> None:
    jobs_of(url, db, worker(db, silent=60), 1, lock="once")
    with psycopg.connect(url) as writer:
        defer(writer, queue="q", task="t", payloads=[{}], queueing_lock=lambda _: "once")
    assert reaped(url) == 1
    assert states(db) == {"todo": 1}


def test_a_job_that_another_is_deferred_for_in_this_very_moment_is_dropped(
    url: str, db: Db, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    jobs_of(url, db, worker(db, silent=60), 1, lock="once")
    with psycopg.connect(url) as writer:
        defer(writer, queue="q", task="t", payloads=[{}], queueing_lock=lambda _: "once")

    async def nobody_yet(*_: object, **__: object) -> list[Any]:
        return []

    monkeypatch.setattr(JobManager, "list_jobs_async", nobody_yet)
    assert reaped(url) == 1
    assert states(db) == {"todo": 1}
    assert "job.unreaped" not in caplog.text


def test_two_of_one_queueing_lock_that_died_together_become_one(url: str, db: Db) -> None:
    gone = worker(db, silent=60)
    jobs_of(url, db, gone, 1, lock="once")
    jobs_of(url, db, gone, 1, lock="once")
    assert reaped(url) == 2
    assert states(db) == {"todo": 1}


def test_a_job_that_cannot_be_reaped_keeps_no_other_waiting(url: str, db: Db, caplog: pytest.LogCaptureFixture) -> None:
    jobs_of(url, db, worker(db, silent=60), 3)
    db.execute("UPDATE procrastinate_jobs SET lock = 'a lock' WHERE id = (SELECT min(id) FROM procrastinate_jobs)")
    db.execute(  # as if somebody had settled it in this moment
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''not this one''; END'"
    )
    db.execute(
        "CREATE TRIGGER refuse BEFORE UPDATE ON procrastinate_jobs FOR EACH ROW WHEN (OLD.lock = 'a lock') "
        "EXECUTE FUNCTION refuse()"
    )
    assert reaped(url) == 2
    assert states(db) == {"todo": 2, "doing": 1}
    assert [record.message for record in caplog.records if record.levelno == logging.WARNING].count("job.unreaped") == 1


def test_what_is_over_does_not_pile_up(url: str, db: Db) -> None:
    gone, here = worker(db, silent=3600), worker(db, silent=0)
    db.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status) "
        "SELECT 'q', 't', 'failed' FROM generate_series(1, %s)", (KEPT + 50,),
    )  # fmt: skip
    db.execute("INSERT INTO procrastinate_jobs (queue_name, task_name) SELECT 'q', 't' FROM generate_series(1, 3)")
    db.execute(
        "INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp) "
        "SELECT 't', n::text, (EXTRACT(EPOCH FROM now()) - n) * 1000000 FROM unnest(ARRAY[1, 60, 3600]) AS n"
    )
    asyncio.run(_with_manager(url, trim))
    assert states(db) == {"failed": KEPT, "todo": 3}
    assert db.execute("SELECT periodic_id FROM procrastinate_periodic_defers ORDER BY 1").fetchall() == [
        ("1",),
        ("60",),
    ]
    assert db.execute("SELECT id FROM procrastinate_workers").fetchall() == [(here,)]
    assert gone < here


def test_failed_jobs_of_last_month_are_forgotten(url: str, db: Db) -> None:
    db.execute("INSERT INTO procrastinate_jobs (queue_name, task_name) SELECT 'q', 't' FROM generate_series(1, 2)")
    db.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    db.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    db.execute("UPDATE procrastinate_events SET at = now() - interval '30 days' WHERE job_id = 1")
    asyncio.run(_with_manager(url, trim))
    assert db.execute("SELECT id FROM procrastinate_jobs").fetchall() == [(2,)]
