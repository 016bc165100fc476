"""The only reader of the time. Everything else is told."""

from __future__ import annotations

import time
from datetime import UTC, datetime

# Linux alone has it; elsewhere a sleep looks like a step of the wall clock.
_AWAKE_OR_NOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that only go forward, also when the wall clock is set, and while the machine sleeps; the zero means
        nothing (clock_gettime(2), CLOCK_BOOTTIME)."""
        return time.clock_gettime(_AWAKE_OR_NOT)
