"""How deliveries and the database stand, for the page of operations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.model import DeliveryStatus, Hold
from monitor.store import codec
from monitor.store.housekeeping import BACKED_UP
from monitor.store.outbox import DELIVERY_COLUMNS
from monitor.store.read import DeliveryRecord, Reader, delivery_record
from monitor.store.sql import Row

# By the partial index of what is still to be sent, and what was given up: few rows, whatever was sent.
_OWED = """
    SELECT channel_id, status, count(*) AS number, min(created_us) AS since_us,
        sum(CASE WHEN status = 'pending' AND hold IS NOT NULL AND next_try_us > :now THEN 1 ELSE 0 END) AS held
    FROM delivery WHERE status IN ('pending', 'retrying') GROUP BY channel_id, status
    ORDER BY channel_id, status
"""
_DEAD = """
    SELECT channel_id, count(*) AS number FROM delivery WHERE status = 'dead' GROUP BY channel_id ORDER BY channel_id
"""
_SENT = """
    SELECT max(sent_us) AS last_us, (
        SELECT count(*) FROM delivery WHERE status = 'sent' AND channel_id = :channel_id AND sent_us >= :since
    ) AS lately FROM delivery WHERE status = 'sent' AND channel_id = :channel_id
"""
_HOLDS = """
    SELECT hold, count(*) FROM delivery
    WHERE status = 'pending' AND hold IS NOT NULL AND next_try_us > ? GROUP BY hold ORDER BY 2 DESC, hold
"""
_WAITING = f"""
    SELECT {DELIVERY_COLUMNS} FROM delivery JOIN alert ON alert.id = delivery.alert_id
    WHERE delivery.status IN ('pending', 'retrying') ORDER BY delivery.next_try_us, delivery.id LIMIT ?
"""  # noqa: S608 - the columns are ours
# By the index of status and id, whichever status it is; of all of them by the id alone.
_OF_STATUS = f"""
    SELECT {DELIVERY_COLUMNS} FROM delivery JOIN alert ON alert.id = delivery.alert_id
    WHERE delivery.status = ? AND delivery.id < ? ORDER BY delivery.id DESC LIMIT ?
"""  # noqa: S608 - the columns are ours
_OF_ANY = f"""
    SELECT {DELIVERY_COLUMNS} FROM delivery JOIN alert ON alert.id = delivery.alert_id
    WHERE delivery.id < ? ORDER BY delivery.id DESC LIMIT ?
"""  # noqa: S608 - the columns are ours
_ONE = f"""
    SELECT {DELIVERY_COLUMNS} FROM delivery JOIN alert ON alert.id = delivery.alert_id WHERE delivery.id = ?
"""  # noqa: S608 - the columns are ours


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelStanding:
    """Deliveries of one channel. `waiting` are those that could be sent by now, `held` those that wait for something;
    `retrying` are among the waiting. `since`: when the oldest of all was made that is still to be sent."""

    waiting: int = 0
    held: int = 0
    retrying: int = 0
    dead: int = 0
    since: datetime | None = None
    last_sent_at: datetime | None = None
    sent: int = 0  # in the last day


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Of the database. `backed_up_at`: when `monitor db backup` last made a copy, None if it never did."""

    software: str
    bytes: int
    schema: int
    begun_at: datetime | None
    backed_up_at: datetime | None


def channels(reader: Reader, channel_ids: list[str], *, now: datetime) -> Mapping[str, ChannelStanding]:
    """Of these, and of others that something is owed to or was given up for: they may be gone from the rules."""
    since = codec.microseconds(now - timedelta(days=1))
    with reader.database.read() as db:
        owed = db.execute(_OWED, {"now": codec.microseconds(now)}).fetchall()
        dead = {row["channel_id"]: row["number"] for row in db.execute(_DEAD)}
        known = list(dict.fromkeys([*channel_ids, *(row["channel_id"] for row in owed), *dead]))
        found = {}
        for each in known:
            sent = db.execute(_SENT, {"channel_id": codec.clean(each), "since": since}).fetchone()
            found[each] = ChannelStanding(
                dead=dead.get(each, 0), last_sent_at=codec.instant_or_none(sent["last_us"]), sent=sent["lately"]
            )
    for row in owed:
        found[row["channel_id"]] = _with(found[row["channel_id"]], row)
    return found


def holds(reader: Reader, now: datetime) -> Mapping[Hold, int]:
    """What deliveries wait for, and how many; the most first."""
    return {Hold[name]: number for name, number in reader.rows(_HOLDS, codec.microseconds(now))}


def waiting(reader: Reader, *, limit: int) -> list[DeliveryRecord]:
    """What is still to be sent, in the order in which it is due."""
    return [delivery_record(row) for row in reader.rows(_WAITING, limit)]


def given_up(reader: Reader, *, limit: int, below: int | None = None) -> list[DeliveryRecord]:
    """As `deliveries`, of those that are dead."""
    return deliveries(reader, DeliveryStatus.DEAD, limit=limit, below=below)


def deliveries(
    reader: Reader, status: DeliveryStatus | None, *, limit: int, below: int | None = None
) -> list[DeliveryRecord]:
    """Those of this status (None: of any), the newest first. `below`: those with a lower id."""
    under = 2**62 if below is None else below
    rows = reader.rows(_OF_STATUS, status.value, under, limit) if status else reader.rows(_OF_ANY, under, limit)
    return [delivery_record(row) for row in rows]


def delivery(reader: Reader, delivery_id: int) -> DeliveryRecord | None:
    return next((delivery_record(row) for row in reader.rows(_ONE, delivery_id)), None)


def stored(reader: Reader) -> Stored:
    standing = reader.database.standing()
    meta = dict(map(tuple, reader.rows("SELECT name, value FROM meta")))
    return Stored(
        software=standing.software,
        bytes=standing.bytes,
        schema=standing.schema,
        begun_at=_instant(meta.get("begun_at")),
        backed_up_at=_instant(meta.get(BACKED_UP)),
    )


def _with(found: ChannelStanding, row: Row) -> ChannelStanding:
    since = codec.instant(row["since_us"])
    return replace(
        found,
        waiting=found.waiting + row["number"] - row["held"],
        held=found.held + row["held"],
        retrying=found.retrying + (row["number"] if row["status"] == "retrying" else 0),
        since=since if found.since is None else min(found.since, since),
    )


def _instant(written: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(written) if written else None
    except ValueError:
        return None
