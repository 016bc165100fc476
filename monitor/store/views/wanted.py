"""Which alerts somebody wants to see, and what that is in SQL."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from monitor.model import Reason, Severity
from monitor.store import codec
from monitor.store.feedback_rows import Opinion
from monitor.store.ours import of_people
from monitor.store.read import Reader

Kind = Literal["place", "event", "source"]
# Alerts with a mark that are gone through by it, to be sorted or counted; of more of them, going back in time soon
# finds enough.
FEW: Final = 2000
MANY: Final = 20_000
_ANY: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What all have to hold; an empty set, None, asks for nothing. Ids are those of rules, feeds and the lexicon.

    `places`: what lies within a place is named by whoever asks. `sources`: newsrooms or feeds, as mutes name them.
    `since` is within, `until` is not; aware UTC. `opinion`: somebody said so of it, 'none' that nobody said anything.
    """

    rules: frozenset[str] = _ANY
    severities: frozenset[Severity] = frozenset()
    reasons: frozenset[Reason] = frozenset()
    places: frozenset[str] = _ANY
    events: frozenset[str] = _ANY
    feeds: frozenset[str] = _ANY
    sources: frozenset[str] = _ANY
    since: datetime | None = None
    until: datetime | None = None
    seen: bool | None = None
    opinion: Opinion | Literal["none"] | None = None
    story: int | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """Tables to go through, in which alerts are `alert`, what has to hold of each, and the values of both.

    `by_mark`: each way through them meets all that have it, wherever they stand in time.
    """

    tables: str
    conditions: tuple[str, ...]
    values: Mapping[str, object]
    by_mark: bool = False

    def where(self, *more: str) -> str:
        return " AND ".join((*self.conditions, *more))


_OF_PEOPLE: Final = of_people("alert.rule_id")
_TIME: Final = (("since", "{table}decided_us >= :since"), ("until", "{table}decided_us < :until"))
_COLUMNS: Final = ("rule", "severity", "reason", "feed")
_BY_COLUMN: Final = {
    "rule": "alert.rule_id IN (SELECT value FROM json_each(:rule))",
    "severity": "alert.severity IN (SELECT value FROM json_each(:severity))",
    "reason": "alert.reason IN (SELECT value FROM json_each(:reason))",
    "feed": "alert.feed_id IN (SELECT value FROM json_each(:feed))",
}
# An alert has a few marks, but a country a thousand places: SQLite would read their list anew for each alert.
_MARKED: Final = """EXISTS (
    SELECT 1 FROM alert_mark WHERE alert_mark.story_id = alert.story_id AND alert_mark.number = alert.number
        AND kind = '{kind}' AND instr(:{kind}, json_quote(value)) > 0
)"""
_OF_MARK: Final = "kind = '{kind}' AND value IN (SELECT value FROM json_each(:{kind})){time}"
# Each alert once, however many of the places it names.
_FROM_MARK: Final = """(SELECT DISTINCT story_id, number FROM alert_mark WHERE {of_mark}) AS marked
    JOIN alert ON alert.story_id = marked.story_id AND alert.number = marked.number"""
_SEEN: Final = "alert.id {not_}IN (SELECT alert_id FROM acknowledgement)"
_SAID: Final = "alert.id {not_}IN (SELECT alert_id FROM feedback{of})"


def search(reader: Reader, wanted: Wanted, *, in_order: bool = True) -> Search:
    """How to go through the fewest: of a rare place, source or event by that, else back in time."""
    values = dict(_values(wanted))
    if wanted.story is not None:  # a few at most
        return Search("alert", (_OF_PEOPLE, "alert.story_id = :story", *_all(values)), values)
    rare = _rarest(reader, values, FEW if in_order else MANY)
    if rare is None:
        return Search("alert INDEXED BY alert_by_time", (_OF_PEOPLE, *_all(values)), values)
    tables = _FROM_MARK.format(of_mark=_OF_MARK.format(kind=rare, time=_within(values, "alert_mark.")))
    others = {name: told for name, told in values.items() if name != rare}
    return Search(tables, (_OF_PEOPLE, *_all(others)), values, by_mark=True)


def an_alert(reader: Reader, wanted: Wanted) -> tuple[str, Mapping[str, object]]:
    """What has to hold of a `story` for one of its alerts to be wanted, and the values of that; '' where any is."""
    values = dict(_values(wanted))
    if not values:
        return "", values
    rare = _rarest(reader, values, FEW)
    if rare is None:
        where = " AND ".join((_OF_PEOPLE, "alert.story_id = story.id", *_all(values)))
        return f"EXISTS (SELECT 1 FROM alert WHERE {where})", values  # noqa: S608 - ours
    found = search(reader, wanted)
    return f"story.id IN (SELECT alert.story_id FROM {found.tables} WHERE {found.where()})", values  # noqa: S608 - ours


def _values(wanted: Wanted) -> Iterator[tuple[str, object]]:
    for name, chosen in (
        ("rule", wanted.rules),
        ("severity", {each.value for each in wanted.severities}),
        ("reason", {each.name for each in wanted.reasons}),
        ("feed", wanted.feeds),
        ("place", wanted.places),
        ("event", wanted.events),
        ("source", wanted.sources),
    ):
        if chosen:
            yield name, json.dumps(sorted(map(codec.clean, chosen)), ensure_ascii=False)
    for name, at in (("since", wanted.since), ("until", wanted.until)):
        if at is not None:
            yield name, codec.microseconds(at)
    for name, asked in (("story", wanted.story), ("seen", wanted.seen)):
        if asked is not None:
            yield name, asked
    if wanted.opinion is not None:
        yield "opinion", wanted.opinion.value if isinstance(wanted.opinion, Opinion) else "none"


def _all(values: Mapping[str, object]) -> Iterator[str]:
    yield from (_BY_COLUMN[name] for name in _COLUMNS if name in values)
    yield from (condition.format(table="alert.") for name, condition in _TIME if name in values)
    yield from (_MARKED.format(kind=kind) for kind in ("place", "event", "source") if kind in values)
    if "seen" in values:
        yield _SEEN.format(not_="" if values["seen"] else "NOT ")
    if "opinion" in values:
        nobody = values["opinion"] == "none"
        yield _SAID.format(not_="NOT " if nobody else "", of="" if nobody else " WHERE verdict = :opinion")


def _rarest(reader: Reader, values: Mapping[str, object], most: int) -> Kind | None:
    kinds: tuple[Kind, ...] = ("place", "source", "event")
    numbers = {kind: _number(reader, kind, values, most) for kind in kinds if kind in values}
    few = [kind for kind in numbers if numbers[kind] <= most]
    return min(few, key=lambda kind: numbers[kind], default=None)


def _number(reader: Reader, kind: Kind, values: Mapping[str, object], most: int) -> int:
    """Of those with this mark, at most one more than that."""
    of_mark = _OF_MARK.format(kind=kind, time=_within(values, "alert_mark."))
    query = f"SELECT count(*) FROM (SELECT 1 FROM alert_mark WHERE {of_mark} LIMIT {most + 1}) AS found"  # noqa: S608 - ours
    with reader.database.read() as db:
        return int(db.execute(query, values).fetchone()[0])


def _within(values: Mapping[str, object], table: str) -> str:
    return "".join(f" AND {condition.format(table=table)}" for name, condition in _TIME if name in values)
