"""What was seen, as it was seen: for trying rules on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitor.model import Entry
from monitor.store import codec
from monitor.store.entry_rows import entry_of
from monitor.store.feedback_rows import Opinion
from monitor.store.mute_rows import Kept
from monitor.store.mute_rows import kept as kept_mute
from monitor.store.ours import of_people
from monitor.store.read import Reader
from monitor.store.sql import Row

PAGE: Final = 400  # entries read at a time: a few megabytes

_COLUMNS = """
    entry.id, entry.first_id, feed_key.feed_id, entry.story_id, entry.published_us, entry.updated_us, entry.written_us,
    entry.guid, entry.link, entry.title, entry.summary, entry.body, entry.author,
    EXISTS (SELECT 1 FROM completed_text WHERE version_id = entry.id) AS completes
    FROM entry JOIN feed_key ON feed_key.feed = entry.feed
"""
# What monitor writes itself (tests of channels, silences) stands under names that no feed can have.
_SEEN = f"""
    SELECT {_COLUMNS} WHERE entry.id > ? AND entry.written_us >= ? AND entry.written_us < ?
        AND {of_people("feed_key.feed_id")} ORDER BY entry.id LIMIT ?
"""
_EARLIER = (
    f"SELECT {_COLUMNS} WHERE (entry.id = :first OR entry.first_id = :first) AND entry.id < :id ORDER BY entry.id"
)
# By the index `entry_by_text`, without a look at the entries.
_FIRST_OF_FEEDS = """
    SELECT feed_key.feed, feed_key.feed_id, entry.written_us FROM (
        SELECT feed, min(id) AS id FROM entry GROUP BY feed
    ) AS first JOIN entry ON entry.id = first.id JOIN feed_key ON feed_key.feed = first.feed
"""
_REASONS_OF_POLL = """
    SELECT DISTINCT verdict.reason FROM verdict JOIN entry ON entry.id = verdict.version_id
    WHERE verdict.decided_us = ? AND entry.feed = ?
"""
_COUNT = "SELECT count(*) FROM entry WHERE written_us >= ? AND written_us < ?"
_JUDGED = """
    SELECT alert.id, alert.entry_id, alert.rule_id,
        max(CASE feedback.verdict WHEN :match THEN 1 ELSE 0 END) AS was_right,
        max(CASE feedback.verdict WHEN :wrong THEN 1 ELSE 0 END) AS was_wrong
    FROM feedback JOIN alert ON alert.id = feedback.alert_id
    WHERE alert.decided_us >= :since AND alert.decided_us < :until GROUP BY alert.id ORDER BY alert.decided_us
"""
_FOR_EVER = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenEntry:
    """One text that an entry had. `id` is the version's, `entry_id` the entry's, the same for its first text.
    `story_id`: the story that it is in, None where no rule matched. `completes`: it is the text before it with that of
    its page."""

    id: int
    entry_id: int
    seen_at: datetime
    story_id: int | None
    entry: Entry
    completes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedAlert:
    """A stored alert of which readers said something."""

    entry_id: int
    rule_id: str
    right: bool
    wrong: bool


def seen(reader: Reader, *, since: datetime | None, until: datetime | None) -> Iterator[SeenEntry]:
    """Every text of every feed's entries that was first seen in [since, until), in the order stored."""
    after, first, end = 0, *_bounds(since, until)
    while rows := reader.rows(_SEEN, after, first, end, PAGE):
        yield from map(_seen, rows)
        after = rows[-1]["id"]


def earlier(reader: Reader, version: SeenEntry) -> list[SeenEntry]:
    """The texts that the entry had before this one, the oldest first."""
    if version.id == version.entry_id:
        return []
    with reader.database.read() as db:
        return [_seen(row) for row in db.execute(_EARLIER, {"first": version.entry_id, "id": version.id})]


def how_many(reader: Reader, *, since: datetime | None, until: datetime | None) -> int:
    return int(reader.rows(_COUNT, *_bounds(since, until))[0][0])


def first_polls(reader: Reader) -> Mapping[str, datetime]:
    """By feed id, when entries were only recorded because the feed was read for the first time. A feed whose first poll
    was told (`--no-baseline`) is left out. That of which no rule matched anything is taken for such a one."""
    found = {}
    for row in reader.rows(_FIRST_OF_FEEDS):
        reasons = {each[0] for each in reader.rows(_REASONS_OF_POLL, row["written_us"], row["feed"])}
        if reasons <= {"BASELINE"}:
            found[str(row["feed_id"])] = codec.instant(row["written_us"])
    return found


def mutes(reader: Reader) -> list[Kept]:
    """All that ever were, in the order begun."""
    return [kept_mute(row) for row in reader.rows("SELECT * FROM mute ORDER BY begun_us, id")]


def judged(reader: Reader, *, since: datetime | None, until: datetime | None) -> list[JudgedAlert]:
    first, end = _bounds(since, until)
    told = {"match": Opinion.MATCH.value, "wrong": Opinion.WRONG.value, "since": first, "until": end}
    with reader.database.read() as db:
        return [
            JudgedAlert(
                entry_id=row["entry_id"],
                rule_id=row["rule_id"],
                right=bool(row["was_right"]),
                wrong=bool(row["was_wrong"]),
            )
            for row in db.execute(_JUDGED, told)
        ]


def recipients(reader: Reader, alert_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """For each of these alerts the channels that were, or will be, told: none where a later one took its place, or
    somebody muted it before."""
    told: dict[str, list[str]] = {alert_id: [] for alert_id in alert_ids}
    query = """
        SELECT alert_id, channel_id FROM delivery WHERE status NOT IN ('replaced', 'ended')
        ORDER BY alert_id, channel_id
    """
    for row in reader.rows(query):
        if row["alert_id"] in told and row["channel_id"] not in told[row["alert_id"]]:
            told[row["alert_id"]].append(row["channel_id"])
    return {alert_id: tuple(channels) for alert_id, channels in told.items()}


def _bounds(since: datetime | None, until: datetime | None) -> tuple[int, int]:
    return codec.microseconds_or_none(since) or 0, codec.microseconds_or_none(until) or _FOR_EVER


def _seen(row: Row) -> SeenEntry:
    return SeenEntry(
        id=row["id"],
        entry_id=row["first_id"] or row["id"],
        seen_at=codec.instant(row["written_us"]),
        story_id=row["story_id"],
        completes=bool(row["completes"]),
        entry=entry_of(row),
    )
