"""Alerts, and the life of each delivery: pending, retrying, sent, dead."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.model import Alert, Chain, Delivery, DeliveryStatus, Hold, NotSent, Recipient, Sent, Severity, Wait
from monitor.store import alert_codec, codec
from monitor.store.in_line import line_up
from monitor.store.mark_rows import mark
from monitor.store.sql import Connection, Row, decide_alone, locking

_ADD_ALERT = """
    INSERT INTO alert (
        id, story_id, number, entry_id, rule_id, rule_title, severity, reason, feed_id, feed_name, title, summary,
        link, published_us, decided_us, spans, told
    ) VALUES (
        :id, :story_id, :number, :entry_id, :rule_id, :rule_title, :severity, :reason, :feed_id, :feed_name, :title,
        :summary, :link, :published_us, :decided_us, :spans, :told
    ) ON CONFLICT DO NOTHING
"""
_COUNT_ALERT = "UPDATE story SET last_number = max(last_number, :number) WHERE id = :story_id"
_ADD_DELIVERY = """
    INSERT INTO delivery (
        alert_id, channel_id, recipient_key, status, created_us, next_try_us, urgency, stands_in_for, hold,
        unacknowledged_us
    ) VALUES (:alert_id, :channel_id, :key, 'pending', :at, :due, :urgency, :stands_in_for, :hold, :since)
    ON CONFLICT DO NOTHING
"""
_REPLACE = """
    UPDATE delivery SET status = 'replaced' WHERE status = 'pending' AND hold = :hold AND next_try_us > :at
        AND lease_until_us IS NULL
        AND channel_id = :channel_id AND recipient_key = :key AND alert_id IN (
            SELECT id FROM alert WHERE story_id = :story_id AND rule_id = :rule_id AND id <> :alert_id
        )
"""
DELIVERY_COLUMNS = """
    delivery.id AS delivery_id, delivery.channel_id, delivery.recipient_key, delivery.status, delivery.attempts,
    delivery.created_us, delivery.next_try_us, delivery.last_try_us, delivery.last_error, delivery.sent_us,
    delivery.doubts, delivery.stands_in_for, delivery.hold, delivery.thread, delivery.answer,
    delivery.unacknowledged_us, delivery.urgency, alert.*
"""
_OF_CHANNEL = ("delivery.channel_id = :channel_id AND", "delivery.urgency, delivery.next_try_us, delivery.id")
_OF_ALL = ("", "delivery.next_try_us, delivery.id")
_DUE = f"""
    SELECT {DELIVERY_COLUMNS} FROM delivery JOIN alert ON alert.id = delivery.alert_id
    WHERE {{named}} {{of_channel}} delivery.status IN ('pending', 'retrying') AND delivery.next_try_us <= :now
        AND (delivery.lease_until_us IS NULL OR delivery.lease_until_us <= :now)
    ORDER BY {{order}} LIMIT :limit
"""  # noqa: S608 - the columns are ours
_CHANNELS_DUE = """
    SELECT channel_id FROM delivery
    WHERE status IN ('pending', 'retrying') AND next_try_us <= :now
        AND (lease_until_us IS NULL OR lease_until_us <= :now)
    GROUP BY channel_id ORDER BY min(urgency), min(next_try_us), min(id)
"""
_NAMED = "delivery.id IN (SELECT CAST(value AS BIGINT) FROM json_each(:ids)) AND"
# What was held is as old as it is due: its 72 hours begin when it may first be tried.
_LEASE = """
    UPDATE delivery SET lease_until_us = ?, last_try_us = ?, created_us =
        CASE WHEN hold IS NOT NULL AND attempts = 0 THEN max(created_us, next_try_us) ELSE created_us END
    WHERE id = ?
"""
_HELD = f"SELECT id FROM delivery WHERE {_NAMED} lease_until_us = :until"  # noqa: S608 - ours
_SENT = """
    UPDATE delivery
    SET status = 'sent', sent_us = :at, attempts = attempts + 1, last_error = NULL, lease_until_us = NULL,
        thread = :thread, answer = :answer
    WHERE id = :id AND status <> 'sent'
"""
# The first that the service gave a name to: an earlier one may have gone out in a digest.
_THREAD = """
    SELECT first.thread FROM alert JOIN delivery AS first ON first.alert_id = alert.id
        AND first.channel_id = :channel_id AND first.recipient_key = :key
    WHERE alert.story_id = :story_id AND alert.number < :number AND alert.rule_id = :rule_id
        AND first.thread IS NOT NULL
    ORDER BY alert.number LIMIT 1
