"""When the wall clock is set, by a person or by NTP, what was due shifts with it. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

# Clocks part by a step: NTP slews less than 0.5 ms a second, so 5 s between two looks is never ordinary drift.
STEP = timedelta(seconds=5)


class Drift:
    """Compares the wall clock with a monotonic one, look by look."""

    def __init__(self, *, now: datetime, monotonic: float) -> None:
        self._wall, self._monotonic = now, monotonic

    def step(self, *, now: datetime, monotonic: float) -> timedelta | None:
        """By how much the wall clock was set since the last look (negative: back), or None if it just went on.

        The monotonic clock must count while the machine sleeps: then a sleep is no step, and what is due is due.
        """
        passed = timedelta(seconds=monotonic - self._monotonic)
        shift = (now - self._wall) - passed
        self._wall, self._monotonic = now, monotonic
        return shift if abs(shift) > STEP else None
