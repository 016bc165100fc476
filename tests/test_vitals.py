"""When the daemon calls itself alive and ready, and when it does not."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from monitor.metrics import Metrics
from monitor.store import Reader, open_store
from monitor.vitals import ALIVE, Vitals
from tests.world import NOW, World, feed, item, rule

POLLED = [feed("one"), feed("two")]


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def now(self):
        return self.at

    def monotonic(self) -> float:
        return 0.0


@pytest.fixture
def daemon(tmp_path):
    """What a daemon has; a feed of it was polled just now."""
    store = open_store(tmp_path / "state", now=NOW)
    world = World(rule("strikes"), feeds=POLLED, store=store)
    world.poll(item())
    polled_at = Reader(store.database).last_polled_at()
    store.close()
    made = SimpleNamespace(
        state=tmp_path / "state",
        polled_at=polled_at,
        clock=Clock(),
        late=0.0,
        refused=False,
        config=SimpleNamespace(feeds=POLLED, rules=["any"]),
    )
    made.vitals = Vitals(
        state=made.state,
        config=lambda: made.config,
        rules=lambda: (NOW, made.refused),
        since_tick=lambda: made.late,
        metrics=Metrics(),
        clock=made.clock,
    )
    return made


def test_it_is_alive_while_ticks_come(daemon):
    assert daemon.vitals.health().status == 200
    daemon.late = ALIVE
    assert (daemon.vitals.health().status, daemon.vitals.readiness().status) == (503, 503)


def test_it_is_ready_while_a_pass_is_within_twice_the_shortest_interval(daemon):
    shortest = min(each.every for each in POLLED)
    daemon.clock.at = daemon.polled_at + 2 * shortest
    assert daemon.vitals.readiness().status == 200
    daemon.clock.at = daemon.polled_at + 2 * shortest + timedelta(seconds=1)
    assert daemon.vitals.readiness().status == 503


def test_it_is_not_ready_without_rules_without_feeds_or_before_anything_was_recorded(daemon, tmp_path):
    daemon.config = SimpleNamespace(feeds=POLLED, rules=[])
    assert "no rules" in daemon.vitals.readiness().body
    daemon.config = SimpleNamespace(feeds=[], rules=["any"])
    assert daemon.vitals.readiness().status == 503
    daemon.config = SimpleNamespace(feeds=POLLED, rules=["any"])
    (daemon.state / "monitor.db").unlink()
    assert daemon.vitals.readiness().status == 503


def test_it_is_not_ready_while_the_state_cannot_be_read_and_its_figures_say_so(daemon):
    (daemon.state / "monitor.db").write_bytes(b"no database at all" * 100)
    assert "monitor doctor" in daemon.vitals.readiness().body
    assert b"monitor_state_readable 0.0" in daemon.vitals.figures().body
    assert b"monitor_rules_load_success 1.0" in daemon.vitals.figures().body


def test_its_figures_are_of_the_feeds_that_are_watched_now(daemon):
    assert b'monitor_feed_failures{feed="one"} 0.0' in daemon.vitals.figures().body
    daemon.config = SimpleNamespace(feeds=[feed("two")], rules=["any"])
    assert b'feed="one"' not in daemon.vitals.figures().body


def test_refused_rules_are_no_reason_not_to_be_ready_and_are_told(daemon):
    daemon.refused = True
    assert daemon.vitals.readiness().status == 200
    assert b"monitor_rules_load_success 0.0" in daemon.vitals.figures().body
