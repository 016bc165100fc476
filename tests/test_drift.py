from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.drift import Drift
from tests.world import NOW

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("wall", "monotonic", "expected", "because"),
    [
        (timedelta(seconds=60), 60.0, None, "time went on"),
        (timedelta(seconds=64), 60.0, None, "a slewing clock is no step"),
        (HOUR + timedelta(seconds=1), 1.0, HOUR, "set forward"),
        (timedelta(seconds=1) - HOUR, 1.0, -HOUR, "set back"),
    ],
)
def test_only_a_step_of_the_wall_clock_is_told(wall, monotonic, expected, because):
    drift = Drift(now=NOW, monotonic=100.0)
    assert drift.step(now=NOW + wall, monotonic=100.0 + monotonic) == expected, because


def test_a_step_is_told_once():
    drift = Drift(now=NOW, monotonic=0.0)
    assert drift.step(now=NOW + HOUR, monotonic=1.0)
    assert drift.step(now=NOW + HOUR + timedelta(seconds=1), monotonic=2.0) is None
