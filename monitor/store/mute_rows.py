"""Mutes: what people do not want to hear of for a while. A mute also ends what waits to be told when it begins."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.model import Mute, MuteKind
from monitor.store import codec, story_rows
from monitor.store.sql import Connection, Database, Row, added, decide_alone

Within = Callable[[str], Sequence[str]]

# What is being sent at this moment too: if it does not arrive, it is not tried again.
_END_DELIVERIES = """
    UPDATE delivery SET status = 'ended', last_error = :why, lease_until_us = NULL
    WHERE alert_id IN (SELECT value FROM json_each(:alerts)) AND status IN ('pending', 'retrying')
"""
_END_CHAINS = "DELETE FROM chain WHERE alert_id IN (SELECT value FROM json_each(:alerts))"
_WAITING = """
    SELECT id, story_id, rule_id, feed_id, told,
        (SELECT newsroom FROM report WHERE report.entry_id = alert.entry_id) AS newsroom
    FROM alert WHERE id IN (
        SELECT alert_id FROM delivery WHERE status IN ('pending', 'retrying') UNION SELECT alert_id FROM chain
    )
"""


@dataclass(frozen=True, slots=True)
class Begun:
    """A mute, and how many deliveries it ended."""

    mute: Mute
    ended: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A mute, and when somebody took it back."""

    mute: Mute
    ended_at: datetime | None


class Mutes:
    """Each call is one short transaction. Safe from any thread, and beside a running daemon. Raises StateError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(
        self, kind: MuteKind, subject: str, *, until: datetime, reason: str, by: str, now: datetime, within: Within
    ) -> Begun:
        """`within` tells what lies around a place."""
        tries = list[Begun]()

        def write(db: Connection) -> Begun:
            begun = _stored(db, tries)
            if begun is None:
                begun = begin(db, kind, subject, until=until, reason=reason, by=by, now=now, within=within)
                tries.append(begun)
            return begun

        return self._database.do(write)

    def begin_unless_standing(
        self, kind: MuteKind, subject: str, *, until: datetime, reason: str, by: str, now: datetime, within: Within
    ) -> tuple[Mute, bool]:
        """What is muted for as long already stays as it is. Tells whether it is a new one."""
        tries = list[Begun]()

        def write(db: Connection) -> tuple[Mute, bool]:
            decide_alone(db)
            if stored := _stored(db, tries):
                return stored.mute, True
            for standing in story_rows.mutes(db, now):
                if (standing.kind, standing.subject) == (kind, subject) and standing.until >= until:
                    return standing, False
            tries.append(begin(db, kind, subject, until=until, reason=reason, by=by, now=now, within=within))
            return tries[-1].mute, True

        return self._database.do(write)

    def end(self, mute_id: int, *, now: datetime) -> Kept | None:
        """As it was before, or None if there is no such mute. What it swallowed stays so."""

        def write(db: Connection) -> Kept | None:
            row = db.execute("SELECT * FROM mute WHERE id = ?", (mute_id,)).fetchone()
            end = "UPDATE mute SET ended_us = :now WHERE id = :id AND ended_us IS NULL AND until_us > :now"
            db.execute(end, {"id": mute_id, "now": codec.microseconds(now)})
            return kept(row) if row else None

        return self._database.do(write)

    def in_force(self, now: datetime) -> tuple[Mute, ...]:
        with self._database.read() as db:
            return story_rows.mutes(db, now)

    def all(self, *, limit: int) -> list[Kept]:
        """Those that are over too, the newest first."""
        with self._database.read() as db:
            return [kept(row) for row in db.execute("SELECT * FROM mute ORDER BY id DESC LIMIT ?", (limit,))]

    def verdicts(self, mute: Mute) -> int:
        """How many decisions it was the reason of."""
        query = "SELECT count(*) FROM verdict WHERE decided_us >= ? AND reason = 'MUTED' AND why LIKE ?"
        with self._database.read() as db:
            told = (codec.microseconds(mute.begun_at), f"mute {mute.id} (%")
            return int(db.execute(query, told).fetchone()[0])


def _stored(db: Connection, tries: Sequence[Begun]) -> Begun | None:
    """What one of our tries before began after all: the commit came through, and its answer did not."""
    if tries:
        decide_alone(db)  # one that is being stored at this moment is waited for
    for begun in tries:
        row = db.execute("SELECT * FROM mute WHERE id = ?", (begun.mute.id,)).fetchone()
        if row is not None and _told(story_rows.mute(row)) == _told(begun.mute):  # its number may be another's by now
            return begun
    return None


def begin(
    db: Connection,
    kind: MuteKind,
    subject: str,
    *,
    until: datetime,
    reason: str,
    by: str,
    now: datetime,
    within: Within,
) -> Begun:
    decide_alone(db)  # what is decided at this moment is among what waits, or is decided with the mute
    mute = Mute(id=0, kind=kind, subject=subject, until=until, reason=reason, by=by, begun_at=now)
    add = "INSERT INTO mute (kind, subject, until_us, reason, by, begun_us) VALUES (?, ?, ?, ?, ?, ?)"
    mute = replace(mute, id=added(db, add, _told(mute)))
    return Begun(mute, _end_what_waits(db, mute, within))


def _told(mute: Mute) -> tuple[object, ...]:
    return (
        mute.kind.value, codec.clean(mute.subject), codec.microseconds(mute.until), codec.clean(mute.reason),
        codec.clean(mute.by), codec.microseconds(mute.begun_at),
    )  # fmt: skip


def _end_what_waits(db: Connection, mute: Mute, within: Within) -> int:
    """In the same few statements however much waits: until they are done nobody decides, and channels stand still."""
    covered = [row["id"] for row in db.execute(_WAITING).fetchall() if _covers(mute, row, within)]
    told = {"alerts": json.dumps(covered), "why": codec.clean(mute.in_words)}
    db.execute(_END_CHAINS, told)
    return db.execute(_END_DELIVERIES, told).rowcount


def _covers(mute: Mute, row: Row, within: Within) -> bool:
    return mute.covers(
        rule_id=row["rule_id"],
        story_id=row["story_id"],
        sources=(row["newsroom"] or "", row["feed_id"]),
        places=json.loads(row["told"]).get("facts", {}).get("places", ()),
        within=within,
    )


def kept(row: Row) -> Kept:
    return Kept(story_rows.mute(row), codec.instant_or_none(row["ended_us"]))
