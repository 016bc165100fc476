from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from monitor.daemon import EXIT_FROZEN, FROZEN, Daemon
from monitor.errors import StateError, StateLocked
from tests.world import NOW, FakeClock

HOUR = timedelta(hours=1)


class Told:
    def __init__(self) -> None:
        self.troubles: list[str] = []

    def tell(self, trouble: str, title: str, text: str, **more: object) -> None:
        self.troubles.append(trouble)

    def over(self, trouble: str) -> None:
        self.troubles.append(f"{trouble} is over")


@pytest.fixture
def app(tmp_path: Path) -> Any:
    shifted: list[timedelta] = []
    store = SimpleNamespace(shift_leases=lambda step, now: shifted.append(step), in_place=lambda: True)
    return SimpleNamespace(
        clock=FakeClock(),
        state=tmp_path,
        store=store,
        shifted=shifted,
        operations=Told(),
        tick=lambda: None,
        rules_at=NOW,
        rules_refused=False,
    )


@pytest.fixture
def daemon(app: Any) -> Any:
    made = Daemon(app)
    made._schedule()
    made._scheduler.start(paused=True)
    yield made
    made._scheduler.shutdown(wait=False)


def test_after_the_clock_was_set_back_every_tick_comes_at_once_and_the_store_is_told(daemon, app):
    for job in daemon._scheduler.get_jobs():
        job.modify(next_run_time=datetime.now(UTC) + HOUR)
    app.clock._now -= HOUR
    daemon._look_at_clocks()
    limit = datetime.now(UTC) + timedelta(seconds=1)
    assert all(job.next_run_time <= limit for job in daemon._scheduler.get_jobs())
    daemon._tick()
    assert app.shifted == [-HOUR]
    daemon._tick()
    assert app.shifted == [-HOUR]


def test_a_step_that_the_store_could_not_be_told_of_is_told_at_the_next_tick(daemon, app):
    def locked(_step, now):
        raise StateError("locked")

    shift = app.store.shift_leases
    app.clock._now += HOUR
    daemon._look_at_clocks()
    app.store.shift_leases = locked
    with pytest.raises(StateError):
        daemon._tick()
    app.store.shift_leases = shift
    daemon._tick()
    assert app.shifted == [HOUR]


def test_ticks_that_fail_are_told_and_do_not_freeze_the_process(daemon, app):
    def full():
        raise StateError("the disk is full")

    app.tick = full
    tick = daemon._guarded(daemon._tick)
    before = daemon._ticks
    for _ in range(3):
        tick()
    assert daemon._ticks == before + 3
    assert set(app.operations.troubles) == {"state"}
    app.tick = lambda: None
    tick()
    assert app.operations.troubles[-1] == "state is over"


def test_a_job_that_needs_no_state_does_not_end_the_trouble_of_one_that_does(daemon, app):
    """Else it would be over at each look for changed rules, and told again at each tick."""

    def full():
        raise StateError("the disk is full")

    app.tick = full
    tick, look = daemon._guarded(daemon._tick), daemon._guarded(daemon._say_alive)
    app.say_alive = lambda *, ticking: None
    for _ in range(3):
        tick()
        look()
    assert set(app.operations.troubles) == {"state"}


def test_the_heartbeat_address_hears_that_ticks_are_late(daemon, app):
    said: list[str] = []
    app.say_alive = lambda *, ticking: said.append(ticking)
    for late in (0, 9, 10, 12):
        daemon._looks_without_tick = late
        daemon._say_alive()
    assert said == ["", "", "no tick for 10 seconds", "no tick for 12 seconds"]


def test_operators_hear_that_the_clock_was_set_by_more_than_a_minute(daemon, app):
    for step in (timedelta(seconds=30), -HOUR):
        app.clock._now += step
        daemon._look_at_clocks()
    assert app.operations.troubles == ["clock"]


def test_without_ticks_the_process_ends_to_be_started_anew(daemon, app, monkeypatch):
    monkeypatch.setattr("monitor.daemon.LOOK", 0.001)
    assert daemon._watch() == 70
    assert daemon._looks_without_tick >= FROZEN


def test_no_beat_is_given_while_no_tick_comes(daemon, app):
    daemon._beat()
    assert (app.state / "heartbeat.json").exists()
    (app.state / "heartbeat.json").unlink()
    daemon._looks_without_tick = FROZEN
    daemon._beat()
    assert not (app.state / "heartbeat.json").exists()


def test_a_state_that_is_gone_is_saved_before_the_process_ends_to_be_started_again(daemon, app):
    saved: list[str] = []
    app.store.in_place = lambda: False
    app.store.rescue = lambda: saved.append("saved")
    daemon._beat()
    assert saved == ["saved"]
    assert daemon._watch() == EXIT_FROZEN


def test_a_process_whose_right_to_poll_another_has_taken_ends(daemon, app):
    def taken() -> None:
        raise StateLocked("the PostgreSQL database news on db", "monitor worker, pid 7 on other")

    def away() -> None:
        raise StateError("cannot be reached")

    look = daemon._guarded(daemon._look_after_state)
    app.look_after_state = away
    look()
    assert app.operations.troubles == ["state"]
    assert not daemon._broken.is_set(), "nobody polls while nobody reaches the database"
    app.look_after_state = taken
    look()
    assert daemon._watch() == EXIT_FROZEN
