"""What the workers that share a database have in hand, as far as both databases can tell it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from monitor.model.workers import WorkerRecord
from monitor.store import codec
from monitor.store.read import Reader
from monitor.store.sql import Connection
from monitor.store.worker_rows import listed

ALIVE: Final = timedelta(seconds=60)  # as for the daemon of one machine, and more than clocks differ

_TURNS: Final = """
    SELECT channel_id, worker, until_us FROM channel_turn WHERE worker IS NOT NULL AND until_us > ? ORDER BY channel_id
"""
# By the partial index of what is still to be sent, and what was given up: few rows, whatever was sent.
_OWED: Final = """
    SELECT channel_id, status, count(*) AS number, min(created_us) AS since_us
    FROM delivery WHERE status IN ('pending', 'retrying') GROUP BY channel_id, status
"""
_DEAD: Final = """
    SELECT channel_id, count(*) AS number, max(last_try_us) AS last_us
    FROM delivery WHERE status = 'dead' GROUP BY channel_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A worker, by its id, alone may send to the channel, until then or its next sign of life."""

    channel_id: str
    worker: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Deliveries of one channel that did not arrive. `since`: when the oldest was made of those still to be sent.
    `given_up_at`: when the last of the dead was tried last."""

    pending: int = 0
    retrying: int = 0
    dead: int = 0
    since: datetime | None = None
    given_up_at: datetime | None = None


def workers(reader: Reader, now: datetime) -> tuple[WorkerRecord, ...]:
    """Those that gave a sign of life within a day, by a clock of this machine, by when they began. Where no workers
    share the state there are none."""
    with reader.database.read() as db:
        return listed(db, now)


def alive(records: Iterable[WorkerRecord]) -> int:
    """How many of them are, as far as a machine can tell whose clock may differ from that of the database."""
    return sum(each.silent_for <= ALIVE for each in records)


def turns(db: Connection, now: datetime) -> tuple[Turn, ...]:
    """That are had at that time of the database, by channel."""
    return tuple(
        Turn(channel_id=row["channel_id"], worker=row["worker"], until=codec.instant(row["until_us"]))
        for row in db.execute(_TURNS, (codec.microseconds(now),)).fetchall()
    )


def owed(db: Connection) -> Mapping[str, Owed]:
    """By channel; those that everything arrived at are left out."""
    found: dict[str, Owed] = {}
    for row in db.execute(_OWED).fetchall():
        each, since = found.get(row["channel_id"], Owed()), codec.instant(row["since_us"])
        first = since if each.since is None else min(each.since, since)
        found[row["channel_id"]] = replace(each, since=first, **{row["status"]: row["number"]})
    for row in db.execute(_DEAD).fetchall():
        last = codec.instant_or_none(row["last_us"])
        found[row["channel_id"]] = replace(found.get(row["channel_id"], Owed()), dead=row["number"], given_up_at=last)
    return dict(sorted(found.items()))
