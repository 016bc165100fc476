"""What readers of an alert said of it by a link: seen, not now, not a match. Each once, and each can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from monitor.model import Mute, MuteKind
from monitor.store import chain_rows, codec, feedback_rows, mute_rows, story_rows
from monitor.store.feedback_rows import Opinion, Said
from monitor.store.sql import Connection, Database, decide_alone

_T = TypeVar("_T")

_UP_TO = """
    SELECT other.id FROM alert AS other JOIN alert AS this ON other.story_id = this.story_id
        AND other.rule_id = this.rule_id AND other.number <= this.number WHERE this.id = :alert_id
"""
_ACKNOWLEDGE_ALL = f"""
    INSERT INTO acknowledgement (alert_id, by, at_us) SELECT id, :by, :now FROM ({_UP_TO}) AS seen WHERE true
    ON CONFLICT DO NOTHING
"""  # noqa: S608 - ours
_UNACKNOWLEDGE_ALL = f"""
    DELETE FROM acknowledgement WHERE alert_id IN ({_UP_TO}) AND (by, at_us) = (
        SELECT by, at_us FROM acknowledgement WHERE alert_id = :alert_id
    )
"""  # noqa: S608 - ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """Who has seen it, and when."""

    by: str
    at: datetime


class Wishes:
    """Each call is one short transaction. Saying the same again changes nothing: what was said first stands.

    `by` is who says it; two links of one alert are one. Safe from any thread. Raises StateError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def acknowledged(self, alert_id: str) -> Acknowledged | None:
        return acknowledged(self._database, alert_id)

    def acknowledge(self, alert_id: str, *, by: str, now: datetime) -> Acknowledged:
        """Nobody further is told of what this rule found in this story. The alert is there."""

        def write(db: Connection) -> Acknowledged:
            decide_alone(db)
            add = "INSERT INTO acknowledgement (alert_id, by, at_us) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
            db.execute(add, (alert_id, codec.clean(by), codec.microseconds(now)))
            chain_rows.end_of_story(db, alert_id, why=f"acknowledged by {by} before it was sent")
            return _acknowledged(db, alert_id) or Acknowledged(by=by, at=now)

        return self._write(write)

    def acknowledge_all(self, alert_id: str, *, by: str, now: datetime) -> Acknowledged:
        """Also what came before it in its story under its rule, and was not: who has seen how a story goes on has seen
        how it began."""

        def write(db: Connection) -> Acknowledged:
            decide_alone(db)
            told = {"alert_id": alert_id, "by": codec.clean(by), "now": codec.microseconds(now)}
            db.execute(_ACKNOWLEDGE_ALL, told)
            chain_rows.end_of_story(db, alert_id, why=f"acknowledged by {by} before it was sent")
            return _acknowledged(db, alert_id) or Acknowledged(by=by, at=now)

        return self._write(write)

    def unacknowledge_all(self, alert_id: str) -> None:
        """Take back what `acknowledge_all` said of this alert, and with it of others."""
        self._write(lambda db: db.execute(_UNACKNOWLEDGE_ALL, {"alert_id": alert_id}))

    def unacknowledge(self, alert_id: str) -> None:
        """A chain that was ended by it stays so."""
        self._write(lambda db: db.execute("DELETE FROM acknowledgement WHERE alert_id = ?", (alert_id,)))

    def muted(self, by: str, *, now: datetime) -> Mute | None:
        """What holds now because of them."""
        with self._database.read() as db:
            return _muted(db, by, now)

    def mute(self, kind: MuteKind, subject: str, *, until: datetime, reason: str, by: str, now: datetime) -> Mute:
        """One at a time: another of theirs that still holds is answered as it is. Not for places."""

        def write(db: Connection) -> Mute:
            decide_alone(db)
            standing = _muted(db, by, now)
            if standing:
                return standing
            begun = mute_rows.begin(
                db, kind, subject, until=until, reason=reason, by=by, now=now, within=lambda _place: ()
            )
            return begun.mute

        return self._write(write)

    def unmute(self, by: str, *, now: datetime) -> None:
        end = "UPDATE mute SET ended_us = :now WHERE by = :by AND ended_us IS NULL AND until_us > :now"
        told = {"by": codec.clean(by), "now": codec.microseconds(now)}
        self._write(lambda db: db.execute(end, told))

    def called_wrong(self, alert_id: str, *, by: str) -> datetime | None:
        """When they called it one."""
        with self._database.read() as db:
            return _called_wrong(db, alert_id, by)

    def call_wrong(self, alert_id: str, rule_id: str, *, by: str, now: datetime) -> datetime:
        """No match of this rule, since when. The alert is there."""

        def write(db: Connection) -> datetime:
            feedback_rows.hold_alert(db, alert_id)
            said_at = _called_wrong(db, alert_id, by)
            if said_at is None:
                wrong = Said(alert_id=alert_id, rule_id=rule_id, opinion=Opinion.WRONG, note="", by=by, at=now)
                feedback_rows.say(db, wrong)
            return said_at or now

        return self._write(write)

    def call_right(self, alert_id: str, *, by: str) -> None:
        """Take back that they called it none."""
        drop = "DELETE FROM feedback WHERE alert_id = ? AND by = ? AND verdict = ?"
        self._write(lambda db: db.execute(drop, (alert_id, codec.clean(by), Opinion.WRONG.value)))

    def _write(self, step: Callable[[Connection], _T]) -> _T:
        return self._database.do(step)


def acknowledged(database: Database, alert_id: str) -> Acknowledged | None:
    with database.read() as db:
        return _acknowledged(db, alert_id)


def _acknowledged(db: Connection, alert_id: str) -> Acknowledged | None:
    row = db.execute("SELECT by, at_us FROM acknowledgement WHERE alert_id = ?", (alert_id,)).fetchone()
    return Acknowledged(by=row["by"], at=codec.instant(row["at_us"])) if row else None


def _muted(db: Connection, by: str, now: datetime) -> Mute | None:
    query = "SELECT * FROM mute WHERE until_us > ? AND by = ? AND ended_us IS NULL ORDER BY id DESC LIMIT 1"
    row = db.execute(query, (codec.microseconds(now), codec.clean(by))).fetchone()
    if row is None:
        return None
    return story_rows.mute(row)


def _called_wrong(db: Connection, alert_id: str, by: str) -> datetime | None:
    query = "SELECT min(at_us) FROM feedback WHERE alert_id = ? AND by = ? AND verdict = ?"
    return codec.instant_or_none(db.execute(query, (alert_id, codec.clean(by), Opinion.WRONG.value)).fetchone()[0])
