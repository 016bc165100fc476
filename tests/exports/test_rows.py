"""The history as rows: each alert once, however many pages it takes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.exports import rows as module
from monitor.exports.rows import rows
from monitor.store import Reader, SqliteStore
from monitor.store.views.history import Wanted
from tests.store.builders import NOW, tell


@pytest.fixture
def reader():
    store = SqliteStore.in_memory(now=NOW)
    for number in range(5):
        tell(store, f"غارة {number}", seen_at=NOW + timedelta(minutes=number))
    yield Reader(store.database)
    store.close()


@pytest.mark.parametrize("page", [1, 2, 3, 5, 500])
@pytest.mark.parametrize("limit", [None, 1, 2, 4, 5, 9])
def test_every_alert_comes_once_the_newest_first(reader, monkeypatch, page, limit):
    monkeypatch.setattr(module, "PAGE", page)
    found = []
    for row in rows(reader, Wanted(), limit=limit):
        found.append(row.alert_id)
        assert len(found) <= 5
    assert found == ["5.1", "4.1", "3.1", "2.1", "1.1"][:limit]


def test_nothing_is_read_before_the_first_row_is_asked_for(reader):
    reading = rows(reader, Wanted())
    reader.close()
    with pytest.raises(Exception, match="closed"):
        next(reading)
