"""Who is told, and when a delivery that failed is tried again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from monitor.alerts import canary
from monitor.model import Channel, Delivery, NotSent, Severity

FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(minutes=15)
SHORTEST_DELAY = timedelta(seconds=1)
LONGEST_WISH = timedelta(hours=1)  # a server may ask for more; we do not trust it with more
GIVE_UP_AFTER = timedelta(hours=72)
FEWEST_TRIES = 5  # a machine that was off for days, or whose clock was wrong, has tried nothing yet

# A try that may have arrived is repeated once, soon. If that one may have arrived too, the channel's fallback is told;
# where there is none, the repeats are hours apart: a lost alert is worse than a third copy, and nothing tells one that
# arrives, and is answered too late, from one that a broken proxy swallows. At worst a reader sees nine in 72 h.
DOUBTS = (timedelta(seconds=20), timedelta(hours=1), timedelta(hours=4), timedelta(hours=12))


def retry_at(delivery: Delivery, result: NotSent, *, now: datetime, rng: Random) -> datetime | None:
    """When to try again; None for never (the recipient refuses for good, or 72 hours and five tries have passed).

    5 s · 2^n with full jitter, at most 15 min; never before the server's Retry-After (followed up to 1 h), and later
    where the failed try may have arrived (`DOUBTS`).
    """
    if result.permanent or (now - delivery.created_at >= GIVE_UP_AFTER and delivery.attempts + 1 >= FEWEST_TRIES):
        return None
    jittered = min(FIRST_DELAY * int(2 ** min(delivery.attempts, 16)), LONGEST_DELAY) * rng.random()
    wish = min(result.retry_after or SHORTEST_DELAY, LONGEST_WISH)
    doubt = DOUBTS[min(delivery.doubts, len(DOUBTS) - 1)] if result.ambiguous else SHORTEST_DELAY
    return now + max(SHORTEST_DELAY, jittered, wish, doubt)


def is_passed_on(delivery: Delivery, result: NotSent, *, retry_at: datetime | None) -> bool:
    """Whether the channel's fallback, if it has one, is told instead: at once where the channel refuses, after the
    second try that may have arrived, and where nothing is tried any more. A channel's daily test is its own: arriving
    elsewhere it would say that a channel works which does not."""
    if delivery.alert.rule_id == canary.RULE:
        return False
    return retry_at is None or result.refused or (result.ambiguous and delivery.doubts > 0)


def channels_for(severity: Severity, channels: Iterable[Channel]) -> tuple[Channel, ...]:
    """Those that take alerts of this severity, in the order given. Channels for operations take no alerts."""
    return tuple(
        channel for channel in channels if not channel.operations and severity.rank >= channel.min_severity.rank
    )
