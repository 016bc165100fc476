"""What people said of alerts: that one was what they want to hear of, or was not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from monitor.store import codec
from monitor.store.sql import Connection, Database, Row, locking

_COUNTS = """
    SELECT rule_id, count(DISTINCT CASE verdict WHEN 'match' THEN alert_id END) AS right,
        count(DISTINCT CASE verdict WHEN 'not a match' THEN alert_id END) AS wrong
    FROM feedback WHERE at_us >= ? GROUP BY rule_id ORDER BY rule_id
"""
_LATEST = """
    SELECT feedback.*, alert.title FROM feedback JOIN alert ON alert.id = feedback.alert_id
    WHERE :rule_id IS NULL OR feedback.rule_id = :rule_id ORDER BY feedback.id DESC LIMIT :limit
"""


class Opinion(Enum):
    MATCH = "match"
    WRONG = "not a match"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`title` is the alert's, as published."""

    alert_id: str
    rule_id: str
    opinion: Opinion
    note: str
    by: str
    at: datetime
    title: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many alerts of a rule somebody called right, and wrong; one of which both was said is in both."""

    right: int
    wrong: int


class Feedback:
    """Each call is one short transaction. Safe from any thread, and beside a running daemon. Raises StateError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def say(self, said: Said) -> Said | None:
        """One opinion a person has of an alert: the newer replaces the older, which is answered. The alert is there."""
        return self._database.do(lambda db: say(db, said))

    def take_back(self, alert_id: str, *, by: str) -> None:
        """Whatever they said of it."""
        drop = "DELETE FROM feedback WHERE alert_id = ? AND by = ?"
        self._database.do(lambda db: db.execute(drop, (alert_id, codec.clean(by))))

    def counts(self, *, since: datetime) -> Mapping[str, Counts]:
        """By rule; those of which nothing was said are left out."""
        with self._database.read() as db:
            found = db.execute(_COUNTS, (codec.microseconds(since),))
            return {row["rule_id"]: Counts(row["right"], row["wrong"]) for row in found}

    def latest(self, *, limit: int, rule_id: str | None = None) -> list[Said]:
        """The newest first."""
        with self._database.read() as db:
            return [said_of(row) for row in db.execute(_LATEST, {"rule_id": rule_id, "limit": limit})]


def hold_alert(db: Connection, alert_id: str) -> None:
    """Until the transaction ends nobody else says anything of it."""
    db.execute(locking(db, "SELECT 1 FROM alert WHERE id = ?", "NO KEY UPDATE"), (alert_id,)).fetchall()


def say(db: Connection, said: Said) -> Said | None:
    hold_alert(db, said.alert_id)
    by = codec.clean(said.by)
    query = """
        SELECT feedback.*, '' AS title FROM feedback WHERE alert_id = ? AND by = ? ORDER BY id DESC LIMIT 1
    """
    before = db.execute(query, (said.alert_id, by)).fetchone()
    db.execute("DELETE FROM feedback WHERE alert_id = ? AND by = ?", (said.alert_id, by))
    told = (
        said.alert_id, codec.clean(said.rule_id), said.opinion.value, codec.clean(said.note), by,
        codec.microseconds(said.at),
    )  # fmt: skip
    db.execute("INSERT INTO feedback (alert_id, rule_id, verdict, note, by, at_us) VALUES (?, ?, ?, ?, ?, ?)", told)
    return said_of(before) if before else None


def said_of(row: Row) -> Said:
    return Said(
        alert_id=row["alert_id"],
        rule_id=row["rule_id"],
        opinion=Opinion(row["verdict"]),
        note=row["note"],
        by=row["by"],
        at=codec.instant(row["at_us"]),
        title=row["title"],
    )
