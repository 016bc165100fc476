"""Stored entries, found by address or number, for people who ask; nothing else looks across feeds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from monitor.model import Entry
from monitor.store import codec, place, which
from monitor.store.database import Database as SqliteDatabase
from monitor.store.database import connect_to_read, explained
from monitor.store.entry_rows import entry_of
from monitor.store.migrate import refuse_newer, shipped, short_hash, version
from monitor.store.sql import Connection, Database

# An address is stored as its feed gave it: the hash that it is found by is of both.
_BY_LINK = "SELECT id FROM entry WHERE link_hash = ? AND feed = ? AND link = ? ORDER BY id DESC LIMIT 1"
_LATEST = """
    SELECT entry.*, feed_key.feed_id FROM entry JOIN feed_key ON feed_key.feed = entry.feed
    WHERE entry.id = :id OR entry.first_id = :id ORDER BY entry.id DESC LIMIT 1
"""


def entries_at(state: Path, url: str) -> list[Entry]:
    """The latest text of the entry with this link in each feed that had it, the newest first; none if the state is not
    there, or not yet brought to this version. Raises StateTooNew, StateError."""
    if which.database_url():
        return _in_shared(state, url)
    path = state / place.DATABASE
    if not place.has_content(path):
        return []
    with explained(str(path)):
        db = connect_to_read(path)
        try:
            refuse_newer(db, shipped(), str(path))
            if version(db) != shipped()[-1].number:
                return []
            with SqliteDatabase(db, str(path)).read() as reading:
                return list(_entries(reading, url))
        finally:
            db.close()


def _in_shared(state: Path, url: str) -> list[Entry]:
    reader = which.open_reader(state)
    if reader is None:
        return []
    with reader, reader.database.read() as db:
        return list(_entries(db, url))


def latest(database: Database, entry_id: int) -> tuple[Entry, datetime] | None:
    """An entry by its latest text, and when that was seen; None where it is not kept."""
    with database.read() as db:
        row = db.execute(_LATEST, {"id": entry_id}).fetchone()
    return (entry_of(row), codec.instant(row["written_us"])) if row is not None else None


def _entries(db: Connection, url: str) -> Iterator[Entry]:
    ids = []
    feeds = [int(row["feed"]) for row in db.execute("SELECT feed FROM feed_key")]
    for link in _ways(codec.clean(url)):
        for feed in feeds:
            row = db.execute(_BY_LINK, (short_hash(feed, link), feed, link)).fetchone()
            if row is not None:
                ids.append(int(row["id"]))
    for entry_id in sorted(ids, reverse=True):
        yield entry_of(db.execute(_LATEST, {"id": entry_id}).fetchone())


def _ways(url: str) -> tuple[str, ...]:
    """As it may have been published: a browser adds or drops '#…' and a '/' at the end."""
    bare = url.partition("#")[0]
    return tuple(dict.fromkeys((url, bare, bare.rstrip("/"), bare.rstrip("/") + "/")))
