"""Feeds: when each is due, who polls it, what we learned about it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.model import FeedState
from monitor.store import codec

_ADD_UNSEEN = """
    INSERT INTO feed_state (feed_id, next_poll_us)
    SELECT value, :now FROM json_each(:asked) WHERE value NOT IN (SELECT feed_id FROM feed_state)
"""
_DUE = """
    SELECT feed_state.* FROM json_each(:asked) AS asked JOIN feed_state ON feed_state.feed_id = asked.value
    WHERE (:every OR next_poll_us <= :now) AND (lease_until_us IS NULL OR lease_until_us <= :now)
    ORDER BY next_poll_us, asked.key LIMIT :limit
"""
_LEASE = "UPDATE feed_state SET lease_until_us = ? WHERE feed_id IN (SELECT value FROM json_each(?))"
_REPLACE = """
    INSERT OR REPLACE INTO feed_state (
        feed_id, next_poll_us, baselined, validators_url, etag, last_modified, body_hash, failures, last_polled_us,
        last_success_us, last_new_us, last_error, failing_since_us, unchanged, asked_wait_us, moved_to, moved_times,
        rhythm, entry_marks, window_size, newest_us, gap_us, warnings
    ) VALUES (
        :feed_id, :next_poll_us, :baselined, :validators_url, :etag, :last_modified, :body_hash, :failures,
        :last_polled_us, :last_success_us, :last_new_us, :last_error, :failing_since_us, :unchanged, :asked_wait_us,
        :moved_to, :moved_times, :rhythm, :entry_marks, :window_size, :newest_us, :gap_us, :warnings
    )
"""


def claim(
    db: sqlite3.Connection, feed_ids: Sequence[str], now: datetime, *, limit: int, lease: timedelta, every: bool
) -> list[FeedState]:
    asked = json.dumps([codec.clean(feed_id) for feed_id in dict.fromkeys(feed_ids)])
    told = {"asked": asked, "now": codec.microseconds(now), "limit": limit, "every": every}
    db.execute(_ADD_UNSEEN, told)
    due = db.execute(_DUE, told).fetchall()
    states = [codec.feed_state(row) for row in due]
    db.execute(_LEASE, (codec.microseconds(now + lease), json.dumps([state.feed_id for state in states])))
    return states


def replace(db: sqlite3.Connection, state: FeedState) -> None:
    db.execute(_REPLACE, codec.feed_state_columns(state))


def shift(db: sqlite3.Connection, us: int, now_us: int) -> None:
    """After a step forward, a poll later than the time before the step was written by the new time. After one back
    nobody can tell; such a feed is due at once."""
    db.execute(
        "UPDATE feed_state SET next_poll_us = next_poll_us + :us, lease_until_us = lease_until_us + :us "
        "WHERE :us < 0 OR last_polled_us IS NULL OR last_polled_us <= :now - :us",
        {"us": us, "now": now_us},
    )


def take_over(db: sqlite3.Connection, now_us: int) -> None:
    """Nobody polls. A feed that was polled later than now (the clock was set back), or never, is due now."""
    db.execute("UPDATE feed_state SET lease_until_us = NULL WHERE lease_until_us IS NOT NULL")
    db.execute(
        "UPDATE feed_state SET next_poll_us = :now "
        "WHERE next_poll_us > :now AND (last_polled_us IS NULL OR last_polled_us > :now)",
        {"now": now_us},
    )


def make_due(db: sqlite3.Connection, feed_ids: Sequence[str], now_us: int) -> None:
    db.executemany(
        "UPDATE feed_state SET next_poll_us = min(next_poll_us, ?) WHERE feed_id = ?",
        [(now_us, feed_id) for feed_id in feed_ids],
    )
