"""Feeds: when each is due, who polls it, what we learned about it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.errors import LeaseLost
from monitor.model import FeedState
from monitor.store import codec
from monitor.store.sql import Connection, locking

_ADD_UNSEEN = """
    INSERT INTO feed_state (feed_id, next_poll_us)
    SELECT value, :now FROM json_each(:asked) WHERE value NOT IN (SELECT feed_id FROM feed_state)
    ON CONFLICT (feed_id) DO NOTHING
"""
_DUE = """
    SELECT feed_state.* FROM json_each(:asked) AS asked JOIN feed_state ON feed_state.feed_id = asked.value
    WHERE (:every = 1 OR next_poll_us <= :now) AND (lease_until_us IS NULL OR lease_until_us <= :now)
    ORDER BY next_poll_us, asked.key LIMIT :limit
"""
_LEASE = """
    UPDATE feed_state SET lease_until_us = ?, token = token + 1 WHERE feed_id IN (SELECT value FROM json_each(?))
"""
_HELD = "SELECT feed_id, token FROM feed_state WHERE lease_until_us = ? AND feed_id IN (SELECT value FROM json_each(?))"
# Whoever has an older lease than the newest writes nothing, however late.
_REPLACE = """
    INSERT INTO feed_state (
        feed_id, next_poll_us, baselined, validators_url, etag, last_modified, body_hash, failures, last_polled_us,
        last_success_us, last_new_us, last_error, failing_since_us, unchanged, asked_wait_us, moved_to, moved_times,
        rhythm, entry_marks, window_size, newest_us, gap_us, warnings
    ) VALUES (
        :feed_id, :next_poll_us, :baselined, :validators_url, :etag, :last_modified, :body_hash, :failures,
        :last_polled_us, :last_success_us, :last_new_us, :last_error, :failing_since_us, :unchanged, :asked_wait_us,
        :moved_to, :moved_times, :rhythm, :entry_marks, :window_size, :newest_us, :gap_us, :warnings
    ) ON CONFLICT (feed_id) DO UPDATE SET
        next_poll_us = excluded.next_poll_us, baselined = excluded.baselined, validators_url =
        excluded.validators_url, etag = excluded.etag, last_modified = excluded.last_modified, body_hash =
        excluded.body_hash, failures = excluded.failures, last_polled_us = excluded.last_polled_us,
        last_success_us = excluded.last_success_us, last_new_us = excluded.last_new_us, last_error =
        excluded.last_error, failing_since_us = excluded.failing_since_us, unchanged = excluded.unchanged,
        asked_wait_us = excluded.asked_wait_us, moved_to = excluded.moved_to, moved_times =
        excluded.moved_times, rhythm = excluded.rhythm, entry_marks = excluded.entry_marks, window_size =
        excluded.window_size, newest_us = excluded.newest_us, gap_us = excluded.gap_us, warnings =
        excluded.warnings,
        lease_until_us = NULL, leased_by = NULL
    WHERE :token IS NULL OR feed_state.token = :token
"""


_LEASED = """
    SELECT * FROM feed_state WHERE feed_id IN (SELECT value FROM json_each(?)) AND leased_by IS NOT NULL
"""


def leased(db: Connection, feed_ids: Sequence[str]) -> list[FeedState]:
    """Those of these feeds that a worker holds, each with the token of its lease."""
    rows = db.execute(_LEASED, (json.dumps([codec.clean(feed_id) for feed_id in feed_ids]),)).fetchall()
    return [replace(codec.feed_state(row), token=row["token"]) for row in rows]


def claim(
    db: Connection, feed_ids: Sequence[str], now: datetime, *, limit: int, lease: timedelta, every: bool
) -> list[FeedState]:
    asked = json.dumps([codec.clean(feed_id) for feed_id in dict.fromkeys(feed_ids)])
    told = {"asked": asked, "now": codec.microseconds(now), "limit": limit, "every": int(every)}
    db.execute(_ADD_UNSEEN, told)
    due = db.execute(locking(db, _DUE, "UPDATE OF feed_state SKIP LOCKED"), told).fetchall()
    states = [replace(codec.feed_state(row), token=row["token"] + 1) for row in due]
    db.execute(_LEASE, (codec.microseconds(now + lease), json.dumps([state.feed_id for state in states])))
    return states


def held(db: Connection, claimed: Sequence[FeedState], until: datetime) -> list[FeedState]:
    """Those of them that still bear this lease."""
    told = (codec.microseconds(until), json.dumps([state.feed_id for state in claimed]))
    ours = {tuple(row) for row in db.execute(_HELD, told).fetchall()}
    return [state for state in claimed if (state.feed_id, state.token) in ours]


def write(db: Connection, state: FeedState) -> None:
    """Raises LeaseLost where the feed was leased again since it was claimed as `state.token`."""
    if db.execute(_REPLACE, {**codec.feed_state_columns(state), "token": state.token}).rowcount != 1:
        raise LeaseLost(f"{state.feed_id}: another worker has it meanwhile; nothing of this poll was stored.")


def shift(db: Connection, us: int, now_us: int) -> None:
    """After a step forward, a poll later than the time before the step was written by the new time. After one back
    nobody can tell; such a feed is due at once."""
    db.execute(
        "UPDATE feed_state SET next_poll_us = next_poll_us + :us, lease_until_us = lease_until_us + :us "
        "WHERE :us < 0 OR last_polled_us IS NULL OR last_polled_us <= :now - :us",
        {"us": us, "now": now_us},
    )


def take_over(db: Connection, now_us: int) -> None:
    """Nobody polls. A feed that a worker had in hand, or that was polled later than now (the clock was set back), or
    never, is due now."""
    db.execute(
        "UPDATE feed_state SET next_poll_us = min(next_poll_us, :now), leased_by = NULL WHERE leased_by IS NOT NULL",
        {"now": now_us},
    )
    db.execute("UPDATE feed_state SET lease_until_us = NULL WHERE lease_until_us IS NOT NULL")
    db.execute(
        "UPDATE feed_state SET next_poll_us = :now "
        "WHERE next_poll_us > :now AND (last_polled_us IS NULL OR last_polled_us > :now)",
        {"now": now_us},
    )


def make_due(db: Connection, feed_ids: Sequence[str], now_us: int) -> None:
    db.executemany(
        "UPDATE feed_state SET next_poll_us = min(next_poll_us, ?) WHERE feed_id = ?",
        [(now_us, feed_id) for feed_id in sorted(feed_ids)],
    )
