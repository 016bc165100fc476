"""Everything that must hold in a database, looked at: slow, and for whoever asks."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitor.errors import StateError
from monitor.store import place
from monitor.store.database import connect_to_read, explained
from monitor.store.migrate import refuse_newer, shipped, short_hash, version

_MOST = 20  # findings of one kind that are told


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that should not be, and what to do about it."""

    what: str
    remedy: str


_RESTORE = "bring a backup back with 'monitor db restore'; what this state holds stays beside it"

# Each counts rows that should not be there: what it finds, what follows from it.
INVARIANTS: Final = (
    (
        "SELECT count(*) FROM delivery WHERE NOT EXISTS (SELECT 1 FROM alert WHERE alert.id = delivery.alert_id)",
        "{n} deliveries of alerts that are not there: they cannot be sent",
    ),
    (
        "SELECT count(*) FROM sighting WHERE NOT EXISTS (SELECT 1 FROM entry WHERE entry.id = sighting.entry_id)",
        "{n} entries count as seen, but are not stored: should they be published anew, nobody is told",
    ),
    (
        "SELECT count(*) FROM entry WHERE first_id IS NULL AND NOT EXISTS (SELECT 1 FROM sighting WHERE entry_id = id)",
        "{n} entries are stored, but do not count as seen: they may be announced once more",
    ),
    (
        "SELECT count(*) FROM entry AS later JOIN entry AS first ON first.id = later.first_id "
        "WHERE first.first_id IS NOT NULL OR first.feed <> later.feed OR first.story_id IS NOT later.story_id",
        "{n} versions do not agree with their entry about its feed or its story",
    ),
    (
        "SELECT count(*) FROM report JOIN entry ON entry.id = report.entry_id "
        "WHERE entry.first_id IS NOT NULL OR entry.story_id IS NOT report.story_id",
        "{n} reports do not agree with their entry about its story",
    ),
    (
        "SELECT count(*) FROM story WHERE last_number < (SELECT max(number) FROM alert WHERE story_id = story.id)",
        "{n} stories would give two alerts one number: the second would not be told",
    ),
)
UNFINDABLE: Final = "{n} entries cannot be found by their address: their edits are taken for new entries"
_ADDRESSES = (
    "SELECT count(*) FROM entry WHERE first_id IS NULL "
    "AND (guid_hash IS NOT short_hash(feed, guid) OR link_hash IS NOT short_hash(feed, link))"
)


def inspect(path: Path) -> list[Finding]:
    """What is wrong with the database in this file, nothing as a rule. Holds up nobody who writes.

    Raises StateError if it cannot be read, StateTooNew.
    """
    if not place.has_content(path):
        raise StateError(f"{path} is not there, or empty.")
    with explained(str(path)), contextlib.closing(connect_to_read(path)) as db:
        try:
            return list(_findings(db, path))
        except sqlite3.DatabaseError as error:
            if (getattr(error, "sqlite_errorcode", 0) & 0xFF) not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise
            return [Finding(what=f"the file is damaged: {error}", remedy=_RESTORE)]


def _findings(db: sqlite3.Connection, path: Path) -> Iterator[Finding]:
    refuse_newer(db, shipped(), str(path))
    for row in db.execute(f"PRAGMA integrity_check({_MOST})").fetchall():
        if row[0] != "ok":
            yield Finding(what=f"the file is damaged: {' '.join(str(row[0]).split())}", remedy=_RESTORE)
    for table, row_id, parent, _ in db.execute("PRAGMA foreign_key_check").fetchmany(_MOST):
        yield Finding(what=f"{table} {row_id} refers to a {parent} that is not there", remedy=_RESTORE)
    if version(db) == shipped()[-1].number:  # what an older one holds is converted, and looked at then
        yield from _broken_invariants(db)


def _broken_invariants(db: sqlite3.Connection) -> Iterator[Finding]:
    db.create_function("short_hash", 2, short_hash, deterministic=True)
    for query, what in (*INVARIANTS, (_ADDRESSES, UNFINDABLE)):
        try:
            count = db.execute(query).fetchone()[0]
        except sqlite3.OperationalError as error:  # a value that is none: no text, or not in UTF-8
            yield Finding(what=f"something is stored that cannot be read ({error})", remedy=_RESTORE)
        else:
            if count:
                yield Finding(what=what.format(n=count), remedy=_RESTORE)
