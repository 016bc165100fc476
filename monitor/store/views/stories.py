"""Stories, the newest first: what was told of each, by how many."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from monitor.model import Alert
from monitor.store import alert_codec, codec
from monitor.store.read import Reader
from monitor.store.sql import Row
from monitor.store.views.wanted import Wanted, an_alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """Of a story of which nobody was told: the newest text of it."""

    title: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """`seen_at`: when the newest of its texts was seen. `voices`: whose word it is, each counted once. `newest`: as it
    was last told, or was reported where nobody was told. `rules` tell it, by id."""

    id: int
    begun_at: datetime
    seen_at: datetime
    reports: int
    voices: int
    alerts: int
    rules: tuple[str, ...]
    newest: Alert | Headline


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What all have to hold. `alert`: at least one of its alerts is so; its times are not asked. `feeds` and `sources`:
    some report of it is theirs. `since` is within, `until` is not; of when it began. `told`: somebody was."""

    alert: Wanted = Wanted()  # noqa: RUF009 - frozen
    feeds: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    told: bool | None = None


_CHOSEN: Final = "SELECT story.id FROM story WHERE {where} ORDER BY story.id DESC LIMIT :limit"
_TOLD: Final = """
    SELECT story.id, story.begun_us,
        (SELECT max(written_us) FROM entry WHERE story_id = story.id) AS seen_us,
        (SELECT count(*) FROM entry WHERE story_id = story.id AND first_id IS NULL) AS reports,
        (SELECT count(DISTINCT owner) FROM report WHERE story_id = story.id) AS voices,
        (SELECT count(*) FROM alert WHERE story_id = story.id) AS alerts,
        (SELECT group_concat(DISTINCT rule_id) FROM alert WHERE story_id = story.id) AS rules
    FROM ({chosen}) AS chosen JOIN story ON story.id = chosen.id ORDER BY story.id DESC
"""
_LAST_TOLD: Final = "SELECT * FROM alert WHERE story_id = ? ORDER BY number DESC LIMIT 1"
_LAST_TEXT: Final = "SELECT title, summary FROM entry WHERE story_id = ? ORDER BY id DESC LIMIT 1"
# What is ours is a test of a channel, and nobody's story. What is no longer kept of one leaves nothing to show.
_SHOWN: Final = (
    "NOT EXISTS (SELECT 1 FROM alert WHERE story_id = story.id AND instr(rule_id, ':') > 0)",
    "EXISTS (SELECT 1 FROM entry WHERE story_id = story.id)",
)
_IS_TOLD: Final = "EXISTS (SELECT 1 FROM alert WHERE story_id = story.id)"
_FEEDS: Final = """EXISTS (
    SELECT 1 FROM entry JOIN feed_key USING (feed) WHERE story_id = story.id
        AND feed_id IN (SELECT value FROM json_each(:of_feeds))
)"""
_SOURCES: Final = """EXISTS (
    SELECT 1 FROM report JOIN entry ON entry.id = report.entry_id JOIN feed_key USING (feed)
    WHERE report.story_id = story.id AND (
        newsroom IN (SELECT value FROM json_each(:of_sources)) OR feed_id IN (SELECT value FROM json_each(:of_sources))
    )
)"""


def stories(reader: Reader, asked: Asked, *, limit: int, before: int | None = None) -> list[Listed]:
    """`before`: those that began before the story of this number."""
    conditions, values = _conditions(asked)
    told, of_alerts = an_alert(reader, replace(asked.alert, since=None, until=None, story=None))
    behind = "story.id < :before" if before is not None else ""
    where = " AND ".join(filter(None, (behind, *_SHOWN, *conditions, told)))
    query = _TOLD.format(chosen=_CHOSEN.format(where=where))
    with reader.database.read() as db:
        rows = db.execute(query, {**of_alerts, **values, "before": before, "limit": limit}).fetchall()
    return [_listed(reader, row) for row in rows]


def _conditions(asked: Asked) -> tuple[list[str], Mapping[str, object]]:
    found = list(_each(asked))
    return [condition for condition, _, _ in found], {name: value for _, name, value in found if name}


def _each(asked: Asked) -> Iterator[tuple[str, str, object]]:
    """A condition, the name of a value in it, that value."""
    for condition, name, ids in ((_FEEDS, "of_feeds", asked.feeds), (_SOURCES, "of_sources", asked.sources)):
        if ids:
            yield condition, name, json.dumps(sorted(map(codec.clean, ids)), ensure_ascii=False)
    for condition, name, at in (("begun_us >= :begun", "begun", asked.since), ("begun_us < :end", "end", asked.until)):
        if at is not None:
            yield condition, name, codec.microseconds(at)
    if asked.told is not None:
        yield _IS_TOLD if asked.told else f"NOT {_IS_TOLD}", "", None


def _listed(reader: Reader, row: Row) -> Listed:
    last = reader.rows(_LAST_TOLD, row["id"])
    (text,) = reader.rows(_LAST_TEXT, row["id"])
    return Listed(
        id=row["id"],
        begun_at=codec.instant(row["begun_us"]),
        seen_at=codec.instant(row["seen_us"]),
        reports=row["reports"],
        voices=row["voices"],
        alerts=row["alerts"],
        rules=tuple(sorted(filter(None, (row["rules"] or "").split(",")))),
        newest=alert_codec.alert(last[0]) if last else Headline(title=text["title"], summary=text["summary"]),
    )
