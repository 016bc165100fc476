"""Entries, their versions and sightings, the stories they tell, and what was decided about them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from monitor.model import IngestEntry, KnownEntry
from monitor.store import codec

# A feed may give all its entries one guid. The newest of those that share a key are looked at, so that a hostile feed
# cannot make each poll read all of its past; who is pushed out of them is at worst taken for new.
NEWEST = 25

# `seen_us` serves a retention of months: a day's precision spares each poll the writing of every entry that it saw.
SEEN_PRECISION = timedelta(days=1)

_AT_ONCE = 500  # below the 999 variables that old builds of SQLite allow
_SHARING = {
    "guid": "SELECT id FROM entry WHERE feed_id = ? AND guid = ? AND guid <> '' ORDER BY id DESC LIMIT ?",
    "link": "SELECT id FROM entry WHERE feed_id = ? AND link = ? ORDER BY id DESC LIMIT ?",
    "text": "SELECT entry_id FROM entry_version WHERE feed_id = ? AND text = ? ORDER BY rowid DESC LIMIT ?",
}
_ADD_ENTRY = """
    INSERT INTO entry (feed_id, guid, link, published_us, words, story_id, first_seen_us)
    VALUES (:feed_id, :guid, :link, :published_us, :words, :story_id, :now)
"""
_RENEW_ENTRY = """
    UPDATE entry SET guid = :guid, link = :link, published_us = :published_us, words = :words,
        story_id = coalesce(:story_id, story_id)
    WHERE id = :entry_id AND feed_id = :feed_id
"""
_ADD_VERSION = """
    INSERT INTO entry_version (
        entry_id, revision, feed_id, text, headline, guid, link, title, summary, body, author,
        published_us, updated_us, written_us
    ) VALUES (
        :entry_id, :revision, :feed_id, :text, :headline, :guid, :link, :title, :summary, :body, :author,
        :published_us, :updated_us, :now
    )
"""
_ADD_SIGHTING = """
    INSERT INTO sighting (feed_id, raw, entry_id, revision, seen_us)
    VALUES (:feed_id, :raw, :entry_id, :revision, :now)
    ON CONFLICT (feed_id, raw, entry_id) DO UPDATE SET revision = excluded.revision, seen_us = excluded.seen_us
"""
_ADD_VERDICT = """
    INSERT OR IGNORE INTO verdict (entry_id, revision, rule_id, severity, reason, spans, story_id, decided_us)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""


def known_raw(db: sqlite3.Connection, feed_id: str, raws: Sequence[bytes]) -> frozenset[bytes]:
    query = "SELECT raw FROM sighting WHERE feed_id = ? AND raw IN ({marks})"
    return frozenset(row["raw"] for row in _in_chunks(db, query, raws, (codec.clean(feed_id),)))


def still_there(db: sqlite3.Connection, feed_id: str, raws: Sequence[bytes], *, seen_at: datetime) -> None:
    now, before = codec.microseconds(seen_at), codec.microseconds(seen_at - SEEN_PRECISION)
    query = "UPDATE sighting SET seen_us = ? WHERE feed_id = ? AND seen_us < ? AND raw IN ({marks})"
    for _ in _in_chunks(db, query, raws, (now, codec.clean(feed_id), before)):
        pass


def known(
    db: sqlite3.Connection, feed_id: str, *, guids: Sequence[str], links: Sequence[str], texts: Sequence[bytes]
) -> tuple[KnownEntry, ...]:
    """In the order in which they were first stored."""
    feed = codec.clean(feed_id)
    keys: Mapping[str, Iterable[str | bytes]] = {
        "guid": map(codec.clean, guids),
        "link": map(codec.clean, links),
        "text": texts,
    }
    ids = {row[0] for by, values in keys.items() for key in values for row in _sharing(db, by, feed, key)}
    return _load(db, sorted(ids))


def _sharing(db: sqlite3.Connection, by: str, feed_id: str, key: str | bytes) -> list[sqlite3.Row]:
    return db.execute(_SHARING[by], (feed_id, key, NEWEST)).fetchall()


def _load(db: sqlite3.Connection, ids: Sequence[int]) -> tuple[KnownEntry, ...]:
    texts = _grouped(db, "SELECT entry_id, text FROM entry_version WHERE entry_id IN ({marks})", ids)
    rules = _grouped(db, "SELECT entry_id, rule_id FROM verdict WHERE entry_id IN ({marks})", ids)
    rows = _in_chunks(db, "SELECT * FROM entry WHERE id IN ({marks}) ORDER BY id", ids)
    return tuple(
        KnownEntry(
            id=row["id"],
            guid=row["guid"],
            link=row["link"],
            published_at=codec.instant_or_none(row["published_us"]),
            texts=frozenset(texts.get(row["id"], ())),
            words=codec.load_words(row["words"]),
            matched_rules=frozenset(rules.get(row["id"], ())),
            story_id=row["story_id"],
        )
        for row in rows
    )


