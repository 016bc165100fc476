"""What a planner hands to a worker: feeds to poll, each with its lease, so many in a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

BATCH = 25  # feeds: a job costs the engine several milliseconds
# A request so long after its slot may come too close to the one after it: its feed takes another slot (`plan.renew`).
LATE_US = 250_000  # microseconds
BEYOND_US = 120_000_000  # microseconds ahead, where no planner gives out slots (`plan.HORIZON`): the clock was set back


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to ask a feed, at `at_us` by the clock of the database, and to write what that brings."""

    feed_id: str
    token: int
    at_us: int


@dataclass(frozen=True, slots=True)
class Batch:
    """What one job polls, in the order of the slots; not empty. `rules`: the number of those it was planned by."""

    rules: int
    leases: tuple[Lease, ...]

    @property
    def payload(self) -> dict[str, object]:
        return {"rules": self.rules, "feeds": [[each.feed_id, each.token, each.at_us] for each in self.leases]}

    @classmethod
    def read(cls, payload: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError or ValueError for what `payload` has not made."""
        leases = (Lease(str(feed), int(token), int(at)) for feed, token, at in payload["feeds"])
        return cls(int(payload["rules"]), tuple(leases))


def is_late(lease: Lease, now_us: int) -> bool:
    """By the clock of the database."""
    return now_us - lease.at_us > LATE_US


def is_beyond(lease: Lease, now_us: int) -> bool:
    """Whoever waited for such a slot would for as long as the clock of the database was set back."""
    return lease.at_us - now_us > BEYOND_US
