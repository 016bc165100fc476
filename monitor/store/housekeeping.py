"""What keeps the state small, quick and copied."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from monitor.errors import StateError
from monitor.store import codec
from monitor.store.backup import copy_to
from monitor.store.database import Database, connect, connect_to_read, explained
from monitor.store.sqlite import SqliteStore

_AT_ONCE = 500  # rows a transaction: polls and deliveries wait for milliseconds

# An undelivered alert stays, however old.
_OLD_ALERTS = """
    DELETE FROM alert WHERE id IN (
        SELECT id FROM alert WHERE decided_us < :before AND NOT EXISTS (
            SELECT 1 FROM delivery WHERE alert_id = alert.id AND status IN ('pending', 'retrying')
        ) LIMIT :limit
    )
"""
_GONE_ENTRIES = """
    DELETE FROM entry WHERE id IN (
        SELECT DISTINCT entry_id FROM sighting AS old WHERE feed_id = :feed_id AND seen_us < :before
            AND NOT EXISTS (SELECT 1 FROM sighting WHERE entry_id = old.entry_id AND seen_us >= :before)
            AND NOT EXISTS (SELECT 1 FROM alert WHERE entry_id = old.entry_id)
        LIMIT :limit
    )
"""
# The forms in which a living entry once stood, and then the texts that no form has any more. A version with a verdict
# stays, so that no rule forgets that it matched.
_GONE_SIGHTINGS = """
    DELETE FROM sighting WHERE (feed_id, raw, entry_id) IN (
        SELECT feed_id, raw, entry_id FROM sighting AS old WHERE feed_id = :feed_id AND seen_us < :before
            AND EXISTS (SELECT 1 FROM sighting WHERE entry_id = old.entry_id AND seen_us >= :before)
        LIMIT :limit
    )
"""
_GONE_VERSIONS = """
    DELETE FROM entry_version WHERE rowid IN (
        SELECT rowid FROM entry_version AS old WHERE feed_id = :feed_id
            AND NOT EXISTS (SELECT 1 FROM sighting WHERE entry_id = old.entry_id AND revision = old.revision)
            AND NOT EXISTS (SELECT 1 FROM verdict WHERE entry_id = old.entry_id AND revision = old.revision)
        LIMIT :limit
    )
"""
_EMPTY_STORIES = """
    DELETE FROM story WHERE id IN (
        SELECT id FROM story WHERE NOT EXISTS (SELECT 1 FROM entry WHERE story_id = story.id)
            AND NOT EXISTS (SELECT 1 FROM alert WHERE story_id = story.id)
        LIMIT :limit
    )
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long what is kept.

    An entry counts from when its feed's document last held it to when that document was last read anew: in a feed
    that does not change, or cannot be read, nothing grows old. An entry that was alerted stays as long as its alert.
    """

    entries: timedelta = timedelta(days=90)
    alerts: timedelta = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    entries: int
    alerts: int
    stories: int


def tidy(store: SqliteStore, *, now: datetime, keep: Retention | None = None) -> Removed:
    """Remove what has outlived its use, give the log's space back, renew the query planner's figures."""
    database, keep = store.database, keep or Retention()
    alerts = _delete(database, _OLD_ALERTS, before=codec.microseconds(now - keep.alerts))
    entries = sum(_tidy_feed(database, feed_id, now, keep) for feed_id in _feeds(database))
    stories = _delete(database, _EMPTY_STORIES)
    with database.read() as db:
        db.execute("PRAGMA analysis_limit = 400").fetchall()  # as the documentation of `optimize` advises
        db.execute("PRAGMA optimize").fetchall()
    _truncate_log(store)
    return Removed(entries=entries, alerts=alerts, stories=stories)


def _feeds(database: Database) -> list[str]:
    with database.read() as db:
        return [row[0] for row in db.execute("SELECT DISTINCT feed_id FROM sighting ORDER BY feed_id").fetchall()]


def _tidy_feed(database: Database, feed_id: str, now: datetime, keep: Retention) -> int:
    before = _last_read(database, feed_id, now) - keep.entries // timedelta(microseconds=1)
    removed = _delete(database, _GONE_ENTRIES, feed_id=feed_id, before=before)
    _delete(database, _GONE_SIGHTINGS, feed_id=feed_id, before=before)
    _delete(database, _GONE_VERSIONS, feed_id=feed_id)
    return removed


def _last_read(database: Database, feed_id: str, now: datetime) -> int:
    """When the feed's document was last seen to hold anything; never in the future, where a wrong clock may put it."""
    with database.read() as db:
        newest = db.execute("SELECT max(seen_us) FROM sighting WHERE feed_id = ?", (feed_id,)).fetchone()[0]
    return min(int(newest or 0), codec.microseconds(now))


def _delete(database: Database, query: str, **parameters: object) -> int:
    removed = 0
    while True:
        with database.write() as db:
            count = db.execute(query, {**parameters, "limit": _AT_ONCE}).rowcount
        removed += count
        if count < _AT_ONCE:
            return removed


def back_up(store: SqliteStore, target: Path) -> None:
    """A sound copy of the state as of now, while others read and write. `target` is replaced only by a whole one.

    Raises StateError if the copy cannot be made, StateDamaged if the state itself is damaged.
    """
    if store.path is None:
        with store.database.read() as db:
            copy_to(db, target, of=store.database.place)
        return
    if target.exists() and target.samefile(store.path):
        raise StateError(f"{target} is the state itself. Name another file for the backup.")
    with explained(store.database.place), contextlib.closing(connect_to_read(store.path)) as own:
        copy_to(own, target, of=store.database.place)  # nobody waits for this connection


def _truncate_log(store: SqliteStore) -> None:
    """If nobody uses it just now; on a connection of its own, because the checkpoint would make all others wait."""
    if store.path is None:
        return
    with explained(store.database.place), contextlib.closing(connect(store.path, patience=timedelta())) as own:
        own.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