def write(db: sqlite3.Connection, item: IngestEntry, *, seen_at: datetime) -> tuple[int, int | None, int]:
    """A known text is no new version: only its sighting is added. A verdict that is there already stays as it is."""
    columns = _columns(item, seen_at)
    columns["story_id"] = story_id = _story(db, item, columns["now"])
    columns["entry_id"] = entry_id = _entry(db, item, columns)
    columns["revision"] = _version(db, columns)
    db.execute(_ADD_SIGHTING, columns)
    _add_verdicts(db, item, columns)
    return entry_id, story_id, _next_number(db, story_id)


def _columns(item: IngestEntry, seen_at: datetime) -> dict[str, object]:
    entry, mark = item.entry, item.fingerprint
    return {
        "feed_id": codec.clean(entry.feed_id),
        "guid": codec.clean(entry.guid),
        "link": codec.clean_or_none(entry.link),
        "title": codec.clean(entry.title),
        "summary": codec.clean(entry.summary),
        "body": codec.clean(entry.body),
        "author": codec.clean(entry.author),
        "published_us": codec.microseconds_or_none(entry.published_at),
        "updated_us": codec.microseconds_or_none(entry.updated_at),
        "words": codec.dump_words(mark.words),
        "raw": mark.raw,
        "text": mark.text,
        "headline": mark.headline,
        "now": codec.microseconds(seen_at),
    }


def _story(db: sqlite3.Connection, item: IngestEntry, now: object) -> int | None:
    if not item.verdicts:
        return None
    if item.story_id is not None:
        return item.story_id
    return db.execute("INSERT INTO story (begun_us) VALUES (?)", (now,)).lastrowid


def _entry(db: sqlite3.Connection, item: IngestEntry, columns: Mapping[str, object]) -> int:
    if item.known_id is None:
        return int(db.execute(_ADD_ENTRY, columns).lastrowid or 0)
    if db.execute(_RENEW_ENTRY, {**columns, "entry_id": item.known_id}).rowcount != 1:
        raise LookupError(f"feed {item.entry.feed_id} has no entry {item.known_id} to write a version of")
    return item.known_id


def _version(db: sqlite3.Connection, columns: Mapping[str, object]) -> int:
    """The revision that has this text; the text is added if the entry has not had it."""
    same = "SELECT revision FROM entry_version WHERE feed_id = :feed_id AND text = :text AND entry_id = :entry_id"
    if row := db.execute(same, columns).fetchone():
        return int(row["revision"])
    last = "SELECT coalesce(max(revision), 0) FROM entry_version WHERE entry_id = :entry_id"
    revision = int(db.execute(last, columns).fetchone()[0]) + 1
    db.execute(_ADD_VERSION, {**columns, "revision": revision})
    return revision


def _add_verdicts(db: sqlite3.Connection, item: IngestEntry, columns: Mapping[str, object]) -> None:
    where = (columns["entry_id"], columns["revision"])
    for verdict in item.verdicts:
        match = verdict.match
        told = (codec.clean(match.rule_id), match.severity.value, verdict.reason.name, codec.dump_spans(match.spans))
        db.execute(_ADD_VERDICT, (*where, *told, columns["story_id"], columns["now"]))


def _next_number(db: sqlite3.Connection, story_id: int | None) -> int:
    """1 without a story, as in a story without alerts."""
    row = db.execute("SELECT last_number FROM story WHERE id = ?", (story_id,)).fetchone()
    return int(row["last_number"]) + 1 if row else 1


def _grouped(db: sqlite3.Connection, query: str, ids: Sequence[int]) -> dict[int, set[Any]]:
    groups: dict[int, set[Any]] = {}
    for key, value in _in_chunks(db, query, ids):
        groups.setdefault(key, set()).add(value)
    return groups


def _in_chunks(
    db: sqlite3.Connection, query: str, values: Sequence[object], before: tuple[object, ...] = ()
) -> Iterator[sqlite3.Row]:
    """The rows of `query` for all values; `{marks}` in it is where they go, after the parameters of `before`."""
    for start in range(0, len(values), _AT_ONCE):
        chunk = values[start : start + _AT_ONCE]
        yield from db.execute(query.replace("{marks}", ",".join("?" * len(chunk))), (*before, *chunk))
