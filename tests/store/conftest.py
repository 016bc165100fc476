"""The stores that the contract suite runs over. A new backend is one more parameter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

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


@pytest.fixture(params=[*ON_SQLITE, "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqliteStore | PostgresStore]:
    if request.param == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        url = server.fresh(with_schema)
        made: SqliteStore | PostgresStore = open_postgres(url, now=NOW)
    else:
        url, made = None, ON_SQLITE[request.param](tmp_path)
    yield made
    made.close()
    if url:
        server.drop(url)


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
