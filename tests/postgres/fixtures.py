"""The server that the tests of one process share; it is started when the first of them asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .binaries import NoPostgres
from .server import Postgres


def _started() -> Postgres:
    try:
        return Postgres()
    except NoPostgres as trouble:
        told = str(trouble)
    pytest.fail(told, pytrace=False)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Shared: a test that stops it takes `own_postgres`."""
    with _started() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """Of an empty database, which is dropped after the test."""
    url = postgres.fresh()
    yield url
    postgres.drop(url)


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """To be stopped and restarted. It takes a second to make."""
    with _started() as server:
        yield server
