"""Alerts of the past, with what became of them: what the pages, `monitor history`, exports and the API show."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import Final

from monitor.model import Alert, DeliveryStatus, Passage
from monitor.store import alert_codec, codec
from monitor.store.feedback_rows import Opinion
from monitor.store.ours import of_people
from monitor.store.read import Reader
from monitor.store.sql import Connection, Row
from monitor.store.views.passages import passages
from monitor.store.views.wanted import Search, Wanted, search
from monitor.store.wish_rows import Acknowledged

__all__ = [
    "COUNTED",
    "Cursor",
    "Facets",
    "Said",
    "Told",
    "Wanted",
    "count",
    "days",
    "facets",
    "history",
    "one",
    "places_told",
]

COUNTED: Final = 1000  # beyond it nobody wants the number


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place in the history, between two alerts: behind the one that it names. Later ones are greater."""

    decided_us: int
    story_id: int
    number: int

    @classmethod
    def of(cls, alert: Alert) -> Cursor:
        return cls(codec.microseconds(alert.decided_at), alert.story_id, alert.number)

    @classmethod
    def read(cls, written: str) -> Cursor | None:
        """As `str` writes it; None for anything else."""
        parts = written.split(".")
        if len(parts) != 3 or not all(each.isascii() and each.isdigit() and len(each) < 19 for each in parts):
            return None
        return cls(*map(int, parts))

    def __str__(self) -> str:
        return f"{self.decided_us}.{self.story_id}.{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a reader said of an alert."""

    opinion: Opinion
    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An alert, and what became of it.

    `version` of the entry's texts, from 1, is the one that was told. `deliveries` are counted by status, those of
    which there is none are left out. `followed`: a later alert tells the same story under the same rule. `passages`: of
    the article, with what the rule found there; none once the entry is gone.
    """

    alert: Alert
    entry_id: int
    version: int
    newsroom: str | None
    acknowledged: Acknowledged | None = None
    said: tuple[Said, ...] = ()
    deliveries: Mapping[DeliveryStatus, int] = field(default_factory=dict)
    followed: bool = False
    passages: tuple[Passage, ...] = ()

    @property
    def cursor(self) -> Cursor:
        return Cursor.of(self.alert)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What there is to choose from, by id, with the number of alerts of each; all in the order of the ids."""

    rules: Mapping[str, int]
    places: Mapping[str, int]
    events: Mapping[str, int]
    sources: Mapping[str, int]


_KEY: Final = "(alert.decided_us, alert.story_id, alert.number)"
_BEFORE: Final = f"{_KEY} < (:decided, :of_story, :of_number)"
_AFTER: Final = "alert.rowid > :row"
_CHOSEN: Final = """
    SELECT alert.id FROM {tables} WHERE {where}
    ORDER BY alert.decided_us DESC, alert.story_id DESC, alert.number DESC LIMIT :limit
"""
_TOLD: Final = """
    SELECT alert.*, acknowledgement.by AS seen_by, acknowledgement.at_us AS seen_us, report.newsroom, (
        SELECT count(*) FROM entry WHERE (id = alert.entry_id OR first_id = alert.entry_id)
            AND written_us <= alert.decided_us
    ) AS version, EXISTS (
        SELECT 1 FROM alert AS other WHERE other.story_id = alert.story_id AND other.number > alert.number
            AND other.rule_id = alert.rule_id
    ) AS followed
    FROM ({chosen}) AS chosen JOIN alert ON alert.id = chosen.id
    LEFT JOIN acknowledgement ON acknowledgement.alert_id = alert.id
    LEFT JOIN report ON report.entry_id = alert.entry_id
"""
_DELIVERIES: Final = """
    SELECT alert_id, status, count(*) AS number FROM delivery
    WHERE alert_id IN (SELECT value FROM json_each(?)) GROUP BY alert_id, status ORDER BY alert_id, status
"""
_SAID: Final = "SELECT * FROM feedback WHERE alert_id IN (SELECT value FROM json_each(?)) ORDER BY id"


def history(
    reader: Reader, wanted: Wanted, *, limit: int, before: Cursor | None = None, after: int | None = None
) -> list[Told]:
    """The newest first. `before`: those further back than that. `after`: those recorded since, by what
    `news.cursor` told."""
    found = search(reader, wanted)
    where = (*((_BEFORE,) if before else ()), *((_AFTER,) if after is not None else ()))
    at = {"decided": before.decided_us, "of_story": before.story_id, "of_number": before.number} if before else {}
    chosen = _CHOSEN.format(tables=found.tables, where=found.where(*where))
    with reader.database.read() as db:
        rows = db.execute(_TOLD.format(chosen=chosen), {**found.values, **at, "row": after, "limit": limit}).fetchall()
        return sorted(_told(db, rows), key=lambda each: each.cursor, reverse=True)


def one(reader: Reader, alert_id: str) -> Told | None:
    """None for an alert that is not kept (any more)."""
    with reader.database.read() as db:
        chosen = "SELECT :alert_id AS id"
        return next(iter(_told(db, db.execute(_TOLD.format(chosen=chosen), {"alert_id": alert_id}).fetchall())), None)


def count(reader: Reader, wanted: Wanted, *, after: int | None = None, most: int = COUNTED) -> int:
    """How many there are; `most` + 1 for more than that. `after`: see `history`."""
    found = search(reader, wanted, in_order=False)
    where = found.where(_AFTER) if after is not None else found.where()
    query = f"SELECT count(*) FROM (SELECT 1 FROM {found.tables} WHERE {where} LIMIT :limit) AS found"  # noqa: S608 - ours
    with reader.database.read() as db:
        return int(db.execute(query, {**found.values, "row": after, "limit": most + 1}).fetchone()[0])


