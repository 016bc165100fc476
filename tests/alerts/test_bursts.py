from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.bursts import EVERY, MOST, Bursts, Crowd
from monitor.alerts.flow import CRITICAL_EVERY


class Ticking:
    """`Clock` that a test moves."""

    at = 1000.0

    def monotonic(self) -> float:
        return self.at

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)


def test_twenty_alerts_within_a_minute_go_each_alone_and_the_next_is_a_crowd():
    clock = Ticking()
    bursts = Bursts(clock)
    for _ in range(MOST):
        assert bursts.crowd("desk", "only", critical=False, waiting=1, room=None) is None
        bursts.note("desk", "only", critical=False, alerts=1, gathered=False)
        clock.at += 2
    assert bursts.crowd("desk", "only", critical=False, waiting=1, room=None) == Crowd(0.0)
    clock.at += 60
    assert bursts.crowd("desk", "only", critical=False, waiting=1, room=None) is None


def test_more_than_the_pace_lets_out_in_a_minute_is_a_crowd_too():
    bursts = Bursts(Ticking())
    assert bursts.crowd("desk", "only", critical=False, waiting=2, room=2) is None
    assert bursts.crowd("desk", "only", critical=False, waiting=3, room=2) == Crowd(0.0)


def test_digests_of_a_burst_keep_their_distance_and_critical_ones_a_shorter():
    clock = Ticking()
    bursts = Bursts(clock)
    for critical in (False, True):
        bursts.note("desk", "only", critical=critical, alerts=50, gathered=True)
    clock.at += 10
    assert bursts.crowd("desk", "only", critical=False, waiting=1, room=None) == Crowd(EVERY - 10)
    assert bursts.crowd("desk", "only", critical=True, waiting=1, room=None) == Crowd(CRITICAL_EVERY - 10)


def test_recipients_and_what_is_critical_are_counted_apart():
    bursts = Bursts(Ticking())
    bursts.note("desk", "a", critical=False, alerts=50, gathered=False)
    assert bursts.crowd("desk", "b", critical=False, waiting=1, room=None) is None
    assert bursts.crowd("desk", "a", critical=True, waiting=1, room=None) is None
    assert bursts.crowd("desk", "a", critical=False, waiting=1, room=None) == Crowd(0.0)


@given(st.lists(st.tuples(st.floats(0, 40), st.integers(1, 60), st.booleans()), max_size=50))
def test_nothing_waits_longer_than_a_minute_for_its_crowd(steps):
    clock = Ticking()
    bursts = Bursts(clock)
    for pause, waiting, critical in steps:
        clock.at += pause
        crowd = bursts.crowd("desk", "only", critical=critical, waiting=waiting, room=18)
        if crowd is None:
            assert waiting <= 18
        elif crowd.seconds:
            assert crowd.seconds <= (CRITICAL_EVERY if critical else EVERY) + 1e-6  # sums of fractions of a second
            continue
        bursts.note("desk", "only", critical=critical, alerts=waiting, gathered=crowd is not None)
