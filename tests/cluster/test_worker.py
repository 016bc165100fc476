"""What holds a worker together, where the database or a part of it lets it down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from threading import Thread

import pytest

from monitor.cluster.parts import Heard
from monitor.cluster.rules_watch import LOOK_EVERY
from monitor.cluster.tasks import ALIVE, House
from monitor.cluster.worker import EXIT_ERROR, Worker
from monitor.errors import StateError
from monitor.model.rules_versions import RulesFiles
from monitor.store import codec
from monitor.store.postgres.now import server_now
from monitor.store.rules_rows import RulesVersions
from tests.cli.terminal import RULES
from tests.cluster.made import until
from tests.world import NOW, FakeClock, PlainReading

FAR = 4_000_000_000_000_000  # microseconds


def nobody(*_: object) -> None:
    pass


@pytest.fixture
def worker(tmp_path, postgres_url, monkeypatch) -> Iterator[Worker]:
    monkeypatch.setattr(
        "monitor.prepared.prepare_reading", lambda *_, **__: PlainReading()
    )  # the real one takes seconds
    heard = Heard(poll=nobody, delivery=nobody, article=nobody)
    made = Worker(postgres_url, tmp_path / "state", environ={}, clock=FakeClock(), heard=heard)
    yield made
    made.engine.stop(30)
    made.parts.close(within=5.0)
    made.store.close()


def publish(worker: Worker, text: str = RULES) -> None:
    files = RulesFiles(main="rules.yaml", texts={"rules.yaml": text})
    RulesVersions(worker.store.database).publish(files, by="us", note="", now=NOW)


def takes_over(worker: Worker, number: int) -> bool:
    worker.clock.advance(timedelta(seconds=2))
    worker.look_at_rules()
    return worker.in_force is not None and worker.in_force.number == number


def due_soon(worker: Worker) -> set[str]:
    with worker.store.database.read() as db:
        return {row[0] for row in db.execute("SELECT feed_id FROM feed_state WHERE next_poll_us < ?", (FAR,))}


def test_rules_that_the_database_could_not_be_told_of_are_told_at_the_next_look(worker, monkeypatch):
    publish(worker)
    until(lambda: takes_over(worker, 1))
    with worker.store.database.write() as db:
        db.execute("UPDATE feed_state SET next_poll_us = ?", (FAR,))
    publish(worker, RULES.replace("https://one.example/rss", "https://one.example/moved"))

    def away(*_: object, **__: object) -> None:
        raise StateError("the database is away")

    with monkeypatch.context() as patched:
        patched.setattr(worker._planning, "follow", away)
        with suppress(StateError):  # whoever takes them over meets it
            until(lambda: takes_over(worker, 2))
        until(lambda: worker.in_force.number == 2)
        assert worker.rules.close(within=60)
        assert not due_soon(worker)
    worker.look_at_rules()
    assert due_soon(worker) == {worker.in_force.config.feeds[0].id}, "it has another address, and is asked at once"


def test_rules_are_in_force_once_they_are_compiled_and_what_can_wait_is_done_after_that(worker, monkeypatch):
    in_force_when_kept: list[int | None] = []
    save = worker._shelf.save
    monkeypatch.setattr(
        worker._shelf,
        "save",
        lambda *told: (in_force_when_kept.append(worker.in_force and worker.in_force.number), save(*told)),
    )
    for number in (1, 2):
        publish(worker, RULES + "#" * number)
        worker.clock.advance(LOOK_EVERY)
        worker.look_at_rules()  # the only one
        assert worker.rules.close(within=60)
        assert worker.in_force is not None
        assert worker.in_force.number == number
    assert in_force_when_kept == [1, 2]


def test_a_worker_whose_engine_broke_ends_so_that_its_supervisor_begins_it_anew(worker, monkeypatch):
    async def breaks() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(worker.engine._service, "run", breaks)
    worker.engine.start()
    until(lambda: worker.engine.is_broken)
    worker._tick()
    assert worker.draining
    assert worker._code == EXIT_ERROR


def test_a_worker_that_ends_begins_to_send_nothing_more_before_it_waits_for_what_is_under_way(worker, monkeypatch):
    stopped_first: list[bool] = []
    stop = worker.engine.stop
    monkeypatch.setattr(
        worker.engine, "stop", lambda within: stopped_first.append(worker.parts.deliveries._stopping) or stop(within)
    )
    monkeypatch.setattr(worker, "_take_signals", lambda: None)
    worker.stop()
    assert worker.run() == 0
    assert stopped_first == [True]


def test_what_a_worker_with_a_wrong_clock_writes_is_of_the_time_of_the_database(worker):
    with worker.store.database.read() as db:
        told = server_now(db)
    assert abs(worker.parts.lookout._clock.now() - told) < timedelta(minutes=1)
    assert abs(worker.clock.now() - told) > timedelta(minutes=1), "its own is off"


@pytest.mark.parametrize(
    ("due_for", "said"),
    [
        (timedelta(minutes=2), ""),
        (timedelta(minutes=4, seconds=1), "feeds are due for 4 minutes, and nobody asks them"),
    ],
)
def test_the_heartbeat_says_that_nobody_asks_the_feeds(worker, monkeypatch, due_for, said):
    """The job of the heartbeat is done whatever becomes of those that ask feeds."""
    publish(worker, RULES + "heartbeat: {url: 'http://127.0.0.1:9/beat', every: 1m}\n")
    until(lambda: takes_over(worker, 1))
    beats: list[str] = []
    monkeypatch.setattr(worker.parts.lookout, "beat_if_due", lambda _config, *, ticking: beats.append(ticking))
    with worker.store.database.write() as db:
        now = server_now(db) - due_for
        db.execute("UPDATE feed_state SET next_poll_us = ?", (codec.microseconds(now),))
    house = House(store=worker.store, parts=worker.parts, rules=lambda: worker.in_force, clock=worker.clock)
    house.works(lambda: worker.engine)[ALIVE]({})
    assert beats == [said]


def test_rules_that_one_machine_cannot_use_are_not_mended_by_another_that_can(worker, monkeypatch):
    publish(worker)
    until(lambda: takes_over(worker, 1))
    publish(worker, "version: 2\n")

    def refused() -> bool:
        worker.clock.advance(timedelta(seconds=2))
        worker.look_at_rules()
        return bool(worker.rules.trouble)

    until(refused)
    worker.parts.operations.settle()
    [reported] = [key for key, trouble in worker.parts.operations.troubles().items() if "published" in key]
    monkeypatch.setattr("monitor.cluster.worker.socket.gethostname", lambda: "another")
    worker._told = None
    monkeypatch.setattr(type(worker.rules), "trouble", "")
    worker.look_at_rules()
    worker.parts.operations.settle()
    assert worker.parts.operations.troubles()[reported].lasts


def test_a_worker_begins_no_work_before_it_has_rules(worker):
    publish(worker)
    until(lambda: takes_over(worker, 1))
    known, worker._in_force = worker._in_force, None
    waits = Thread(target=worker._wait_for_rules)
    waits.start()
    assert waits.is_alive()
    worker._in_force = known
    waits.join(30)
    assert not waits.is_alive()
