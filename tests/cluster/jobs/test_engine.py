from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from monitor.cluster.jobs import service
from monitor.cluster.jobs.connection import POOL, EngineAway
from monitor.cluster.jobs.engine import Engine
from monitor.cluster.jobs.pressure import pressure
from monitor.cluster.jobs.queues import Payload, Queue
from monitor.cluster.jobs.schema import install
from monitor.cluster.jobs.slots import Taken
from tests.cluster.jobs.conftest import Started
from tests.cluster.jobs.replicas import wait_for
from tests.postgres.server import Postgres

Db = psycopg.Connection[tuple[Any, ...]]


class Gate:
    """A task whose jobs wait until they are let go."""

    def __init__(self) -> None:
        self.began: list[Payload] = []
        self.ended: list[Payload] = []
        self.most = 0
        self._open = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, payload: Payload) -> None:
        with self._lock:
            self.began.append(payload)
            self.most = max(self.most, len(self.began) - len(self.ended))
        assert self._open.wait(120)
        with self._lock:
            self.ended.append(payload)

    def open(self) -> None:
        self._open.set()


@pytest.fixture
def gate() -> Iterator[Gate]:
    """Opened before engines are stopped: asked for after `started`."""
    made = Gate()
    yield made
    made.open()


@pytest.fixture(scope="module")
def shaken() -> Iterator[Postgres]:
    """A server that each test may stop, and leaves running, or starts."""
    with Postgres() as server:
        yield server


def numbered(number: int) -> list[Payload]:
    return [{"n": n} for n in range(number)]


def jobs(db: Db) -> list[tuple[str, str]]:
    return db.execute("SELECT task_name, status::text FROM procrastinate_jobs ORDER BY id").fetchall()  # type: ignore[return-value]


@pytest.mark.parametrize("listen", [True, False])
def test_jobs_are_worked_on_and_gone_when_they_ended(started: Started, db: Db, listen: bool) -> None:
    done: list[Payload] = []
    engine = started({"poll": done.append}, listen=listen)
    assert engine.defer(db, "poll", [{"feeds": [["ا", 1, 2]]}, {"feeds": []}]) == 2
    wait_for(lambda: len(done) == 2 and not jobs(db))
    assert sorted(done, key=str) == sorted([{"feeds": [["ا", 1, 2]]}, {"feeds": []}], key=str)


def test_a_worker_that_listens_hears_of_a_job_and_need_not_look(
    started: Started, db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LOOK_LISTENING", 86_400.0)
    done: list[Payload] = []
    engine = started({"poll": done.append, "plan": done.append})
    for n in range(3):
        engine.defer(db, ("poll", "plan")[n % 2], [{"n": n}])
        wait_for(lambda n=n: len(done) == n + 1)  # type: ignore[misc]


def test_nobody_is_reaped_before_those_who_lost_the_database_with_us_had_time_for_a_sign_of_life(
    started: Started, db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES ('epoch')")
    db.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id) "
        "SELECT 'elsewhere', 'poll', 'doing', id FROM procrastinate_workers"
    )
    engine = started({})

    def reaped() -> None:
        engine.defer_slot("reap", datetime.now(UTC))
        wait_for(lambda: all(task != "reap" for task, _ in jobs(db)))

    monkeypatch.setattr(service, "STALLED", 3600.0)
    reaped()
    assert jobs(db) == [("poll", "doing")]
    monkeypatch.setattr(service, "STALLED", 0.0)
    reaped()
    assert jobs(db) == [("poll", "todo")]


def test_so_many_of_a_queue_run_at_a_time_and_hold_up_no_other(started: Started, gate: Gate, db: Db) -> None:
    done: list[Payload] = []
    engine = started({"poll": gate, "deliver": done.append}, at_once=2)
    engine.defer(db, "poll", numbered(6))
    wait_for(lambda: len(gate.began) == 2)
    engine.defer(db, "deliver", numbered(1))
    wait_for(lambda: done)
    assert [job.task for job in engine.running()] == ["poll", "poll"]
    gate.open()
    wait_for(lambda: len(gate.ended) == 6)
    assert gate.most == 2


