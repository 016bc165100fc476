"""A tick of planning: what is due becomes jobs, in the transactions that lease it."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from monitor.cluster import planning
from monitor.cluster.batches import Batch
from monitor.cluster.enrol import sync
from monitor.cluster.jobs.engine import Engine
from monitor.cluster.jobs.queues import Queue
from monitor.cluster.jobs.schema import install
from monitor.cluster.planning import POLL, Planning
from monitor.store.postgres.connection import prepare
from monitor.store.postgres.database import PostgresDatabase
from tests.cluster.made import at_one_host, feed
from tests.postgres import Postgres
from tests.store.conftest import with_schema
from tests.world import NOW


def with_both(url: str) -> None:
    with_schema(url)
    install(url)


@pytest.fixture
def url(postgres: Postgres) -> Iterator[str]:
    made = postgres.fresh(with_both)
    yield made
    postgres.drop(made)


@pytest.fixture
def db(url: str) -> Iterator[Connection[Any]]:
    with psycopg.connect(url) as connection:
        prepare(connection)
        yield connection


@pytest.fixture
def database(url: str) -> Iterator[PostgresDatabase]:
    made = PostgresDatabase(url)
    yield made
    made.close()


def planner(url: str, database: PostgresDatabase, *tasks: str) -> Planning:
    queues = [Queue(name=task, at_once=1, tasks={task: lambda _: None}) for task in tasks]
    return Planning(database=database, engine=Engine(url, queues), worker="w1")


def batches(db: Connection[Any]) -> list[Batch]:
    asked = "SELECT args FROM procrastinate_jobs WHERE task_name = %s ORDER BY id"
    return [Batch.read(args) for (args,) in db.execute(asked, (POLL,)).fetchall()]


def leased(db: Connection[Any]) -> set[tuple[str, int]]:
    return {tuple(row) for row in db.execute("SELECT feed_id, token FROM feed_state WHERE leased_by = 'w1'")}


def test_every_feed_that_is_leased_is_in_a_job_with_its_token(
    url: str, database: PostgresDatabase, db: Connection
) -> None:
    sync(db, 3, [feed(f"f{n}") for n in range(60)])
    planner(url, database, POLL).work({})
    jobs = batches(db)
    assert [(each.rules, len(each.leases)) for each in jobs] == [(3, 25), (3, 25), (3, 10)]
    assert leased(db) == {(lease.feed_id, lease.token) for each in jobs for lease in each.leases}
    planner(url, database, POLL).work({})
    assert batches(db) == jobs


def test_where_the_queue_takes_no_job_nothing_is_leased(url: str, database: PostgresDatabase, db: Connection) -> None:
    sync(db, 1, [feed("a")])
    with pytest.raises(KeyError, match=POLL):
        planner(url, database, "another").work({})
    assert leased(db) == set()


def test_a_tick_goes_on_behind_a_host_that_has_more_feeds_than_slots(
    url: str, database: PostgresDatabase, db: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "AT_ONCE", 20)
    sync(db, 1, at_one_host(100), now_us=0)
    sync(db, 2, [*at_one_host(100), feed("small")], now_us=1)
    planner(url, database, POLL).work({})
    assert ("small", 1) in leased(db)


def test_no_more_is_planned_than_the_fleet_can_get_done(
    url: str, database: PostgresDatabase, db: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "AT_ONCE", 50)
    monkeypatch.setattr(planning, "WAITING", 3)
    sync(db, 1, [feed(f"f{n}") for n in range(200)])
    planner(url, database, POLL).work({})
    assert len(batches(db)) == 4  # two to a transaction; the third transaction found enough
    assert len(leased(db)) == 100


def test_what_new_rules_ask_for_is_done_once_and_by_another_where_it_was_broken_off(
    url: str, database: PostgresDatabase, db: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = SimpleNamespace(rules=())
    sync(db, 3, [feed("f1")])
    later = "UPDATE feed_state SET next_poll_us = 4000000000000000"
    db.execute(later)
    one, other = planner(url, database, POLL), planner(url, database, POLL)

    def breaks(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(planning.outbox, "look_anew", breaks)
        with pytest.raises(ZeroDivisionError):
            one.follow(3, ("f1",), config, now=NOW)
    assert other.follow(3, ("f1",), config, now=NOW)
    assert db.execute("SELECT next_poll_us FROM feed_state").fetchone()[0] < 4000000000000000
    db.execute(later)
    assert not one.follow(3, ("f1",), config, now=NOW), "done"
    assert not one.follow(2, ("f1",), config, now=NOW), "older"
