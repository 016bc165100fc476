"""Alerts that wait for somebody to acknowledge them, and the channels that are told until somebody does."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from monitor.model import Chain, ChainStep, ChainTold, DeliveryStatus, Severity
from monitor.store import codec, outbox
from monitor.store.sql import Connection, Database, Row, locking

_MICROSECOND = timedelta(microseconds=1)
_CHAIN = """
    SELECT chain.*, alert.severity, alert.decided_us FROM chain JOIN alert ON alert.id = chain.alert_id
    WHERE alert_id = :alert_id AND due_us <= :by
"""
_TOLD = "SELECT * FROM delivery WHERE alert_id = ? ORDER BY id"
_ADD = """
    INSERT INTO chain (alert_id, channels, every_us, due_us) VALUES (:alert_id, :channels, :every, :due)
    ON CONFLICT DO NOTHING
"""
_MOVE = "UPDATE chain SET channels = :channels, due_us = :due WHERE alert_id = :alert_id"
_END = "DELETE FROM chain WHERE alert_id = ?"
_OF_STORY = """
    SELECT other.id FROM alert AS other JOIN alert AS this
    ON other.story_id = this.story_id AND other.rule_id = this.rule_id WHERE this.id = :alert_id
"""
_END_ALL = f"DELETE FROM chain WHERE alert_id IN ({_OF_STORY})"  # noqa: S608 - ours
# What further channels are to be told, and were not yet.
_END_WAITING = f"""
    UPDATE delivery SET status = 'ended', last_error = :why, lease_until_us = NULL
    WHERE status IN ('pending', 'retrying') AND unacknowledged_us IS NOT NULL AND alert_id IN ({_OF_STORY})
"""  # noqa: S608 - ours
_SHIFT = "UPDATE chain SET due_us = due_us + :us"
# The clock was set back: nobody waits longer than a step for that.
_TAKE_OVER = "UPDATE chain SET due_us = :now + every_us WHERE due_us > :now + every_us"


class Chains:
    """Each call is one short transaction. Safe from any thread. Raises StateError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, by: datetime) -> list[tuple[str, tuple[str, ...]]]:
        """The alerts whose next channel is due, the longest due first, each with the channels that are left."""
        query = "SELECT alert_id, channels FROM chain WHERE due_us <= ? ORDER BY due_us, alert_id"
        with self._database.read() as db:
            return [(row[0], tuple(json.loads(row[1]))) for row in db.execute(query, (codec.microseconds(by),))]

    def move(
        self, alert_id: str, step: Callable[[Chain], ChainStep], *, by: datetime, now: datetime
    ) -> ChainStep | None:
        """Do what `step` says of it: the channel is told and the chain moved on in one transaction, so that a crash
        neither forgets a channel nor tells one twice. None where it was acknowledged or moved on meanwhile."""

        def write(db: Connection) -> ChainStep | None:
            held = locking(db, _CHAIN, "UPDATE OF chain")  # whoever ends it meanwhile finds what this step tells
            row = db.execute(held, {"alert_id": alert_id, "by": codec.microseconds(by)}).fetchone()
            if row is None:
                return None
            chain = _chain(row, db.execute(_TOLD, (alert_id,)).fetchall())
            done = step(chain)
            for to in done.tell:
                outbox.add_unacknowledged(db, chain, to, at=now, since=done.since or now)
            _move(db, alert_id, done)
            return done

        return self._database.do(write)


def begin(db: Connection, alert_id: str, channels: Sequence[str], *, every: timedelta, due_at: datetime) -> None:
    told = {
        "alert_id": codec.clean(alert_id),
        "channels": _dumped(channels),
        "every": every // _MICROSECOND,
        "due": codec.microseconds(due_at),
    }
    db.execute(_ADD, told)


def end_of_story(db: Connection, alert_id: str, *, why: str) -> None:
    """Those of all alerts of its story under its rule, and what they wait to tell."""
    db.execute(_END_ALL, {"alert_id": alert_id})
    db.execute(_END_WAITING, {"alert_id": alert_id, "why": codec.clean(why)})


def shift(db: Connection, us: int) -> None:
    db.execute(_SHIFT, {"us": us})


def take_over(db: Connection, now_us: int) -> None:
    db.execute(_TAKE_OVER, {"now": now_us})


def _move(db: Connection, alert_id: str, done: ChainStep) -> None:
    if done.due_at is None:
        db.execute(_END, (alert_id,))
        return
    told = {"alert_id": alert_id, "channels": _dumped(done.left), "due": codec.microseconds(done.due_at)}
    db.execute(_MOVE, told)


def _dumped(channels: Sequence[str]) -> str:
    return json.dumps([codec.clean(channel) for channel in channels], ensure_ascii=False)


def _chain(row: Row, deliveries: Sequence[Row]) -> Chain:
    return Chain(
        alert_id=row["alert_id"],
        severity=Severity(row["severity"]),
        decided_at=codec.instant(row["decided_us"]),
        channels=tuple(json.loads(row["channels"])),
        every=row["every_us"] * _MICROSECOND,
        due_at=codec.instant(row["due_us"]),
        told=tuple(_told(each) for each in deliveries),
    )


def _told(row: Row) -> ChainTold:
    return ChainTold(
        channel_id=row["channel_id"],
        status=DeliveryStatus(row["status"]),
        due_at=codec.instant(row["next_try_us"]),
        sent_at=codec.instant_or_none(row["sent_us"]),
        by_chain=row["unacknowledged_us"] is not None,
    )
