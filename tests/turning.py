"""Turns at channels by a time that the test tells."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from monitor.store.sql_store import SqlStore
from monitor.store.turn_rows import TurnRows

LEASE = timedelta(seconds=15)


class Time(Protocol):
    def now(self) -> datetime: ...


def turn_rows(store: SqlStore, clock: Time) -> TurnRows:
    """`clock` stands for that of the database."""
    return TurnRows(store.database, lambda _db: clock.now(), lease=LEASE)
