from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.cluster.jobs.backoff import FIRST, LONGEST, pause


@given(st.integers(0, 10**6), st.floats(0, 1))
def test_a_pause_is_bounded_whatever_the_dice_say(tries: int, dice: float) -> None:
    assert FIRST / 2 <= pause(tries, dice) <= LONGEST


@given(st.integers(0, 50), st.floats(0, 1))
def test_the_more_was_tried_the_longer_it_is(tries: int, dice: float) -> None:
    assert pause(tries, dice) <= pause(tries + 1, dice)


def test_those_who_lost_the_database_together_come_back_apart() -> None:
    assert pause(9, 0.0) == LONGEST / 2
    assert pause(9, 1.0) == LONGEST
