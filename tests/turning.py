"""Turns at channels by a time that the test tells."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from monitor.store import SqliteStore
from monitor.store.turn_rows import TurnRows

LEASE = timedelta(seconds=15)
_TABLE = """
    CREATE TABLE IF NOT EXISTS channel_turn (
        channel_id TEXT PRIMARY KEY, worker TEXT, until_us INTEGER, token INTEGER NOT NULL DEFAULT 0,
        pace TEXT NOT NULL DEFAULT '{}'
    )
"""


class Time(Protocol):
    def now(self) -> datetime: ...


def turn_rows(store: SqliteStore, clock: Time) -> TurnRows:
    """`clock` stands for that of the database."""
    with store.database.write() as db:
        db.execute(_TABLE)
    return TurnRows(store.database, lambda _db: clock.now(), lease=LEASE)
