"""Stories: found by the keys of their reports, with what they tell and what was told of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.model import IngestEntry, KnownStory, Mute, MuteKind
from monitor.store import codec, story_codec
from monitor.store.sql import Connection, Row, asks_far
from monitor.store.story_reports import reports_of
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
# All of it at once. SQLite has no LATERAL, and no way to a server that it could save.
_NEAREST = """
    SELECT story_id FROM (
        SELECT wanted.key, found.story_id, max(found.seen_us) AS newest
        FROM (SELECT CAST(value AS BIGINT) AS key FROM json_each(?)) AS wanted CROSS JOIN LATERAL (
            SELECT story_id, seen_us FROM story_key WHERE story_key.key = wanted.key AND seen_us >= ?
            ORDER BY seen_us DESC LIMIT ?
        ) AS found GROUP BY wanted.key, found.story_id
    ) AS shared GROUP BY story_id ORDER BY count(*) DESC, max(newest) DESC, story_id DESC LIMIT ?
"""
_BEGUN = "SELECT id, begun_us FROM story WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"
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
_ADD_KEYS = """
    INSERT OR IGNORE INTO story_key (key, seen_us, entry_id, story_id)
    SELECT CAST(value AS BIGINT), :now, :entry_id, :story_id FROM json_each(:keys)
"""
_OLD_KEYS = """
    DELETE FROM story_key WHERE entry_id = :entry_id AND seen_us < (
        SELECT seen_us FROM story_key WHERE entry_id = :entry_id ORDER BY seen_us DESC LIMIT 1 OFFSET :most
    )
"""
_MUTES = "SELECT * FROM mute WHERE until_us > ? AND ended_us IS NULL"


def kin(db: Connection, keys: Sequence[int], *, since: datetime) -> tuple[KnownStory, ...]:
    nearest = _nearest_far if asks_far(db) else _nearest
    best = nearest(db, tuple(dict.fromkeys(keys)), codec.microseconds(since))
    return _loaded(db, best, newest=COMPARED, rooms=0)


def _nearest_far(db: Connection, keys: Sequence[int], since_us: int) -> list[int]:
    told = (json.dumps(keys), since_us, NEWEST, CANDIDATES)
    return [row[0] for row in db.execute(_NEAREST, told).fetchall()]


def _nearest(db: Connection, keys: Sequence[int], since_us: int) -> list[int]:
    """Of the newest reports with each key the stories that share most; of two that share as many, the one seen last."""
    shared: Counter[int] = Counter()
    newest: dict[int, int] = {}
    for key in keys:
        found: dict[int, int] = {}
        for story_id, seen_us in db.execute(_SHARING, (key, since_us, NEWEST)).fetchall():
            found.setdefault(story_id, seen_us)
        shared.update(found.keys())
        for story_id, seen_us in found.items():
            newest[story_id] = max(newest.get(story_id, seen_us), seen_us)
    best = sorted(shared, key=lambda story_id: (shared[story_id], newest[story_id], story_id), reverse=True)
    return best[:CANDIDATES]


def load(db: Connection, story_id: int) -> KnownStory | None:
    return next(iter(_loaded(db, [story_id], newest=REPORTS, rooms=ROOMS)), None)


def _loaded(db: Connection, story_ids: Sequence[int], *, newest: int, rooms: int) -> tuple[KnownStory, ...]:
    """Those that there are, in this order."""
    if not story_ids:
        return ()
    begun = dict(map(tuple, db.execute(_BEGUN, (json.dumps(list(story_ids)),)).fetchall()))
    there = [story_id for story_id in story_ids if story_id in begun]
    reports, alerts = reports_of(db, there, newest=newest, rooms=rooms), last_alerts(db, there)
    return tuple(
        KnownStory(
            id=story_id,
            begun_at=codec.instant(begun[story_id]),
            reports=reports[story_id],
            alerts=alerts[story_id],
        )
        for story_id in there
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
    db.execute(_ADD_KEYS, {**told, "keys": json.dumps(item.sketch.keys)})
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
