"""What a search reads of the state, and what the index of words is made of. Ids are those of versions: a text each."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.store import codec
from monitor.store.ours import of_people
from monitor.store.read import Reader

# Each relies on the table's own order by id, or on entry_by_first, verdict's key and alert_by_entry.
_HIGHEST = "SELECT max(id) FROM entry"
_NEWEST = "SELECT id FROM entry WHERE id < ? AND id > ? ORDER BY id DESC LIMIT ?"
_GLIMPSES = """
    SELECT id, coalesce(first_id, id) AS entry_id, feed, story_id, written_us FROM entry
    WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY id DESC
"""
_TEXTS = """
    SELECT id, link, title, summary, CASE ? WHEN 1 THEN body ELSE '' END AS body, published_us, updated_us FROM entry
    WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))
"""
_LATER = """
    SELECT first_id, id FROM entry WHERE first_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))
    ORDER BY first_id, id DESC
"""
_RULES = f"""
    SELECT DISTINCT entry_id, rule_id FROM verdict
    WHERE entry_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) AND {of_people("rule_id")}
    ORDER BY entry_id, rule_id
"""  # noqa: S608 - ours
_ALERTS = """
    SELECT entry_id, id FROM alert WHERE entry_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))
    ORDER BY entry_id, number
"""
_TO_INDEX = "SELECT id, title, summary, body FROM entry WHERE id > ? AND id <= ? ORDER BY id LIMIT ?"
_MARK = "SELECT written_us, text FROM entry WHERE id = ?"
_FIRST_FROM = "SELECT id, written_us FROM entry WHERE id >= ? ORDER BY id LIMIT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """What can be told of a version without reading its text. `story_id` None: no rule matched it."""

    id: int
    entry_id: int
    feed_id: str
    story_id: int | None
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The text of one version, as published; `body` is '' where it was not asked for."""

    id: int
    title: str
    summary: str
    body: str
    link: str | None = None
    published_at: datetime | None = None


def highest(reader: Reader) -> int:
    """The id of the newest version; 0 where there is none."""
    return int(reader.rows(_HIGHEST)[0][0] or 0)


def newest(reader: Reader, *, below: int, above: int, limit: int) -> list[int]:
    """Ids of versions between these, the newest first."""
    return [row["id"] for row in reader.rows(_NEWEST, below, above, limit)]


def feed_ids(reader: Reader) -> dict[int, str]:
    return dict(map(tuple, reader.rows("SELECT feed, feed_id FROM feed_key")))


def glimpses(reader: Reader, ids: Collection[int], feeds: Mapping[int, str]) -> list[Glimpse]:
    """Those that are still there, the newest first."""
    return [
        Glimpse(
            id=row["id"],
            entry_id=row["entry_id"],
            feed_id=feeds.get(row["feed"], ""),
            story_id=row["story_id"],
            seen_at=codec.instant(row["written_us"]),
        )
        for row in reader.rows(_GLIMPSES, _list(ids))
    ]


def texts(reader: Reader, ids: Collection[int], *, body: bool) -> dict[int, Written]:
    return {
        row["id"]: Written(
            id=row["id"],
            title=row["title"],
            summary=row["summary"],
            body=row["body"],
            link=row["link"],
            published_at=codec.instant_or_none(row["published_us"]),
        )
        for row in reader.rows(_TEXTS, int(body), _list(ids))
    }


def later_versions(reader: Reader, entry_ids: Collection[int]) -> dict[int, list[int]]:
    """For each entry that was edited, its later versions, the newest first."""
    found: dict[int, list[int]] = {}
    for entry_id, version_id in reader.rows(_LATER, _list(entry_ids)):
        found.setdefault(entry_id, []).append(version_id)
    return found


def rules_of(reader: Reader, entry_ids: Collection[int]) -> dict[int, list[str]]:
    """By entry, the rules that matched it."""
    return _grouped(reader, _RULES, entry_ids)


def alerts_of(reader: Reader, entry_ids: Collection[int]) -> dict[int, list[str]]:
    """By entry, the alerts that name it."""
    return _grouped(reader, _ALERTS, entry_ids)


def to_index(reader: Reader, *, above: int, limit: int) -> list[Written]:
    """The texts next in order behind a version. None while one before them may still come to light."""
    last = highest(reader)
    if last <= above or not reader.database.settled("entry"):
        return []
    rows = reader.rows(_TO_INDEX, above, last, limit)
    return [Written(id=row["id"], title=row["title"], summary=row["summary"], body=row["body"]) for row in rows]


def mark_of(reader: Reader, version_id: int) -> bytes:
    """What tells a version from another one that was given its number; b'' where it is not there."""
    rows = reader.rows(_MARK, version_id)
    return b"%d %b" % (rows[0]["written_us"], bytes(rows[0]["text"])) if rows else b""


def first_since(reader: Reader, at: datetime) -> int:
    """The first version that was written at this time or later; one behind the last if there is none.

    As far as versions were written in the order of their numbers: a clock that was set back blurs it by as much.
    """
    low, high, wanted = 1, highest(reader) + 1, codec.microseconds(at)
    while low < high:
        middle = (low + high) // 2
        row = reader.rows(_FIRST_FROM, middle)[0]
        if row["written_us"] >= wanted:
            high = middle
        else:
            low = int(row["id"]) + 1
    return low


def how_many(reader: Reader) -> int:
    """Of all versions; counted in an index."""
    return int(reader.rows("SELECT count(*) FROM entry")[0][0])


def _grouped(reader: Reader, query: str, entry_ids: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for entry_id, named in reader.rows(query, _list(entry_ids)):
        found.setdefault(entry_id, []).append(named)
    return found


def _list(ids: Collection[int] | Sequence[int]) -> str:
    return json.dumps(list(ids))
