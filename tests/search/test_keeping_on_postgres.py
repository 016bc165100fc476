"""Numbers of versions are drawn in order, and transactions end in any."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest

from monitor.search import shipped
from monitor.search.gazetteer import PlaceReader
from monitor.search.index_file import NAME, IndexFile
from monitor.search.keeping import step
from monitor.store import Reader
from monitor.store.postgres import database
from monitor.store.postgres.store import PostgresStore, open_postgres
from monitor.store.views import news
from monitor.store.views import search as views
from tests.rules.made import EASTERN
from tests.store.builders import DESK, NOW, alert, item, tell, verdict


class Undone(Exception):
    pass


@pytest.fixture(autouse=True)
def nobody_is_waited_for_long(monkeypatch) -> None:
    monkeypatch.setattr(database, "_SETTLES", 0.05)
    monkeypatch.setattr(shipped, "_made", [PlaceReader(EASTERN.places)])


@pytest.fixture
def stores(postgres_url: str) -> Iterator[list[PostgresStore]]:
    """Of two workers, with feeds that are known."""
    made = [open_postgres(postgres_url, now=NOW) for _ in range(2)]
    with made[0].ingest() as tx:
        tx.write(item("first", feed_id="one"), seen_at=NOW)
        tx.write(item("second", feed_id="two"), seen_at=NOW)
    yield made
    for each in made:
        each.close()


@pytest.fixture
def index(tmp_path) -> Iterator[IndexFile]:
    made = IndexFile(tmp_path / NAME)
    yield made
    made.close()


def test_nothing_is_taken_in_while_a_lower_number_may_still_come_to_light(stores, index):
    slow, quick = stores
    reader = Reader(quick.database)
    with slow.ingest() as tx:
        lower, *_ = tx.write(item("slow", feed_id="one"), seen_at=NOW)
        with quick.ingest() as other:
            higher, *_ = other.write(item("quick", feed_id="two"), seen_at=NOW)
        assert lower < higher == views.highest(reader)
        assert step(reader, index) == 0
    assert step(reader, index) == 4
    assert index.about().reached == higher


def test_what_was_undone_is_waited_for_no_longer(stores, index):
    slow, quick = stores
    reader = Reader(quick.database)
    with suppress(Undone), slow.ingest() as tx:
        tx.write(item("never", feed_id="one"), seen_at=NOW)
        with quick.ingest() as other:
            higher, *_ = other.write(item("quick", feed_id="two"), seen_at=NOW)
        raise Undone
    assert step(reader, index) == 3
    assert index.about().reached == higher


def test_who_only_reads_or_writes_elsewhere_holds_nothing_up(stores, index):
    slow, quick = stores
    with slow.database.write() as db:
        db.execute("SELECT * FROM entry").fetchall()
        db.execute("UPDATE feed_state SET failures = 0")
        assert step(Reader(quick.database), index) == 2


def test_of_two_alerts_the_one_that_is_seen_first_has_the_lower_number(stores):
    """Whoever asks what came since the last would overlook the other: the second waits for the first."""
    slow, quick = stores
    tell(slow, "told")
    reader = Reader(quick.database)
    with slow.ingest() as tx:
        entry_id, story_id, number = tx.write(item("slow", feed_id="one", verdicts=[verdict()]), seen_at=NOW)
        assert tx.alert(entry_id, alert(story_id, number), [DESK])
        with quick.database.read() as db:
            held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            assert db.execute(held).fetchone()[0] == 1
        seen = news.cursor(reader)
    tell(quick, "quick")
    assert news.newer(reader, seen).count == 2
