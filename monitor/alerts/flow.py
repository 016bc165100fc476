"""What one recipient may be sent, by tokens that come back with time; and when it rests, having failed."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from monitor.alerts.zero import Zero
from monitor.model import Rate

FIRST_REST, LONGEST_REST = 1.0, 30.0  # seconds; how long the other alerts of a recipient wait after one failed

# Critical alerts are not held up by the others: some tokens are kept for them, enough for one message (of one or of
# many) this often.
CRITICAL_EVERY: Final = 30.0  # seconds
CRITICAL_WITHIN: Final = 60.0  # seconds; a rate that is slower than that is no reason to wait with them


@dataclass(frozen=True, slots=True)
class Hold:
    """Not now: for so many seconds; `pace` is our own moderation, the others follow a failure, told in `why`."""

    seconds: float
    reason: Literal["pace", "rest", "pause"]
    why: str | None = None


@dataclass(slots=True)
class Bucket:
    """The times of the last tokens taken: one comes back `per` after it was taken, so that no `per` sees too many."""

    rate: Rate
    taken: deque[float] = field(default_factory=deque)

    def left(self, now: float) -> int:
        while self.taken and now - self.taken[0] >= self.rate.per.total_seconds():
            self.taken.popleft()
        return self.rate.count - len(self.taken)

    def wait(self, now: float, kept: int = 0) -> float:
        """Seconds until there is a token beyond those kept."""
        short = kept + 1 - self.left(now)
        return 0.0 if short <= 0 else self.taken[short - 1] + self.rate.per.total_seconds() - now

    def within(self, now: float, seconds: float) -> int:
        """How many tokens there will be until then, if none but these is taken."""
        per = self.rate.per.total_seconds()
        if per < seconds:
            return int(self.rate.count * seconds / per)
        return self.left(now) + sum(at + per <= now + seconds for at in self.taken)

    def dump(self, now: float, zero: Zero) -> list[int]:
        """What `load` makes the same bucket of: when the tokens that are not back were taken."""
        self.left(now)
        return [zero.instant(at) for at in self.taken]

    @classmethod
    def load(cls, rate: Rate, taken: Sequence[int], now: float, zero: Zero) -> Bucket:
        return cls(rate, deque(zero.moment(us, latest=now) for us in taken))

    def kept(self, flows: int) -> int:
        """How many tokens are kept for critical alerts of so many recipients: half of them at most."""
        per = self.rate.per.total_seconds()
        return min(math.ceil(per / CRITICAL_EVERY) * flows, self.rate.count // 2) if per > CRITICAL_EVERY else 0


@dataclass(slots=True)
class Flow:
    """One recipient: what it may be sent, and whether it just failed."""

    buckets: list[Bucket]
    failures: int = 0  # consecutive
    rests_until: float = 0.0
    why: str = ""
    critical_at: float = -math.inf  # when it was last sent something critical
    asked_at: float = -math.inf  # when anybody last asked about it

    def hold(self, now: float, *, critical: bool = True, flows: int = 1) -> Hold | None:
        if self.rests_until > now:
            return Hold(self.rests_until - now, "rest", self.why)
        wait = max((bucket.wait(now, 0 if critical else bucket.kept(flows)) for bucket in self.buckets), default=0.0)
        if critical and wait > CRITICAL_WITHIN:  # a rate of the operator's that is as slow as that
            wait = max(self.critical_at + CRITICAL_WITHIN - now, 0.0)
        return Hold(wait, "pace") if wait > 0 else None

    def within_a_minute(self, now: float, flows: int) -> int | None:
        """None for any number."""
        free = (bucket.within(now, 60.0) - bucket.kept(flows) for bucket in self.buckets)
        return max(min(free), 0) if self.buckets else None

    def free(self, now: float, most: int) -> int:
        if self.hold(now) is not None:
            return 0
        return min((bucket.left(now) for bucket in self.buckets), default=most) if not self.failures else 1

    def dump(self, now: float, zero: Zero, *, shares: bool) -> dict[str, Any]:
        """`shares`: its buckets are those of others too, and told elsewhere."""
        return {
            "taken": [] if shares else [bucket.dump(now, zero) for bucket in self.buckets],
            "failures": self.failures,
            "rests": zero.instant(self.rests_until) if self.rests_until > now else None,
            "why": self.why,
            "critical": zero.instant(self.critical_at) if now - self.critical_at < CRITICAL_WITHIN else None,
            "asked": zero.instant(self.asked_at),
        }

    @classmethod
    def load(cls, buckets: list[Bucket], told: dict[str, Any], now: float, zero: Zero) -> Flow:
        rests, critical = told["rests"], told["critical"]
        return cls(
            buckets,
            failures=int(told["failures"]),
            rests_until=0.0 if rests is None else zero.moment(rests, latest=now + LONGEST_REST),
            why=str(told["why"]),
            critical_at=-math.inf if critical is None else zero.moment(critical, latest=now),
            asked_at=zero.moment(told["asked"], latest=now),
        )


def buckets(rates: Sequence[Rate], taken: Sequence[Sequence[int]], now: float, zero: Zero) -> list[Bucket]:
    """As dumped, one a rate. Raises ValueError where there are more of the one than of the other."""
    return [Bucket.load(rate, each, now, zero) for rate, each in zip(rates, taken, strict=True)]