"""
# If there are more attempts than we knew of, our lease ended and another's outcome came first: ours is out of date.
# What somebody muted meanwhile is not tried again.
_NOT_SENT = """
    UPDATE delivery SET status = :status, attempts = attempts + 1, doubts = doubts + :doubt,
        next_try_us = :next_try_us, last_error = :error, lease_until_us = NULL
    WHERE id = :id AND attempts = :attempts AND status IN ('pending', 'retrying')
"""
_DOUBT_THE_FIRST = """
    UPDATE delivery SET doubts = doubts + 1 WHERE id IN (
        SELECT id FROM (
            SELECT id, row_number() OVER (
                PARTITION BY channel_id, last_try_us ORDER BY urgency, next_try_us, id
            ) AS turn FROM delivery WHERE {of_channel} status IN ('pending', 'retrying') AND lease_until_us <= :now
        ) AS leased WHERE turn = 1
    ) AND lease_until_us <= :now
"""
_END_LEASES = """
    UPDATE delivery SET lease_until_us = NULL
    WHERE {of_channel} status IN ('pending', 'retrying') AND lease_until_us <= :now
"""
_RAN_OUT = "SELECT 1 FROM delivery WHERE status IN ('pending', 'retrying') AND lease_until_us <= :now LIMIT 1"
_FOR_EVER = 2**62  # microseconds
_DEFER = """
    UPDATE delivery SET next_try_us = :next_try_us, lease_until_us = NULL, last_error = coalesce(:why, last_error),
        status = CASE WHEN :why IS NULL THEN status ELSE 'retrying' END
    WHERE id = :id AND attempts = :attempts AND status IN ('pending', 'retrying')
"""
_HOLD = """
    UPDATE delivery SET next_try_us = :until, hold = :hold, status = 'pending'
    WHERE id = :id AND attempts = :attempts AND status IN ('pending', 'retrying') AND lease_until_us IS NULL
"""
_LOOK_ANEW = """
    UPDATE delivery SET next_try_us = :now WHERE status = 'pending' AND next_try_us > :now
        AND (hold IN ('QUIET_HOURS', 'DIGEST') OR (hold = 'THROTTLE' AND (
            SELECT rule_id FROM alert WHERE alert.id = delivery.alert_id
        ) NOT IN (SELECT value FROM json_each(:rules))))
