"""Who has seen how a story goes on has seen how it began."""

from __future__ import annotations

import pytest

from monitor.store import SqliteStore
from monitor.store.wish_rows import Wishes

from .builders import DESK, MINUTE, NOW, alert, item, verdict


@pytest.fixture
def wishes(store: SqliteStore) -> Wishes:
    """Over a story with three alerts under one rule and one, between them, under another; all wait for somebody."""
    with store.ingest() as tx:
        entry_id, story_id, _ = tx.write(item("غارة", verdicts=[verdict()]), seen_at=NOW)
        assert story_id == 1
        for number, rule_id in ((1, "strikes"), (2, "other"), (3, "strikes"), (4, "strikes")):
            assert tx.alert(entry_id, alert(1, number, rule_id=rule_id), [DESK])
            tx.wait_for_acknowledgement(f"1.{number}", ["phone"], every=MINUTE, due_at=NOW)
    return Wishes(store.database)


def seen(wishes: Wishes) -> dict[str, str]:
    told = {each: wishes.acknowledged(each) for each in ("1.1", "1.2", "1.3", "1.4")}
    return {each: found.by for each, found in told.items() if found is not None}


def test_what_came_before_under_the_same_rule_is_seen_too_and_nothing_else(wishes: Wishes) -> None:
    assert wishes.acknowledge_all("1.3", by="sana", now=NOW).by == "sana"
    assert seen(wishes) == {"1.1": "sana", "1.3": "sana"}


def test_nobody_further_is_told_of_the_story_under_that_rule(store: SqliteStore, wishes: Wishes) -> None:
    wishes.acknowledge_all("1.3", by="sana", now=NOW)
    with store.database.read() as db:
        assert [row[0] for row in db.execute("SELECT alert_id FROM chain")] == ["1.2"]


def test_what_somebody_saw_before_stays_theirs(wishes: Wishes) -> None:
    wishes.acknowledge("1.1", by="omar", now=NOW)
    assert wishes.acknowledge_all("1.3", by="sana", now=NOW + MINUTE).by == "sana"
    assert seen(wishes) == {"1.1": "omar", "1.3": "sana"}
    wishes.unacknowledge_all("1.3")
    assert seen(wishes) == {"1.1": "omar"}


def test_saying_it_again_changes_nothing(wishes: Wishes) -> None:
    wishes.acknowledge_all("1.4", by="sana", now=NOW)
    assert wishes.acknowledge_all("1.4", by="omar", now=NOW + MINUTE).by == "sana"
    wishes.unacknowledge_all("1.4")
    assert seen(wishes) == {}


def test_taking_back_what_nobody_said_changes_nothing(wishes: Wishes) -> None:
    wishes.acknowledge("1.1", by="omar", now=NOW)
    wishes.unacknowledge_all("1.3")
    assert seen(wishes) == {"1.1": "omar"}
