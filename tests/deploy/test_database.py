"""`deploy/create-database.sql` makes a database that workers can use, of a user who can do nothing else."""

from __future__ import annotations

import os
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from urllib.parse import quote

import psycopg
import pytest

from monitor.cluster.jobs.schema import install
from monitor.store.postgres.store import open_postgres
from tests.postgres import Postgres
from tests.postgres.binaries import server_binaries
from tests.support import ROOT

PASSWORD = "a'b$c/%"


@pytest.fixture
def superuser(own_postgres: Postgres) -> str:
    """The address of a server that has no user 'monitor' yet, as its superuser."""
    own_postgres.administer("CREATE ROLE boss SUPERUSER LOGIN PASSWORD 'boss'")
    url = f"postgresql://boss:boss@127.0.0.1:{own_postgres.port}/postgres"
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("ALTER ROLE monitor RENAME TO somebody")
    return url


def run(url: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [str(server_binaries() / "psql"), "--no-psqlrc", "--file", str(ROOT / "deploy/create-database.sql"), url]
    return subprocess.run(command, env={**os.environ, **environ}, capture_output=True, text=True, check=False)


def test_the_script_makes_what_a_worker_needs(superuser: str) -> None:
    assert run(superuser, MONITOR_PASSWORD=PASSWORD).returncode == 0
    server = superuser.rpartition("@")[2].partition("/")[0]
    url = f"postgresql://monitor:{quote(PASSWORD, safe='')}@{server}/monitor"
    with closing(open_postgres(url, now=datetime.now(UTC))):
        install(url)
    with psycopg.connect(url) as db:
        asked = "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        assert db.execute(asked).fetchall() == [(False,)]
        asked = "SELECT pg_has_role('pg_monitor', 'MEMBER'), getdatabaseencoding()"
        assert db.execute(asked).fetchall() == [(True, "UTF8")]


def test_without_a_password_it_makes_nothing_and_says_what_is_missing(superuser: str) -> None:
    told = run(superuser, MONITOR_PASSWORD="")
    assert told.returncode != 0
    assert "MONITOR_PASSWORD is not set" in told.stderr
    with psycopg.connect(superuser) as db:
        assert db.execute("SELECT count(*) FROM pg_roles WHERE rolname = 'monitor'").fetchall() == [(0,)]
