"""What is claimed though nobody heard that it was stored is not lost, and never had by two."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest

from monitor.errors import StateUnwritable
from monitor.model import DeliveryStatus, Sent
from monitor.store.article_rows import Articles
from monitor.store.postgres.connection import Connection
from monitor.store.postgres.store import PostgresStore, open_postgres
from tests.store.builders import MINUTE, NOW, feeds, item, tell
from tests.store.conftest import with_schema

Claim = Callable[[PostgresStore], list[object]]

DELIVERIES: Claim = lambda store: [  # noqa: E731
    each.id for each in store.claim_deliveries(NOW, limit=5, lease=MINUTE)
]
TOGETHER: Claim = lambda store: [  # noqa: E731
    each.id for each in store.claim_deliveries(NOW, limit=5, lease=MINUTE, channel_id="desk", together=True)
]
FEEDS: Claim = lambda store: [  # noqa: E731
    each.feed_id for each in store.claim_due_feeds(feeds("local", "other"), NOW, limit=5, lease=MINUTE)
]
ARTICLES: Claim = lambda store: [  # noqa: E731
    each.entry_id for each in Articles(store.database).claim(["local"], NOW, ahead=MINUTE, limit=5, lease=MINUTE)
]
KINDS = pytest.mark.parametrize(
    "claim", [DELIVERIES, TOGETHER, FEEDS, ARTICLES], ids=["deliveries", "together", "feeds", "articles"]
)
GONE = StateUnwritable("server closed the connection unexpectedly")


@pytest.fixture
def stores(postgres) -> Iterator[tuple[PostgresStore, PostgresStore]]:
    """Of two workers, with something of each kind to be claimed."""
    url = postgres.fresh(with_schema)
    one, other = open_postgres(url, now=NOW), open_postgres(url, now=NOW)
    tell(one, "قصف")
    tell(one, "غارة")
    entry = item(link="https://local.example/1")
    with one.ingest() as tx:
        entry_id, _, _ = tx.write(entry, seen_at=NOW)
        tx.want_article(entry_id, entry.entry, entry.fingerprint.raw, now=NOW)
    yield one, other
    one.close()
    other.close()
    postgres.drop(url)


class Breaks:
    """The store's first transaction breaks when its work is done: it is stored, or it is `lost`. `before` the try of
    this number something else happens."""

    def __init__(self, store: PostgresStore, *, lost: bool = False) -> None:
        self._write, self._lost = store.database.write, lost
        self.before: dict[int, Callable[[], object]] = {}
        self.tries = 0
        store.database.write = self.write

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        self.tries += 1
        first = self.tries == 1
        self.before.get(self.tries, lambda: None)()
        with self._write() as db:
            yield db
            if first and self._lost:
                raise GONE
        if first:
            raise GONE


@KINDS
def test_what_is_stored_is_claimed_though_its_answer_is_lost(stores, claim):
    one, other = stores
    breaks = Breaks(one)
    claimed = claim(one)
    assert claimed
    assert breaks.tries == 2
    assert claim(other) == []
    assert claim(one) == [], "but once"


@KINDS
def test_what_was_not_stored_and_another_claimed_at_the_same_instant_is_the_other_s(stores, claim):
    one, other = stores
    others: list[object] = []
    Breaks(one, lost=True).before[2] = lambda: others.extend(claim(other))
    assert claim(one) == []
    assert others


@KINDS
def test_what_was_not_stored_and_nobody_claimed_is_claimed_by_another_try(stores, claim):
    one, other = stores
    Breaks(one, lost=True)
    assert claim(one)
    assert claim(other) == []


@KINDS
def test_what_the_server_has_yet_to_store_is_waited_for(stores, claim, monkeypatch):
    """It may not have heard of the end of the connection."""
    one, other = stores
    with contextlib.ExitStack() as under_way:
        first = under_way.enter_context(other.database.write())
        write, tries = one.database.write, []

        @contextlib.contextmanager
        def breaking() -> Iterator[Connection]:
            tries.append(1)
            if len(tries) == 1:
                yield first
                raise GONE
            if len(tries) == 3:
                under_way.close()
            with write() as db:
                yield db

        monkeypatch.setattr(one.database, "write", breaking)
        assert claim(one)
    assert len(tries) == 3
    assert claim(other) == []


def test_what_was_ended_meanwhile_is_not_claimed(stores):
    one, other = stores
    breaks = Breaks(one)
    told = []

    def send() -> None:
        first = other.waiting(NOW + 2 * MINUTE, channel_id="desk", limit=1)[0]
        other.record(first, Sent(sent_at=NOW), retry_at=None)
        told.append(first.id)

    breaks.before[2] = send
    claimed = DELIVERIES(one)
    assert len(claimed) == 1
    assert told[0] not in claimed
    with one.database.read() as db:
        sent = db.execute("SELECT id FROM delivery WHERE status = ?", (DeliveryStatus.SENT.value,)).fetchall()
    assert [row[0] for row in sent] == told


def test_a_number_that_the_server_lost_in_a_crash_and_gave_to_another_claims_nothing(stores, monkeypatch):
    one, other = stores
    others: list[object] = []
    Breaks(one, lost=True).before[2] = lambda: others.extend(
        each.id for each in other.claim_deliveries(NOW + MINUTE / 2, limit=5, lease=MINUTE)
    )
    monkeypatch.setattr("monitor.store.sql._came_through", lambda *_: True)
    assert DELIVERIES(one) == []
    assert len(others) == 2
