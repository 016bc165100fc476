"""All workers go by the time of the database, however wrong their own clocks are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from monitor.cluster import clock as module
from monitor.cluster.clock import FleetClock
from monitor.errors import StateError
from monitor.store.postgres.database import PostgresDatabase
from tests.world import NOW, FakeClock

SECOND = timedelta(seconds=1)


@pytest.fixture
def database(postgres_url: str) -> Iterator[PostgresDatabase]:
    made = PostgresDatabase(postgres_url)
    yield made
    made.close()


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the clock of the database shows."""
    told = [NOW]
    monkeypatch.setattr(module, "server_now", lambda _db: told[0])
    return told


@pytest.mark.parametrize("wrong_by", [timedelta(days=400), timedelta(days=-1), timedelta(0)])
def test_it_shows_the_time_of_the_database_and_goes_on_by_the_monotonic_clock(database, shown, wrong_by):
    own = FakeClock(NOW + wrong_by)
    clock = FleetClock(own)
    assert clock.now() == own.now(), "nobody was asked yet"
    clock.look(database)
    assert clock.now() == NOW
    own.advance(90 * SECOND)
    own._now += timedelta(days=3)  # somebody set it
    assert clock.now() == NOW + 90 * SECOND


def test_a_difference_that_the_network_may_have_made_is_none_and_a_greater_one_is_taken_over(database, shown):
    clock = FleetClock(FakeClock(NOW))
    clock.look(database)
    shown[0] = NOW - SECOND / 10
    clock.look(database)
    assert clock.now() == NOW
    shown[0] = NOW - 3600 * SECOND
    clock.look(database)
    assert clock.now() == NOW - 3600 * SECOND


def test_while_the_database_is_away_it_goes_on(database, shown, monkeypatch):
    own = FakeClock(NOW + timedelta(days=1))
    clock = FleetClock(own)
    clock.look(database)

    def away(_db: object) -> None:
        raise StateError

    monkeypatch.setattr(module, "server_now", away)
    own.advance(SECOND)
    with pytest.raises(StateError):
        clock.look(database)
    assert clock.now() == NOW + SECOND
