"""Clocks that are set, zones that change, processes that sleep or die: no feed waits longer than its interval and ten
seconds, none is asked twice to make up for it, and nothing drifts."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.daemon import Daemon
from tests.faults.watched import Watched
from tests.servers import site
from tests.world import MINUTE, NOW, World, feed, item, rss

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
EVERY = 5 * MINUTE
GRACE = 10 * SECOND
PAGE = rss(*(item(f"خبر رقم {n}", n=n) for n in range(12)))
STEPS = [HOUR, -HOUR, DAY, -DAY]


# --- the daemon's ticks over the real loops and store, by a clock of ours


class Ticking:
    """The daemon's own ticks and looks, called by hand, a second apart; its scheduler is not asked."""

    def __init__(self, **more: Any) -> None:
        self.world = World(feeds=[feed("one", every=EVERY)], **more)
        self.world.network.pages["one"] = PAGE
        self.polls: list[float] = []  # by the monotonic clock
        app = SimpleNamespace(
            clock=self.world.clock,
            store=self.world.store,
            tick=self._tick,
            operations=SimpleNamespace(tell=lambda *_, **__: None),
        )
        self.daemon = Daemon(app)  # type: ignore[arg-type]
        self.step_before_take = timedelta(0)

    def _tick(self) -> None:
        asked = len(self.world.network.asked)
        submit = self.world.network.submit

        def submitted(request: Any) -> Any:
            self.set_clock(self.step_before_take)
            self.step_before_take = timedelta(0)
            return submit(request)

        self.world.network.submit = submitted  # type: ignore[method-assign]
        self.world.polls.tick(self.world.setup)
        assert self.world.polls.wait(30)
        self.world.network.submit = submit  # type: ignore[method-assign]
        self.polls += [self.world.clock.monotonic()] * (len(self.world.network.asked) - asked)

    def set_clock(self, by: timedelta) -> None:
        self.world.clock._now += by  # and not the monotonic one

    def run(self, seconds: int) -> None:
        for _ in range(seconds):
            self.world.clock.advance(SECOND)
            self.daemon._tick()
            self.daemon._look_at_clocks()

    def gaps(self) -> list[float]:
        return [later - earlier for earlier, later in pairwise(self.polls)]


@pytest.mark.parametrize("step", STEPS, ids=str)
@pytest.mark.parametrize("seconds", [0, 120, 298, 299, 300])
def test_however_the_clock_is_set_between_two_polls_the_next_one_is_on_time(step: timedelta, seconds: int) -> None:
    ticking = Ticking()
    ticking.run(1 + 600 + seconds)
    ticking.set_clock(step)
    ticking.run(900)
    assert max(ticking.gaps()) <= (EVERY + GRACE).total_seconds()
    assert min(ticking.gaps()[1:]) >= (EVERY - GRACE).total_seconds()  # nothing is made up for
    assert ticking.world.clock.monotonic() - ticking.polls[-1] <= (EVERY + GRACE).total_seconds()


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_a_poll_during_which_the_clock_is_set_does_not_silence_its_feed(step: timedelta) -> None:
    """It was claimed by the old time and is written down by the new, before anybody noticed."""
    ticking = Ticking()
    ticking.run(400)
    ticking.step_before_take = step
    ticking.run(1500)
    assert max(ticking.gaps()) <= (EVERY + GRACE).total_seconds()
    assert ticking.world.clock.monotonic() - ticking.polls[-1] <= (EVERY + GRACE).total_seconds()
    assert len(ticking.polls) <= 1900 / 300 + 4  # one to catch up, perhaps, no more


def test_after_hours_of_sleep_each_feed_is_asked_once_and_at_once() -> None:
    ticking = Ticking()
    ticking.run(700)
    ticking.world.clock.advance(8 * HOUR)  # both clocks: a suspended machine
    before, woke = len(ticking.polls), ticking.world.clock.monotonic()
    ticking.run(250)
    assert len(ticking.polls) == before + 1
    assert ticking.polls[-1] - woke <= 2


ZONES = ["Asia/Gaza", "Asia/Beirut", "Africa/Cairo", "Asia/Baghdad", "Asia/Tehran", "Europe/London"]


def transitions(zone: ZoneInfo) -> Iterator[datetime]:
    """When the zone's offset changes in two years, to the hour before."""
    at = datetime(2025, 1, 1, tzinfo=UTC)
    while at < datetime(2027, 1, 1, tzinfo=UTC):
        if at.astimezone(zone).utcoffset() != (at + HOUR).astimezone(zone).utcoffset():
            yield at
        at += HOUR


