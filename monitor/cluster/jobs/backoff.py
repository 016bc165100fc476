"""How long to wait before the next try to reach the database."""

from __future__ import annotations

FIRST, LONGEST = 0.5, 10.0  # seconds


def pause(tries: int, dice: float) -> float:
    """Seconds, after so many tries in vain. `dice`, 0 to 1, spreads workers that lost the database together: from half
    the time to all of it."""
    return min(LONGEST, FIRST * 2.0 ** min(tries, 16)) * (1 + dice) / 2
