"""Many alerts at once: from how many on they go together, and how often.

An account of this process, and of what another told of a channel when it handed it over. After a restart the next
message of a burst may come sooner, which loses nothing.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final

from monitor.alerts.flow import CRITICAL_EVERY
from monitor.alerts.zero import Zero
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

    def dump(self, now: float, zero: Zero) -> dict[str, Any] | None:
        """None where it is of no more account."""
        self.within_a_minute(now)
        gathered = self.gathered_at
        if not self.alerts and (gathered is None or now - gathered >= EVERY):
            return None
        return {
            "alerts": [[zero.instant(at), count] for at, count in self.alerts],
            "gathered": None if gathered is None else zero.instant(gathered),
        }

    @classmethod
    def load(cls, told: dict[str, Any], now: float, zero: Zero) -> _Told:
        gathered = told["gathered"]
        return cls(
            deque((zero.moment(us, latest=now), int(count)) for us, count in told["alerts"]),
            None if gathered is None else zero.moment(gathered, latest=now),
        )


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

    def dump(self, channel_id: str, zero: Zero) -> list[dict[str, Any]]:
        """All that is known of a channel, as JSON has it; `load` on another machine makes it the same there."""
        with self._lock:
            now = self._clock.monotonic()
            known = [(key, critical, told.dump(now, zero)) for (_, key, critical), told in self._of(channel_id).items()]
        return [{"key": key, "critical": critical, **told} for key, critical, told in known if told is not None]

    def load(self, channel_id: str, told: list[dict[str, Any]], zero: Zero) -> None:
        """In place of what was known here. Nothing is held up for longer than if it had happened just now."""
        with self._lock:
            now = self._clock.monotonic()
            loaded = {
                (channel_id, str(each["key"]), bool(each["critical"])): _Told.load(each, now, zero) for each in told
            }
            for known in self._of(channel_id):
                del self._told[known]
            self._told.update(loaded)

    def _of(self, channel_id: str) -> dict[tuple[str, str, bool], _Told]:
        return {who: told for who, told in self._told.items() if who[0] == channel_id}
