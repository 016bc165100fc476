"""Who is told, and when a delivery that failed is tried again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from monitor.model import Channel, Delivery, NotSent, Severity

FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(minutes=15)
SHORTEST_DELAY = timedelta(seconds=1)
LONGEST_WISH = timedelta(hours=1)  # a server may ask for more; we do not trust it with more
GIVE_UP_AFTER = timedelta(hours=72)
FEWEST_TRIES = 5  # a machine that was off for days, or whose clock was wrong, has tried nothing yet

# A try that may have arrived is repeated later and ever more rarely: 20 s, 80 s, 5 min, 21 min … A dozen copies in 72 h
# is the worst a reader can see, where the ordinary delays would make some three hundred.
FIRST_DOUBT = timedelta(seconds=20)
LONGEST_DOUBT = timedelta(hours=12)


def retry_at(delivery: Delivery, result: NotSent, *, now: datetime, rng: Random) -> datetime | None:
    """When to try again; None for never (the recipient refuses for good, or 72 hours and five tries have passed).

    5 s · 2^n with full jitter, at most 15 min; never before the server's Retry-After (followed up to 1 h), and much
    later where the failed try may have arrived.
    """
    if result.permanent or (now - delivery.created_at >= GIVE_UP_AFTER and delivery.attempts + 1 >= FEWEST_TRIES):
        return None
    jittered = _grown(FIRST_DELAY, 2, delivery.attempts, LONGEST_DELAY) * rng.random()
    wish = min(result.retry_after or SHORTEST_DELAY, LONGEST_WISH)
    doubt = _grown(FIRST_DOUBT, 4, delivery.attempts, LONGEST_DOUBT) if result.ambiguous else SHORTEST_DELAY
    return now + max(SHORTEST_DELAY, jittered, wish, doubt)


def _grown(first: timedelta, factor: int, times: int, longest: timedelta) -> timedelta:
    return min(first * int(factor ** min(times, 16)), longest)


def channels_for(severity: Severity, channels: Iterable[Channel]) -> tuple[Channel, ...]:
    """Those that take alerts of this severity, in the order given. Channels for operations take no alerts."""
    return tuple(
        channel for channel in channels if not channel.operations and severity.rank >= channel.min_severity.rank
    )
