"""What every store promises about workers: who is there, who is silent, what each tells of itself."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model.workers import GONE_AFTER, Told, WorkerSeen
from monitor.store import Reader
from monitor.store.views.fleet import Owed, alive, owed, turns
from monitor.store.views.fleet import workers as workers_of
from monitor.store.worker_rows import Workers

from .builders import DAY, DESK, FIELD, HOUR, NOW, tell
from .test_contract_turns import Told as Time
from .test_contract_turns import turn_rows

SECOND = timedelta(seconds=1)
TOLD = Told(
    polls={"polled": 3, "failed": 1},
    entries=12,
    alerts=2,
    articles={"read": 4},
    deliveries={"sent": 5, "dead": 1},
    jobs={"poll": 9},
    jobs_failed={"poll": 1},
    batches=2,
    feeds=50,
    channels=("desk", "قناة"),
    clock_ahead=timedelta(milliseconds=-1500),
)
WORKER = WorkerSeen(
    id="a-1", host="alpha", pid=4711, began_at=NOW, version="0.9", rules_number=3, rules_trouble="سطر: خطأ", told=TOLD
)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def workers(store, time) -> Workers:
    return Workers(store.database, lambda _db: time.now())


def test_what_a_worker_tells_comes_back_as_it_was_told(workers):
    assert workers.beat(WORKER) == NOW
    (record,) = workers.listed()
    assert record.worker == WORKER
    assert (record.beat_at, record.silent_for, record.is_gone) == (NOW, timedelta(0), False)


def test_each_sign_of_life_takes_the_place_of_the_one_before(workers, time):
    workers.beat(replace(WORKER, rules_number=None))
    time.at += 2 * SECOND
    later = replace(WORKER, stage="draining", rules_trouble="", rules_number=4, told=Told())
    workers.beat(later)
    assert [(each.worker, each.beat_at) for each in workers.listed()] == [(later, NOW + 2 * SECOND)]


def test_a_worker_that_says_nothing_is_gone_after_fifteen_seconds_by_the_clock_of_the_database(workers, time):
    workers.beat(WORKER)
    time.at += GONE_AFTER
    assert [each.is_gone for each in workers.listed()] == [False]
    time.at += timedelta(microseconds=1)
    (record,) = workers.listed()
    assert record.is_gone
    assert record.silent_for == GONE_AFTER + timedelta(microseconds=1)


def test_a_worker_that_ends_is_missed_by_nobody_and_others_stay(workers):
    workers.beat(WORKER)
    workers.beat(replace(WORKER, id="b-2", began_at=NOW - HOUR))
    workers.end("a-1")
    workers.end("a-1")
    assert [each.worker.id for each in workers.listed()] == ["b-2"]


def test_workers_are_told_by_when_they_began(workers):
    for worker_id, hours in (("c", 2), ("a", 1), ("b", 3)):
        workers.beat(replace(WORKER, id=worker_id, began_at=NOW - hours * HOUR))
    assert [each.worker.id for each in workers.listed()] == ["b", "c", "a"]


def test_a_killed_worker_is_told_of_for_a_day_and_then_removed(store, workers, time):
    workers.beat(WORKER)
    time.at += DAY - SECOND
    assert len(workers.listed()) == 1
    assert workers.forget() == 0
    time.at += SECOND
    assert workers.listed() == ()
    assert workers.forget() == 1
    with store.database.read() as db:
        assert db.execute("SELECT count(*) FROM worker").fetchone()[0] == 0


def test_what_no_database_can_keep_is_no_reason_to_stay_silent(workers):
    workers.beat(
        replace(WORKER, rules_trouble="a\x00b" + 9_000 * "x", told=Told(jobs={"\x00": 1}, channels=("\ud800",)))
    )
    (record,) = workers.listed()
    assert record.worker.rules_trouble.startswith("a\ufffdb")
    assert len(record.worker.rules_trouble) < 9_000
    assert record.worker.told.jobs == {"\x00": 1}


@pytest.mark.parametrize(
    "written",
    ["", "nonsense", "[]", "7", '{"polls": 3, "entries": "many", "channels": "desk", "clock_ahead_ms": 1e99}'],
)
def test_what_a_worker_of_another_version_tells_breaks_nobody(store, workers, written):
    workers.beat(WORKER)
    with store.database.write() as db:
        db.execute("UPDATE worker SET told = ?", (written,))
    assert [each.worker.told for each in workers.listed()] == [Told()]


def test_what_a_newer_version_tells_beside_is_left_out(store, workers):
    workers.beat(WORKER)
    with store.database.write() as db:
        told = json.dumps({"entries": 4, "polls": {"polled": 1, "asleep": 2}, "mood": "good"})
        db.execute("UPDATE worker SET told = ?", (told,))
    (record,) = workers.listed()
    assert record.worker.told == Told(entries=4, polls={"polled": 1, "asleep": 2})


def test_clocks_that_differ_by_less_than_a_minute_hide_no_worker_from_another_machine(store, workers, time):
    workers.beat(WORKER)
    seen = {late: alive(workers_of(Reader(store.database), NOW + late * SECOND)) for late in (-90, 0, 60, 61)}
    assert seen == {-90: 1, 0: 1, 60: 1, 61: 0}


def test_turns_are_told_while_they_are_had(store, time):
    rows = turn_rows(store, time)
    desk, field = rows.take("desk", "a-1"), rows.take("field", "b-2")
    assert desk is not None
    assert field is not None
    rows.give_back(field, "{}")
    with store.database.read() as db:
        assert [(each.channel_id, each.worker, each.until) for each in turns(db, NOW)] == [
            ("desk", "a-1", NOW + 15 * SECOND)
        ]
        assert turns(db, NOW + 15 * SECOND) == ()


def test_what_did_not_arrive_is_counted_by_channel(store):
    with store.database.read() as db:
        assert owed(db) == {}
    for title, recipient in (("غارة", DESK), ("قصف", FIELD), ("اشتباك", DESK)):
        tell(store, title, recipient)
    with store.database.write() as db:
        first = db.execute("SELECT min(id) FROM delivery WHERE channel_id = 'desk'").fetchone()[0]
        db.execute("UPDATE delivery SET status = 'retrying', created_us = created_us - 5 WHERE id = ?", (first,))
        db.execute("UPDATE delivery SET status = 'dead', last_try_us = 7000000 WHERE channel_id = 'field'")
    with store.database.read() as db:
        found = owed(db)
    assert list(found) == ["desk", "field"]
    assert (found["desk"].pending, found["desk"].retrying, found["desk"].dead) == (1, 1, 0)
    assert found["desk"].since is not None
    assert found["field"] == Owed(dead=1, given_up_at=datetime.fromtimestamp(7, UTC))
