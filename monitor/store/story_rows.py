"""Stories, found by a headline that one of their entries has or had."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from monitor.model import KnownStory, LastAlert, Reason, Severity
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


def known(db: sqlite3.Connection, headlines: Sequence[bytes], *, since: datetime) -> dict[bytes, KnownStory]:
    found: dict[bytes, KnownStory] = {}
    for headline in dict.fromkeys(headlines):
        story_id = db.execute(_BY_HEADLINE, (headline, codec.microseconds(since), NEWEST)).fetchone()[0]
        if story_id is not None:
            found[headline] = _load(db, story_id)
    return found


def _load(db: sqlite3.Connection, story_id: int) -> KnownStory:
    begun = db.execute("SELECT begun_us FROM story WHERE id = ?", (story_id,)).fetchone()["begun_us"]
    alerts = db.execute(
        # with max(), SQLite takes the other columns from the row that has it ("Bare columns in an aggregate query")
        "SELECT *, max(number) FROM alert WHERE story_id = ? GROUP BY rule_id ORDER BY rule_id",
        (story_id,),
    )
    return KnownStory(
        id=story_id,
        begun_at=codec.instant(begun),
        reports=(),
        alerts=tuple(
            LastAlert(
                rule_id=row["rule_id"],
                alert_id=row["id"],
                number=row["number"],
                alerted_at=codec.instant(row["decided_us"]),
                feed_id=row["feed_id"],
                severity=Severity(row["severity"]),
                reason=Reason[row["reason"]],
            )
            for row in alerts
        ),
    )
