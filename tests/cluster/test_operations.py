"""Trouble is told once by a fleet, whoever finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import NoReturn

import pytest

from monitor.cluster.operations import LOCK, FleetOperations
from monitor.errors import StateError
from monitor.model import Channel, Secret
from monitor.store.postgres.store import PostgresStore, open_postgres
from monitor.store.trouble_rows import TroubleRows
from monitor.trouble import Finding, Kind
from tests.postgres import Postgres
from tests.world import NOW, FakeClock, FakeSender

MINUTE = timedelta(minutes=1)
OPS = Channel(id="ops", url=Secret("json://x"), language="en", operations=True)
END_THE_LOCK = """
    SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE datname = current_database() AND locktype = 'advisory'
"""


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

    def __init__(
        self, open_one: Callable[[], PostgresStore], sender: Callable[[FakeClock], FakeSender] = FakeSender
    ) -> None:
        self.clock = FakeClock()
        self.sender = sender(self.clock)
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


class Restarting(FakeSender):
    """The server restarts while the first message of all is sent."""

    def __init__(self, clock: FakeClock, server: Postgres) -> None:
        super().__init__(clock)
        self.server = server

    def tell(self, channel, title, text):
        taken = super().tell(channel, title, text)
        if len(self.told) == 1:
            self.server.restart()
        return taken


@pytest.fixture
def restarted(own_postgres) -> Iterator[Fleet]:
    url, made = own_postgres.fresh(), []

    def open_one() -> PostgresStore:
        made.append(open_postgres(url, now=NOW))
        return made[-1]

    fleet = Fleet(open_one, lambda clock: Restarting(clock, own_postgres))
    yield fleet
    fleet.one.close()
    fleet.other.close()
    for each in made:
        each.close()


def test_what_was_said_while_the_server_restarted_is_not_said_again(restarted):
    restarted.one.found([failing()])
    assert len(restarted.heard) == 1
    restarted.other.found([failing()])
    restarted.one.found([failing()])
    assert len(restarted.heard) == 1


def test_what_was_said_while_the_database_was_lost_is_known_when_it_is_back(fleet, monkeypatch):
    memory = fleet.one._memory
    with monkeypatch.context() as away:
        away.setattr(TroubleRows, "save", lost)
        fleet.one.found([failing()])
        fleet.one.found([])
    assert len(fleet.heard) == 2, "that it began, and that it is over"
    assert memory.load() == {}
    fleet.one.found([])
    assert len(fleet.heard) == 2
    assert not memory.load()[failing().key].lasts


def test_what_another_said_since_counts_more_than_what_could_not_be_written(fleet, monkeypatch):
    with monkeypatch.context() as away:
        away.setattr(TroubleRows, "save", lost)
        fleet.one.found([failing()])
    fleet.clock.advance(MINUTE)
    fleet.other.found([failing()])
    fleet.clock.advance(MINUTE)
    fleet.other.found([])
    heard = len(fleet.heard)
    fleet.one.settle()
    assert len(fleet.heard) == heard
    assert not fleet.one.troubles()[failing().key].lasts


def test_what_lasts_is_not_told_anew_where_the_ledger_cannot_be_read(fleet, monkeypatch):
    monkeypatch.setattr("monitor.cluster.operations.AGAIN", 0.0)
    fleet.one.found([failing()])
    with monkeypatch.context() as away:
        away.setattr(TroubleRows, "load", lost)
        fleet.other.found([failing(), failing("two")])
        fleet.one.settle()
        assert len(fleet.heard) == 1
        with pytest.raises(StateError):
            fleet.one.troubles()
    fleet.other.found([failing(), failing("two")])
    assert len(fleet.heard) == 2


def test_what_is_taken_back_while_the_ledger_cannot_be_read_is_over(fleet, monkeypatch):
    fleet.one.tell("rules", "refused", "line 3")
    fleet.one.settle()
    with monkeypatch.context() as away:
        away.setattr(TroubleRows, "load", lost)
        fleet.other.take_back(["rules"])
    fleet.other.settle()
    assert not fleet.other.troubles()["reported rules"].lasts


def test_one_worker_says_nothing_twice_at_once_though_its_lock_ended(fleet, monkeypatch):
    monkeypatch.setattr("monitor.cluster.operations.AGAIN", 0.0)
    speaks = fleet.sender.tell

    def tell(*said):
        with fleet.one._database.write() as db:  # the connection that has the lock is another thread's
            db.execute(END_THE_LOCK)
        fleet.one.settle()
        return speaks(*said)

    fleet.sender.tell = tell
    fleet.one.found([failing()])
    assert len(fleet.heard) == 1
    fleet.sender.tell = speaks
    fleet.one.found([failing()])
    assert len(fleet.heard) == 1


def lost(*_: object) -> NoReturn:
    raise StateError("the connection is closed")


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
