"""Deliveries begun anew, because somebody asked for it: those that were given up, or any."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.store import codec
from monitor.store.sql import Connection, decide_alone

_RESEND = """
    UPDATE delivery SET status = 'pending', attempts = 0, doubts = 0, created_us = :now, next_try_us = :now,
        lease_until_us = NULL, sent_us = NULL, last_try_us = NULL
    WHERE (lease_until_us IS NULL OR lease_until_us <= :now)
"""
# Given up, and no fallback was told or is about to be.
_LEFT_UNTOLD = """
    AND status = 'dead' AND NOT EXISTS (
        SELECT 1 FROM delivery AS instead
        WHERE instead.alert_id = delivery.alert_id AND instead.stands_in_for = delivery.channel_id
            AND instead.status <> 'dead'
    )
"""


def resend_to(db: Connection, channel_id: str, *, now: datetime) -> int:
    """Of one channel what was given up and told to no fallback."""
    decide_alone(db)
    told = {"now": codec.microseconds(now), "channel_id": codec.clean(channel_id)}
    return db.execute(_RESEND + _LEFT_UNTOLD + "AND channel_id = :channel_id", told).rowcount


def resend(db: Connection, delivery_ids: Sequence[int] | None, *, now: datetime) -> int:
    decide_alone(db)  # what waits again is not removed with its old alert
    told = {"now": codec.microseconds(now)}
    if delivery_ids is None:
        return db.execute(_RESEND + _LEFT_UNTOLD, told).rowcount
    named = ({**told, "id": delivery_id} for delivery_id in dict.fromkeys(delivery_ids))
    return sum(db.execute(_RESEND + "AND id = :id", each).rowcount for each in named)
