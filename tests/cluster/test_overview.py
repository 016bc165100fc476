"""The fleet as it stands in a database of a real server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from monitor.cluster.enrol import sync
from monitor.cluster.jobs.schema import install
from monitor.cluster.overview import overview
from monitor.cluster.plan import plan
from monitor.errors import UsageError
from monitor.model.rules_versions import RulesFiles
from monitor.store import SqliteStore
from monitor.store.postgres.now import server_now
from monitor.store.postgres.store import PostgresStore, open_postgres
from monitor.store.rules_rows import RulesVersions
from monitor.store.turn_rows import TurnRows
from monitor.store.worker_rows import Workers
from tests.cluster.fleet import worker
from tests.cluster.made import at_one_host, feed
from tests.postgres import Postgres
from tests.store.builders import DESK, FIELD, NOW, tell
from tests.store.conftest import with_schema

SECOND = timedelta(seconds=1)


@pytest.fixture
def store(postgres: Postgres) -> Iterator[PostgresStore]:
    url = postgres.fresh(with_schema)
    made = open_postgres(url, now=NOW)
    yield made
    made.close()
    postgres.drop(url)


def test_a_database_that_no_worker_has_ever_seen_is_told_of_as_it_is(store):
    fleet = overview(store.database)
    assert (fleet.workers, fleet.rules, fleet.tasks, fleet.channels) == ((), None, (), ())
    assert (fleet.feeds.due, fleet.feeds.crowds) == (0, ())
    server = fleet.server
    with psycopg.connect(store.database.url) as db:
        asked = db.execute("SHOW max_connections").fetchone()
    assert server.version.split(".")[0].isdigit()
    assert 0 < server.connections < server.connections_most < int(asked[0])
    assert (server.replication, server.is_standby) == ("none", False)


def test_all_is_gathered_in_one_value(store):
    with store.database.read() as db:
        began = server_now(db)
    workers = Workers(store.database, server_now)
    published = RulesVersions(store.database).publish(
        RulesFiles(main="rules.yaml", texts={"rules.yaml": "version: 1"}), by="sara", note="", now=began
    )
    workers.beat(worker("a-1", rules_number=1))
    workers.beat(worker("b-2", rules_number=None))
    workers.beat(worker("c-3", rules_number=1))
    with store.database.write() as db:
        db.execute("UPDATE worker SET beat_us = beat_us - 16000000 WHERE id = 'c-3'")
    for title, recipient in (("غارة", DESK), ("قصف", FIELD)):
        tell(store, title, recipient)
    assert TurnRows(store.database, server_now, lease=15 * SECOND).take("desk", "a-1") is not None
    install(store.database.url)
    with psycopg.connect(store.database.url, autocommit=True) as db:
        sync(db, 1, [*at_one_host(40), feed("small")])
        plan(db, limit=500, lease=timedelta(minutes=10), worker="a-1")
        db.execute("UPDATE feed_state SET lease_until_us = 1, next_poll_us = 1 WHERE feed_id = 'small'")
        db.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, args, status) "
            "VALUES ('poll', 'poll', 0, NULL, '{}', 'todo')"
        )
    fleet = overview(store.database)
    assert [(each.worker.id, each.is_gone) for each in fleet.workers] == [
        ("a-1", False), ("b-2", False), ("c-3", True)
    ]  # fmt: skip
    assert (fleet.rules, fleet.following) == (published, 1)
    assert (fleet.feeds.due, fleet.feeds.expired) == (1, 1)
    assert fleet.feeds.leased + fleet.feeds.put_off == 40
    assert [each.host for each in fleet.feeds.crowds] == ["giant.example"]
    assert [(each.task, each.waiting) for each in fleet.tasks] == [("poll", 1)]
    assert [(channel, sender, owed.pending) for channel, sender, owed in fleet.channels] == [
        ("desk", "a-1", 1), ("field", None, 1)
    ]  # fmt: skip
    assert began <= fleet.at <= began + timedelta(minutes=5)


def test_a_worker_is_silent_by_the_clock_of_the_database_whatever_ours_shows(store):
    """NOW of the builders lies far from the time of the server, as a clock that is wrong does."""
    workers = Workers(store.database, server_now)
    workers.beat(worker())
    (found,) = overview(store.database).workers
    assert not found.is_gone
    assert found.silent_for < 15 * SECOND


def test_whoever_may_see_nothing_of_the_server_sees_the_fleet_all_the_same(store, postgres):
    workers = Workers(store.database, server_now)
    workers.beat(worker())
    name = f"reader_{os.getpid()}"
    with psycopg.connect(store.database.url, autocommit=True) as db:
        db.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'reads'")
        db.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")
        info = db.info
        url = f"postgresql://{name}:reads@{info.host}:{info.port}/{info.dbname}"
    lesser = open_reader_of(url)
    try:
        fleet = overview(lesser)
        assert [each.worker.id for each in fleet.workers] == ["a-1"]
        assert fleet.server.connections > 0
    finally:
        lesser.close()
        with psycopg.connect(store.database.url, autocommit=True) as db:
            db.execute(f"DROP OWNED BY {name}")
            db.execute(f"DROP ROLE {name}")


def open_reader_of(url: str):
    from monitor.store.postgres.database import PostgresDatabase

    return PostgresDatabase(url, connections=1)


def test_a_state_in_a_file_has_no_fleet():
    store = SqliteStore.in_memory(now=NOW)
    with pytest.raises(UsageError, match="MONITOR_DATABASE_URL"):
        overview(store.database)
    store.close()
