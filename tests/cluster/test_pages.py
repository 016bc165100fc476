"""Pages of articles wait for their slots."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta

import pytest

from monitor.cluster.lanes import GAP
from monitor.cluster.pages import WITHIN, InLanes
from monitor.cluster.plan import HORIZON, clock_us, reserve
from monitor.model import FetchFailed, FetchFailure, FetchRequest, FetchResult, NotModified
from monitor.store.postgres.store import PostgresStore, open_postgres

from .made import at_one_host, enrolled, feed, leases, planned

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
FEED = feed("local", "https://news.example/feed")
SECOND = 1_000_000


class Asked:
    """A fetcher that answers at once, until it is closed."""

    def __init__(self) -> None:
        self.requests: list[FetchRequest] = []
        self.closed = False

    def submit(self, request: FetchRequest) -> Future[FetchResult]:
        self.requests.append(request)
        done: Future[FetchResult] = Future()
        failed = FetchFailed(failure=FetchFailure.CONNECT, detail="closed", fetched_at=NOW)
        done.set_result(failed if self.closed else NotModified(fetched_at=NOW))
        return done

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def store(postgres_url: str) -> Iterator[PostgresStore]:
    made = open_postgres(postgres_url, now=NOW)
    yield made
    made.close()


def page(number: int, host: str = "news.example") -> FetchRequest:
    return FetchRequest(feed=FEED, page=f"https://{host}/{number}")


def wait_of(store: PostgresStore, host: str) -> float:
    """Seconds until the lane of the host is free."""
    with store.database.write() as db:
        return ((reserve(db.raw, host) or 0) - clock_us(db.raw)) / SECOND


def test_the_first_page_of_a_free_host_is_asked_for_at_once_and_takes_its_slot(store):
    asked = Asked()
    assert InLanes(asked, store.database).submit(page(1)).result(30) == NotModified(fetched_at=NOW)
    assert asked.requests == [page(1)]
    assert wait_of(store, "news.example") > 0


def test_the_next_page_waits_for_the_slot_behind_it_and_is_asked_for_then(store):
    asked = Asked()
    lanes = InLanes(asked, store.database)
    lanes.submit(page(1))
    with store.database.write() as db:
        before = clock_us(db.raw)
    lanes.submit(page(2)).result(30)
    with store.database.write() as db:
        after = clock_us(db.raw)
    assert asked.requests == [page(1), page(2)]
    assert after - before > 0.5 * GAP.total_seconds() * SECOND  # the first slot was taken a moment before


def test_a_feed_is_not_held_up_for_its_slot_was_planned(store):
    asked = Asked()
    lanes = InLanes(asked, store.database)
    for number in range(3):
        lanes.submit(page(number))
    feed = FetchRequest(feed=FEED)
    assert lanes.submit(feed).done()
    lanes.close()


def test_feeds_have_slots_though_more_pages_wait_than_their_host_is_asked_for(store):
    lanes = InLanes(Asked(), store.database)
    with store.database.session() as db:
        enrolled(db.raw, *at_one_host(5, "news.example"), now_us=clock_us(db.raw))
    for number in range(2 * HORIZON // GAP):
        lanes.submit(page(number))
    with store.database.session() as db:
        assert len(leases(planned(db.raw, now_us=None))) == 5
    lanes.close()


def test_a_page_whose_host_has_no_slot_soon_is_not_asked_for_and_takes_none(store):
    asked = Asked()
    lanes = InLanes(asked, store.database)
    with store.database.write() as db:
        reserve(db.raw, "news.example", gap=2 * HORIZON)
    assert lanes.submit(page(1)).cancelled()
    assert not lanes.submit(page(2, "other.example")).cancelled()
    lanes.close()
    assert asked.requests == [page(2, "other.example")]
    with store.database.write() as db:
        free_us = db.execute("SELECT free_us FROM lane WHERE host = 'news.example'").fetchone()[0]
        assert free_us <= clock_us(db.raw) + 2 * HORIZON // timedelta(microseconds=1)


def test_pages_leave_most_of_what_is_planned_ahead_to_feeds():
    assert WITHIN <= HORIZON / 2


def test_what_waits_ends_with_the_fetcher(store):
    asked = Asked()
    lanes = InLanes(asked, store.database)
    promised = [lanes.submit(page(number)) for number in range(5)]
    lanes.close()
    assert isinstance(promised[-1].result(5), FetchFailed)


def test_an_address_that_is_none_is_left_to_the_fetcher_to_refuse(store):
    asked = Asked()
    wrong = FetchRequest(feed=FEED, page="no address")
    InLanes(asked, store.database).submit(wrong)
    assert asked.requests == [wrong]
