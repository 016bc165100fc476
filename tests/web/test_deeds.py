"""What a reader does with an alert, as the store sees it. What pages and programs make of it is tested with them."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest

from monitor.alerts.lines import MUTE_FOR
from monitor.store import Reader, SqliteStore
from monitor.store.mute_rows import Mutes
from monitor.web import deeds
from tests.store.builders import NOW, tell


@pytest.fixture
def store():
    made = SqliteStore.in_memory(now=NOW)
    yield made
    made.close()


@contextmanager
def watched(database):
    """The statements that begin and end transactions, and a word for those outside of any."""
    told, connection = [], database._connection

    def hear(statement: str) -> None:
        if statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            told.append(statement)
        elif not connection.in_transaction:
            told.append("outside")

    connection.set_trace_callback(hear)
    yield told
    connection.set_trace_callback(None)


def deed(store, *, later=timedelta()):
    alert = next(iter(Reader(store.database).alerts(limit=1)), None) or tell(store)
    return deeds.Deed(alert=alert, newsroom=None, by="x", now=NOW + later, within=lambda _: ())


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("seen", {}), ("unseen", {}), ("wrong", {}), ("right", {}), ("unmute", {"mute": "1"}),
        ("mute", {"subject": "rule"}), ("mute", {"subject": "story", "lasts": "1h"}),
    ],
)  # fmt: skip
def test_each_is_one_transaction_also_the_second_time(store, name, form):
    done = deed(store)
    for _ in range(2):
        with watched(store.database) as told:
            deeds.do(name, done, form, store.database)
        assert told == ["BEGIN IMMEDIATE", "COMMIT"]


@pytest.mark.parametrize(
    ("lasts", "later", "mutes"),
    [("24h", timedelta(), 1), ("1h", timedelta(), 1), ("3d", timedelta(), 2), ("24h", timedelta(minutes=1), 2)],
)
def test_what_is_muted_for_as_long_already_is_muted_once(store, lasts, later, mutes):
    deeds.do("mute", deed(store), {"subject": "rule", "lasts": "24h"}, store.database)
    deeds.do("mute", deed(store, later=later), {"subject": "rule", "lasts": lasts}, store.database)
    assert len(Mutes(store.database).all(limit=9)) == mutes


@pytest.mark.parametrize("form", [{"lasts": "for ever"}, {"subject": "place:nowhere"}, {"subject": "x"}])
def test_what_no_form_of_ours_asks_is_unclear(store, form):
    with pytest.raises(deeds.Unclear):
        deeds.do("mute", deed(store), form, store.database)


def test_it_is_muted_for_as_long_as_messages_propose_where_nobody_says_otherwise(store):
    deeds.do("mute", deed(store), {"subject": "rule"}, store.database)
    (mute,) = Mutes(store.database).in_force(NOW)
    assert mute.until == NOW + timedelta(hours=2)
    assert list(deeds.SPANS)[1] == deeds.USUAL == MUTE_FOR == "2h"
