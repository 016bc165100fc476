"""What keeps the state small, quick and copied."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from monitor.errors import StateError
from monitor.store import article_rows, codec
from monitor.store.backup import copy_to
from monitor.store.database import connect_to_read, explained
from monitor.store.entry_rows import day
from monitor.store.sql import Connection, Database
from monitor.store.sql_store import SqlStore
from monitor.store.sqlite import SqliteStore

BACKED_UP = "backed_up_at"  # a name in `meta`
_AT_ONCE = 500  # rows a transaction: polls and deliveries wait for milliseconds
_NEVER = 2**40  # a day that does not come

# What an entry that is edited at every poll may keep, of versions that no rule matched.
VERSIONS = 50

# An undelivered alert stays, however old.
_OLD_ALERTS = """
    DELETE FROM alert WHERE id IN (
        SELECT id FROM alert WHERE decided_us < :before AND NOT EXISTS (
            SELECT 1 FROM delivery WHERE alert_id = alert.id AND status IN ('pending', 'retrying')
        ) LIMIT :limit
    )
"""
_GONE_ENTRIES = """
    SELECT entry_id FROM sighting WHERE feed = :feed GROUP BY entry_id HAVING max(seen_day) < :before
        AND NOT EXISTS (SELECT 1 FROM alert WHERE alert.entry_id = sighting.entry_id)
    LIMIT :limit
"""
# The forms in which a living entry once stood.
_GONE_SIGHTINGS = """
    DELETE FROM sighting WHERE feed = :feed AND (raw, entry_id) IN (
        SELECT raw, entry_id FROM sighting AS old WHERE feed = :feed AND seen_day < :before AND entry_id IN (
            SELECT entry_id FROM sighting WHERE feed = :feed AND seen_day >= :before
        ) LIMIT :limit
    )
"""
# Later texts of living entries that are old, or pushed out by newer ones. The newest stays, and so does what a verdict
# was given on, so that no rule forgets that it matched.
_GONE_VERSIONS = """
    DELETE FROM entry WHERE id IN (
        SELECT id FROM entry AS old WHERE first_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM verdict WHERE version_id = old.id)
            AND (
                (written_us < :before AND EXISTS (SELECT 1 FROM entry WHERE first_id = old.first_id AND id > old.id))
                OR EXISTS (SELECT 1 FROM entry WHERE first_id = old.first_id AND id > old.id LIMIT 1 OFFSET :newest)
            )
        LIMIT :limit
    )
"""
# Verdicts that only repeat what a newer version's verdict says: of an entry that matches at every edit.
_REPEATED_VERDICTS = """
    DELETE FROM verdict WHERE (entry_id, rule_id, version_id) IN (
        SELECT entry_id, rule_id, version_id FROM verdict AS old
        WHERE EXISTS (
            SELECT 1 FROM verdict WHERE entry_id = old.entry_id AND rule_id = old.rule_id
                AND version_id > old.version_id LIMIT 1 OFFSET :newest
        ) AND version_id <> entry_id LIMIT :limit
    )
"""
_EMPTY_STORIES = """
    DELETE FROM story WHERE id IN (
        SELECT id FROM story WHERE NOT EXISTS (SELECT 1 FROM entry WHERE story_id = story.id)
            AND NOT EXISTS (SELECT 1 FROM alert WHERE story_id = story.id)
        LIMIT :limit
    )
"""
_OLD_KEYS = """
    DELETE FROM story_key WHERE (key, seen_us, entry_id) IN (
        SELECT key, seen_us, entry_id FROM story_key WHERE seen_us < :before LIMIT :limit
    )
"""
_OLD_COUNTED = """
    DELETE FROM counted WHERE (rule_id, story_id) IN (
        SELECT rule_id, story_id FROM counted WHERE told_us < :before LIMIT :limit
    )
"""
# Over by their end, or taken back before. What a verdict says of one stays.
_OVER_MUTES = """
    DELETE FROM mute WHERE id IN (
        SELECT id FROM mute WHERE min(until_us, coalesce(ended_us, until_us)) < :before LIMIT :limit
    )
