"""The clock of the fleet: the database's, as each worker knows it between two looks."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from monitor.ports import Clock
from monitor.store.postgres.database import PostgresDatabase
from monitor.store.postgres.now import server_now

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 5.0  # seconds
# What an answer may be older than we take it for, and what clocks drift apart between two looks, is no reason to go
# back in time.
CLOSE: Final = timedelta(milliseconds=250)


class FleetClock:
    """`ports.Clock`. By the machine's own a worker whose clock is a day ahead would have its alerts sent tomorrow, and
    its feeds asked the day after. Until the first look it is the machine's."""

    def __init__(self, own: Clock) -> None:
        self._own = own
        self._zero: datetime | None = None  # when the monotonic clock stood at zero

    def now(self) -> datetime:
        zero = self._zero
        return self._own.now() if zero is None else zero + timedelta(seconds=self._own.monotonic())

    def monotonic(self) -> float:
        return self._own.monotonic()

    def look(self, database: PostgresDatabase) -> None:
        """Raises StateError; then it goes on as it went."""
        with database.read() as db:
            before = self._own.monotonic()
            shown = server_now(db)
            after = self._own.monotonic()
        off = shown - timedelta(seconds=(before + after) / 2) - (self._zero or self._zero_of_own())
        if self._zero is None or abs(off) > CLOSE + timedelta(seconds=(after - before) / 2):
            log.log(
                logging.WARNING if abs(off) > timedelta(seconds=5) else logging.INFO,
                "clock.of_the_database", extra={"ahead_of_ours": round(off.total_seconds(), 3)},
            )  # fmt: skip
            self._zero = (self._zero or self._zero_of_own()) + off

    def _zero_of_own(self) -> datetime:
        return self._own.now() - timedelta(seconds=self._own.monotonic())
