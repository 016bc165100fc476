from __future__ import annotations

import math
import random
import struct
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds import rhythm
from monitor.feeds.rhythm import expected, learned, pace, seeded, wait, week

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
UNREAD = 1 / 60  # hours
BLOBS = (
    st.none()
    | st.binary(max_size=300)
    | st.lists(st.floats(0, 1e6, width=32), min_size=66, max_size=66).map(lambda cells: struct.pack("<B66f", 1, *cells))
    | st.lists(st.floats(width=32), min_size=66, max_size=66).map(lambda cells: struct.pack("<B66f", 1, *cells))
)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


def watched(entries_at: object, *, weeks: int = 4, every: timedelta = HOUR / 2) -> bytes | None:
    """Polled so regularly; `entries_at(time)` tells how many came in the time before."""
    blob, at = None, MONDAY
    while at < MONDAY + weeks * WEEK:
        at += every
        blob = learned(blob, since=at - every, until=at, new=entries_at(at - every))
    return blob


def steady(_at: datetime) -> int:
    return 1  # two an hour


def by_day(at: datetime) -> int:
    return 2 if 6 <= at.hour < 18 else 0


def on_working_days(at: datetime) -> int:
    return 2 if at.weekday() not in (4, 5) else 0  # Friday and Saturday, as in much of the Arab world


NEXT = MONDAY + 4 * WEEK


def wait_at(blob: bytes | None, now: datetime, *, start: float = 1.0, longest: timedelta = DAY) -> timedelta:
    return wait(blob, now=now, unread=UNREAD, start=start, longest=longest)


# What is learned


def test_the_pace_of_a_steady_feed_is_known_at_every_hour_of_the_week() -> None:
    blob = watched(steady)
    for hour in range(0, 168, 5):
        assert pace(blob, now=NEXT + hour * HOUR, start=1.0) == pytest.approx(2, rel=0.1)


def test_the_hours_of_a_day_are_known() -> None:
    blob = watched(by_day)
    noon, night = (expected(blob, since=NEXT + at * HOUR, until=NEXT + (at + 1) * HOUR) for at in (12, 2))
    assert noon == pytest.approx(4, rel=0.25)
    assert night < 0.3


def test_a_week_is_told_hour_by_hour() -> None:
    hours = week(watched(by_day))
    assert len(hours) == 168
    assert hours[24 + 12] == pytest.approx(4, rel=0.25)
    assert hours[24 + 2] < 0.3
    assert set(week(None)) == {0.0}


def test_the_days_of_a_week_are_known() -> None:
    blob = watched(on_working_days, weeks=8)
    days = [expected(blob, since=NEXT + day * DAY, until=NEXT + (day + 1) * DAY) for day in range(7)]
    assert max(days[4:6]) < min(days[:4] + days[6:]) / 3


def test_a_feed_that_changes_its_habits_is_followed() -> None:
    blob, at = watched(by_day), NEXT
    while at < NEXT + 4 * WEEK:
        at += HOUR / 2
        blob = learned(blob, since=at - HOUR / 2, until=at, new=2 - by_day(at - HOUR / 2))
    noon, night = (expected(blob, since=at + hour * HOUR, until=at + (hour + 1) * HOUR) for hour in (12, 2))
    assert night > 1.5 * noon


def test_a_burst_makes_lively_for_an_hour_or_two() -> None:
    quiet = watched(lambda at: int(at.hour == 12 and at.minute == 0))
    blob = learned(quiet, since=NEXT, until=NEXT + 10 * MINUTE, new=8)
    before, during = (pace(each, now=NEXT + 10 * MINUTE, start=1.0) for each in (quiet, blob))
    assert during > 3 * before
    for step in range(1, 31):
        at = NEXT + (step + 1) * 10 * MINUTE
        blob = learned(blob, since=at - 10 * MINUTE, until=at, new=0)
    assert pace(blob, now=at, start=1.0) < during / 2


def test_who_looks_ahead_expects_a_burst_to_fade() -> None:
    blob = learned(watched(steady), since=NEXT, until=NEXT + 10 * MINUTE, new=20)
    now = NEXT + 10 * MINUTE
    if_it_went_on = HOUR * math.sqrt(2 * 200 / pace(blob, now=now, start=1.0))
    assert wait(blob, now=now, unread=200, start=1.0, longest=WEEK) > 1.2 * if_it_went_on


def test_what_came_over_hours_is_spread_over_them() -> None:
    at_once = learned(None, since=MONDAY, until=MONDAY + 4 * HOUR, new=8)
    bit_by_bit = None
    for hour in range(4):
        bit_by_bit = learned(bit_by_bit, since=MONDAY + hour * HOUR, until=MONDAY + (hour + 1) * HOUR, new=2)
    assert at_once is not None
    assert bit_by_bit is not None
    assert struct.unpack("<B66f", at_once) == pytest.approx(struct.unpack("<B66f", bit_by_bit), rel=1e-5)


@pytest.mark.parametrize("apart", [-DAY, -HOUR, timedelta(0), 7 * HOUR, 8 * DAY])
def test_a_clock_that_was_set_and_a_long_sleep_teach_nothing(apart: timedelta) -> None:
    blob = watched(steady, weeks=1)
    assert learned(blob, since=NEXT, until=NEXT + apart, new=50) == blob


def test_it_is_small() -> None:
    blob = watched(steady, weeks=1)
    assert blob is not None
    assert len(blob) < 300


# A first document


