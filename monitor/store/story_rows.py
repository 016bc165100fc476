"""Stories: found by the keys of their reports, with what they tell and what was told of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.model import IngestEntry, KnownStory, Mute, MuteKind, Origin, Report
from monitor.store import codec, story_codec
from monitor.store.sql import Connection, Row, asks_far
from monitor.store.told_rows import last_alerts

# What a flood under one key may cost each later poll. Who is pushed out is found by another key, or begins a story
# anew and alerts.
NEWEST = 100
CANDIDATES = 16  # stories that share most keys; a place that is in all news has more in a day, most of them no kin
COMPARED = 24  # newest reports of each, besides its first
REPORTS = 100  # newest ones of the story that is joined, besides its first and each newsroom's first
ROOMS = 50  # newsrooms whose first report is counted, too
KEYS = 96  # of the versions of one entry, the newest

_SHARING = "SELECT story_id, seen_us FROM story_key WHERE key = ? AND seen_us >= ? ORDER BY seen_us DESC LIMIT ?"
# The same of all keys at once. SQLite has no LATERAL, and no way to a server that it could save.
_SHARING_ALL = """
    SELECT wanted.key, found.story_id, found.seen_us
    FROM (SELECT CAST(value AS BIGINT) AS key FROM json_each(?)) AS wanted CROSS JOIN LATERAL (
        SELECT story_id, seen_us FROM story_key WHERE story_key.key = wanted.key AND seen_us >= ?
        ORDER BY seen_us DESC LIMIT ?
    ) AS found ORDER BY wanted.key, found.seen_us DESC
"""
_REPORT = """
    SELECT report.*, feed_key.feed_id, coalesce(later.title, entry.title) AS title, entry.link
    FROM report JOIN entry ON entry.id = report.entry_id JOIN feed_key ON feed_key.feed = entry.feed
    LEFT JOIN entry AS later ON later.id = (SELECT max(id) FROM entry WHERE first_id = report.entry_id)
"""
# From one newsroom to the next by the index, however many reports each has. A newsroom that tells a hundred times must
# not push the others out of what is counted.
_FIRST_OF_EACH = """
    WITH RECURSIVE room (newsroom, number) AS (
        SELECT min(newsroom), 1 FROM report WHERE story_id = :story_id
        UNION ALL
        SELECT (SELECT min(newsroom) FROM report WHERE story_id = :story_id AND newsroom > room.newsroom), number + 1
        FROM room WHERE newsroom IS NOT NULL AND number < :rooms
    ), of_each (entry_id) AS (
        SELECT (SELECT min(entry_id) FROM report WHERE story_id = :story_id AND report.newsroom = room.newsroom)
        FROM room WHERE number <= :rooms
    )
"""
_FIRST_AND_NEWEST = f"""{_FIRST_OF_EACH} {_REPORT}
    WHERE report.entry_id IN (
        SELECT entry_id FROM (
            SELECT entry_id FROM report WHERE story_id = :story_id ORDER BY seen_us, entry_id LIMIT 1
        ) AS newest UNION SELECT entry_id FROM (
            SELECT entry_id FROM report WHERE story_id = :story_id ORDER BY seen_us DESC, entry_id DESC LIMIT :newest
        ) AS newest UNION SELECT entry_id FROM of_each
    ) ORDER BY report.seen_us, report.entry_id
"""  # noqa: S608 - ours
_OF_ENTRY = f"{_REPORT} WHERE report.entry_id = ?"
_ADD_REPORT = """
    INSERT OR IGNORE INTO report (
        entry_id, story_id, sketch, facts, newsroom, owner, credited, kinship, told_us, seen_us
    ) VALUES (:entry_id, :story_id, :sketch, :facts, :newsroom, :owner, :credited, :kinship, :told_us, :now)
"""
# When it was first told and seen stays, and so does how it came into the story.
_RENEW_REPORT = """
    UPDATE report SET story_id = :story_id, sketch = :sketch, facts = :facts, newsroom = :newsroom, owner = :owner,
        credited = :credited, told_us = min(told_us, :told_us), edited_us = :edited_us,
        earlier = :earlier
    WHERE entry_id = :entry_id
"""
_ADD_KEY = "INSERT OR IGNORE INTO story_key (key, seen_us, entry_id, story_id) VALUES (?, ?, ?, ?)"
_OLD_KEYS = """
    DELETE FROM story_key WHERE entry_id = :entry_id AND seen_us < (
        SELECT seen_us FROM story_key WHERE entry_id = :entry_id ORDER BY seen_us DESC LIMIT 1 OFFSET :most
    )
