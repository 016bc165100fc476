"""Transactions among others, and through restarts of the server."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from psycopg_pool import ConnectionPool
from psycopg_pool.base import AttemptWithBackoff

from monitor.errors import StateError, StateUnwritable
from monitor.store.postgres.database import PostgresDatabase
from tests.cluster.made import until

SECRET = "hunter2-of-the-database"


@pytest.fixture
def database(postgres_url: str) -> Iterator[PostgresDatabase]:
    made = PostgresDatabase(postgres_url)
    with made.write() as db:
        db.execute("CREATE TABLE t (id bigint PRIMARY KEY, n bigint NOT NULL)")
        db.execute("INSERT INTO t VALUES (1, 0), (2, 0)")
    yield made
    made.close()


def total(database: PostgresDatabase) -> int:
    with database.read() as db:
        return int(db.execute("SELECT sum(n) AS total FROM t").fetchall()[0]["total"])


def test_a_transaction_is_all_or_nothing(database):
    def add(db) -> None:
        db.execute("UPDATE t SET n = n + 1")
        raise LookupError

    with pytest.raises(LookupError):
        database.do(add)
    assert total(database) == 0


def test_who_reads_within_a_transaction_sees_what_it_wrote(database):
    with database.write() as db:
        db.execute("UPDATE t SET n = 5")
        assert total(database) == 10


def test_a_transaction_within_a_transaction_is_a_mistake(database):
    with database.write(), pytest.raises(RuntimeError, match="within"), database.write():
        pass


def test_two_that_wait_for_each_other_are_both_done_in_the_end(database):
    """PostgreSQL ends one of them (deadlock_timeout is a second), and that one is done again."""
    met = threading.Barrier(2, timeout=30)
    first_time = threading.local()

    def add_in(order: tuple[int, int]) -> None:
        def work(db) -> None:
            db.execute("UPDATE t SET n = n + 1 WHERE id = ?", (order[0],))
            if not getattr(first_time, "over", False):
                first_time.over = True
                met.wait()
            db.execute("UPDATE t SET n = n + 1 WHERE id = ?", (order[1],))

        database.do(work)

    threads = [threading.Thread(target=add_in, args=(order,)) for order in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert total(database) == 4


def test_a_lock_is_had_by_one_and_another_can_look_whether_it_is(database):
    with database.holding(7, "feed"):
        seen: list[bool] = []

        def look() -> None:
            with database.trying(7, "feed") as had, database.trying(7, "another") as other:
                seen.extend((had, other))

        thread = threading.Thread(target=look)
        thread.start()
        thread.join(30)
        assert seen == [False, True]
    with database.trying(7, "feed") as had:
        assert had


def end_connection(db, postgres_url: str) -> None:
    [(pid,)] = db.execute("SELECT pg_backend_pid()").fetchall()
    with psycopg.connect(postgres_url, autocommit=True) as beside:
        # Waits, in milliseconds, until it is gone.
        assert beside.execute("SELECT pg_terminate_backend(%s, 30000)", (pid,)).fetchone() == (True,)


@pytest.mark.parametrize("writes", [True, False])
def test_a_lock_that_was_lost_with_its_connection_is_to_be_had_by_beginning_anew_and_not_by_trying_on(
    postgres_url, database, writes
):
    patient = PostgresDatabase(postgres_url, patience=timedelta(minutes=5))
    told: list[Exception] = []

    def within() -> None:
        with patient.holding(7, "feed"):
            with patient.read() as db:
                end_connection(db, postgres_url)
            patient.do(lambda db: db.execute("UPDATE t SET n = 1")) if writes else total(patient)

    def begin() -> None:
        with pytest.raises(StateUnwritable) as raised:
            within()
        told.append(raised.value)

    trying = threading.Thread(target=begin, daemon=True)
    trying.start()
    trying.join(60)
    assert told, "it tries the connection that ended, for all its patience"
    with patient.holding(7, "feed"):
        assert total(patient) == 0
    patient.close()


def test_what_the_server_s_crash_broke_off_may_be_done_again_and_is(own_postgres):
    database = PostgresDatabase(own_postgres.fresh())
    with database.write() as db:
        db.execute("CREATE TABLE t (id bigint PRIMARY KEY, n bigint NOT NULL)")
        db.execute("INSERT INTO t VALUES (1, 0)")
    times: list[int] = []

    def work(db) -> None:
        db.execute("UPDATE t SET n = n + 1")
        times.append(1)
        if len(times) == 1:
            own_postgres.restart(immediate=True)
            db.execute("SELECT 1")

    database.do(work)
    assert (len(times), total(database)) == (2, 1)
    database.close()


def test_a_caller_s_own_transaction_that_a_crash_broke_off_says_that_it_may_be_tried_again(own_postgres):
    database = PostgresDatabase(own_postgres.fresh())

    def broken_off() -> None:
        with database.write() as db:
            own_postgres.restart(immediate=True)
            db.execute("SELECT 1")

    with pytest.raises(StateUnwritable):
        broken_off()
    with database.write() as db:
        assert db.execute("SELECT 1 AS one").fetchone()["one"] == 1
    database.close()


def test_a_server_that_does_not_come_back_is_told_without_its_password(caplog):
    caplog.set_level(logging.DEBUG)
    database = PostgresDatabase(
        f"postgresql://me:{SECRET}@127.0.0.1:9/name?connect_timeout=1", patience=timedelta(seconds=1)
    )
    with pytest.raises(StateError, match=r"the PostgreSQL database name on 127\.0\.0\.1:9 cannot be reached") as raised:
        database.do(lambda db: db.execute("SELECT 1"))
    database.close()
    assert SECRET not in str(raised.value)
    assert SECRET not in caplog.text


@pytest.mark.parametrize("url", ["", "not an address", "postgresql://a:b@[", f"mysql://me:{SECRET}@host/db", "/var/x"])
def test_an_address_that_is_none_is_refused_without_being_quoted(url):
    with pytest.raises(StateError, match="is no address of a PostgreSQL database") as raised:
        PostgresDatabase(url)
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize(
    ("user", "name", "told"),
    [
        (
            f"nobody:{SECRET}",
            "postgres",
            r"it refuses this user or password\. Mend MONITOR_DATABASE_URL .*\"nobody\"",
        ),
        (None, "no_such", r"there is no such database\. Create it, or mend MONITOR_DATABASE_URL .*\"no_such\""),
    ],
)
def test_whom_the_server_will_never_take_hears_at_once_what_to_mend(postgres, caplog, capfd, user, name, told):
    """A patience of an hour: it is not waited for. Nor does the pool say each second what we say once."""
    known, _, host = postgres.url(name).removeprefix("postgresql://").partition("@")
    database = PostgresDatabase(f"postgresql://{user or known}@{host}", patience=timedelta(hours=1))
    with pytest.raises(StateError, match=told) as raised:
        database.do(lambda db: db.execute("SELECT 1"))
    database.close()
    assert SECRET not in str(raised.value)
    assert "connection failed: connection" not in str(raised.value)
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        ("@127.0.0.1:port/x", r"that is no address\. Mend MONITOR_DATABASE_URL \(invalid integer value \"port\""),
        ("@127.0.0.1:99999/x", r"that is no address\. .*99999"),
        ("@127.0.0.1:1/x?sslmode=must", r"that is no address\. .*invalid sslmode value: \"must\""),
        ("@{server}?sslmode=require", r"it speaks no TLS\. Turn it on there, or mend sslmode"),
    ],
)
def test_what_is_wrong_with_the_address_itself_is_told_at_once(postgres, mistake, told):
    server = postgres.url().rpartition("@")[2]
    database = PostgresDatabase(f"postgresql://me:{SECRET}{mistake.format(server=server)}", patience=timedelta(hours=1))
    with pytest.raises(StateError, match=told) as raised:
        database.do(lambda db: db.execute("SELECT 1"))
    database.close()
    assert SECRET not in str(raised.value)


def test_a_parameter_that_nobody_knows_is_hinted_at():
    with pytest.raises(StateError, match="only what libpq knows"):
        PostgresDatabase(f"postgresql://me:{SECRET}@host/x?sslmod=require")


def test_who_was_refused_is_let_in_once_that_is_mended(postgres):
    """While workers run, somebody brings a database back, or changes a password."""
    database = PostgresDatabase(postgres.url("made_later"), patience=timedelta(hours=1))
    with pytest.raises(StateError, match="there is no such database"):
        database.do(lambda db: db.execute("SELECT 1"))
    postgres.administer("CREATE DATABASE made_later")
    assert database.do(lambda db: db.execute("SELECT 1").fetchall()[0][0]) == 1
    database.close()
    postgres.drop(postgres.url("made_later"))


def test_what_a_server_that_vanished_does_not_acknowledge_is_given_up_within_half_a_minute(database):
    """Keepalives are not sent while something waits to be acknowledged: that takes a quarter of an hour by itself."""
    with database.read() as db, socket.fromfd(db.raw.fileno(), socket.AF_INET, socket.SOCK_STREAM) as connection:
        assert 0 < connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) <= 30_000


def test_what_a_database_was_given_for_others_does_not_change_what_statements_mean(postgres, postgres_url):
    name = postgres_url.rpartition("/")[2]
    postgres.administer(f"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'")
    postgres.administer(f"ALTER DATABASE {name} SET standard_conforming_strings = off")
    database = PostgresDatabase(f"{postgres_url}?client_encoding=LATIN1")
    with database.write() as db:
        assert db.execute("SELECT current_setting('transaction_isolation') AS it").fetchone()["it"] == "read committed"
        assert db.execute(r"SELECT '\' || ? AS it", (r"غارة \ '",)).fetchone()["it"] == r"\غارة \ '"
    database.close()


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_cannot_hold_arabic_is_refused_with_a_remedy(postgres, encoding):
    name = f"in_{encoding.lower()}"
    postgres.administer(
        f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0"
    )
    database = PostgresDatabase(postgres.url(name))
    with pytest.raises(StateError, match=f"stores text as {encoding}.*ENCODING 'UTF8'"):
        database.do(lambda db: db.execute("SELECT 1"))
    database.close()
    postgres.drop(postgres.url(name))


def test_a_server_that_was_away_for_long_is_found_again_at_once(own_postgres, monkeypatch):
    """The pool doubles its pauses: after some minutes it would look again after two further ones."""
    monkeypatch.setattr(AttemptWithBackoff, "INITIAL_DELAY", 3600.0)
    database = PostgresDatabase(own_postgres.fresh())
    own_postgres.stop()
    answers: list[int] = []
    asking = threading.Thread(target=lambda: answers.append(database.do(lambda db: db.execute("SELECT 1").rowcount)))
    asking.start()
    until(lambda: bool(database._pool.get_stats().get("connections_errors")))
    own_postgres.start()
    asking.join(60)
    database.close()
    assert answers == [1]


def test_that_all_connections_are_taken_is_not_told_as_a_server_that_is_away(postgres_url):
    database = PostgresDatabase(postgres_url, connections=1, patience=timedelta(seconds=0.2))
    told: list[str] = []

    def ask() -> None:
        with pytest.raises(StateError) as raised:
            database.do(lambda db: db.execute("SELECT 1"))
        told.append(str(raised.value))

    with database.read():
        another = threading.Thread(target=ask)
        another.start()
        another.join(30)
    database.close()
    assert "answers, but what goes on here took all connections" in told[0]


def test_a_connection_that_was_just_used_is_not_asked_whether_it_is_there(database, monkeypatch):
    asked: list[object] = []
    monkeypatch.setattr(ConnectionPool, "check_connection", asked.append)
    assert total(database) == total(database) == 0
    assert asked == []
    monkeypatch.setattr("monitor.store.postgres.database._TRUSTED", -1.0)
    assert total(database) == 0
    assert len(asked) == 1


def test_who_reads_just_after_its_connection_was_ended_gets_another(database, postgres_url):
    with database.read() as db:
        end_connection(db, postgres_url)
    assert total(database) == 0


def test_a_transaction_that_the_server_ended_for_its_idleness_is_done_again(database, postgres_url):
    """Its process was stopped meanwhile, or the machine slept: that is nobody's fault, least of all a feed's."""
    times: list[int] = []

    def work(db) -> None:
        times.append(1)
        db.execute("UPDATE t SET n = n + 1 WHERE id = 1")
        if len(times) == 1:
            [(pid,)] = db.execute("SELECT pg_backend_pid()").fetchall()
            db.execute("SET idle_in_transaction_session_timeout = 1")
            with psycopg.connect(postgres_url, autocommit=True) as beside:
                gone = "SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = %s"
                until(lambda: beside.execute(gone, (pid,)).fetchone() == (True,))
            db.execute("SELECT 1")

    database.do(work)
    assert (len(times), total(database)) == (2, 1)
