"""What workers decide one after the other is of times in that order, whoever waited and whatever their clocks show: an
alert of the future throttles nothing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from monitor.model import Reason
from monitor.store.postgres.now import server_now
from monitor.store.postgres.store import open_postgres
from monitor.store.sql import DECIDE
from tests.cluster.made import until
from tests.postgres import Postgres
from tests.store.conftest import with_schema
from tests.world import MINUTE, NOW, STRIKE, FakeClock, ScriptedReading, World, feed, item, rule

FEW, MANY = STRIKE, f"{STRIKE} قتل 5"
_WAITING = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
    WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted
"""


class Workers:
    def __init__(self, url: str, stack: ExitStack) -> None:
        self._url, self._stack = url, stack
        self.pool = stack.enter_context(ThreadPoolExecutor(2))

    def one(self, at: datetime, *, shares_clock: bool = False) -> World:
        store = open_postgres(self._url, now=NOW)
        self._stack.callback(store.close)
        store.shared_clock = server_now if shares_clock else None
        return World(
            rule(throttle=timedelta(hours=1)), feeds=[feed("one"), feed("two")], baseline=False, store=store,
            reading=ScriptedReading(), clock=FakeClock(at),
        )  # fmt: skip

    def waiting(self) -> int:
        with psycopg.connect(self._url) as db:
            found = db.execute(_WAITING).fetchone()
        assert found is not None
        return int(found[0])


@pytest.fixture
def workers(postgres: Postgres) -> Iterator[Workers]:
    url = postgres.fresh(with_schema)
    with ExitStack() as stack:
        yield Workers(url, stack)
    postgres.drop(url)


def decided(world: World) -> list[int]:
    with world.store.database.read() as db:
        rows = db.execute("SELECT decided_us FROM alert ORDER BY rowid").fetchall()
    return [int(row[0]) for row in rows]


def test_who_waited_for_its_turn_to_decide_decides_by_the_time_at_which_it_came(workers: Workers) -> None:
    early, late = workers.one(NOW), workers.one(NOW + 5 * MINUTE)
    with psycopg.connect(early.store.database.url, autocommit=True) as db:
        db.execute("SELECT pg_advisory_lock(%s)", (DECIDE,))
        first = workers.pool.submit(late.poll, item(FEW, at=None), feed_id="one")
        until(lambda: workers.waiting() == 1)
        second = workers.pool.submit(early.poll, item(MANY, n=2, at=None), feed_id="two")
        until(lambda: workers.waiting() == 2)
        early.clock.advance(6 * MINUTE)
        db.execute("SELECT pg_advisory_unlock(%s)", (DECIDE,))
        assert (first.result(60), second.result(60)) == ([FEW], [MANY])
    assert early.reports[-1].verdicts == {Reason.THROTTLED: 1}
    assert decided(early) == sorted(decided(early))


def test_workers_whose_clocks_differ_decide_by_that_of_the_database(workers: Workers) -> None:
    now = datetime.now(UTC)
    ahead, behind = (workers.one(now + off, shares_clock=True) for off in (MINUTE, -2 * MINUTE))
    assert ahead.poll(item(FEW, at=None), feed_id="one") == [FEW]
    assert behind.poll(item(MANY, n=2, at=None), feed_id="two") == [MANY]
    assert behind.reports[-1].verdicts == {Reason.THROTTLED: 1}
    assert decided(ahead) == sorted(decided(ahead))