"""
# Of evidence, what no version needs any more.
_LEFT_PAGES = """
    DELETE FROM evidence_page WHERE id IN (
        SELECT id FROM evidence_page WHERE NOT EXISTS (SELECT 1 FROM evidence WHERE page_id = evidence_page.id)
        LIMIT :limit
    )
"""
_LEFT_TEXTS = """
    DELETE FROM rule_text WHERE id IN (
        SELECT id FROM rule_text WHERE NOT EXISTS (SELECT 1 FROM evidence_rule WHERE text_id = rule_text.id)
        LIMIT :limit
    )
"""
# Feeds that are asked are polled at least once a day, so these are no longer in the rules.
_LEFT_FEEDS = """
    SELECT feed_key.feed FROM feed_key JOIN feed_state ON feed_state.feed_id = feed_key.feed_id
    WHERE last_polled_us < :before AND next_poll_us < :before
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long what is kept.

    An entry counts from when its feed's document last held it to when that document was last read anew: in a feed
    that does not change, or cannot be read, nothing grows old. An entry that was alerted stays as long as its alert.
    `forms`: how many a feed may keep; of more, those that left its document first go sooner, but none before `least`.
    A feed that was not asked for `feeds` (it is no longer in the rules) is forgotten, but for its alerts.
    """

    entries: timedelta = timedelta(days=90)
    alerts: timedelta = timedelta(days=400)
    feeds: timedelta = timedelta(days=400)
    keys: timedelta = timedelta(days=3)  # longer than any report looks back for kin
    mutes: timedelta = timedelta(days=90)  # after their end: as long as entries, on which rules are tried with them
    counted: timedelta = timedelta(days=36)  # a surge looks back four weeks
    forms: int = 100_000
    least: timedelta = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    entries: int
    alerts: int
    stories: int


def tidy(store: SqlStore, *, now: datetime, keep: Retention | None = None) -> Removed:
    """Remove what has outlived its use, give the log's space back, renew the query planner's figures."""
    database, keep = store.database, keep or Retention()
    alerts = _delete(database, _OLD_ALERTS, before=codec.microseconds(now - keep.alerts))
    entries = sum(_tidy_feed(database, feed, now, keep) for feed in _feeds(database))
    entries += sum(_forget(database, feed) for feed in _left(database, now - keep.feeds))
    _delete(database, _OLD_KEYS, before=codec.microseconds(now - keep.keys))
    _delete(database, _OLD_COUNTED, before=codec.microseconds(now - keep.counted))
    _delete(database, _OVER_MUTES, before=codec.microseconds(now - keep.mutes))
    database.do(lambda db: article_rows.leave_stale(db, now))
    old = codec.microseconds(now - keep.entries)
    _delete(database, _REPEATED_VERDICTS, newest=VERSIONS)
    _delete(database, _GONE_VERSIONS, before=old, newest=VERSIONS)
    _delete(database, _LEFT_PAGES)
    _delete(database, _LEFT_TEXTS)
    stories = _delete(database, _EMPTY_STORIES)
    store.settle()
    return Removed(entries=entries, alerts=alerts, stories=stories)


def _feeds(database: Database) -> list[int]:
    with database.read() as db:
        return [row[0] for row in db.execute("SELECT feed FROM feed_key ORDER BY feed").fetchall()]


def _left(database: Database, before: datetime) -> list[int]:
    with database.read() as db:
        return [row[0] for row in db.execute(_LEFT_FEEDS, {"before": codec.microseconds(before)}).fetchall()]


def _tidy_feed(database: Database, feed: int, now: datetime, keep: Retention) -> int:
    before = _oldest_day(database, feed, now, keep)
    if before is None:
        return 0
    removed = _remove_entries(database, feed, before)
    _delete(database, _GONE_SIGHTINGS, feed=feed, before=before)
    return removed


def _oldest_day(database: Database, feed: int, now: datetime, keep: Retention) -> int | None:
    """The first day of which everything is kept; None if the feed has nothing older than that.

    Counted from when the feed's document was last seen to hold anything; never from the future, where a wrong clock
    may put it.
    """
    with database.read() as db:
        days = db.execute(
            "SELECT seen_day, count(*) FROM sighting WHERE feed = ? GROUP BY seen_day", (feed,)
        ).fetchall()
    if not days:
        return None
    last = min(max(row[0] for row in days), day(now))
    before, room = last - keep.entries.days, keep.forms
    for seen, forms in sorted(map(tuple, days), reverse=True):
        room -= forms
        if room < 0:
            before = max(before, min(seen + 1, last - keep.least.days))
            break
    return before if min(row[0] for row in days) < before else None


def _remove_entries(database: Database, feed: int, before: int) -> int:
    """In one transaction each: what a poll finds still there meanwhile stays."""
    removed = 0
    while True:
        with database.write() as db:
            told = {"feed": feed, "before": before, "limit": _AT_ONCE}
            gone = [row[0] for row in db.execute(_GONE_ENTRIES, told).fetchall()]
            _remove(db, feed, gone)
        removed += len(gone)
        if len(gone) < _AT_ONCE:
            return removed


def _remove(db: Connection, feed: int, entry_ids: Sequence[int]) -> None:
    """Entries with all that hangs on them; sightings and keys do not by themselves."""
    if not entry_ids:
        return
    marks = ",".join("?" * len(entry_ids))
    db.execute(f"DELETE FROM story_key WHERE entry_id IN ({marks})", tuple(entry_ids))  # noqa: S608 - marks
    db.execute(f"DELETE FROM sighting WHERE feed = ? AND entry_id IN ({marks})", (feed, *entry_ids))  # noqa: S608 marks
    db.execute(f"DELETE FROM entry WHERE id IN ({marks})", tuple(entry_ids))  # noqa: S608 - marks


def _forget(database: Database, feed: int) -> int:
    """A feed that is no longer asked. Entries that alerts name stay, and with them what is known of the feed."""
    removed = _remove_entries(database, feed, before=_NEVER)
    with database.write() as db:
        if db.execute("SELECT 1 FROM entry WHERE feed = ? LIMIT 1", (feed,)).fetchone() is None:
            db.execute("DELETE FROM feed_state WHERE feed_id = (SELECT feed_id FROM feed_key WHERE feed = ?)", (feed,))
            db.execute("DELETE FROM feed_key WHERE feed = ?", (feed,))
    return removed


def _delete(database: Database, query: str, **parameters: object) -> int:
    removed = 0
    while True:
        with database.write() as db:
            count = db.execute(query, {**parameters, "limit": _AT_ONCE}).rowcount
        removed += count
        if count < _AT_ONCE:
            return removed


def back_up(store: SqlStore, target: Path) -> None:
    """A sound copy of the state as of now, while others read and write. `target` is replaced only by a whole one.

    Raises StateError if the copy cannot be made, StateDamaged if the state itself is damaged.
    """
    if not isinstance(store, SqliteStore):
        _write_file(store, target)
        return
    if store.path is None:
        with store.database.read() as db:
            copy_to(db, target, of=store.database.place)
        return
    if target.exists() and target.samefile(store.path):
        raise StateError(f"{target} is the state itself. Name another file for the backup.")
    with explained(store.database.place), contextlib.closing(connect_to_read(store.path)) as own:
        copy_to(own, target, of=store.database.place)  # nobody waits for this connection


def _write_file(store: SqlStore, target: Path) -> None:
    from monitor.store.moving import write_file
    from monitor.store.postgres.database import PostgresDatabase

    assert isinstance(store.database, PostgresDatabase)
    write_file(store.database.url, target)


def note_backup(store: SqlStore, now: datetime) -> None:
    """For whoever asks later when the last backup was made. A copy that is made is worth more than this note."""
    note = "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    with contextlib.suppress(StateError):
        store.database.do(lambda db: db.execute(note, (BACKED_UP, now.isoformat())))
