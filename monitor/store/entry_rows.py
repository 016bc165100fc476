"""Entries, their versions and sightings, the stories they tell, and what was decided about them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from monitor.model import Entry, IngestEntry, KnownEntry
from monitor.store import codec, evidence_rows, story_rows
from monitor.store.migrate import short_hash
from monitor.store.sql import Connection, Row, locking

# A feed may give all its entries one guid. The newest of those that share a key are looked at, so that a hostile feed
# cannot make each poll read all of its past; who is pushed out of them is at worst taken for new.
NEWEST = 25

# What is kept of a raw hash. 64 bits: among a million forms that a feed has shown, the next is mistaken for one of them
# with a chance of 1 in 10^13, and a publisher who builds two that collide hides only an entry of his own.
RAW_BYTES = 8

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_AT_ONCE = 500  # below the 999 variables that old builds of SQLite allow
_FEED = "SELECT feed FROM feed_key WHERE feed_id = ?"
_HELD = "NO KEY UPDATE OF feed_key"  # what entries refer to stays what it is
_SHARING = {
    by: f"SELECT id FROM entry WHERE {by}_hash = :hash AND feed = :feed AND {by} = :key ORDER BY id DESC LIMIT :newest"  # noqa: S608
    for by in ("guid", "link")
}
_SHARING_TEXT = """
    SELECT coalesce(first_id, id) FROM entry
    WHERE feed = :feed AND substr(text, 1, 4) = substr(:key, 1, 4) AND text = :key
    ORDER BY id DESC LIMIT :newest
"""
_OF_ENTRY = "(id = :entry_id OR first_id = :entry_id)"
_ADD = """
    INSERT INTO entry (
        first_id, feed, story_id, published_us, updated_us, written_us, guid_hash, link_hash, text, headline,
        guid, link, title, summary, body, author, words
    ) VALUES (
        :first_id, :feed, :story_id, :published_us, :updated_us, :now, :guid_hash, :link_hash, :text, :headline,
        :guid, :link, :title, :summary, :body, :author, :words
    )
"""
_RENEW = """
    UPDATE entry SET guid = :guid, link = :link, guid_hash = :guid_hash, link_hash = :link_hash,
        published_us = :published_us, words = :words
    WHERE id = :entry_id AND feed = :feed AND first_id IS NULL
"""
_JOIN_STORY = f"UPDATE entry SET story_id = :story_id WHERE {_OF_ENTRY} AND story_id IS NOT :story_id"  # noqa: S608
_SEE = """
    INSERT INTO sighting (feed, raw, entry_id, seen_day) VALUES (:feed, :raw, :entry_id, :today)
    ON CONFLICT (feed, raw, entry_id) DO UPDATE SET seen_day = excluded.seen_day
"""
_ADD_VERDICT = """
    INSERT OR IGNORE INTO verdict (entry_id, version_id, rule_id, severity, reason, spans, why, story_id, decided_us)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def day(at: datetime) -> int:
    """Days since the epoch, in UTC. A retention of months needs no more, and a poll then has no need to write anew
    each entry that it saw."""
    return at.astimezone(UTC).toordinal() - _EPOCH_DAY


def feed_number(db: Connection, feed_id: str) -> int | None:
    """None for a feed of which nothing is stored."""
    row = db.execute(_FEED, (codec.clean(feed_id),)).fetchone()
    return int(row["feed"]) if row else None


def known_raw(db: Connection, feed_id: str, raws: Sequence[bytes]) -> frozenset[bytes]:
    feed = feed_number(db, feed_id)
    if feed is None:
        return frozenset()
    query = "SELECT raw FROM sighting WHERE feed = ? AND raw IN ({marks})"
    kept = {row["raw"] for row in in_chunks(db, query, [raw[:RAW_BYTES] for raw in raws], (feed,))}
    return frozenset(raw for raw in raws if raw[:RAW_BYTES] in kept)


def still_there(db: Connection, feed_id: str, raws: Sequence[bytes], *, seen_at: datetime) -> None:
    today = day(seen_at)
    query = "UPDATE sighting SET seen_day = ? WHERE feed = ? AND seen_day < ? AND raw IN ({marks})"
    before = (today, feed_number(db, feed_id), today)
    for _ in in_chunks(db, query, [raw[:RAW_BYTES] for raw in raws], before):
        pass


