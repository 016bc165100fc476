"""How reading articles goes: of a feed, and of one entry."""

from __future__ import annotations

from typing import Final

from monitor.model import ArticlesRead, ArticleState, EntrysArticle, TriedAgain
from monitor.store import codec, entry_rows
from monitor.store.article_rows import WAITING_OF_FEED
from monitor.store.sql import Connection, Database

NEWEST: Final = 20

_STATES = (
    "SELECT state, error, ended_us FROM article WHERE feed = ? AND ended_us IS NOT NULL ORDER BY wanted_us DESC LIMIT ?"
)
_AGAIN = """
    SELECT due_us, error, count(*) OVER () AS number FROM article INDEXED BY article_due
    WHERE feed = ? AND due_us IS NOT NULL AND attempts > 0 ORDER BY due_us, entry_id LIMIT 1
"""
_OF_ENTRY = """
    SELECT state, attempts, error, due_us, ended_us, version_id IS NOT NULL AS is_in_text FROM article
    WHERE entry_id = ?
"""


def of_feed(db: Connection, feed_id: str) -> ArticlesRead | None:
    """None where no article of the feed was ever wanted."""
    feed = entry_rows.feed_number(db, feed_id)
    if feed is None:
        return None
    rows = db.execute(_STATES, (feed, NEWEST)).fetchall()
    waiting = int(db.execute(WAITING_OF_FEED, (feed,)).fetchone()[0])
    if not rows and not waiting:
        return None
    errors = [str(row["error"]) for row in rows if row["state"] != "read"]
    return ArticlesRead(
        of=len(rows),
        unread=len(errors),
        waiting=waiting,
        error=errors[0] if errors else "",
        again=_again(db, feed) if waiting else None,
    )


def _again(db: Connection, feed: int) -> TriedAgain | None:
    row = db.execute(_AGAIN, (feed,)).fetchone()
    if row is None:
        return None
    return TriedAgain(count=row["number"], error=row["error"], at=codec.instant(row["due_us"]))


def of_entry(database: Database, entry_id: int) -> EntrysArticle | None:
    """None where it was never wanted."""
    with database.read() as db:
        row = db.execute(_OF_ENTRY, (entry_id,)).fetchone()
    if row is None:
        return None
    return EntrysArticle(
        state=ArticleState(row["state"]),
        attempts=row["attempts"],
        error=row["error"],
        due_at=codec.instant_or_none(row["due_us"]),
        ended_at=codec.instant_or_none(row["ended_us"]),
        is_in_text=bool(row["is_in_text"]),
    )
