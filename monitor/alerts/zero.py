"""Moments of a monotonic clock, which means nothing elsewhere, as instants that other machines understand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Zero:
    """When a monotonic clock stood at zero: microseconds since the epoch, by a clock that all machines ask."""

    us: int

    @classmethod
    def of(cls, now: datetime, monotonic: float) -> Zero:
        """Two readings of one moment."""
        return cls((now - _EPOCH) // _MICROSECOND - round(monotonic * 1e6))

    def instant(self, moment: float) -> int:
        return self.us + round(moment * 1e6)

    def moment(self, us: int, *, latest: float) -> float:
        """`latest`: what would be later is taken for that, for it was written by a clock that is ahead."""
        return min((us - self.us) / 1e6, latest)
