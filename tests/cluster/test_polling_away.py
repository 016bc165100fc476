"""A batch in the midst of which the database goes away: its feeds are due soon, and not when their leases end."""

from __future__ import annotations

from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest
from psycopg import Connection

from monitor.clock import SystemClock
from monitor.cluster.batches import Batch
from monitor.cluster.plan import clock_us
from monitor.cluster.polling import PUT_OFF, BatchPolls
from monitor.errors import StateError
from monitor.store.postgres.database import PostgresDatabase
from tests.cluster.made import SECOND, at_one_host, columns, enrolled, leases, planned

PUT_OFF_US = PUT_OFF // PUT_OFF.resolution


@pytest.mark.parametrize("breaks", ["_states", "_ahead_us", "_renewed"])
def test_what_a_batch_could_not_ask_because_the_database_went_away_is_due_soon(
    db: Connection, plan_url: str, monkeypatch: pytest.MonkeyPatch, breaks: str
) -> None:
    def away(*_: object) -> None:
        raise StateError("it cannot be reached")

    feeds, before = at_one_host(3), clock_us(db)
    enrolled(db, *feeds, now_us=before - 30 * SECOND)
    given = leases(planned(db, now_us=before - 30 * SECOND))
    told: Any = SimpleNamespace(begin=away, wait_for=lambda _feeds: None)
    setup: Any = SimpleNamespace(feeds={each.id: each for each in feeds})
    with closing(PostgresDatabase(plan_url)) as database:
        work = BatchPolls(database=database, polls=told, setup=lambda _: setup, clock=SystemClock(), worker="w1")
        monkeypatch.setattr(work, breaks, away)
        with pytest.raises(StateError):
            work.work(Batch(1, tuple(given)).payload)
    for each in given:
        next_us, until_us, by, *_ = columns(db, each.feed_id)
        assert (until_us, by) == (None, None)
        assert before + PUT_OFF_US <= next_us <= clock_us(db) + PUT_OFF_US
