from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cluster.jobs.connection import EngineAway
from monitor.cluster.jobs.slots import Slots, Taken
from monitor.cluster.jobs.ticks import Aligned, Tick, Ticks
from tests.cluster.jobs.replicas import wait_for
from tests.cluster.jobs.test_clockwatch import Hands

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MS = timedelta(milliseconds=1)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
INTERVALS = st.integers(10, 10**8).map(lambda n: n * MS)


@given(INSTANTS, INTERVALS)
def test_the_first_tick_is_the_next_multiple_of_the_interval(now: datetime, every: timedelta) -> None:
    first = Aligned(every).get_next_fire_time(None, now)
    assert now < first <= now + every
    assert (first - EPOCH) % every == timedelta(0)


@given(INSTANTS, INTERVALS, st.timedeltas(timedelta(0), timedelta(days=2)))
def test_each_follows_the_one_before_and_a_long_sleep_ends_with_few(
    now: datetime, every: timedelta, slept: timedelta
) -> None:
    trigger = Aligned(every)
    previous = trigger.get_next_fire_time(None, now)
    following = trigger.get_next_fire_time(previous, previous + slept)
    assert (following - EPOCH) % every == timedelta(0)
    assert following > previous
    assert following > previous + slept - every
    assert slept >= every or following == previous + every


class Scripted:
    """An engine that answers a task as told, and again the last of it."""

    def __init__(self, *answers: Slots | Taken | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[int | None] = []
        self._lock = threading.Lock()

    def defer_come(self, task: str, *, every_us: int, since_us: int | None, one_waits: bool) -> Slots | Taken:
        if task != "plan":
            return Taken.WAITS
        with self._lock:
            self.asked.append(since_us)
            answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def ticked(engine: Scripted, until: Callable[[], bool]) -> None:
    ticks = Ticks(engine, {"plan": Tick(every=20 * MS)})
    ticks.start()
    try:
        wait_for(until)
    finally:
        ticks.stop()


def test_a_tick_knows_the_newest_slot_of_the_last_that_deferred() -> None:
    engine = Scripted(Slots(newest_us=7, deferred=1), Taken.WAITS, Slots(newest_us=9, deferred=1))
    ticked(engine, lambda: len(engine.asked) >= 4)
    assert engine.asked[:4] == [None, 7, 7, 9]


def test_while_the_database_is_away_it_is_told_once_and_ticks_go_on(caplog: pytest.LogCaptureFixture) -> None:
    away = EngineAway("no answer")
    engine = Scripted(away, away, away, Slots(newest_us=7, deferred=1), away)
    with caplog.at_level(logging.INFO, "monitor"):
        ticked(engine, lambda: len(engine.asked) >= 8)
    told = [record.message for record in caplog.records if record.name.startswith("monitor")]
    assert told == ["tick.away"] * 2


def test_a_tick_that_breaks_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    engine = Scripted(RuntimeError("a bug"), Slots(newest_us=7, deferred=1))
    ticked(engine, lambda: len(engine.asked) >= 3)
    assert "a bug" in caplog.text
    assert engine.asked[:3] == [None, None, 7]


def test_after_the_clock_was_set_all_tick_at_once() -> None:
    engine, hands = Scripted(Taken.BY_ANOTHER), Hands()
    ticks = Ticks(engine, {"plan": Tick(every=timedelta(days=365_00))}, clock=hands)
    ticks.start()
    try:
        wait_for(lambda: hands.looks)
        hands.wall -= timedelta(hours=1)
        wait_for(lambda: engine.asked)
    finally:
        ticks.stop()