def test_a_job_that_raises_is_told_and_kept_and_not_tried_again(
    started: Started, db: Db, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[Payload] = []

    def fail(payload: Payload) -> None:
        tried.append(payload)
        raise RuntimeError("no such feed")

    done: list[Payload] = []
    engine = started({"poll": fail, "deliver": done.append})
    engine.defer(db, "poll", numbered(1))
    wait_for(lambda: jobs(db) == [("poll", "failed")])
    engine.defer(db, "deliver", numbered(1))
    wait_for(lambda: done)
    assert len(tried) == 1
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == ["job.failed"]
    assert [(task.task, task.failed) for task in pressure(db) if task.failed] == [("poll", 1)]


def test_a_job_of_a_newer_monitor_is_told_and_kept(started: Started, db: Db, caplog: pytest.LogCaptureFixture) -> None:
    engine = started({"poll": Gate()})
    db.execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('of-poll', 'poll-better')")
    wait_for(lambda: jobs(db) == [("poll-better", "failed")])
    assert "job.unknown" in caplog.text
    assert engine.connected


def test_a_queue_that_is_thrown_away_costs_the_engine_nothing(
    started: Started, gate: Gate, db: Db, caplog: pytest.LogCaptureFixture
) -> None:
    engine = started({"poll": gate})
    engine.defer(db, "poll", numbered(2))
    wait_for(lambda: len(gate.began) == 1)
    db.execute("DELETE FROM procrastinate_jobs")
    gate.open()
    wait_for(lambda: "job.unrecorded" in caplog.text)
    engine.defer(db, "poll", numbered(1))
    wait_for(lambda: len(gate.ended) == 2 and not jobs(db))
    assert "engine.lost" not in caplog.text


def test_a_drain_lets_end_what_runs_and_begins_nothing(started: Started, gate: Gate, db: Db) -> None:
    engine = started({"poll": gate})
    engine.defer(db, "poll", numbered(2))
    wait_for(lambda: len(gate.began) == 1)
    assert engine.stop(within=0.1) is False
    gate.open()
    assert engine.stop(within=60) is True
    assert gate.ended == gate.began == [{"n": 0}]
    assert jobs(db) == [("poll", "todo")]
    assert db.execute("SELECT count(*) FROM procrastinate_workers").fetchone() == (0,)


def test_signs_of_life_go_on_while_a_drain_lasts(started: Started, gate: Gate, db: Db) -> None:
    engine = started({"poll": gate})
    engine.defer(db, "poll", numbered(1))
    wait_for(lambda: gate.began)
    engine.stop(within=0)

    def beaten() -> int:
        statement = (
            "UPDATE procrastinate_workers SET last_heartbeat = 'epoch' WHERE last_heartbeat > 'epoch' AND id IN "
            "(SELECT worker_id FROM procrastinate_jobs)"
        )
        return db.execute(statement).rowcount

    beaten()
    wait_for(lambda: beaten() == 1)


def test_a_slot_is_deferred_into_the_queue_of_its_task(started: Started, db: Db) -> None:
    done: list[Payload] = []
    engine = started({"plan": done.append})
    slot = datetime.now(UTC)
    assert isinstance(engine.defer_slot("plan", slot), int)
    assert engine.defer_slot("plan", slot) is Taken.BY_ANOTHER
    wait_for(lambda: done)
    assert done == [{"slot_us": round(slot.timestamp() * 1_000_000)}]


def test_a_process_takes_the_connections_that_it_said(started: Started, db: Db) -> None:
    done: list[Payload] = []
    engine = started({"poll": done.append, "plan": done.append, "deliver": done.append}, at_once=8)
    for task in ("poll", "plan", "deliver"):
        engine.defer(db, task, numbered(40))
    wait_for(lambda: len(done) == 120)
    count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s"
    row = db.execute(count, ("monitor engine",)).fetchone()
    assert row is not None
    assert 2 <= row[0] <= POOL + 1


def test_an_engine_waits_for_a_database_that_comes_later(shaken: Postgres) -> None:
    url = shaken.fresh(install)
    shaken.stop()
    done: list[Payload] = []
    engine = Engine(url, [Queue(name="q", at_once=1, tasks={"plan": done.append})])
    engine.start()
    try:
        with pytest.raises(EngineAway):
            engine.defer_slot("plan", datetime.now(UTC))
        shaken.start()
        wait_for(lambda: engine.connected)
        engine.defer_slot("plan", datetime.now(UTC))
        wait_for(lambda: done)
    finally:
        assert engine.stop(within=60)


def test_a_loss_is_told_once_and_the_return_once(shaken: Postgres, caplog: pytest.LogCaptureFixture) -> None:
    url = shaken.fresh(install)
    gate = Gate()
    engine = Engine(url, [Queue(name=name, at_once=1, tasks={name: gate}) for name in ("poll", "plan")])
    with caplog.at_level(logging.INFO):
        engine.start()
        try:
            wait_for(lambda: engine.connected)
            with psycopg.connect(url) as db:
                engine.defer(db, "poll", numbered(1))
            wait_for(lambda: gate.began)
            shaken.stop(immediate=True)
            wait_for(lambda: not engine.connected)
            gate.open()  # it ends while nobody can be told
            wait_for(lambda: gate.ended)
            shaken.start()
            wait_for(lambda: engine.connected)
            with psycopg.connect(url) as db:
                engine.defer(db, "plan", numbered(1))
                db.commit()
                wait_for(lambda: not jobs(db))
        finally:
            assert engine.stop(within=60)
    told = [record.message for record in caplog.records if record.levelno >= logging.WARNING]
    assert told == ["engine.lost", "engine.back"]
    assert len(gate.ended) == 2
    assert url.split(":")[2].split("@")[0] not in caplog.text


def test_jobs_of_before_a_loss_and_after_it_are_together_no_more_than_so_many(shaken: Postgres) -> None:
    url = shaken.fresh(install)
    gate = Gate()
    engine = Engine(url, [Queue(name="polls", at_once=2, tasks={"poll": gate})])
    engine.start()
    try:
        wait_for(lambda: engine.connected)
        with psycopg.connect(url) as db:
            engine.defer(db, "poll", numbered(6))
        wait_for(lambda: len(gate.began) == 2)
        shaken.restart(immediate=True)
        with psycopg.connect(url, autocommit=True) as db:
            wait_for(lambda: jobs(db).count(("poll", "doing")) == 4)  # two that run, and two that follow
            gate.open()
            wait_for(lambda: not jobs(db))
    finally:
        gate.open()
        assert engine.stop(within=60)
    assert gate.most == 2
    assert sorted(str(payload["n"]) for payload in gate.ended) == list("012345")


def test_a_worker_that_ends_by_itself_is_followed_by_another(started: Started, db: Db) -> None:
    done: list[Payload] = []
    engine = started({"poll": done.append})
    wait_for(lambda: len(engine._service._runs) == 2)
    for worker in list(engine._service._runs):
        engine._loop.call_soon_threadsafe(worker.stop)
    wait_for(lambda: not engine._service._runs)
    engine.defer(db, "poll", numbered(1))
    wait_for(lambda: done)


def test_a_server_that_is_away_keeps_no_process_from_ending(shaken: Postgres) -> None:
    url = shaken.fresh(install)
    engine = Engine(url, [Queue(name="q", at_once=1, tasks={"plan": Gate()})])
    engine.start()
    wait_for(lambda: engine.connected)
    shaken.stop(immediate=True)
    wait_for(lambda: not engine.connected)
    assert engine.stop(within=60)
    shaken.start()


def test_to_stop_what_never_started_is_nothing(url: str) -> None:
    engine = Engine(url, [])
    assert engine.stop(within=0)
    with pytest.raises(EngineAway):
        engine.defer_slot("reap", 0)
