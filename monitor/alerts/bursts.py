"""Many alerts at once: from how many on they go together, and how often.

An account of this process alone. After a restart the next message of a burst may come sooner, which loses nothing.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from monitor.alerts.pace import CRITICAL_EVERY
from monitor.ports import Clock

MOST: Final = 20  # alerts of one recipient within a minute; more are no messages any more, they are a stream
MINUTE: Final = 60.0
EVERY: Final = 60.0  # seconds from one digest of a burst to the next
SOON: Final = 0.001  # seconds; the two clocks do not agree to the last digit


@dataclass(frozen=True, slots=True)
class Crowd:
    """They go together: after so many seconds."""

    seconds: float


@dataclass(slots=True)
class _Told:
    """`alerts`: when, and how many at a time; `gathered_at`: when a message of a burst last went."""

    alerts: deque[tuple[float, int]] = field(default_factory=deque)
    gathered_at: float | None = None

    def within_a_minute(self, now: float) -> int:
        while self.alerts and now - self.alerts[0][0] >= MINUTE:
            self.alerts.popleft()
        return sum(count for _, count in self.alerts)


class Bursts:
    """Keeps account of every recipient, of its critical alerts apart. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._told: dict[tuple[str, str, bool], _Told] = {}

    def crowd(self, channel_id: str, key: str, *, critical: bool, waiting: int, room: int | None) -> Crowd | None:
        """None where each goes alone. `room`: how many messages the pace lets out within the coming minute; None for
        any number."""
        with self._lock:
            now = self._clock.monotonic()
            told = self._told.setdefault((channel_id, key, critical), _Told())
            if told.within_a_minute(now) + waiting <= MOST and (room is None or waiting <= room):
                return None
            every = CRITICAL_EVERY if critical else EVERY
            left = 0.0 if told.gathered_at is None else told.gathered_at + every - now
            return Crowd(left if left > SOON else 0.0)

    def note(self, channel_id: str, key: str, *, critical: bool, alerts: int, gathered: bool) -> None:
        """So many alerts went in one message; `gathered`, as what a burst has waiting."""
        with self._lock:
            now = self._clock.monotonic()
            told = self._told.setdefault((channel_id, key, critical), _Told())
            told.alerts.append((now, alerts))
            if gathered:
                told.gathered_at = now