"""
_MUTES = "SELECT * FROM mute WHERE until_us > ? AND ended_us IS NULL"


def kin(db: Connection, keys: Sequence[int], *, since: datetime) -> tuple[KnownStory, ...]:
    shared: Counter[int] = Counter()
    newest: dict[int, int] = {}
    for found in _sharing(db, tuple(dict.fromkeys(keys)), codec.microseconds(since)):
        shared.update(found.keys())
        for story_id, seen_us in found.items():
            newest[story_id] = max(newest.get(story_id, seen_us), seen_us)
    best = sorted(shared, key=lambda story_id: (shared[story_id], newest[story_id], story_id), reverse=True)
    stories = (load(db, story_id, newest=COMPARED) for story_id in best[:CANDIDATES])
    return tuple(story for story in stories if story is not None)


def _sharing(db: Connection, keys: Sequence[int], since_us: int) -> Iterator[dict[int, int]]:
    """For each key the stories that have it, and when each was last seen with it, of the newest reports alone."""
    if asks_far(db):
        by_key: dict[int, dict[int, int]] = {}
        for key, story_id, seen_us in db.execute(_SHARING_ALL, (json.dumps(keys), since_us, NEWEST)).fetchall():
            by_key.setdefault(key, {}).setdefault(story_id, seen_us)  # the newest comes first
        yield from by_key.values()
        return
    for key in keys:
        found: dict[int, int] = {}
        for row in db.execute(_SHARING, (key, since_us, NEWEST)).fetchall():
            found.setdefault(row["story_id"], row["seen_us"])
        yield found


def load(db: Connection, story_id: int, *, newest: int = REPORTS) -> KnownStory | None:
    begun = db.execute("SELECT begun_us FROM story WHERE id = ?", (story_id,)).fetchone()
    if begun is None:
        return None
    told = {"story_id": story_id, "newest": newest, "rooms": ROOMS if newest == REPORTS else 0}
    rows = db.execute(_FIRST_AND_NEWEST, told)
    return KnownStory(
        id=story_id,
        begun_at=codec.instant(begun["begun_us"]),
        reports=tuple(map(_report, rows)),
        alerts=last_alerts(db, story_id),
    )


def report(db: Connection, entry_id: int) -> Report | None:
    row = db.execute(_OF_ENTRY, (entry_id,)).fetchone()
    return _report(row) if row else None


def _report(row: Row) -> Report:
    facts, told_at = story_codec.load_facts(row["facts"]), codec.instant(row["told_us"])
    return Report(
        entry_id=row["entry_id"],
        feed_id=row["feed_id"],
        sketch=story_codec.load_sketch(row["sketch"], facts, told_at, row["newsroom"]),
        earlier=story_codec.load_earlier(row["earlier"], told_at, row["newsroom"]),
        edited_at=codec.instant_or_none(row["edited_us"]),
        origin=Origin(newsroom=row["newsroom"], owner=row["owner"], credited=row["credited"]),
        seen_at=codec.instant(row["seen_us"]),
        title=row["title"],
        link=row["link"],
    )


def write_report(db: Connection, item: IngestEntry, entry_id: int, story_id: int, now_us: int) -> None:
    """Nothing for an entry without a sketch. Which words say its facts is not kept: nobody asks, and a report is read
    back for each that it is compared with. The alert has them."""
    if item.sketch is None or item.origin is None:
        return
    told = {
        "entry_id": entry_id,
        "story_id": story_id,
        "sketch": story_codec.dump_sketch(item.sketch),
        "facts": story_codec.dump_facts(replace(item.sketch.facts, spans=())),
        "newsroom": codec.clean(item.origin.newsroom),
        "owner": codec.clean(item.origin.owner),
        "credited": codec.clean_or_none(item.origin.credited),
        "kinship": story_codec.dump_kinship(item.kinship),
        "told_us": codec.microseconds(item.sketch.told_at),
        "edited_us": codec.microseconds_or_none(item.edited_at),
        "earlier": story_codec.dump_earlier(item.earlier),
        "now": now_us,
    }
    if db.execute(_ADD_REPORT, told).rowcount != 1:
        db.execute(_RENEW_REPORT, told)
    db.executemany(_ADD_KEY, [(key, now_us, entry_id, story_id) for key in item.sketch.keys])
    if item.known_id is not None:
        db.execute(_OLD_KEYS, {"entry_id": entry_id, "most": KEYS})


def mutes(db: Connection, now: datetime) -> tuple[Mute, ...]:
    found = map(mute, db.execute(_MUTES, (codec.microseconds(now),)))
    return tuple(sorted(found, key=lambda each: each.id))


def mute(row: Row) -> Mute:
    return Mute(
        id=row["id"],
        kind=MuteKind(row["kind"]),
        subject=row["subject"],
        until=codec.instant(row["until_us"]),
        reason=row["reason"],
        by=row["by"],
        begun_at=codec.instant(row["begun_us"]),
    )
