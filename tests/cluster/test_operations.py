"""Trouble is told once by a fleet, whoever finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from monitor.cluster.operations import LOCK, FleetOperations
from monitor.model import Channel, Secret
from monitor.store.postgres.store import PostgresStore, open_postgres
from monitor.store.trouble_rows import TroubleRows
from monitor.trouble import Finding, Kind
from tests.world import NOW, FakeClock, FakeSender

OPS = Channel(id="ops", url=Secret("json://x"), language="en", operations=True)


@pytest.fixture
def stores(postgres_url: str) -> Iterator[Callable[[], PostgresStore]]:
    made: list[PostgresStore] = []

    def open_one() -> PostgresStore:
        made.append(open_postgres(postgres_url, now=NOW))
        return made[-1]

    yield open_one
    for each in made:
        each.close()


class Fleet:
    """Two workers, of which each says what it says to one pair of ears."""

    def __init__(self, open_one: Callable[[], PostgresStore]) -> None:
        self.clock = FakeClock()
        self.sender = FakeSender(self.clock)
        self.one, self.other = self._worker(open_one()), self._worker(open_one())

    def _worker(self, store: PostgresStore) -> FleetOperations:
        made = FleetOperations(
            self.sender, clock=self.clock, memory=TroubleRows(store.database), database=store.database
        )
        made.use([OPS])
        made._hurry = lambda: None  # each step of a test says when something is said
        return made

    @property
    def heard(self) -> list[str]:
        return [title for _, title in self.sender.told]


@pytest.fixture
def fleet(stores) -> Iterator[Fleet]:
    made = Fleet(stores)
    yield made
    made.one.close()
    made.other.close()


def failing(feed_id: str = "one") -> Finding:
    facts = {"name": feed_id, "failures": 3, "error": "too slow"}
    return Finding(kind=Kind.FEED_FAILING, subject=feed_id, facts=facts)


def test_what_two_workers_find_is_told_once(fleet):
    fleet.one.found([failing()])
    fleet.other.found([failing()])
    fleet.one.settle()
    assert len(fleet.heard) == 1


def test_what_one_finds_no_more_is_over_for_all(fleet):
    fleet.one.found([failing()])
    fleet.other.found([])
    assert len(fleet.heard) == 2
    fleet.one.settle()  # it had found it last, and does not begin it anew
    fleet.one.found([])
    assert len(fleet.heard) == 2


def test_what_one_reports_is_not_ended_by_the_look_of_another(fleet):
    fleet.one.tell("rules", "refused", "line 3")
    fleet.one.settle()
    fleet.other.found([])
    fleet.other.settle()
    assert fleet.heard == ["refused"]
    assert fleet.other.troubles()["reported rules"].lasts


def test_two_who_report_the_same_are_one_trouble(fleet):
    for worker in (fleet.one, fleet.other):
        worker.tell("rules", "refused", "line 3")
        worker.settle()
    assert fleet.heard == ["refused"]


def test_any_worker_may_say_that_a_reported_trouble_is_over(fleet):
    """The one that reported it may be gone."""
    fleet.one.tell("rules", "refused", "line 3")
    fleet.one.settle()
    fleet.other.over("rules")
    fleet.other.settle()
    assert not fleet.other.troubles()["reported rules"].lasts
    assert len(fleet.heard) == 2


def test_while_one_speaks_another_says_nothing_and_comes_again(fleet, stores, monkeypatch):
    monkeypatch.setattr("monitor.cluster.operations.AGAIN", 0.0)
    third = stores()
    fleet.one.tell("rules", "refused", "line 3")
    with third.database.trying(LOCK, "operations") as alone:
        assert alone
        fleet.one.settle()
        fleet.other.found([failing()])
        assert fleet.heard == []
    fleet.one.settle()
    assert fleet.heard == ["refused"]


def test_a_database_that_is_away_ends_nobody(fleet, own_postgres):
    """Told again when it is back."""
    store = open_postgres(own_postgres.fresh(), now=NOW)
    store.database._patience = 0.1
    worker = fleet._worker(store)
    own_postgres.stop(immediate=True)
    store.database._pool.timeout = 0.2
    worker.tell("rules", "refused", "line 3")
    worker.settle()
    assert fleet.heard == []
    own_postgres.start()
    store.database._pool.timeout = 30
    worker.settle()
    assert fleet.heard == ["refused"]
    worker.close()
    store.close()
