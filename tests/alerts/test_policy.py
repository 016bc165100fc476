from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts import canary
from monitor.alerts.policy import channels_for, is_passed_on, retry_at
from monitor.model import Severity
from tests.alerts.made import NOW, a_channel, a_delivery, a_failure


class Always(Random):
    """Chance that always comes out the same."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self._share = share

    def random(self) -> float:
        return self._share


def _delay(*, attempts: int = 0, doubts: int = 0, share: float = 1.0, **failure: object) -> timedelta:
    at = retry_at(a_delivery(attempts=attempts, doubts=doubts), a_failure(**failure), now=NOW, rng=Always(share))
    assert at is not None
    return at - NOW


@pytest.mark.parametrize(
    ("attempts", "longest"),
    [(0, timedelta(seconds=5)), (1, timedelta(seconds=10)), (5, timedelta(seconds=160)), (8, timedelta(minutes=15))],
)
def test_the_wait_doubles_up_to_a_quarter_of_an_hour(attempts, longest):
    assert _delay(attempts=attempts, share=1.0) == longest


def test_jitter_takes_any_part_of_the_wait():
    assert _delay(attempts=5, share=0.25) == timedelta(seconds=40)


def test_there_is_always_a_second_between_two_tries():
    assert _delay(attempts=9, share=0.0) == timedelta(seconds=1)


def test_a_server_that_asks_for_time_gets_it():
    assert _delay(share=0.0, retry_after=timedelta(seconds=90)) == timedelta(seconds=90)


def test_a_server_cannot_ask_for_more_than_an_hour():
    assert _delay(retry_after=timedelta(days=400)) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("doubts", "wait"),
    [
        (0, timedelta(seconds=20)),
        (1, timedelta(hours=1)),
        (2, timedelta(hours=4)),
        (3, timedelta(hours=12)),
        (10_000, timedelta(hours=12)),
    ],
)
def test_what_may_have_arrived_is_repeated_once_soon_and_then_rarely(doubts, wait):
    assert _delay(doubts=doubts, share=0.0, ambiguous=True) == wait


def test_a_message_that_always_may_have_arrived_is_seen_ten_times_at_most():
    at, tries = NOW, 0
    while at is not None:
        at = retry_at(a_delivery(attempts=tries, doubts=tries), a_failure(ambiguous=True), now=at, rng=Always(0.0))
        tries += 1
    assert tries <= 10


@pytest.mark.parametrize(
    ("failure", "doubts", "passed_on", "because"),
    [
        ({}, 0, False, "trouble passes"),
        ({"refused": True}, 0, True, "a token that was revoked stays so until somebody mends it"),
        ({"permanent": True}, 0, True, "nobody is there"),
        ({"ambiguous": True}, 0, False, "it is repeated once"),
        ({"ambiguous": True}, 1, True, "twice is enough"),
        ({}, 1, False, "this one surely did not arrive"),
    ],
)
def test_a_fallback_is_told_at_once_where_the_channel_refuses(failure, doubts, passed_on, because):
    delivery, result = a_delivery(doubts=doubts), a_failure(**failure)
    at = retry_at(delivery, result, now=NOW, rng=Random(1))
    assert is_passed_on(delivery, result, retry_at=at) is passed_on, because


def test_a_daily_test_is_never_told_to_another_channel():
    test = a_delivery(rule_id=canary.RULE)
    assert not is_passed_on(test, a_failure(permanent=True, refused=True), retry_at=None)


def test_a_refusal_for_good_is_not_repeated():
    assert retry_at(a_delivery(), a_failure(permanent=True), now=NOW, rng=Random(1)) is None


@pytest.mark.parametrize(("age", "given_up"), [(timedelta(hours=71, minutes=59), False), (timedelta(hours=72), True)])
def test_it_is_given_up_after_three_days_and_not_before(age, given_up):
    delivery = a_delivery(created_at=NOW - age, attempts=300)
    assert (retry_at(delivery, a_failure(), now=NOW, rng=Random(1)) is None) is given_up


def test_what_was_hardly_tried_is_not_given_up_because_the_machine_was_off():
    delivery = a_delivery(created_at=NOW - timedelta(days=30), attempts=1)
    assert retry_at(delivery, a_failure(), now=NOW, rng=Random(1)) is not None


@given(
    attempts=st.integers(0, 100_000),
    wish=st.none() | st.timedeltas(timedelta(0), timedelta(days=3650)),
    ambiguous=st.booleans(),
    seed=st.integers(),
)
def test_the_next_try_is_never_before_its_bounds_nor_out_of_sight(attempts, wish, ambiguous, seed):
    failure = a_failure(retry_after=wish, ambiguous=ambiguous)
    at = retry_at(a_delivery(attempts=attempts), failure, now=NOW, rng=Random(seed))
    assert at is not None
    assert at - NOW >= min(wish or timedelta(0), timedelta(hours=1))
    assert at - NOW >= (timedelta(seconds=20) if ambiguous else timedelta(seconds=1))
    assert at - NOW <= timedelta(hours=12)


def test_a_channel_hears_only_what_is_grave_enough_for_it():
    all_of_it, grave = a_channel(None, id="all"), a_channel(None, id="grave", min_severity=Severity.HIGH)
    assert channels_for(Severity.MEDIUM, [all_of_it, grave]) == (all_of_it,)
    assert channels_for(Severity.HIGH, [all_of_it, grave]) == (all_of_it, grave)
    assert channels_for(Severity.CRITICAL, [grave, all_of_it]) == (grave, all_of_it)


def test_a_channel_for_operations_takes_no_alerts():
    assert channels_for(Severity.CRITICAL, [a_channel(None, operations=True)]) == ()
