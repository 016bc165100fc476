"""The reports that stories are compared and counted by: of each its first and its newest.

SQLite is asked story by story. PostgreSQL, where each question is a way to a server, is asked for those of all stories
at once; there each row is looked up by `LATERAL … LIMIT`, for the planner thinks more rows come than do, and would
rather read a whole table of entries than look up so many.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from monitor.model import Origin, Report
from monitor.store import codec, story_codec
from monitor.store.sql import Connection, Row, asks_far

_REPORT = """
    SELECT report.*, feed_key.feed_id, coalesce(later.title, entry.title) AS title, entry.link
    FROM report JOIN entry ON entry.id = report.entry_id JOIN feed_key ON feed_key.feed = entry.feed
    LEFT JOIN entry AS later ON later.id = (SELECT max(id) FROM entry WHERE first_id = report.entry_id)
"""
# From one newsroom to the next by the index, however many reports each has. A newsroom that tells a hundred times must
# not push the others out of what is counted.
_FIRST_OF_EACH = """
    WITH RECURSIVE room (newsroom, number) AS (
        SELECT min(newsroom), 1 FROM report WHERE story_id = {story_id}
        UNION ALL
        SELECT (SELECT min(newsroom) FROM report WHERE story_id = {story_id} AND newsroom > room.newsroom), number + 1
        FROM room WHERE newsroom IS NOT NULL AND number < :rooms
    ), of_each (entry_id) AS (
        SELECT (SELECT min(entry_id) FROM report WHERE story_id = {story_id} AND report.newsroom = room.newsroom)
        FROM room WHERE number <= :rooms
    )
"""
_FIRST_AND_NEWEST = f"""{_FIRST_OF_EACH.format(story_id=":story_id")} {_REPORT}
    WHERE report.entry_id IN (
        SELECT entry_id FROM (
            SELECT entry_id FROM report WHERE story_id = :story_id ORDER BY seen_us, entry_id LIMIT 1
        ) AS newest UNION SELECT entry_id FROM (
            SELECT entry_id FROM report WHERE story_id = :story_id ORDER BY seen_us DESC, entry_id DESC LIMIT :newest
        ) AS newest UNION SELECT entry_id FROM of_each
    ) ORDER BY report.seen_us, report.entry_id
"""  # noqa: S608 - ours
_OF_ENTRY = f"{_REPORT} WHERE report.entry_id = ?"

_ROOMS = f"""
    UNION ALL ({_FIRST_OF_EACH.format(story_id="wanted.story_id")} SELECT own.* FROM of_each CROSS JOIN LATERAL (
        SELECT * FROM report WHERE report.entry_id = of_each.entry_id LIMIT 1
    ) AS own)
"""  # noqa: S608 - ours
# One may come twice, as the first and as one of the newest.
_FIRST_AND_NEWEST_OF_ALL = """
    SELECT picked.*, (SELECT feed_id FROM feed_key WHERE feed_key.feed = own.feed) AS feed_id, own.link, coalesce(
        (SELECT title FROM entry WHERE first_id = picked.entry_id ORDER BY id DESC LIMIT 1), own.title
    ) AS title
    FROM (SELECT CAST(value AS BIGINT) AS story_id FROM json_each(:story_ids)) AS wanted CROSS JOIN LATERAL (
        (SELECT * FROM report WHERE story_id = wanted.story_id ORDER BY seen_us, entry_id LIMIT 1)
        UNION ALL
        (SELECT * FROM report WHERE story_id = wanted.story_id ORDER BY seen_us DESC, entry_id DESC LIMIT :newest)
        {rooms}
    ) AS picked CROSS JOIN LATERAL (SELECT feed, title, link FROM entry WHERE id = picked.entry_id LIMIT 1) AS own
    ORDER BY picked.story_id, picked.seen_us, picked.entry_id
"""


def reports_of(
    db: Connection, story_ids: Sequence[int], *, newest: int, rooms: int
) -> Mapping[int, tuple[Report, ...]]:
    """In the order in which they were seen; also the first of each of so many newsrooms."""
    told = {"newest": newest, "rooms": rooms}
    if not asks_far(db):
        of_each = ((each, db.execute(_FIRST_AND_NEWEST, {**told, "story_id": each})) for each in story_ids)
        return {story_id: tuple(map(_report, rows)) for story_id, rows in of_each}
    query = _FIRST_AND_NEWEST_OF_ALL.format(rooms=_ROOMS if rooms else "")
    found: dict[int, dict[int, Row]] = {story_id: {} for story_id in story_ids}
    for row in db.execute(query, {**told, "story_ids": json.dumps(list(story_ids))}).fetchall():
        found[row["story_id"]][row["entry_id"]] = row
    return {story_id: tuple(map(_report, rows.values())) for story_id, rows in found.items()}


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
