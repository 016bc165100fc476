"""What keeps the state small, quick and copied."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from monitor.errors import StateError
from monitor.store import article_rows, codec
from monitor.store.backup import copy_to
from monitor.store.database import connect_to_read, explained
from monitor.store.entry_rows import day, hold_feeds
from monitor.store.sql import Connection, Database, Row, decide_alone, locking
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
_IS_GONE = """
    first_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM verdict WHERE version_id = old.id)
        AND (
            (written_us < :before AND EXISTS (SELECT 1 FROM entry WHERE first_id = old.first_id AND id > old.id))
            OR EXISTS (SELECT 1 FROM entry WHERE first_id = old.first_id AND id > old.id LIMIT 1 OFFSET :newest)
        )
"""
_NAMED = "id IN (SELECT CAST(value AS BIGINT) FROM json_each(:ids))"
_GONE_VERSIONS = f"SELECT id, feed FROM entry AS old WHERE {_IS_GONE} LIMIT :limit"  # noqa: S608 - ours
_DROP_VERSIONS = f"DELETE FROM entry WHERE id IN (SELECT id FROM entry AS old WHERE {_NAMED} AND {_IS_GONE})"  # noqa: S608
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
_IS_EMPTY = """
    NOT EXISTS (SELECT 1 FROM entry WHERE story_id = story.id)
        AND NOT EXISTS (SELECT 1 FROM alert WHERE story_id = story.id)
"""
_EMPTY_STORIES = f"SELECT id FROM story WHERE id > :after AND {_IS_EMPTY} ORDER BY id LIMIT :limit"  # noqa: S608 - ours
_DROP_STORIES = f"DELETE FROM story WHERE {_NAMED} AND {_IS_EMPTY}"  # noqa: S608 - ours
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
_NO_PAGE_OF = "evidence_page WHERE NOT EXISTS (SELECT 1 FROM evidence WHERE page_id = evidence_page.id)"
_NO_TEXT_OF = "rule_text WHERE NOT EXISTS (SELECT 1 FROM evidence_rule WHERE text_id = rule_text.id)"
# Feeds that are asked are polled at least once a day, so these are no longer in the rules. Those that workers are to
# ask have a lane: the workers may all have been away for long.
_LEFT_FEEDS = """
    SELECT feed_key.feed FROM feed_key JOIN feed_state ON feed_state.feed_id = feed_key.feed_id
    WHERE last_polled_us < :before AND next_poll_us < :before AND lane IS NULL
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
    """Remove what has outlived its use, give the log's space back, renew the query planner's figures.

    Many short transactions, beside polls, people and deliveries of any machine: each looks once what it removes is its
    own, so that what somebody comes to need meanwhile stays.
    """
    database, keep = store.database, keep or Retention()
    alerts = _delete(database, _OLD_ALERTS, first=decide_alone, before=codec.microseconds(now - keep.alerts))
    entries = sum(_tidy_feed(database, feed, now, keep) for feed in _feeds(database))
    entries += sum(_forget(database, feed, now - keep.feeds) for feed in _left(database, now - keep.feeds))
    _delete(database, _OLD_KEYS, before=codec.microseconds(now - keep.keys))
    _delete(database, _OLD_COUNTED, before=codec.microseconds(now - keep.counted))
    _delete(database, _OVER_MUTES, before=codec.microseconds(now - keep.mutes))
    _leave_stale(database, now)
    old = codec.microseconds(now - keep.entries)
    _delete(database, _REPEATED_VERDICTS, newest=VERSIONS)
    _drop_versions(database, before=old, newest=VERSIONS)
    _drop_unnamed(database, _NO_PAGE_OF)
    _drop_unnamed(database, _NO_TEXT_OF)
    stories = _drop_stories(database)
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
    _delete(database, _GONE_SIGHTINGS, first=lambda db: hold_feeds(db, [feed]), feed=feed, before=before)
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


def _remove_entries(
    database: Database, feed: int, before: int, *, still: Callable[[Connection], bool] = lambda _db: True
) -> int:
    """What a poll finds still there meanwhile stays. Nothing more when it is not `still` to be done."""

    def remove(db: Connection) -> int:
        if not hold_feeds(db, [feed]) or not still(db):
            return 0
        told = {"feed": feed, "before": before, "limit": _AT_ONCE}
        gone = [row[0] for row in db.execute(_GONE_ENTRIES, told).fetchall()]
        _remove(db, feed, gone)
        return len(gone)

    return _in_batches(database, remove)


