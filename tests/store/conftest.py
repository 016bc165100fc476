"""The stores that the contract suite runs over. A new backend is one more parameter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.store import SqliteStore, open_store

from .builders import NOW

MAKERS: dict[str, Callable[[Path], SqliteStore]] = {
    "sqlite on disk": lambda directory: open_store(directory / "state", now=NOW),
    "sqlite in memory": lambda directory: SqliteStore.in_memory(now=NOW),
}


@pytest.fixture(params=MAKERS.values(), ids=MAKERS.keys())
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqliteStore]:
    made = request.param(tmp_path)
    yield made
    made.close()


@pytest.fixture
def on_disk(tmp_path: Path) -> Iterator[SqliteStore]:
    made = open_store(tmp_path / "state", now=NOW)
    yield made
    made.close()
