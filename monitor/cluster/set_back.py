"""The clock of the database was set back: what was to happen soon would happen only when it shows that time again."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from monitor.store import codec
from monitor.store.article_rows import LONGEST_WAIT
from monitor.store.postgres.connection import Connection
from monitor.store.postgres.now import server_now

log = logging.getLogger(__name__)

# Further ahead nothing is written: slots and leases lie minutes ahead (`plan.HORIZON`, `polling.LEASE`), turns seconds.
AHEAD: Final = timedelta(minutes=10)
# What was polled, made or tried is of the past, but for what workers know later of a step than the database.
PAST: Final = timedelta(minutes=1)

_LANES = "UPDATE lane SET free_us = 0, tail_us = 0 WHERE free_us > :ahead"
_FEEDS = """
    UPDATE feed_state SET next_poll_us = :now, lease_until_us = NULL, leased_by = NULL, token = token + 1
    WHERE lane IS NOT NULL AND next_poll_us > :now
        AND CASE WHEN leased_by IS NULL THEN last_polled_us > :past ELSE lease_until_us > :ahead END
"""
_TURNS = "UPDATE channel_turn SET until_us = :now WHERE until_us > :past"
_DELIVERIES = """
    UPDATE delivery SET next_try_us = :now, created_us = min(created_us, :now), last_try_us = min(last_try_us, :now)
    WHERE status IN ('pending', 'retrying') AND next_try_us > :now
        AND (created_us > :past OR last_try_us > :past)
"""
# When one was tried in vain is not known. So one that was wanted before has its next try as much later as the clock was
# set back, but no later than anybody lets one wait.
_ARTICLES = """
    UPDATE article SET due_us = min(due_us, :now), wanted_us = min(wanted_us, :now),
        lease_until_us = CASE WHEN lease_until_us > :ahead THEN NULL ELSE lease_until_us END
    WHERE due_us IS NOT NULL AND (wanted_us > :past OR due_us > :latest OR lease_until_us > :ahead)
"""
_CHAINS = "UPDATE chain SET due_us = :now + every_us WHERE due_us > :ahead + every_us"
_MENDS: Final = {
    "lanes": _LANES,
    "feeds": _FEEDS,
    "turns": _TURNS,
    "deliveries": _DELIVERIES,
    "articles": _ARTICLES,
    "chains": _CHAINS,
}


def mend(db: Connection) -> bool:
    """Make due what only a clock that was set back since can have put so far ahead; whether there was any. In the
    caller's transaction. To be asked now and then: it reads the feeds once."""
    now = server_now(db)
    told = {
        "now": codec.microseconds(now),
        "past": codec.microseconds(now + PAST),
        "ahead": codec.microseconds(now + AHEAD),
        "latest": codec.microseconds(now + LONGEST_WAIT),
    }
    mended = {name: db.execute(statement, told).rowcount for name, statement in _MENDS.items()}
    if any(mended.values()):
        log.warning("clock.was_set_back", extra=mended)
    return any(mended.values())
