"""A server that stands still, and keeps its connections: what waits for it, for how long, and how it goes on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from monitor.errors import StateError, StateLocked, StateUnwritable
from monitor.store.postgres import bounded, fleet_lock
from monitor.store.postgres.bounded import AsyncBounded, Bounded, Silent
from monitor.store.postgres.database import PostgresDatabase
from monitor.store.postgres.fleet_lock import FleetLock, holders
from monitor.store.postgres.store import open_postgres
from tests.cluster.made import until
from tests.postgres import Postgres
from tests.world import NOW

ANSWER = 0.5  # seconds
FOR_EVER = 30.0  # seconds


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with Postgres() as made:
        yield made


@pytest.fixture
def url(server: Postgres) -> Iterator[str]:
    made = server.fresh()
    yield made
    server.drop(made)


@pytest.fixture
def database(url: str) -> Iterator[PostgresDatabase]:
    made = PostgresDatabase(url, patience=timedelta(seconds=0.5), answer=ANSWER)
    with made.write() as db:
        db.execute("CREATE TABLE t (id bigint PRIMARY KEY, n bigint NOT NULL)")
        db.execute("INSERT INTO t VALUES (1, 0)")
    yield made
    made.close()


def outcome(work: Callable[[], object]) -> object:
    """What it returned or raised; that it hangs is a failure."""
    came: list[object] = []

    def quietly() -> None:
        try:
            came.append(work())
        except (StateError, psycopg.Error) as error:
            came.append(error)

    thread = threading.Thread(target=quietly, daemon=True)
    thread.start()
    thread.join(FOR_EVER)
    assert came, "it hangs"
    return came[0]


def count(database: PostgresDatabase) -> int:
    with database.read() as db:
        return int(db.execute("SELECT n FROM t").fetchall()[0][0])


def add(database: PostgresDatabase) -> None:
    database.do(lambda db: db.execute("UPDATE t SET n = n + 1"))


@pytest.mark.parametrize("work", [count, add], ids=["a read", "a transaction"])
def test_nothing_waits_for_ever_and_all_goes_on_by_itself(server, database, work) -> None:
    before = count(database)
    with server.frozen():
        assert isinstance(outcome(lambda: work(database)), StateError)
    until(lambda: outcome(lambda: count(database)) == before)
    add(database)
    assert count(database) == before + 1


def test_a_transaction_in_whose_midst_it_stands_still_is_not_stored_and_may_be_tried_again(server, database) -> None:
    def half() -> None:
        with database.write() as db:
            db.execute("UPDATE t SET n = n + 1")
            with server.frozen():
                db.execute("SELECT 1")

    with pytest.raises(StateUnwritable, match="has not answered for"):
        half()
    until(lambda: outcome(lambda: count(database)) == 0)


def test_a_statement_of_which_the_server_answers_in_time_is_not_given_up(server, database) -> None:
    told: list[int] = []
    with database.read() as db:
        asking = threading.Thread(target=lambda: told.append(db.execute("SELECT 7").fetchall()[0][0]))
        with server.frozen():
            asking.start()
            until(lambda: db.raw.info.transaction_status == TransactionStatus.ACTIVE)
        asking.join(FOR_EVER)
    assert told == [7]


def test_what_keeps_telling_is_heard_out(database) -> None:
    """Rows that come bit by bit, for longer than an answer may take."""
    with database.read() as db:
        db.execute("SET statement_timeout = 0")
        found = db.execute("SELECT repeat('x', 10000), pg_sleep(0.1) FROM generate_series(1, 15)").fetchall()
    assert len(found) == 15


def test_the_server_itself_ends_what_takes_too_long_and_says_so(database) -> None:
    with pytest.raises(StateError, match="it ended what took too long"), database.read() as db:
        db.execute("SELECT pg_sleep(30)")
    assert count(database) == 0


def test_a_migration_takes_its_time(url, monkeypatch) -> None:
    def slow(db, _place) -> None:
        db.execute("SELECT pg_sleep(1)")

    monkeypatch.setattr("monitor.store.postgres.store.migrate", slow)
    monkeypatch.setattr("monitor.store.postgres.store.name_generation", lambda *_: None)
    open_postgres(url, now=NOW, answer=ANSWER).close()


def test_the_lock_of_the_fleet_is_looked_for_in_vain_and_found_again(server, url, monkeypatch) -> None:
    monkeypatch.setattr(fleet_lock, "_ANSWER", ANSWER)
    monkeypatch.setattr(fleet_lock, "_CONNECT", 2)
    with FleetLock.acquire(url, command="monitor run") as lock:
        with server.frozen():
            told = outcome(lock.look)
            assert isinstance(told, StateError)
            assert not isinstance(told, StateLocked)
        until(lambda: outcome(lock.look) is None)
        assert [each.command for each in holders(url)] == ["monitor run"]


def test_a_session_that_was_lost_and_not_ended_yet_is_nobody_else_s(url: str) -> None:
    """A server that went on after a while ends it a moment later: `run` must not give way to itself."""
    with FleetLock.acquire(url, command="monitor run") as lock:
        lost, lock._connection = lock._connection, None
        assert lost is not None
        told = outcome(lock.look)
        assert isinstance(told, StateError)
        assert not isinstance(told, StateLocked)
        lost.close()
        until(lambda: outcome(lock.look) is None)


def test_who_waits_in_a_loop_of_events_gives_up_too(server, url) -> None:
    async def ask() -> bool:
        async with await AsyncBounded.connect(url, autocommit=True) as connection:
            connection.answers_within = ANSWER
            with server.frozen(), pytest.raises(Silent):
                async with asyncio.timeout(FOR_EVER):
                    await connection.execute("SELECT 1")
            return connection.closed

    assert asyncio.run(ask())


def test_a_connection_may_be_told_to_wait_longer_for_a_while(url) -> None:
    with Bounded.connect(url, autocommit=True) as connection:
        connection.answers_within = ANSWER
        with bounded.answering_within(connection, 2 * FOR_EVER):
            connection.execute("SELECT pg_sleep(1)")
        with pytest.raises(Silent):
            connection.execute("SELECT pg_sleep(30)")