def known(
    db: Connection, feed: int, *, guids: Sequence[str], links: Sequence[str], texts: Sequence[bytes]
) -> tuple[KnownEntry, ...]:
    """In the order in which they were first stored."""
    addresses = [("guid", guid) for guid in guids] + [("link", link) for link in links]
    ids = {row[0] for by, key in addresses for row in _sharing(db, by, feed, codec.clean(key))}
    for text in texts:
        told = {"feed": feed, "key": text, "newest": NEWEST}
        ids |= {row[0] for row in db.execute(_SHARING_TEXT, told)}
    return load(db, sorted(ids))


def sharing(db: Connection, feed: int, *, guid: str, link: str | None) -> list[int]:
    """Ids of the entries that have this guid or link, by their latest version; in the order first stored."""
    addresses = [("guid", guid)] * bool(guid) + [("link", link)] * bool(link)
    return sorted({row[0] for by, key in addresses for row in _sharing(db, by, feed, codec.clean(key or ""))})


def _sharing(db: Connection, by: str, feed: int, key: str) -> list[Row]:
    told = {"hash": short_hash(feed, key), "feed": feed, "key": key, "newest": NEWEST}
    return db.execute(_SHARING[by], told).fetchall()


def load(db: Connection, ids: Sequence[int]) -> tuple[KnownEntry, ...]:
    """Those of these ids that are stored, by id."""
    later = "SELECT first_id, text FROM entry WHERE first_id IN ({marks})"
    texts = _grouped(db, later, ids)
    rules = _grouped(db, "SELECT entry_id, rule_id FROM verdict WHERE entry_id IN ({marks})", ids)
    rows = in_chunks(db, "SELECT * FROM entry WHERE id IN ({marks}) ORDER BY id", ids)
    return tuple(
        KnownEntry(
            id=row["id"],
            guid=row["guid"],
            link=row["link"],
            published_at=codec.instant_or_none(row["published_us"]),
            texts=frozenset({row["text"], *texts.get(row["id"], ())}),
            words=codec.load_words(row["words"]),
            matched_rules=frozenset(rules.get(row["id"], ())),
            story_id=row["story_id"],
        )
        for row in rows
    )


def write(db: Connection, item: IngestEntry, feed: int, *, seen_at: datetime) -> tuple[int, int | None, int]:
    """A known text is no new version: only its sighting is added. A verdict that is there already stays as it is."""
    columns = _columns(item, seen_at, feed)
    columns["story_id"] = story_id = _story(db, item, columns["now"])
    entry_id, version_id = _add(db, columns) if item.known_id is None else _renew(db, item, columns)
    db.execute(_SEE, {**columns, "entry_id": entry_id})
    _add_verdicts(db, item, columns, entry_id, version_id)
    if item.evidence is not None:
        evidence_rows.write(db, version_id, item.evidence, [verdict.match.rule_id for verdict in item.verdicts])
    if story_id is not None:
        story_rows.write_report(db, item, entry_id, story_id, codec.microseconds(seen_at))
    return entry_id, story_id, _next_number(db, story_id)


def number_feed(db: Connection, feed_id: str) -> int | None:
    """Give a number to a feed that has none. None where another did so meanwhile."""
    add = "INSERT INTO feed_key (feed_id) VALUES (?) ON CONFLICT (feed_id) DO NOTHING"
    added = db.execute(add, (codec.clean(feed_id),))
    return int(added.lastrowid or 0) if added.rowcount == 1 else None


def hold_feed(db: Connection, feed_id: str) -> int | None:
    """Its number, None for a feed of which nothing is stored. Until the transaction ends nobody else takes in what the
    feed brought, or removes anything of it."""
    row = db.execute(locking(db, _FEED, _HELD), (codec.clean(feed_id),)).fetchone()
    return int(row["feed"]) if row else None


def hold_feeds(db: Connection, feeds: Sequence[int]) -> set[int]:
    """As `hold_feed`, by their numbers; those that are still there."""
    query = "SELECT feed FROM feed_key WHERE feed IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY feed"
    return {row["feed"] for row in db.execute(locking(db, query, _HELD), (json.dumps(list(feeds)),)).fetchall()}


