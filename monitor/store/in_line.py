"""At a recipient, an alert goes before those that its rule told of its story later: they say what has changed.

Deliveries go by urgency, then by when they are due (`outbox`). So one that others follow is as urgent as the gravest of
them, and due as soon as the first of them, also if it was tried in vain meanwhile. What is under way moves nothing,
and what is held for a time keeps its time: an update that may wake people does not let its first report do so.
"""

from __future__ import annotations

from monitor.model import Alert, Recipient
from monitor.store import codec
from monitor.store.sql import Connection

_WAITING = """
    SELECT delivery.id, delivery.urgency, delivery.next_try_us FROM alert JOIN delivery ON delivery.alert_id = alert.id
    WHERE alert.story_id = :story_id AND alert.rule_id = :rule_id AND delivery.channel_id = :channel_id
        AND delivery.recipient_key = :key AND delivery.status IN ('pending', 'retrying') AND delivery.hold IS NULL
        AND delivery.lease_until_us IS NULL
    ORDER BY alert.number DESC
"""
_MOVE = """
    UPDATE delivery SET urgency = ?, next_try_us = ?
    WHERE id = ? AND status IN ('pending', 'retrying') AND lease_until_us IS NULL
"""


def line_up(db: Connection, alert: Alert, to: Recipient) -> None:
    """After a delivery to this recipient was made, or is to be tried again."""
    told = {
        "story_id": alert.story_id,
        "rule_id": codec.clean(alert.rule_id),
        "channel_id": codec.clean(to.channel_id),
        "key": codec.clean(to.key),
    }
    latest_first = db.execute(_WAITING, told).fetchall()
    behind: tuple[int, int, int] | None = None
    for delivery_id, urgency, due_us in latest_first:
        place = (urgency, due_us, delivery_id)
        if behind is not None and place > behind:
            place = _just_before(behind, delivery_id, urgency, due_us)
            db.execute(_MOVE, place)
        behind = place


def _just_before(behind: tuple[int, int, int], delivery_id: int, urgency: int, due_us: int) -> tuple[int, int, int]:
    as_soon = min(due_us, behind[1])
    if as_soon == behind[1] and delivery_id > behind[2]:
        as_soon -= 1
    return min(urgency, behind[0]), as_soon, delivery_id