@pytest.fixture
def local_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """The machine's own zone, as long as the test runs."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.parametrize("local_zone", ZONES, indirect=True)
def test_when_a_zones_clocks_change_every_feed_is_asked_as_ever(local_zone: str) -> None:
    zone = ZoneInfo(local_zone)
    changes = list(transitions(zone)) or [datetime(2026, 3, 29, tzinfo=UTC)]  # a zone that changes no more
    for change in changes:
        world = World(feeds=[feed("one", every=EVERY)])
        world.setup = _in_zone(world, zone)
        world.network.pages["one"] = PAGE
        world.clock.advance(change - 2 * HOUR - world.clock.now())
        polls = []
        for _ in range(6 * 60 * 2):
            if world.polls.tick(world.setup):
                assert world.polls.wait(30)
                polls.append(world.clock.now())
            world.clock.advance(30 * SECOND)
        gaps = [later - earlier for earlier, later in pairwise(polls)][1:]
        assert len(gaps) > 60
        assert (min(gaps), max(gaps)) == (EVERY, EVERY)


def _in_zone(world: World, zone: ZoneInfo) -> Any:
    return replace(world.setup, zone=zone)


def test_over_two_thousand_polls_the_mean_is_the_interval() -> None:
    """Ticks come up to a second late, and answers take up to twenty."""
    world, rng = World(feeds=[feed("one", every=EVERY)]), Random(5)
    submit, polls = world.network.submit, []

    def answered_late(request: Any) -> Any:
        world.clock.advance(rng.random() * 20 * SECOND)
        return submit(request)

    world.network.submit = answered_late  # type: ignore[method-assign]
    world.network.pages["one"] = PAGE
    while len(polls) < 2001:
        world.polls.tick(world.setup)
        assert world.polls.wait(30)
        polls.append(world.clock.now())
        with world.store.database.read() as db:
            [[due]] = db.execute("SELECT next_poll_us FROM feed_state").fetchall()
        world.clock.advance(datetime.fromtimestamp(due / 1e6, UTC) - world.clock.now() + rng.random() * SECOND)
    mean = (polls[-1] - polls[1]) / (len(polls) - 2)
    assert abs(mean / EVERY - 1) <= 0.01


# --- the real daemon, its scheduler and all, in a process whose clock is set


QUICK = 2.0  # seconds between two polls


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    with site() as web:
        web.pages["/one"] = rss(item("خبر أول", at=NOW))
        made = Watched(tmp_path, web, every=QUICK)
        try:
            made.wait_for_polls(1, within=60)
            yield made
        finally:
            made.kill()


def test_a_daemon_whose_clock_is_set_goes_on_asking(watched: Watched) -> None:
    wrong = 0.0
    for step in STEPS:
        watched.wait_for_polls(1, within=QUICK + 10)
        wrong += step.total_seconds()
        watched.set_clock(wrong)
        watched.wait_for_polls(2, within=2 * (QUICK + 10))
        before = watched.polls()
        time.sleep(QUICK)
        assert watched.polls() - before <= 2  # no burst


def test_a_daemon_that_was_stopped_asks_once_and_at_once_when_it_goes_on(watched: Watched) -> None:
    watched.wait_for_polls(1, within=QUICK + 10)
    watched.process.send_signal(signal.SIGSTOP)
    time.sleep(13)
    before = watched.polls()
    watched.process.send_signal(signal.SIGCONT)
    watched.wait_for_polls(1, within=10)
    time.sleep(QUICK / 2)
    assert watched.polls() - before <= 2


def test_a_daemon_that_dies_sooner_than_a_feed_is_due_still_asks_it(watched: Watched) -> None:
    """Each of its lives is shorter than the interval, but for the time that it needs to begin."""
    polls, beat = watched.polls(), watched.folder / "state" / "heartbeat.json"
    for _ in range(12):
        watched.kill()
        beat.unlink(missing_ok=True)
        watched.begin()
        end = time.monotonic() + 60
        while not beat.exists() and time.monotonic() < end:
            time.sleep(0.05)
        time.sleep(QUICK / 2)
        if watched.polls() >= polls + 3:
            return
    pytest.fail("twelve short lives, and not three polls")


def test_a_daemon_that_dies_in_every_poll_asks_at_every_start(tmp_path: Path) -> None:
    with site() as web:
        web.pages["/one"] = rss(item("خبر أول", at=NOW))
        web.hold.add("/one")  # no answer comes before its end
        watched = Watched(tmp_path, web, every=QUICK)
        try:
            for _ in range(3):
                watched.wait_for_polls(1, within=60)
                watched.kill()
                watched.begin()
        finally:
            watched.kill()
            web.release.set()
