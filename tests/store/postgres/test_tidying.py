"""What is removed while others decide."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from monitor.store.housekeeping import tidy
from monitor.store.postgres.store import PostgresStore, open_postgres
from monitor.store.sql import Connection, decide_alone
from tests.store.builders import NOW, item, tell, verdict

ALONE = "monitor.store.housekeeping.decide_alone"


@pytest.fixture
def stores(postgres_url: str) -> Iterator[tuple[PostgresStore, PostgresStore]]:
    """Of two processes."""
    one, other = open_postgres(postgres_url, now=NOW), open_postgres(postgres_url, now=NOW)
    yield one, other
    one.close()
    other.close()


def stories(store: PostgresStore) -> list[int]:
    with store.database.read() as db:
        return [row[0] for row in db.execute("SELECT id FROM story").fetchall()]


def test_stories_are_looked_through_while_others_decide(stores, monkeypatch):
    store, _ = stores
    tell(store)
    alone: list[int] = []

    def note(db: Connection) -> None:
        alone.append(1)
        decide_alone(db)

    monkeypatch.setattr(ALONE, note)
    assert tidy(store, now=NOW).stories == 0
    assert len(alone) == 1, "where alerts are removed"


def test_a_story_that_a_report_joins_after_it_was_found_empty_stays(stores, monkeypatch):
    store, other = stores
    joined, left = (tell(store, title).story_id for title in ("قصف", "غارة"))
    with store.database.write() as db:
        db.execute("DELETE FROM alert")
        db.execute("DELETE FROM entry")
    alone: list[int] = []

    def join(db: Connection) -> None:
        alone.append(1)
        if len(alone) == 2:  # the first removes alerts
            with other.ingest() as tx:
                tx.write(item(verdicts=[verdict()], story_id=joined), seen_at=NOW)
        decide_alone(db)

    monkeypatch.setattr(ALONE, join)
    assert left in stories(store)
    assert tidy(store, now=NOW).stories == 1
    assert stories(store) == [joined]
