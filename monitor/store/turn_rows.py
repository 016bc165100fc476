"""Whose turn it is to send to a channel: one worker's at a time, for as long as it says that it is there.

A turn is known by its token, one more each time that somebody takes it. Who has an older one claims nothing and leaves
no pace. But it may record what became of a message that it sent: that is a fact, whoever has the turn now (see
`outbox.record`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from monitor.model import Delivery
from monitor.store import codec, outbox
from monitor.store.sql import Connection, Database, locking

# Whoever asks again while it still has the turn has lost account of it: its last call failed after it was done.
_TAKE = """
    UPDATE channel_turn SET worker = :worker, until_us = :until, token = token + 1
    WHERE channel_id = :channel_id AND (worker IS NULL OR worker = :worker OR until_us <= :now)
"""
_ADD = """
    INSERT INTO channel_turn (channel_id, worker, until_us, token) VALUES (:channel_id, :worker, :until, 1)
    ON CONFLICT DO NOTHING
"""
_TAKEN = "SELECT token, pace FROM channel_turn WHERE channel_id = :channel_id"
_MINE = "channel_id = :channel_id AND worker = :worker AND token = :token"
_KEEP = f"UPDATE channel_turn SET until_us = :until WHERE {_MINE}"  # noqa: S608 - ours
_KEEP_PACE = f"UPDATE channel_turn SET until_us = :until, pace = :pace WHERE {_MINE}"  # noqa: S608 - ours
_GIVE_BACK = f"UPDATE channel_turn SET worker = NULL, until_us = NULL, pace = :pace WHERE {_MINE}"  # noqa: S608 - ours
_THESE = "channel_id IN (SELECT value FROM json_each(:channels))"
_HOLDERS = f"SELECT channel_id, worker, token FROM channel_turn WHERE {_THESE}"  # noqa: S608 - ours
_KEEP_ALL = f"UPDATE channel_turn SET until_us = :until WHERE {_THESE}"  # noqa: S608 - ours
_LEFT = (
    "SELECT channel_id FROM channel_turn WHERE worker IS NOT NULL AND until_us <= :now ORDER BY until_us, channel_id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """`pace`: the text that the last one left, or an empty JSON object. `taken_at`: by the clock of the rows."""

    channel_id: str
    worker: str
    token: int
    pace: str
    taken_at: datetime


class TurnRows:
    """Each call is one short transaction. Safe from any thread. Raises StateError."""

    def __init__(self, database: Database, now: Callable[[Connection], datetime], *, lease: timedelta) -> None:
        """`now`: the time that all workers go by, so that of a database on many machines the database's own, for their
        clocks differ. `lease`: how long a turn is had after each sign of life."""
        self._database, self._now, self._lease = database, now, lease

    def take(self, channel_id: str, worker: str) -> Taken | None:
        """None while another has it. `worker`: no two that live have the same.

        In the same transaction the leases of the channel's deliveries end: those of whoever had the turn before, and
        sends no more or is not to. What was under way may have arrived.
        """

        def work(db: Connection) -> Taken | None:
            now = self._now(db)
            told = {
                "channel_id": codec.clean(channel_id),
                "worker": codec.clean(worker),
                "now": codec.microseconds(now),
                "until": codec.microseconds(now + self._lease),
            }
            if not (db.execute(_TAKE, told).rowcount == 1 or db.execute(_ADD, told).rowcount == 1):
                return None
            outbox.end_leases_of(db, codec.clean(channel_id))
            row = db.execute(_TAKEN, told).fetchone()
            return Taken(channel_id=channel_id, worker=worker, token=row["token"], pace=row["pace"], taken_at=now)

        return self._database.do(work)

    def keep(self, turn: Taken, *, pace: str | None = None) -> bool:
        """A sign of life, and how fast the channel was sent to until now. False, and nothing written, if another has
        the turn: that it ran out alone takes it from nobody."""
        return self._database.do(lambda db: self._keep(db, turn, pace))

    def keep_all(self, turns: Iterable[Taken]) -> list[Taken]:
        """A sign of life for all of them at once: those that others have, whose rows stay as they are.

        Waits for nobody and is tried once, for the next sign comes soon. Whoever has the row of a turn locked at this
        moment either keeps it in that very transaction, as a claim does, or takes it, which the next sign finds out.
        """
        asked = list(turns)
        with self._database.write() as db:
            query = locking(db, _HOLDERS, "NO KEY UPDATE OF channel_turn SKIP LOCKED")
            rows = db.execute(query, {"channels": _named(asked)}).fetchall()
            holders = {row["channel_id"]: (row["worker"], row["token"]) for row in rows}
            kept = [turn for turn in asked if holders.get(codec.clean(turn.channel_id)) == _holder(turn)]
            until = codec.microseconds(self._now(db) + self._lease)
            db.execute(_KEEP_ALL, {"until": until, "channels": _named(kept)})
        return [turn for turn in asked if codec.clean(turn.channel_id) in holders and turn not in kept]

    def claim(
        self,
        turn: Taken,
        now: datetime,
        *,
        limit: int,
        lease: timedelta,
        ids: Sequence[int] | None = None,
        together: bool = False,
    ) -> list[Delivery]:
        """As `Store.claim_deliveries`, of the turn's channel; nothing if another has the turn. Whoever takes it later
        ends these leases. To be asked when all that was claimed before in this turn is recorded or put off."""
        tries = count()

        def work(db: Connection) -> list[Delivery]:
            if not self._keep(db, turn, None):  # first: from here to the commit nobody can take it
                return []
            if next(tries):  # the first may have been stored, though we did not hear of it
                outbox.drop_leases_of(db, codec.clean(turn.channel_id))
            return outbox.claim(
                db, now, limit=limit, lease=lease, channel_id=turn.channel_id, ids=ids, together=together
            )

        return self._database.do(work)

    def left(self) -> list[str]:
        """The channels whose turns ran out: something of theirs may be leased, and so not seem to be due."""
        with self._database.read() as db:
            return [row["channel_id"] for row in db.execute(_LEFT, {"now": codec.microseconds(self._now(db))})]

    def leave(self, turn: Taken, pace: str) -> bool:
        """It ran out just now. False, and nothing written, if another has it."""
        return self._database.do(lambda db: self._keep(db, turn, pace, timedelta(0)))

    def give_back(self, turn: Taken, pace: str) -> bool:
        """Nothing of it is leased. False, and nothing written, if another has it."""
        return self._database.do(lambda db: db.execute(_GIVE_BACK, {**_who(turn), "pace": pace}).rowcount == 1)

    def _keep(self, db: Connection, turn: Taken, pace: str | None, lease: timedelta | None = None) -> bool:
        until = codec.microseconds(self._now(db) + (self._lease if lease is None else lease))
        told = {**_who(turn), "until": until, "pace": pace}
        return db.execute(_KEEP if pace is None else _KEEP_PACE, told).rowcount == 1


def _who(turn: Taken) -> dict[str, object]:
    return {"channel_id": codec.clean(turn.channel_id), "worker": codec.clean(turn.worker), "token": turn.token}


def _holder(turn: Taken) -> tuple[str, int]:
    return codec.clean(turn.worker), turn.token


def _named(turns: Iterable[Taken]) -> str:
    return json.dumps([codec.clean(turn.channel_id) for turn in turns])
