"""The only reader of the time. Everything else is told."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that only go forward, also when the wall clock is set; the zero means nothing."""
        return time.monotonic()
