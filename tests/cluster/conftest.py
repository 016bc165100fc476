"""A database with the tables of the plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from monitor.store.postgres.connection import prepare
from tests.postgres import Postgres
from tests.store.conftest import with_schema


@pytest.fixture(scope="session")
def plan_url(postgres: Postgres) -> Iterator[str]:
    """One for all of them: to make a database takes longer than most of these tests."""
    url = postgres.fresh(with_schema)
    yield url
    postgres.drop(url)


@pytest.fixture
def db(plan_url: str) -> Iterator[psycopg.Connection[Any]]:
    """As the store's own connections are; the tables are empty."""
    with psycopg.connect(plan_url) as connection:
        prepare(connection)
        connection.execute("DROP TABLE IF EXISTS handed")
        connection.execute("TRUNCATE feed_state, lane")
        connection.execute("DELETE FROM meta WHERE name LIKE 'planned%'")
        yield connection
