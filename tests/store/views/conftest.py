"""What is read is the same in a file and in memory: the views are asked of the one and of PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from monitor.store import SqliteStore
from monitor.store.postgres.store import PostgresStore
from tests.store.builders import NOW
from tests.store.conftest import on_postgres


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Iterator[SqliteStore | PostgresStore]:
    if request.param == "postgres":
        with on_postgres(request) as shared:
            yield shared
        return
    made = SqliteStore.in_memory(now=NOW)
    yield made
    made.close()


@pytest.fixture
def in_sqlite() -> Iterator[SqliteStore]:
    """For what is asked of SQLite alone: by which index it goes."""
    made = SqliteStore.in_memory(now=NOW)
    yield made
    made.close()
