"""What is recorded of feeds, for their pages: how much, what matched, what did not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitor.model import Reason, Severity
from monitor.store import codec
from monitor.store.ours import of_people
from monitor.store.read import Reader
from monitor.store.sql import Connection, Row

NEWEST_ALERTS: Final = 1000  # whose places are counted: of more nobody gains a better idea of what is covered
_HOUR_US: Final = 3_600_000_000

# Both by an index in order of time, so that what is older than is asked for is not read.
_MATCHED = f"""
    SELECT feed_key.feed_id, count(DISTINCT verdict.entry_id)
    FROM verdict JOIN entry ON entry.id = verdict.entry_id JOIN feed_key ON feed_key.feed = entry.feed
    WHERE verdict.decided_us >= ? AND {of_people("verdict.rule_id")} GROUP BY feed_key.feed_id
"""  # noqa: S608 - ours
_ALERTS = f"""
    SELECT feed_id, count(*) FROM alert WHERE decided_us >= ? AND {of_people("rule_id")} GROUP BY feed_id
"""  # noqa: S608 - ours
_KEPT = """
    SELECT feed_key.feed_id, kept.number
    FROM (SELECT feed, count(*) AS number FROM entry INDEXED BY entry_by_feed WHERE first_id IS NULL GROUP BY feed)
    AS kept JOIN feed_key ON feed_key.feed = kept.feed
"""
_PLACES = f"""
    SELECT place.value, newest.feed_id, count(*) AS number
    FROM (
        SELECT feed_id, told FROM alert WHERE decided_us >= ? AND {of_people("rule_id")}
        ORDER BY decided_us DESC LIMIT ?
    ) AS newest, json_each(newest.told, '$.facts.places') AS place
    GROUP BY place.value, newest.feed_id ORDER BY place.value, newest.feed_id
"""  # noqa: S608 - ours
# From one entry to the next older by the index.
_ENTRIES = """
    SELECT entry.id, entry.link, entry.published_us, entry.written_us, entry.story_id,
        coalesce((SELECT title FROM entry AS later WHERE later.first_id = entry.id ORDER BY later.id DESC LIMIT 1),
            entry.title) AS title,
        (SELECT count(*) FROM entry AS later WHERE later.first_id = entry.id
            AND NOT EXISTS (SELECT 1 FROM completed_text WHERE version_id = later.id)) AS changes
    FROM entry INDEXED BY entry_by_feed
    WHERE entry.feed = (SELECT feed FROM feed_key WHERE feed_id = :feed_id) AND entry.first_id IS NULL
        AND (entry.written_us, entry.id) < (:written_us, :id)
    ORDER BY entry.written_us DESC, entry.id DESC LIMIT :limit
"""
_VERDICTS = "SELECT rule_id, severity, reason FROM verdict WHERE entry_id = ? ORDER BY rule_id, version_id"
_TOLD = "SELECT id FROM alert WHERE entry_id = ? ORDER BY id"
_BY_HOUR = f"""
    SELECT written_us / {_HOUR_US} AS hour, count(*) AS number FROM entry INDEXED BY entry_by_feed
    WHERE feed = (SELECT feed FROM feed_key WHERE feed_id = ?) AND first_id IS NULL AND written_us >= ?
    GROUP BY hour ORDER BY hour
"""  # noqa: S608 - a number of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Of one feed. `kept`: entries, versions not counted apart. `matched`: those of late in which a rule found what it
    looks for; `alerts`: those that were told first by this feed."""

    kept: int = 0
    matched: int = 0
    alerts: int = 0


@dataclass(frozen=True, slots=True)
class Cursor:
    """Behind this entry, towards the older ones."""

    written_us: int
    id: int

    @classmethod
    def read(cls, written: str) -> Cursor | None:
        """As `str` writes it; None for anything else."""
        at, _, number = written.partition(".")
        if all(part.isascii() and part.isdigit() and len(part) < 19 for part in (at, number)):
            return cls(int(at), int(number))
        return None

    def __str__(self) -> str:
        return f"{self.written_us}.{self.id}"


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule made of an entry, by its latest version."""

    rule_id: str
    severity: Severity
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenEntry:
    """`title` is that of the latest version, of which there were `changes` after the first; that its article was read
    is none."""

    cursor: Cursor
    title: str
    link: str | None
    published_at: datetime | None
    seen_at: datetime
    story_id: int | None
    changes: int
    found: tuple[Found, ...]
    alerts: tuple[str, ...]  # ids


def counts(reader: Reader, *, since: datetime) -> Mapping[str, Counts]:
    """By feed id; feeds of which nothing is recorded are left out. `since`: of matches and alerts."""
    from_us = codec.microseconds(since)
    kept = dict(map(tuple, reader.rows(_KEPT)))
    matched = dict(map(tuple, reader.rows(_MATCHED, from_us)))
    alerts = dict(map(tuple, reader.rows(_ALERTS, from_us)))
    return {
        each: Counts(kept=kept.get(each, 0), matched=matched.get(each, 0), alerts=alerts.get(each, 0))
        for each in {*kept, *matched, *alerts}
    }


def places(reader: Reader, *, since: datetime) -> list[tuple[str, int, int]]:
    """Places that the newest alerts tell of, by id: in how many alerts, from how many feeds; the most told first."""
    alerts, feeds = Counter[str](), Counter[str]()
    for place, _, number in reader.rows(_PLACES, codec.microseconds(since), NEWEST_ALERTS):
        alerts[place] += number
        feeds[place] += 1
    return [(place, number, feeds[place]) for place, number in alerts.most_common()]


def entries(reader: Reader, feed_id: str, *, limit: int, after: Cursor | None = None) -> tuple[SeenEntry, ...]:
    """A feed's, those seen last first."""
    start = after or Cursor(2**62, 0)
    asked = {"feed_id": codec.clean(feed_id), "written_us": start.written_us, "id": start.id, "limit": limit}
    with reader.database.read() as db:
        return tuple(_entry(db, row) for row in db.execute(_ENTRIES, asked).fetchall())


def by_hour(reader: Reader, feed_id: str, *, since: datetime) -> Iterable[tuple[datetime, int]]:
    """How many entries were new in each hour (UTC) that brought any, in their order."""
    for hour, number in reader.rows(_BY_HOUR, codec.clean(feed_id), codec.microseconds(since)):
        yield codec.instant(hour * _HOUR_US), number


def _entry(db: Connection, row: Row) -> SeenEntry:
    found = {each["rule_id"]: each for each in db.execute(_VERDICTS, (row["id"],))}
    return SeenEntry(
        cursor=Cursor(row["written_us"], row["id"]),
        title=row["title"],
        link=row["link"],
        published_at=codec.instant_or_none(row["published_us"]),
        seen_at=codec.instant(row["written_us"]),
        story_id=row["story_id"],
        changes=row["changes"],
        found=tuple(
            Found(each["rule_id"], Severity(each["severity"]), Reason[each["reason"]]) for each in found.values()
        ),
        alerts=tuple(each["id"] for each in db.execute(_TOLD, (row["id"],))) if found else (),
    )
