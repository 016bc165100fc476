"""What another worker does while a transaction is under way: done, or waiting for it, when the test goes on."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from typing import TypeVar

from monitor.store.postgres.store import PostgresStore

T = TypeVar("T")
BOUND = 30.0  # seconds
_WAITS = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@contextlib.contextmanager
def other_worker() -> Iterator[ThreadPoolExecutor]:
    """A thread, and so a connection, of its own."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


def begin(pool: ThreadPoolExecutor, observer: PostgresStore, work: Callable[[], T]) -> Future[T]:
    """Once it is done, or waits for a lock of ours. `observer` is a store that is in no transaction."""
    future, end = pool.submit(work), time.monotonic() + BOUND
    while not wait_for([future], timeout=0.01).done and not _waits(observer):
        assert time.monotonic() < end, "it neither ended nor waits"
    return future


def _waits(observer: PostgresStore) -> bool:
    with observer.database.read() as db:
        return bool(db.execute(_WAITS).fetchall()[0][0])