def _remove(db: Connection, feed: int, entry_ids: Sequence[int]) -> None:
    """Entries with all that hangs on them; sightings and keys do not by themselves."""
    if not entry_ids:
        return
    marks = ",".join("?" * len(entry_ids))
    db.execute(f"DELETE FROM story_key WHERE entry_id IN ({marks})", tuple(entry_ids))  # noqa: S608 - marks
    db.execute(f"DELETE FROM sighting WHERE feed = ? AND entry_id IN ({marks})", (feed, *entry_ids))  # noqa: S608 marks
    db.execute(f"DELETE FROM entry WHERE id IN ({marks})", tuple(entry_ids))  # noqa: S608 - marks


def _forget(database: Database, feed: int, before: datetime) -> int:
    """A feed that is no longer asked, unless it comes to be asked meanwhile. Entries that alerts name stay, and with
    them what is known of the feed."""

    def is_left(db: Connection) -> bool:
        query = locking(db, f"{_LEFT_FEEDS} AND feed_key.feed = :feed", "UPDATE OF feed_state")
        return db.execute(query, {"before": codec.microseconds(before), "feed": feed}).fetchone() is not None

    def forget(db: Connection) -> None:
        in_use = "SELECT 1 FROM entry WHERE feed = ? LIMIT 1"
        if hold_feeds(db, [feed]) and is_left(db) and db.execute(in_use, (feed,)).fetchone() is None:
            db.execute("DELETE FROM feed_state WHERE feed_id = (SELECT feed_id FROM feed_key WHERE feed = ?)", (feed,))
            db.execute("DELETE FROM feed_key WHERE feed = ?", (feed,))

    removed = _remove_entries(database, feed, before=_NEVER, still=is_left)
    database.do(forget)
    return removed


def _leave_stale(database: Database, now: datetime) -> None:
    with database.read() as db:
        feeds = article_rows.stale_feeds(db, now)
    for feed in feeds:

        def leave(db: Connection, feed: int = feed) -> None:
            hold_feeds(db, [feed])
            article_rows.leave_stale(db, feed, now)

        database.do(leave)


def _drop_versions(database: Database, **parameters: object) -> None:
    def drop(db: Connection) -> int:
        found = db.execute(_GONE_VERSIONS, {**parameters, "limit": _AT_ONCE}).fetchall()
        hold_feeds(db, sorted({row["feed"] for row in found}))
        return db.execute(_DROP_VERSIONS, {**parameters, "ids": _dumped(found)}).rowcount

    _in_batches(database, drop)


def _drop_stories(database: Database) -> int:
    """All stories are looked through while others decide; alone, only whether a story has been joined since."""
    dropped = after = 0
    while True:
        with database.read() as db:
            empty = db.execute(_EMPTY_STORIES, {"after": after, "limit": _AT_ONCE}).fetchall()
        if empty:
            dropped += _drop_empty(database, empty)
            after = empty[-1]["id"]
        if len(empty) < _AT_ONCE:
            return dropped


def _drop_empty(database: Database, found: Sequence[Row]) -> int:
    def drop(db: Connection) -> int:
        decide_alone(db)
        return db.execute(_DROP_STORIES, {"ids": _dumped(found)}).rowcount

    return database.do(drop)


def _drop_unnamed(database: Database, unnamed: str) -> None:
    """What a transaction under way names has been locked by it."""
    table = unnamed.split()[0]
    find = f"SELECT id FROM {unnamed} LIMIT :limit"  # noqa: S608 - ours
    drop_found = f"DELETE FROM {unnamed} AND {_NAMED}"  # noqa: S608 - ours

    def drop(db: Connection) -> int:
        found = db.execute(locking(db, find, f"UPDATE OF {table} SKIP LOCKED"), {"limit": _AT_ONCE}).fetchall()
        return db.execute(drop_found, {"ids": _dumped(found)}).rowcount

    _in_batches(database, drop)


def _dumped(rows: Sequence[Row]) -> str:
    return json.dumps([row["id"] for row in rows])


def _nothing(_db: Connection) -> None:
    pass


def _delete(
    database: Database, query: str, *, first: Callable[[Connection], object] = _nothing, **parameters: object
) -> int:
    """`first`: what each transaction takes before it looks."""

    def delete(db: Connection) -> int:
        first(db)
        return db.execute(query, {**parameters, "limit": _AT_ONCE}).rowcount

    return _in_batches(database, delete)


def _in_batches(database: Database, work: Callable[[Connection], int]) -> int:
    """Until one does less than it might; how much all did."""
    done = 0
    while True:
        count = database.do(work)
        done += count
        if count < _AT_ONCE:
            return done


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
