"""What a mute ends that waits when it begins, and what is then taken for told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.errors import StateUnwritable
from monitor.model import DeliveryStatus, Facts, Hold, MuteKind, Origin, Sent
from monitor.store import Reader, SqliteStore, mute_rows
from monitor.store.chain_rows import Chains
from monitor.store.mute_rows import Mutes
from monitor.store.sql import Connection, Cursor, asks_far

from .builders import DESK, FIELD, HOUR, MINUTE, NOW, alert, item, verdict

AROUND = {"harabish": ("deir-ez-zor", "syria"), "deir-ez-zor": ("syria",)}
PLACED = Facts(places=("harabish", "deir-ez-zor"))


def waiting(store: SqliteStore, *recipients, held=True, title="غارة", facts=PLACED):
    """Write an alert that waits; its id."""
    with store.ingest() as tx:
        entry = item(title, verdicts=[verdict()], facts=facts, origin=Origin(newsroom="gazette", owner="gazette"))
        entry_id, story_id, number = tx.write(entry, seen_at=NOW)
        made = alert(story_id, number)
        made = replace(made, facts=facts)
        hold, due_at = (Hold.DIGEST, NOW + HOUR) if held else (None, None)
        tx.alert(entry_id, made, recipients or (DESK,), hold=hold, due_at=due_at)
        tx.wait_for_acknowledgement(made.id, ["phone"], every=MINUTE, due_at=NOW + HOUR)
    return made.id


def mute(store, kind, subject):
    return Mutes(store.database).begin(
        kind, subject, until=NOW + HOUR, reason="", by="x", now=NOW, within=lambda place: AROUND.get(place, ())
    )


def standing(store, alert_id):
    return [each.status for each in Reader(store.database).deliveries_of(alert_id)]


@pytest.mark.parametrize(
    ("kind", "subject", "ends"),
    [
        (MuteKind.RULE, "strikes", True),
        (MuteKind.RULE, "fires", False),
        (MuteKind.STORY, "1", True),
        (MuteKind.STORY, "2", False),
        (MuteKind.SOURCE, "gazette", True),
        (MuteKind.SOURCE, "local", True),  # the feed
        (MuteKind.SOURCE, "other", False),
        (MuteKind.PLACE, "syria", True),
        (MuteKind.PLACE, "deir-ez-zor", True),
        (MuteKind.PLACE, "harabish", False),  # the city around it is named, too
        (MuteKind.PLACE, "iraq", False),
    ],
)
def test_a_mute_ends_what_it_names_with_its_chain(store: SqliteStore, kind, subject, ends) -> None:
    alert_id = waiting(store, DESK, FIELD)
    assert mute(store, kind, subject).ended == (2 if ends else 0)
    status = DeliveryStatus.ENDED if ends else DeliveryStatus.PENDING
    assert standing(store, alert_id) == [status, status]
    assert Chains(store.database).due(NOW + 2 * HOUR) == ([] if ends else [(alert_id, ("phone",))])


class Counted:
    """A connection, and how many statements it was given."""

    def __init__(self, db: Connection) -> None:
        self._db, self.asks_far, self.statements = db, asks_far(db), 0

    def execute(self, *told: object) -> Cursor:
        self.statements += 1
        return self._db.execute(*told)


def test_a_mute_asks_no_more_of_the_database_where_more_waits(store: SqliteStore) -> None:
    statements = []
    for alerts in (1, 30):
        for _ in range(alerts):
            waiting(store, DESK, FIELD)
        with store.database.write() as db:
            counted = Counted(db)
            told = {"until": NOW + HOUR, "reason": "", "by": "x", "now": NOW, "within": lambda _: ()}
            assert mute_rows.begin(counted, MuteKind.RULE, "strikes", **told).ended == 2 * alerts
        statements.append(counted.statements)
    assert statements[0] == statements[1]


def test_what_was_sent_stays_sent_and_its_chain_ends(store: SqliteStore) -> None:
    alert_id = waiting(store, held=False)
    [delivery] = store.claim_deliveries(NOW, limit=1, lease=MINUTE)
    store.record(delivery, Sent(sent_at=NOW), retry_at=None)
    assert mute(store, MuteKind.STORY, "1").ended == 0
    assert standing(store, alert_id) == [DeliveryStatus.SENT]
    assert Chains(store.database).due(NOW + 2 * HOUR) == []


def test_a_message_that_arrives_although_it_was_muted_meanwhile_counts_as_sent(store: SqliteStore) -> None:
    alert_id = waiting(store, held=False)
    [delivery] = store.claim_deliveries(NOW, limit=1, lease=MINUTE)
    mute(store, MuteKind.STORY, "1")
    store.record(delivery, Sent(sent_at=NOW), retry_at=None)
    assert standing(store, alert_id) == [DeliveryStatus.SENT]


def follow(store, *recipients, number, at, held_until=None):
    with store.ingest() as tx:
        made = alert(1, number, decided_at=at)
        hold = Hold.THROTTLE if held_until else None
        tx.alert(1, made, recipients or (DESK,), hold=hold, due_at=held_until)


def last_told(store):
    with store.ingest() as tx:
        return [each.alert_id for each in tx.story(1).alerts]


def test_what_nobody_heard_of_was_not_told(store: SqliteStore) -> None:
    waiting(store)
    assert last_told(store) == ["1.1"]
    mute(store, MuteKind.STORY, "1")
    assert last_told(store) == []


def test_what_one_of_two_heard_of_was_told(store: SqliteStore) -> None:
    waiting(store, DESK, FIELD, held=False)
    [delivery] = store.claim_deliveries(NOW, limit=1, lease=MINUTE, channel_id="desk")
    store.record(delivery, Sent(sent_at=NOW), retry_at=None)
    mute(store, MuteKind.STORY, "1")
    assert last_told(store) == ["1.1"]


def test_what_had_made_way_for_a_muted_one_was_not_told_either(store: SqliteStore) -> None:
    waiting(store, held=False)
    [delivery] = store.claim_deliveries(NOW, limit=1, lease=MINUTE)
    store.record(delivery, Sent(sent_at=NOW), retry_at=None)
    follow(store, number=2, at=NOW + MINUTE, held_until=NOW + HOUR)
    follow(store, number=3, at=NOW + 2 * MINUTE, held_until=NOW + HOUR)
    assert last_told(store) == ["1.3"]
    mute(store, MuteKind.STORY, "1")
    assert last_told(store) == ["1.1"]


def test_a_mute_is_taken_back_once(store: SqliteStore) -> None:
    mutes = Mutes(store.database)
    number = mute(store, MuteKind.STORY, "1").mute.id
    assert [each.id for each in mutes.in_force(NOW)] == [number]
    assert mutes.in_force(NOW + HOUR) == ()
    assert mutes.end(number, now=NOW + MINUTE).ended_at is None
    assert mutes.in_force(NOW + MINUTE) == ()
    assert mutes.end(number, now=NOW + 2 * MINUTE).ended_at == NOW + MINUTE
    assert mutes.end(99, now=NOW) is None


@pytest.mark.parametrize("stored", [True, False])
def test_a_mute_whose_answer_was_lost_is_one_mute_and_ended_by_its_number(
    store: SqliteStore, monkeypatch, stored
) -> None:
    waiting(store, DESK, FIELD)
    lose_the_answer(store, monkeypatch, stored=stored)
    begun = mute(store, MuteKind.STORY, "1")
    assert begun.ended == 2
    Mutes(store.database).end(begun.mute.id, now=NOW + MINUTE)
    assert Mutes(store.database).in_force(NOW + MINUTE) == ()


@pytest.mark.parametrize("stored", [True, False])
def test_a_mute_by_a_button_whose_answer_was_lost_is_a_new_one(store: SqliteStore, monkeypatch, stored) -> None:
    lose_the_answer(store, monkeypatch, stored=stored)
    told = {"until": NOW + HOUR, "reason": "", "by": "x\ud800", "now": NOW, "within": lambda _: ()}
    mutes = Mutes(store.database)
    begun, is_new = mutes.begin_unless_standing(MuteKind.STORY, "1", **told)
    assert is_new
    assert [each.id for each in mutes.in_force(NOW)] == [begun.id]
    assert mutes.begin_unless_standing(MuteKind.STORY, "1", **told)[1] is False


def lose_the_answer(store: SqliteStore, monkeypatch: pytest.MonkeyPatch, *, stored: bool) -> None:
    """Of the next transaction, which is done again."""
    write, losses = store.database.write, iter([True])

    @contextmanager
    def lossy() -> Iterator[Connection]:
        is_lost = next(losses, False)
        with write() as db:
            yield db
            if is_lost and not stored:
                raise StateUnwritable("the server closed the connection")
        if is_lost:
            raise StateUnwritable("the server closed the connection")

    monkeypatch.setattr(store.database, "write", lossy)


def test_a_chain_of_a_clock_that_was_set_back_waits_one_step_at_most(store: SqliteStore) -> None:
    waiting(store)
    before = timedelta(days=3)
    store.take_over(now=NOW - before)
    assert [alert_id for alert_id, _ in Chains(store.database).due(NOW - before + MINUTE)] == ["1.1"]
