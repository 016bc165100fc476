"""What rules that count stories, wait for entries or stand for others know of the past: within one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from monitor.model import Counted, CountedStory, Reason, Tag, ToldStory, VolumeTold, Watch
from monitor.store import codec
from monitor.store.rules_rows import is_outdated
from monitor.store.sql import Connection, Database, Row

MOST_TOLD = 200  # alerts of a rule that stands for others, the newest
_NO_NEWS = frozenset({Tag.DENIED.value, Tag.DRILL.value, Tag.ANNIVERSARY.value})
MOST_COUNTED = 1000  # stories around one; of more, those around are enough to say that there are many
MOST_ALERTS = 20  # of a volume, the newest
DAYS_BACK, LEAST_DAYS = 28, 14
_DAY = timedelta(days=1)

_TOLD = """
    SELECT id, story_id, title, decided_us, reason, told FROM alert
    WHERE rule_id = ? AND decided_us >= ? AND (
        NOT EXISTS (SELECT 1 FROM delivery WHERE alert_id = alert.id AND status = 'ended')
        OR EXISTS (SELECT 1 FROM delivery WHERE alert_id = alert.id AND status NOT IN ('ended', 'replaced'))
    ) ORDER BY decided_us DESC, number DESC LIMIT ?
"""
_AROUND = """
    SELECT story_id, told_us FROM counted WHERE rule_id = ? AND told_us BETWEEN ? AND ? AND story_id <> ?
    ORDER BY told_us DESC LIMIT ?
"""
_COUNT = """
    INSERT INTO counted (rule_id, told_us, story_id) VALUES (?, ?, ?)
    ON CONFLICT (rule_id, story_id) DO UPDATE SET told_us = min(counted.told_us, excluded.told_us)
"""
_HOW_MANY = "SELECT count(*) FROM counted WHERE rule_id = ? AND told_us > ? AND told_us <= ?"
_ALERTS = "SELECT * FROM volume_told WHERE rule_id = ? ORDER BY decided_us DESC LIMIT ?"
_NOTE = "INSERT OR IGNORE INTO volume_told VALUES (:alert_id, :rule_id, :reached_us, :decided_us, :told_us)"
_HEADLINE = """
    SELECT title FROM entry WHERE story_id = ? AND title <> '' ORDER BY coalesce(published_us, written_us) DESC, id DESC
    LIMIT 1