def test_the_dates_of_a_first_document_tell_the_pace() -> None:
    blob = seeded([NEXT - n * 10 * MINUTE for n in range(25)], now=NEXT)
    assert pace(blob, now=NEXT, start=1.0) == pytest.approx(6, rel=0.3)


@pytest.mark.parametrize(
    "dates", [[], [None] * 9, [NEXT - HOUR], [NEXT + HOUR, NEXT + DAY], [NEXT, NEXT], [NEXT + HOUR, NEXT]]
)
def test_dates_that_tell_nothing_are_not_gone_by(dates: list[datetime | None]) -> None:
    assert seeded(dates, now=NEXT) is None


def test_what_is_watched_soon_counts_for_more_than_the_dates_of_years() -> None:
    blob = seeded([NEXT - n * 30 * DAY for n in range(50)], now=NEXT)
    for hour in range(48):
        blob = learned(blob, since=NEXT + hour * HOUR, until=NEXT + (hour + 1) * HOUR, new=3)
    assert pace(blob, now=NEXT + 2 * DAY, start=1.0) > 1.5


# How long to wait


@pytest.mark.parametrize("per_hour", [0.05, 1.0, 20.0])
def test_where_nothing_is_known_the_wait_is_the_square_root_of_the_start(per_hour: float) -> None:
    assert wait_at(None, NEXT, start=per_hour) / HOUR == pytest.approx(math.sqrt(2 * UNREAD / per_hour), rel=1e-3)


def test_a_wait_ends_in_time_for_the_busy_hour() -> None:
    """At 5:50 of a feed that begins at 6."""
    blob = watched(by_day)
    night = wait_at(blob, NEXT + 1 * HOUR)
    before_dawn = wait_at(blob, NEXT + 6 * HOUR - 10 * MINUTE)
    noon = wait_at(blob, NEXT + 12 * HOUR)
    assert noon < before_dawn < 10 * MINUTE + 2 * noon < night


def test_entries_that_come_late_at_night_are_still_waited_for() -> None:
    assert wait_at(watched(lambda _: 0), NEXT, longest=HOUR) == HOUR


def wasted(per_hour: float, unread: float) -> float:
    """Requests at what one is worth, and hours that entries waited, both per hour, of a feed of an even pace."""
    rng, blob, at = random.Random(3), None, MONDAY
    requests = waited = 0.0
    while at < MONDAY + WEEK:
        step = wait(blob, now=at, unread=unread, start=per_hour, longest=DAY)
        came = [rng.random() * (step / HOUR) for _ in range(_poisson(rng, per_hour * (step / HOUR)))]
        requests, waited, at = requests + unread, waited + sum(came), at + step
        blob = learned(blob, since=at - step, until=at, new=len(came))
    return (requests + waited) / (WEEK / HOUR)


def _poisson(rng: random.Random, mean: float) -> int:
    left, count = rng.random(), 0
    while left > math.exp(-mean):
        left, count = left * rng.random(), count + 1
    return count


@pytest.mark.parametrize("per_hour", [0.5, 4.0])
def test_requests_and_waiting_cost_nearly_as_little_as_they_can(per_hour: float) -> None:
    best = math.sqrt(2 * per_hour * UNREAD)  # at an interval of sqrt(2 · unread / pace)
    assert wasted(per_hour, UNREAD) < 1.2 * best


@given(BLOBS, INSTANTS, st.floats(1e-6, 1e4), st.floats(1e-4, 10), st.timedeltas(MINUTE, WEEK))
def test_a_wait_is_never_longer_than_the_longest_whatever_the_state_holds(
    blob: bytes | None, now: datetime, start: float, unread: float, longest: timedelta
) -> None:
    assert timedelta(0) <= wait(blob, now=now, unread=unread, start=start, longest=longest) <= longest


@given(BLOBS, INSTANTS, st.timedeltas(-DAY, DAY), st.integers(0, 10_000))
def test_whatever_the_state_holds_polls_are_learned_from(
    blob: bytes | None, now: datetime, apart: timedelta, new: int
) -> None:
    after = learned(blob, since=now, until=now + apart, new=new)
    assert expected(after, since=now, until=now + DAY) >= 0
    assert pace(after, now=now, start=1.0) >= 0


@pytest.mark.parametrize("usual", [steady, by_day, on_working_days])
def test_a_poll_that_brought_more_is_followed_sooner(usual: object) -> None:
    blob = watched(usual, weeks=2)
    after = [learned(blob, since=NEXT, until=NEXT + 10 * MINUTE, new=new) for new in range(12)]
    waits = [wait_at(each, NEXT + 10 * MINUTE) for each in after]
    assert waits == sorted(waits, reverse=True)


@pytest.mark.parametrize("hours", [0, 1, 3, 24, 7 * 24, 21 * 24])
def test_how_long_a_feed_has_been_watched_is_known_in_spite_of_what_is_forgotten(hours):
    blob = None
    for hour in range(hours):
        blob = learned(blob, since=NEXT + hour * HOUR, until=NEXT + (hour + 1) * HOUR, new=1)
    assert rhythm.watched(blob) / HOUR == pytest.approx(hours, rel=0.02)


def test_the_dates_of_a_first_document_count_for_a_day_at_most():
    assert rhythm.watched(seeded([NEXT - 9 * DAY, NEXT - DAY], now=NEXT)) / DAY == pytest.approx(1, rel=0.1)
    assert rhythm.watched(seeded([NEXT - HOUR, NEXT - HOUR / 2], now=NEXT)) / HOUR == pytest.approx(1, rel=0.1)
