from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.cluster.jobs.clockwatch import ClockWatch
from tests.cluster.jobs.replicas import wait_for


class Hands:
    """A clock that is set by hand; the wall clock and the monotonic one apart."""

    def __init__(self) -> None:
        self.wall, self.since = datetime(2026, 1, 1, tzinfo=UTC), 0.0
        self.looks = 0

    def now(self) -> datetime:
        self.looks += 1
        return self.wall

    def monotonic(self) -> float:
        return self.since


@pytest.mark.parametrize(
    ("step", "told"),
    [(timedelta(hours=-1), True), (timedelta(hours=1), True), (timedelta(seconds=1), False)],
)
def test_a_clock_that_was_set_is_told_and_one_that_only_drifts_is_not(step: timedelta, told: bool) -> None:
    hands, steps = Hands(), list[timedelta]()
    watch = ClockWatch(hands, steps.append, look=0.005)
    watch.start()
    try:
        wait_for(lambda: hands.looks > 2)
        hands.wall += step
        looks = hands.looks
        wait_for(lambda: hands.looks > looks + 2)
        assert steps == [step] * told
    finally:
        watch.stop()