"""
_BEGIN = "INSERT INTO watch (rule_id, looks, begun_us) VALUES (?, ?, ?)"
_HEARD = "UPDATE watch SET heard_us = max(coalesce(heard_us, 0), ?) WHERE rule_id = ?"
_SILENT = "UPDATE watch SET silent_us = ?, story_id = ?, entry_id = ? WHERE rule_id = ?"


class WatchRows:
    """`ports.Watches`."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def told(self, rule_id: str, *, since: datetime) -> tuple[ToldStory, ...]:
        """What was denied stands for nothing any more, nor does a drill, a day long ago, or what somebody muted before
        anybody heard of it."""
        told = (codec.clean(rule_id), codec.microseconds(since), MOST_TOLD)
        newest: dict[int, Row] = {}
        for row in self._db.execute(_TOLD, told):
            newest.setdefault(row["story_id"], row)
        return tuple(_told(rule_id, row) for row in newest.values() if _is_news(row))

    def watch(self, rule_id: str, looks: bytes, *, now: datetime, version: int | None = None) -> Watch:
        row = self._row(rule_id)
        if row is None or (row["looks"] != looks and not self._is_outdated(version)):
            self._forget(codec.clean(rule_id))
            self._db.execute(_BEGIN, (codec.clean(rule_id), looks, codec.microseconds(now)))
            row = self._row(rule_id)
        assert row is not None
        return _watch(row)

    def keep_only(self, rule_ids: Sequence[str], *, version: int | None = None) -> None:
        if self._is_outdated(version):
            return
        known = {row["rule_id"] for row in self._db.execute("SELECT rule_id FROM watch")}
        for rule_id in known - set(map(codec.clean, rule_ids)):
            self._forget(rule_id)

    def heard(self, rule_id: str, *, at: datetime) -> None:
        self._db.execute(_HEARD, (codec.microseconds(at), codec.clean(rule_id)))

    def silent(self, rule_id: str, *, since: datetime | None, story_id: int | None, entry_id: int | None) -> None:
        self._db.execute(_SILENT, (codec.microseconds_or_none(since), story_id, entry_id, codec.clean(rule_id)))

    def counted(self, watch: Watch, own: CountedStory, *, within: timedelta, compares: bool) -> Counted:
        own = self._first(watch.rule_id, own)
        told = self._alerts(watch.rule_id)
        before = max((each.reached_at for each in told if each.reached_at <= own.told_at), default=own.told_at)
        after = min((each.reached_at for each in told if each.reached_at > own.told_at), default=own.told_at)
        first, last = before - 2 * within, max(after, own.told_at + within)
        bounds = (codec.clean(watch.rule_id), codec.microseconds(first), codec.microseconds(last), own.story_id)
        rows = self._db.execute(_AROUND, (*bounds, MOST_COUNTED)).fetchall()
        return Counted(
            own=own,
            others=tuple(
                CountedStory(story_id=row["story_id"], told_at=codec.instant(row["told_us"])) for row in reversed(rows)
            ),
            begun_at=watch.begun_at,
            usual=self._usual(watch, own.told_at, within) if compares else None,
            told=told,
        )

    def count(self, rule_id: str, story: CountedStory) -> None:
        self._db.execute(_COUNT, (codec.clean(rule_id), codec.microseconds(story.told_at), story.story_id))

    def note(self, rule_id: str, told: VolumeTold) -> None:
        self._db.execute(_NOTE, {
            "alert_id": codec.clean(told.alert_id),
            "rule_id": codec.clean(rule_id),
            "reached_us": codec.microseconds(told.reached_at),
            "decided_us": codec.microseconds(told.decided_at),
            "told_us": codec.microseconds(told.told_at),
        })  # fmt: skip

    def headlines(self, story_ids: Sequence[int]) -> Mapping[int, str]:
        found = {story_id: self._db.execute(_HEADLINE, (story_id,)).fetchone() for story_id in story_ids}
        return {story_id: str(row["title"]) for story_id, row in found.items() if row is not None}

    def _is_outdated(self, version: int | None) -> bool:
        """Then what the others count and wait for would begin anew each time that we look."""
        return version is not None and is_outdated(self._db, version)

    def _row(self, rule_id: str) -> Row | None:
        row: Row | None = self._db.execute("SELECT * FROM watch WHERE rule_id = ?", (codec.clean(rule_id),)).fetchone()
        return row

    def _forget(self, rule_id: str) -> None:
        for table in ("watch", "counted", "volume_told"):
            self._db.execute(f"DELETE FROM {table} WHERE rule_id = ?", (rule_id,))  # noqa: S608 - ours

    def _first(self, rule_id: str, own: CountedStory) -> CountedStory:
        """With the earliest time at which it was counted."""
        query = "SELECT told_us FROM counted WHERE rule_id = ? AND story_id = ?"
        row = self._db.execute(query, (codec.clean(rule_id), own.story_id)).fetchone()
        at = own.told_at if row is None else min(own.told_at, codec.instant(row["told_us"]))
        return CountedStory(story_id=own.story_id, told_at=at)

    def _alerts(self, rule_id: str) -> tuple[VolumeTold, ...]:
        rows = self._db.execute(_ALERTS, (codec.clean(rule_id), MOST_ALERTS)).fetchall()
        return tuple(
            VolumeTold(
                alert_id=row["alert_id"],
                reached_at=codec.instant(row["reached_us"]),
                decided_at=codec.instant(row["decided_us"]),
                told_at=codec.instant(row["told_us"]),
            )
            for row in reversed(rows)
        )

    def _usual(self, watch: Watch, at: datetime, within: timedelta) -> float | None:
        ends = [at - day * _DAY for day in range(1, DAYS_BACK + 1)]
        ends = [end for end in ends if end - within >= watch.begun_at]
        if len(ends) < LEAST_DAYS:
            return None
        return sum(self._how_many(watch.rule_id, end - within, end) for end in ends) / len(ends)

    def _how_many(self, rule_id: str, begin: datetime, end: datetime) -> int:
        told = (codec.clean(rule_id), codec.microseconds(begin), codec.microseconds(end))
        return int(self._db.execute(_HOW_MANY, told).fetchone()[0])


def watches(database: Database) -> Mapping[str, tuple[bytes, Watch]]:
    """Of every rule that is watched, by its id: the hash of what it looks for, and what is known of it."""
    with database.read() as db:
        return {row["rule_id"]: (row["looks"], _watch(row)) for row in db.execute("SELECT * FROM watch")}


def _watch(row: Row) -> Watch:
    return Watch(
        rule_id=row["rule_id"],
        begun_at=codec.instant(row["begun_us"]),
        heard_at=codec.instant_or_none(row["heard_us"]),
        silent_since=codec.instant_or_none(row["silent_us"]),
        story_id=row["story_id"],
        entry_id=row["entry_id"],
    )


def _facts(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row["told"]).get("facts", {})
    return found


def _is_news(row: Row) -> bool:
    return row["reason"] != Reason.DENIED.name and _NO_NEWS.isdisjoint(_facts(row).get("tags", ()))


def _told(rule_id: str, row: Row) -> ToldStory:
    facts = _facts(row)
    return ToldStory(
        rule_id=rule_id,
        story_id=row["story_id"],
        alert_id=row["id"],
        title=row["title"],
        told_at=codec.instant(row["decided_us"]),
        places=frozenset(facts.get("places", ())),
        events=frozenset(facts.get("events", ())),
    )