def days(reader: Reader, wanted: Wanted, *, bounds: Sequence[datetime]) -> list[int]:
    """How many there are from each instant to the next one: of days as their reader has them, which are not all of 24
    hours. `bounds` are sorted; one less is answered."""
    since = max(filter(None, (bounds[0], wanted.since)))
    until = min(filter(None, (bounds[-1], wanted.until)))
    each = [codec.microseconds(at) for at in bounds]
    within = search(reader, replace(wanted, since=since, until=until))
    with reader.database.read() as db:
        if within.by_mark:
            return _counted_at_once(db, within, each)
        return _counted_by_time(db, search(reader, wanted), each)


def _counted_at_once(db: Connection, found: Search, bounds: Sequence[int]) -> list[int]:
    """Without going through them once more for each span."""
    query = f"SELECT alert.decided_us FROM {found.tables} WHERE {found.where()}"  # noqa: S608 - ours
    numbers = [0] * (len(bounds) - 1)
    for (decided_us,) in db.execute(query, found.values):
        if bounds[0] <= decided_us < bounds[-1]:
            numbers[bisect_right(bounds, decided_us) - 1] += 1
    return numbers


def _counted_by_time(db: Connection, found: Search, bounds: Sequence[int]) -> list[int]:
    query = f"""
        SELECT (SELECT count(*) FROM {found.tables} WHERE {
        found.where(
            "alert.decided_us >= CAST(json_extract(span.value, '$[0]') AS BIGINT)",
            "alert.decided_us < CAST(json_extract(span.value, '$[1]') AS BIGINT)",
        )
    }) FROM json_each(:spans) AS span ORDER BY span.key
    """  # noqa: S608 - ours
    return [int(row[0]) for row in db.execute(query, {**found.values, "spans": json.dumps(list(pairwise(bounds)))})]


# From one value to the next by the index, however many alerts each has.
_RULES: Final = f"""
    WITH RECURSIVE found (id) AS (
        SELECT min(rule_id) FROM alert UNION ALL
        SELECT (SELECT min(rule_id) FROM alert WHERE rule_id > found.id) FROM found WHERE found.id IS NOT NULL
    ) SELECT id, number FROM (
        SELECT id, (
            SELECT count(*) FROM alert INDEXED BY alert_by_rule WHERE rule_id = found.id AND decided_us >= :since
        ) AS number FROM found WHERE {of_people("id")}
    ) AS counted WHERE number > 0 ORDER BY id
"""  # noqa: S608 - ours
_MARKS: Final = f"""
    WITH RECURSIVE found (id) AS (
        SELECT min(value) FROM alert_mark WHERE kind = :kind UNION ALL
        SELECT (SELECT min(value) FROM alert_mark WHERE kind = :kind AND value > found.id) FROM found
        WHERE found.id IS NOT NULL
    ) SELECT id, number FROM (
        SELECT id, (
            SELECT count(*) FROM alert_mark WHERE kind = :kind AND value = found.id AND decided_us >= :since
        ) AS number FROM found WHERE {of_people("id")}
    ) AS counted WHERE number > 0 ORDER BY id
"""  # noqa: S608 - ours


def facets(reader: Reader, *, since: datetime) -> Facets:
    """Of the alerts since then."""
    at = codec.microseconds(since)
    with reader.database.read() as db:
        rules = dict(map(tuple, db.execute(_RULES, {"since": at})))
        marks = {
            kind: dict(map(tuple, db.execute(_MARKS, {"kind": kind, "since": at})))
            for kind in ("place", "event", "source")
        }
    return Facets(rules=rules, places=marks["place"], events=marks["event"], sources=marks["source"])


_VALUES: Final = """
    WITH RECURSIVE found (id) AS (
        SELECT min(value) FROM alert_mark WHERE kind = :kind UNION ALL
        SELECT (SELECT min(value) FROM alert_mark WHERE kind = :kind AND value > found.id) FROM found
        WHERE found.id IS NOT NULL
    ) SELECT id FROM found WHERE id IS NOT NULL ORDER BY id
"""


def places_told(reader: Reader) -> list[str]:
    """Every place that any alert names, by id: what lies within another place is to be looked for among these."""
    with reader.database.read() as db:
        return [row[0] for row in db.execute(_VALUES, {"kind": "place"})]


def _told(db: Connection, rows: Sequence[Row]) -> Iterable[Told]:
    ids = json.dumps([row["id"] for row in rows])
    deliveries: dict[str, dict[DeliveryStatus, int]] = {}
    for row in db.execute(_DELIVERIES, (ids,)):
        deliveries.setdefault(row["alert_id"], {})[DeliveryStatus(row["status"])] = row["number"]
    said: dict[str, list[Said]] = {}
    for row in db.execute(_SAID, (ids,)):
        said.setdefault(row["alert_id"], []).append(_said(row))
    for row in rows:
        alert, version = alert_codec.alert(row), max(1, row["version"])
        yield Told(
            alert=alert,
            entry_id=row["entry_id"],
            version=version,
            newsroom=row["newsroom"],
            acknowledged=Acknowledged(by=row["seen_by"], at=codec.instant(row["seen_us"])) if row["seen_us"] else None,
            said=tuple(said.get(row["id"], ())),
            deliveries=deliveries.get(row["id"], {}),
            followed=bool(row["followed"]),
            passages=passages(db, alert, row["entry_id"], version),
        )


def _said(row: Row) -> Said:
    return Said(opinion=Opinion(row["verdict"]), by=row["by"], at=codec.instant(row["at_us"]), note=row["note"])
