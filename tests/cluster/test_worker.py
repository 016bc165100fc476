"""What holds a worker together, where the database or a part of it lets it down."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from types import SimpleNamespace

import psycopg
import pytest

from monitor.cluster.parts import Heard
from monitor.cluster.rules_watch import LOOK_EVERY, TRY_AGAIN
from monitor.cluster.tasks import ALIVE, LOOK, House
from monitor.cluster.worker import EXIT_ERROR, Worker
from monitor.errors import StateError
from monitor.model.rules_versions import RulesFiles
from monitor.model.workers import WorkerSeen
from monitor.store import codec
from monitor.store.postgres.now import server_now
from monitor.store.postgres.store import open_postgres
from monitor.store.rules_rows import RulesVersions
from monitor.store.watch_rows import watches
from monitor.store.worker_rows import Workers
from tests.cli.terminal import RULES
from tests.cluster.made import until
from tests.store.builders import feed, item
from tests.world import NOW, FakeClock, PlainReading

SILENT = "  - {{id: quiet, kind: silence, feeds: one, for: {}}}\n"
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


def test_a_state_directory_that_cannot_be_made_is_told_with_its_remedy(tmp_path, postgres_url):
    (tmp_path / "file").touch()
    heard = Heard(poll=nobody, delivery=nobody, article=nobody)
    with pytest.raises(StateError, match=r"cannot be the state directory: Not a directory\. Name another with --state"):
        Worker(postgres_url, tmp_path / "file" / "state", environ={}, clock=FakeClock(), heard=heard)


def lasting(worker: Worker) -> set[str]:
    return {each.finding.subject for each in worker.parts.operations.troubles().values() if each.lasts}


def test_what_a_worker_that_is_gone_said_of_older_rules_is_over_with_newer_ones(worker, tmp_path, postgres_url):
    """Nobody else would ever take it back."""
    heard = Heard(poll=nobody, delivery=nobody, article=nobody)
    gone = Worker(postgres_url, tmp_path / "gone", environ={}, clock=FakeClock(), heard=heard)
    gone.parts.operations.tell("warnings", "The rules in force have warnings", "of older ones")
    gone.parts.operations.tell("disk", "It is full", "that of the machine")
    until(lambda: lasting(worker) == {"warnings", "disk"})
    gone.parts.close(within=5.0)
    gone.store.close()
    publish(worker)
    until(lambda: takes_over(worker, 1))
    until(lambda: lasting(worker) == {"disk"})


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


def test_an_article_is_another_workers_as_its_own_ends_and_minutes_after_that_was_killed(worker, monkeypatch):
    page: Future[object] = Future()
    monkeypatch.setattr(worker.parts.articles._fetcher, "submit", lambda _request: page)
    now, entry = worker.parts._clock.now(), item(link="https://local.example/1")
    with worker.store.ingest() as tx:
        entry_id, _, _ = tx.write(entry, seen_at=now)
        tx.want_article(entry_id, entry.entry, entry.fingerprint.raw, now=now)
    assert worker.parts.articles.tick(SimpleNamespace(feeds={"local": replace(feed("local"), full_text=True)}))

    def held_until() -> int | None:
        with worker.store.database.read() as db:
            return db.execute("SELECT lease_until_us FROM article").fetchone()[0]

    assert held_until() == codec.microseconds(now + timedelta(minutes=3))
    worker.parts.articles.stop()
    page.cancel()
    assert worker.parts.articles.wait(30)
    assert held_until() is None


def test_what_a_worker_with_a_wrong_clock_writes_is_of_the_time_of_the_database(worker):
    with worker.store.database.read() as db:
        told = server_now(db)
    assert abs(worker.parts.lookout._clock.now() - told) < timedelta(minutes=1)
    with worker.store.ingest() as tx:
        decided_at = tx.decides(worker.clock.now)
    assert abs(decided_at - told) < timedelta(minutes=1)
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


def test_a_worker_leaves_channels_of_newer_rules_to_those_that_know_them(worker, monkeypatch):
    publish(worker)
    until(lambda: takes_over(worker, 1))
    old = worker.in_force
    publish(worker, RULES + "channels: {desk: {url: 'json://127.0.0.1:9/desk'}}\n")
    until(lambda: takes_over(worker, 2))
    served: list[tuple[int | None, str]] = []
    monkeypatch.setattr(
        worker.parts.deliveries, "serve", lambda setup, channel: served.append((setup.version, channel))
    )
    for rules in (old, worker.in_force):
        house = House(store=worker.store, parts=worker.parts, rules=lambda it=rules: it, clock=worker.clock)
        for channel in ("desk", "console", "gone"):
            house.deliver({"channel": channel})
    assert served == [(1, "console"), (2, "desk"), (2, "console"), (2, "gone")]


def test_what_looks_after_a_fleet_reads_no_content_of_its_feeds(worker, monkeypatch):
    """Of 100,000 feeds it is hundreds of megabytes, and a worker may have one thousand."""
    publish(worker, RULES + SILENT.format("6h") + "heartbeat: {url: 'http://127.0.0.1:9/beat', every: 1m}\n")
    until(lambda: takes_over(worker, 1))
    with worker.store.database.write() as db:
        db.execute("UPDATE feed_state SET entry_marks = ?", (b"x" * 10_000_000,))
    house = House(store=worker.store, parts=worker.parts, rules=lambda: worker.in_force, clock=worker.clock)
    works = house.works(lambda: worker.engine)
    works[LOOK]({})  # imports what it needs
    works[ALIVE]({})
    for job in (LOOK, ALIVE):
        worker.clock.advance(timedelta(minutes=2))
        tracemalloc.start()
        works[job]({})
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert most < 5_000_000, job


def test_a_worker_that_stays_with_older_rules_ends_no_watch_of_those_that_have_newer_ones(worker):
    """They look in turn, whoever is free: a silence that began anew each time would never be told."""
    publish(worker)
    until(lambda: takes_over(worker, 1))
    rules = {1: worker.in_force}
    for number, lasts in ((2, "6h"), (3, "7h")):
        publish(worker, RULES + SILENT.format(lasts))
        until(lambda number=number: takes_over(worker, number))
        rules[number] = worker.in_force
    turn = [0]
    house = House(store=worker.store, parts=worker.parts, rules=lambda: rules[turn[0]], clock=worker.clock)
    look = house.works(lambda: worker.engine)[LOOK]
    begun = []
    for turn[0] in (3, 1, 2, 3):
        worker.clock.advance(timedelta(minutes=1))
        look({})
        begun.append({rule_id: watch.begun_at for rule_id, (_, watch) in watches(worker.store.database).items()})
    assert begun == [{"quiet": begun[0]["quiet"]}] * 4


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


@pytest.mark.parametrize("trouble", ["", "it lacks the same"])
def test_a_worker_that_lacks_a_value_leaves_the_work_to_one_that_has_it_and_else_does_what_it_can(worker, trouble):
    publish(worker, RULES + 'channels: {desk: {url: "${NOWHERE}"}}\n')
    other = WorkerSeen(
        id="other", host="h", pid=1, began_at=NOW, version="1", rules_number=1, rules_trouble=trouble,
    )  # fmt: skip
    worker.look_at_rules()
    assert worker.rules.close(within=60)
    for _ in range(2):
        Workers(worker.store.database, server_now).beat(other)
        worker.clock.advance(TRY_AGAIN)
        worker.look_at_rules()
        assert worker.rules.close(within=60)
    assert (worker.in_force is not None) == bool(trouble)
    assert "${NOWHERE} has no value" in worker.rules.trouble


def test_a_worker_that_may_not_make_its_queue_says_what_to_mend(tmp_path, postgres_url):
    """The tables of the state are there, made by another user."""
    open_postgres(postgres_url, now=NOW).close()
    name = f"lesser_{os.getpid()}"
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'works'")
        db.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {name}")
        url = f"postgresql://{name}:works@{db.info.host}:{db.info.port}/{db.info.dbname}"
    heard = Heard(poll=nobody, delivery=nobody, article=nobody)
    try:
        with pytest.raises(StateError, match=r"its user may not do this\. Make it the owner of the database"):
            Worker(url, tmp_path / "state", environ={}, clock=FakeClock(), heard=heard)
    finally:
        with psycopg.connect(postgres_url, autocommit=True) as db:
            db.execute(f"DROP OWNED BY {name}")
            db.execute(f"DROP ROLE {name}")
