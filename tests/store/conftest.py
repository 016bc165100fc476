"""The stores that the contract suite runs over. A new backend is one more parameter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from monitor.store import SqliteStore, open_store
from monitor.store.postgres.store import PostgresStore, open_postgres
from tests.postgres import Postgres

from .builders import NOW

ON_SQLITE: dict[str, Callable[[Path], SqliteStore]] = {
    "sqlite on disk": lambda directory: open_store(directory / "state", now=NOW),
    "sqlite in memory": lambda directory: SqliteStore.in_memory(now=NOW),
}


def with_schema(url: str) -> None:
    open_postgres(url, now=NOW).close()


# Of what a test wrote, and of the numbers that it drew: a tenth of what another database costs.
_EMPTY = """
    SET session_replication_role = replica;
    DO $$ DECLARE each record; BEGIN
        FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_version' LOOP
            EXECUTE 'DELETE FROM ' || each.tablename;
        END LOOP;
        FOR each IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
            PERFORM setval(each.sequencename::regclass, 1, false);
        END LOOP;
    END $$;
"""


@pytest.fixture(scope="session")
def emptied() -> list[str]:
    """Databases that are not in use; as good as fresh ones."""
    return []


@contextmanager
def on_postgres(request: pytest.FixtureRequest) -> Iterator[PostgresStore]:
    server: Postgres = request.getfixturevalue("postgres")
    spare: list[str] = request.getfixturevalue("emptied")
    url = spare.pop() if spare else server.fresh(with_schema)
    made = open_postgres(url, now=NOW)
    yield made
    made.close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_EMPTY)
    spare.append(url)


@pytest.fixture(params=[*ON_SQLITE, "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqliteStore | PostgresStore]:
    if request.param == "postgres":
        with on_postgres(request) as shared:
            yield shared
        return
    made = ON_SQLITE[request.param](tmp_path)
    yield made
    made.close()


@pytest.fixture(params=ON_SQLITE.values(), ids=ON_SQLITE.keys())
def on_sqlite(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqliteStore]:
    made = request.param(tmp_path)
    yield made
    made.close()


@pytest.fixture
def on_disk(tmp_path: Path) -> Iterator[SqliteStore]:
    made = open_store(tmp_path / "state", now=NOW)
    yield made
    made.close()