"""


def add_alert(
    db: Connection,
    entry_id: int,
    alert: Alert,
    recipients: Sequence[Recipient],
    *,
    hold: Hold | None = None,
    due_at: datetime | None = None,
    waits: Mapping[str, Wait] | None = None,
) -> bool:
    columns = alert_codec.columns(alert)
    if db.execute(_ADD_ALERT, {**columns, "entry_id": entry_id}).rowcount != 1:
        return False
    db.execute(_COUNT_ALERT, columns)
    mark(db, columns, entry_id)
    for to in recipients:
        if alert.number > 1:
            _replace_waiting(db, alert, to)
        wait = (waits or {}).get(to.channel_id)
        its_hold, its_due_at = (wait.hold, wait.until) if wait is not None else (hold, due_at)
        _add_delivery(db, alert, to, at=alert.decided_at, stands_in_for=None, hold=its_hold, due_at=its_due_at)
    return True


def _replace_waiting(db: Connection, alert: Alert, to: Recipient) -> None:
    told = {
        "hold": Hold.THROTTLE.name,
        "at": codec.microseconds(alert.decided_at),
        "channel_id": codec.clean(to.channel_id),
        "key": codec.clean(to.key),
        "story_id": alert.story_id,
        "rule_id": codec.clean(alert.rule_id),
        "alert_id": codec.clean(alert.id),
    }
    db.execute(_REPLACE, told)


def _add_delivery(
    db: Connection,
    alert: Alert,
    to: Recipient,
    *,
    at: datetime,
    stands_in_for: str | None,
    hold: Hold | None = None,
    due_at: datetime | None = None,
    since: datetime | None = None,
) -> None:
    """`since`: see `Delivery.unacknowledged_since`."""
    told = {
        "alert_id": codec.clean(alert.id),
        "channel_id": codec.clean(to.channel_id),
        "key": codec.clean(to.key),
        "at": codec.microseconds(at),
        "due": codec.microseconds(due_at or at),
        "hold": hold.name if hold else None,
        "urgency": Severity.CRITICAL.rank - alert.severity.rank,
        "stands_in_for": stands_in_for,
        "since": codec.microseconds_or_none(since),
    }
    db.execute(_ADD_DELIVERY, told)
    if alert.number > 1 or stands_in_for is not None:
        line_up(db, alert, to)


def add_unacknowledged(db: Connection, chain: Chain, to: Recipient, *, at: datetime, since: datetime) -> None:
    """Tell one more of an alert, since nobody acknowledged it. Nothing if they are told of it already."""
    told = {
        "alert_id": chain.alert_id,
        "channel_id": codec.clean(to.channel_id),
        "key": codec.clean(to.key),
        "at": codec.microseconds(at),
        "due": codec.microseconds(at),
        "hold": None,
        "urgency": Severity.CRITICAL.rank - chain.severity.rank,
        "stands_in_for": None,
        "since": codec.microseconds(since),
    }
    db.execute(_ADD_DELIVERY, told)


def channels_due(db: Connection, now: datetime) -> list[str]:
    return [row["channel_id"] for row in db.execute(_CHANNELS_DUE, {"now": codec.microseconds(now)})]


def due(
    db: Connection,
    now: datetime,
    *,
    limit: int,
    channel_id: str | None,
    ids: Sequence[int] | None = None,
    to_claim: bool = False,
) -> list[Row]:
    """`to_claim`: whatever else becomes of them waits for the end of the transaction."""
    told = {
        "now": codec.microseconds(now),
        "limit": limit,
        "channel_id": None if channel_id is None else codec.clean(channel_id),
        "ids": None if ids is None else json.dumps(list(ids)),
    }
    of_channel, order = _OF_ALL if channel_id is None else _OF_CHANNEL
    query = _DUE.format(named="" if ids is None else _NAMED, of_channel=of_channel, order=order)
    return db.execute(locking(db, query, "NO KEY UPDATE OF delivery") if to_claim else query, told).fetchall()


def claim(
    db: Connection,
    now: datetime,
    *,
    limit: int,
    lease: timedelta,
    channel_id: str | None,
    ids: Sequence[int] | None = None,
    together: bool = False,
) -> list[Delivery]:
    at, until = codec.microseconds(now), codec.microseconds(now + lease)
    if db.execute(_RAN_OUT, {"now": at}).fetchone() is not None:  # whoever had them broke
        _end_leases(db, at)
    rows = due(db, now, limit=limit, channel_id=channel_id, ids=ids, to_claim=True)
    if channel_id is not None:  # while they were waited for, some may have been lined up anew
        rows.sort(key=lambda row: (row["urgency"], row["next_try_us"], row["delivery_id"]))
    # Of what was claimed at one moment, the first is taken to have been under way; see `_end_leases`. What goes in one
    # message is under way together, so each has a moment of its own.
    db.executemany(_LEASE, [(until, at + (n if together else 0), row["delivery_id"]) for n, row in enumerate(rows)])
    return [replace(delivery(row), thread=_thread(db, row)) for row in rows]


def held(db: Connection, claimed: Sequence[Delivery], until: datetime) -> list[Delivery]:
    """Those of them that still bear this lease."""
    told = {"ids": json.dumps([each.id for each in claimed]), "until": codec.microseconds(until)}
    ours = {row[0] for row in db.execute(_HELD, told).fetchall()}
    return [each for each in claimed if each.id in ours]


def _thread(db: Connection, row: Row) -> str | None:
    """What the message is called that this recipient was first told of the story with, under the same rule."""
    told = {name: row[name] for name in ("channel_id", "story_id", "number", "rule_id")}
    found = db.execute(_THREAD, told | {"key": row["recipient_key"]}).fetchone() if row["number"] > 1 else None
    return None if found is None else str(found["thread"])


def hold(db: Connection, held: Sequence[tuple[Delivery, Wait]]) -> None:
    told = [
        {
            "id": waiting.id,
            "attempts": waiting.attempts,
            "until": codec.microseconds(wait.until),
            "hold": wait.hold.name,
        }
        for waiting, wait in held
    ]
    db.executemany(_HOLD, told)


def look_anew(db: Connection, now: datetime, rule_ids: Iterable[str]) -> None:
    known = json.dumps([codec.clean(rule_id) for rule_id in rule_ids])
    db.execute(_LOOK_ANEW, {"now": codec.microseconds(now), "rules": known})


def delivery(row: Row) -> Delivery:
    return Delivery(
        id=row["delivery_id"],
        alert=alert_codec.alert(row),
        recipient=Recipient(channel_id=row["channel_id"], key=row["recipient_key"]),
        attempts=row["attempts"],
        created_at=codec.instant(row["created_us"]),
        doubts=row["doubts"],
        stands_in_for=row["stands_in_for"],
        hold=Hold[row["hold"]] if row["hold"] else None,
        due_at=codec.instant(row["next_try_us"]),
        unacknowledged_since=codec.instant_or_none(row["unacknowledged_us"]),
    )


def record(db: Connection, tried: Delivery, result: Sent | NotSent, *, retry_at: datetime | None) -> None:
    """Sent is a fact, whoever has the delivery now, and waits for nobody. A failure counts only while nobody else's
    outcome is known."""
    if isinstance(result, Sent):
        told = {
            "id": tried.id,
            "at": codec.microseconds(result.sent_at),
            "thread": None if result.thread is None else codec.clean(result.thread),
            "answer": codec.clean(result.answer) or None,
        }
        db.execute(_SENT, told)
    else:
        _record_failure(db, tried, result, retry_at)


def _record_failure(db: Connection, tried: Delivery, result: NotSent, retry_at: datetime | None) -> bool:
    decide_alone(db)  # what its rule tells of its story at this moment is lined up with it; see also `pass_on`
    status = DeliveryStatus.DEAD if retry_at is None else DeliveryStatus.RETRYING
    told = {
        "id": tried.id,
        "attempts": tried.attempts,
        "status": status.value,
        "next_try_us": codec.microseconds(retry_at or result.failed_at),
        "error": codec.clean(result.detail),
        "doubt": int(result.ambiguous),
    }
    counts = db.execute(_NOT_SENT, told).rowcount == 1
    if counts and retry_at is not None:
        line_up(db, tried.alert, tried.recipient)
    return counts


def defer(db: Connection, claimed: Delivery, *, until: datetime, why: str | None) -> None:
    told = {
        "id": claimed.id,
        "attempts": claimed.attempts,
        "next_try_us": codec.microseconds(until),
        "why": None if why is None else codec.clean(why),
    }
    db.execute(_DEFER, told)


def pass_on(
    db: Connection, tried: Delivery, result: NotSent, recipients: Sequence[Recipient], *, now: datetime
) -> None:
    """Nothing if another's outcome came first: then the alert is sent, or on its way. A mute, or an acknowledgement, of
    this moment ends either what was tried or what is told instead."""
    if _record_failure(db, tried, result, None):
        for to in recipients:
            instead_of = tried.stands_in_for or tried.recipient.channel_id
            _add_delivery(
                db, tried.alert, to, at=now, stands_in_for=instead_of, hold=_as_one(tried.hold),
                since=tried.unacknowledged_since,
            )  # fmt: skip


def _as_one(hold: Hold | None) -> Hold | None:
    """What was gathered stays so where a fallback is told."""
    return None if hold is Hold.THROTTLE else hold


def shift(db: Connection, us: int) -> None:
    """What is not finished keeps its age too: a clock that jumps by days must not make it give up.

    But the end of a night, and the time of a digest, are times of the day.
    """
    db.execute(
        "UPDATE delivery SET next_try_us = next_try_us + CASE WHEN status = 'pending' "
        "AND hold IN ('QUIET_HOURS', 'DIGEST') THEN 0 ELSE :us END, lease_until_us = lease_until_us + :us, "
        "created_us = created_us + :us WHERE status IN ('pending', 'retrying')",
        {"us": us},
    )


def take_over(db: Connection, now_us: int) -> None:
    """Nobody sends; a delivery that was made or tried later than now (the clock was set back) is due now."""
    _end_leases(db, _FOR_EVER)
    db.execute(
        "UPDATE delivery SET next_try_us = :now WHERE status IN ('pending', 'retrying') AND next_try_us > :now "
        "AND (created_us > :now OR last_try_us > :now)",
        {"now": now_us},
    )


def end_leases_of(db: Connection, channel_id: str) -> None:
    """For whoever alone may send to the channel from now on: nobody else does."""
    _end_leases(db, _FOR_EVER, channel_id)


def drop_leases_of(db: Connection, channel_id: str) -> None:
    """As `end_leases_of`, of what nobody began to send."""
    db.execute(_END_LEASES.format(of_channel=_OF_CHANNEL[0]), {"now": _FOR_EVER, "channel_id": channel_id})


def _end_leases(db: Connection, until_us: int, channel_id: str | None = None) -> None:
    """Of what a channel had claimed at a time, in the order of `_OF_CHANNEL`, the first that is still leased may have
    arrived. Those behind it were not tried: each is only when what came of the one before has been recorded.
    """
    of_channel = "" if channel_id is None else _OF_CHANNEL[0]
    told = {"now": until_us, "channel_id": channel_id}
    db.execute(_DOUBT_THE_FIRST.format(of_channel=of_channel), told)
    db.execute(_END_LEASES.format(of_channel=of_channel), told)
