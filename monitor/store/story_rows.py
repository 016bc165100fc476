"""Stories, found by a headline that one of their entries has or had."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from monitor.model import KnownStory, LastAlert
from monitor.store import codec

# What a flood of one headline may cost each later poll. Who is pushed out begins a story anew and alerts.
NEWEST = 100

# A version counts from when it was first seen: a headline that stands in a slow feed for weeks does not swallow the
# next event of that headline.
_BY_HEADLINE = """
    SELECT max(story_id) FROM (
        SELECT story_id FROM entry WHERE headline = ? AND written_us >= ? AND story_id IS NOT NULL
        ORDER BY written_us DESC LIMIT ?
    ) AS newest
"""
# From feed to feed, not from entry to entry: a flooded story has few feeds.
_FEEDS = """
    WITH RECURSIVE told (feed) AS (
        SELECT min(feed) FROM entry WHERE story_id = :story_id
        UNION ALL
        SELECT (SELECT min(feed) FROM entry WHERE story_id = :story_id AND feed > told.feed)
        FROM told WHERE told.feed IS NOT NULL
    ) SELECT feed_key.feed_id FROM told JOIN feed_key ON feed_key.feed = told.feed
"""
_TEXTS = "SELECT text FROM entry WHERE story_id = :story_id ORDER BY id DESC LIMIT :newest"


def known(db: sqlite3.Connection, headlines: Sequence[bytes], *, since: datetime) -> dict[bytes, KnownStory]:
    found: dict[bytes, KnownStory] = {}
    for headline in dict.fromkeys(headlines):
        story_id = db.execute(_BY_HEADLINE, (headline, codec.microseconds(since), NEWEST)).fetchone()[0]
        if story_id is not None:
            found[headline] = _load(db, story_id)
    return found


def _load(db: sqlite3.Connection, story_id: int) -> KnownStory:
    feeds = db.execute(_FEEDS, {"story_id": story_id})
    texts = db.execute(_TEXTS, {"story_id": story_id, "newest": NEWEST})
    alerts = db.execute(
        # with max(), SQLite takes the other columns from the row that has it ("Bare columns in an aggregate query")
        "SELECT rule_id, feed_id, max(decided_us) AS at FROM alert WHERE story_id = ? GROUP BY rule_id ORDER BY 1",
        (story_id,),
    )
    return KnownStory(
        id=story_id,
        feed_ids=frozenset(row["feed_id"] for row in feeds),
        texts=frozenset(row["text"] for row in texts),
        alerts=tuple(
            LastAlert(rule_id=row["rule_id"], alerted_at=codec.instant(row["at"]), feed_id=row["feed_id"])
            for row in alerts
        ),
    )
