from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import psycopg
import pytest

from monitor.cluster.jobs.engine import Engine
from monitor.cluster.jobs.queues import Queue, Work
from monitor.cluster.jobs.schema import install
from tests.cluster.jobs.replicas import wait_for
from tests.postgres.server import Postgres

Started = Callable[..., Engine]


@pytest.fixture
def url(postgres: Postgres) -> Iterator[str]:
    """Of a database with the engine's tables."""
    made = postgres.fresh(install)
    yield made
    postgres.drop(made)


@pytest.fixture
def db(url: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def started(url: str) -> Iterator[Started]:
    """Makes an engine with a queue for each task, and starts it; stopped at the end."""
    made: list[Engine] = []

    def start(tasks: Mapping[str, Work], *, at_once: int = 1, listen: bool = True, at: str = url) -> Engine:
        queues = [Queue(name=f"of-{name}", at_once=at_once, tasks={name: work}) for name, work in tasks.items()]
        engine = Engine(at, queues, listen=listen)
        made.append(engine)
        engine.start()
        wait_for(lambda: engine.connected)
        return engine

    yield start
    assert [engine.stop(within=60) for engine in made] == [True] * len(made)
