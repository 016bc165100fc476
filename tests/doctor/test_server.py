"""What `monitor doctor` finds of the database that the environment names."""

from __future__ import annotations

import os
import re
from datetime import timedelta

import psycopg
import pytest

from monitor.clock import SystemClock
from monitor.doctor import server
from monitor.doctor.findings import Level
from monitor.store.lock import WORKER
from monitor.store.postgres.fleet_lock import FleetLock
from monitor.store.postgres.store import open_postgres
from tests.postgres import Postgres
from tests.world import FakeClock


@pytest.fixture
def found(monkeypatch):
    monkeypatch.setattr(server, "_PATIENCE", timedelta(seconds=2))

    def look(url, clock=None):
        return [(each.about, each.level, each.what) for each in server.database(url, clock=clock or SystemClock())]

    return look


def levels(findings):
    return [(about, level) for about, level, _ in findings]


def test_a_database_that_is_well_has_its_version_its_size_and_our_time(found, postgres_url):
    assert levels(found(postgres_url)) == [(about, Level.OK) for about in ("server", "database", "clock", "daemon")]
    assert "nothing is recorded" in found(postgres_url)[1][2]
    open_postgres(postgres_url, now=SystemClock().now()).close()
    (_, _, software), (_, _, database), *_ = found(postgres_url)
    assert software.startswith("PostgreSQL 1")
    assert "it answers, schema 14" in database


def test_who_works_on_it_is_told_on_whatever_machine(found, postgres_url):
    with FleetLock.acquire(postgres_url, shared=True, command=WORKER):
        *_, (about, _, what) = found(postgres_url)
    assert about == "daemon"
    assert re.fullmatch(rf"pid {os.getpid()} \(monitor worker\) since 20.*", what)
    assert found(postgres_url)[-1] == ("daemon", Level.OK, "nobody polls on this database now")


def test_looking_changes_nothing(found, postgres_url):
    found(postgres_url)
    with psycopg.connect(postgres_url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert tables == (0,)


def test_a_clock_that_differs_is_told_by_how_much(found, postgres_url):
    late = FakeClock(SystemClock().now() - timedelta(minutes=3))
    (about, level, what) = next(each for each in found(postgres_url, late) if each[0] == "clock")
    assert (about, level) == ("clock", Level.WARNING)
    assert " 1" in what  # 17x or 18x seconds
    assert "seconds apart" in what


@pytest.mark.parametrize(
    ("statement", "about", "level", "told"),
    [
        ("REVOKE CREATE ON SCHEMA public FROM PUBLIC", "server", Level.PROBLEM, "may not create"),
        ("ALTER DATABASE {name} SET synchronous_commit = off", "server", Level.WARNING, "synchronous_commit is off"),
        (
            "ALTER DATABASE {name} SET default_transaction_read_only = on",
            "server",
            Level.PROBLEM,
            "set to be read only",
        ),
    ],
)
def test_what_keeps_it_from_being_used_is_told(found, postgres: Postgres, postgres_url, statement, about, level, told):
    """By a user who owns nothing."""
    name = postgres_url.rpartition("/")[2]
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE guest_{name} LOGIN PASSWORD 'let-me-in'".encode())
        connection.execute(statement.format(name=name).encode())
    guest = postgres_url.replace("//monitor:", f"//guest_{name}:", 1)
    guest = guest.replace(guest.partition("@")[0].rpartition(":")[2], "let-me-in")
    assert any(each[:2] == (about, level) and told in each[2] for each in found(guest))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://ali:s3cret-word@127.0.0.1:1/news", "cannot be reached"),
        ("mysql://ali:s3cret-word@db/news", "no address of a PostgreSQL database"),
    ],
)
def test_one_that_cannot_be_used_is_a_problem_and_its_password_is_nobodys(found, url, told):
    ((about, level, what),) = found(url)
    assert (about, level) == ("database", Level.PROBLEM)
    assert told in what
    assert "s3cret-word" not in what


def test_a_wrong_password_is_told_as_such(found, postgres_url):
    user, _, rest = postgres_url.partition("@")
    ((_, level, what),) = found(f"{user}x@{rest}")
    assert level is Level.PROBLEM
    assert "password authentication failed" in what
    assert user.rpartition(":")[2] not in what