def _columns(item: IngestEntry, seen_at: datetime, feed: int) -> dict[str, object]:
    entry, mark = item.entry, item.fingerprint
    guid, link = codec.clean(entry.guid), codec.clean_or_none(entry.link)
    return {
        "feed": feed,
        "guid": guid,
        "link": link,
        "guid_hash": short_hash(feed, guid),
        "link_hash": short_hash(feed, link),
        "title": codec.clean(entry.title),
        "summary": codec.clean(entry.summary),
        "body": codec.clean(entry.body),
        "author": codec.clean(entry.author),
        "published_us": codec.microseconds_or_none(entry.published_at),
        "updated_us": codec.microseconds_or_none(entry.updated_at),
        "words": codec.dump_words(mark.words),
        "raw": mark.raw[:RAW_BYTES],
        "text": mark.text,
        "headline": mark.headline,
        "now": codec.microseconds(seen_at),
        "today": day(seen_at),
    }


def _story(db: Connection, item: IngestEntry, now: object) -> int | None:
    if not item.verdicts:
        return None
    if item.story_id is not None:
        return item.story_id
    return db.execute("INSERT INTO story (begun_us) VALUES (?)", (now,)).lastrowid


def _add(db: Connection, columns: Mapping[str, object]) -> tuple[int, int]:
    """A new entry is its own first version."""
    entry_id = int(db.execute(_ADD, {**columns, "first_id": None}).lastrowid or 0)
    return entry_id, entry_id


def _renew(db: Connection, item: IngestEntry, columns: Mapping[str, object]) -> tuple[int, int]:
    """A known entry, and its version of this text, which is added if the entry has not had it."""
    entry_id = item.known_id or 0
    told = {**columns, "entry_id": entry_id}
    if db.execute(_RENEW, told).rowcount != 1:
        raise LookupError(f"feed {item.entry.feed_id} has no entry {entry_id} to write a version of")
    version_id = _version(db, told)
    if columns["story_id"] is not None:
        db.execute(_JOIN_STORY, told)
    return entry_id, version_id


def _version(db: Connection, columns: Mapping[str, object]) -> int:
    row = db.execute(f"SELECT id FROM entry WHERE {_OF_ENTRY} AND text = :text", columns).fetchone()  # noqa: S608
    if row:
        return int(row["id"])
    own_story = db.execute("SELECT story_id FROM entry WHERE id = :entry_id", columns).fetchone()["story_id"]
    later = {
        "first_id": columns["entry_id"],
        "story_id": own_story,
        "guid_hash": None,
        "link_hash": None,
        "words": None,
    }
    return int(db.execute(_ADD, {**columns, **later}).lastrowid or 0)


def _add_verdicts(
    db: Connection, item: IngestEntry, columns: Mapping[str, object], entry_id: int, version_id: int
) -> None:
    for verdict in item.verdicts:
        match = verdict.match
        decided = (match.severity.value, verdict.reason.name, codec.dump_spans(match.spans), codec.clean(verdict.why))
        told = (codec.clean(match.rule_id), *decided)
        db.execute(_ADD_VERDICT, (entry_id, version_id, *told, columns["story_id"], columns["now"]))


def _next_number(db: Connection, story_id: int | None) -> int:
    """1 without a story, as in a story without alerts."""
    if story_id is None:
        return 1
    row = db.execute("SELECT last_number FROM story WHERE id = ?", (story_id,)).fetchone()
    return int(row["last_number"]) + 1 if row else 1


def _grouped(db: Connection, query: str, ids: Sequence[int]) -> dict[int, set[Any]]:
    groups: dict[int, set[Any]] = {}
    for key, value in in_chunks(db, query, ids):
        groups.setdefault(key, set()).add(value)
    return groups


def in_chunks(db: Connection, query: str, values: Sequence[object], before: tuple[object, ...] = ()) -> Iterator[Row]:
    """The rows of `query` for all values; `{marks}` in it is where they go, after the parameters of `before`."""
    for start in range(0, len(values), _AT_ONCE):
        chunk = values[start : start + _AT_ONCE]
        # Whole: whoever stops halfway leaves no cursor that outlives the connection.
        yield from db.execute(query.replace("{marks}", ",".join("?" * len(chunk))), (*before, *chunk)).fetchall()


def entry_of(row: Row) -> Entry:
    """Of a row with the columns of an entry, and the `feed_id` of its feed."""
    return Entry(
        feed_id=row["feed_id"],
        guid=row["guid"],
        link=row["link"],
        title=row["title"],
        summary=row["summary"],
        body=row["body"],
        published_at=codec.instant_or_none(row["published_us"]),
        updated_at=codec.instant_or_none(row["updated_us"]),
        author=row["author"],
    )
