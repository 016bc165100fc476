"""What was told of a story under each rule so far, added up from its alerts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from monitor.model import LastAlert, Reason, Severity, Tag
from monitor.store import codec
from monitor.store.sql import Connection, Row, asks_far

MOST = 200  # alerts of a story that are looked at, the newest; a story that told more has long told all there is

_COLUMNS = """
    id, story_id, rule_id, number, decided_us, feed_id, severity, reason, title, told, (
        SELECT group_concat(DISTINCT status) FROM delivery WHERE alert_id = alert.id
    ) AS statuses
"""
_ALERTS = f"SELECT {_COLUMNS} FROM alert WHERE story_id = ? ORDER BY number DESC LIMIT ?"  # noqa: S608 - ours
# Of all stories at once, where each question is a way to a server; see `story_reports`.
_ALERTS_OF_ALL = f"""
    SELECT newest.* FROM (SELECT CAST(value AS BIGINT) AS story_id FROM json_each(?)) AS wanted CROSS JOIN LATERAL (
        SELECT {_COLUMNS} FROM alert WHERE story_id = wanted.story_id ORDER BY number DESC LIMIT ?
    ) AS newest ORDER BY newest.story_id, newest.number DESC
"""  # noqa: S608 - ours


def last_alerts(db: Connection, story_ids: Sequence[int]) -> Mapping[int, tuple[LastAlert, ...]]:
    """Of each story, one a rule, by rule."""
    if not asks_far(db):
        return {story_id: _added_up(db.execute(_ALERTS, (story_id, MOST))) for story_id in story_ids}
    found: dict[int, list[Row]] = {story_id: [] for story_id in story_ids}
    for row in db.execute(_ALERTS_OF_ALL, (json.dumps(list(story_ids)), MOST)).fetchall():
        found[row["story_id"]].append(row)
    return {story_id: _added_up(rows) for story_id, rows in found.items()}


def _added_up(newest_first: Iterable[Row]) -> tuple[LastAlert, ...]:
    told: dict[str, LastAlert] = {}
    for row in reversed(list(_heard(newest_first))):
        told[row["rule_id"]] = _after(told.get(row["rule_id"]), row, json.loads(row["told"]))
    return tuple(told[rule_id] for rule_id in sorted(told))


def _heard(newest_first: Iterable[Row]) -> Iterator[Row]:
    """Without those that a mute ended before anybody heard of them, and those that had made way for them."""
    ended: set[str] = set()  # rules whose next older alerts may have made way
    for row in newest_first:
        statuses = set((row["statuses"] or "").split(","))
        if "ended" in statuses and statuses <= {"ended", "replaced"}:
            ended.add(row["rule_id"])
        elif statuses != {"replaced"} or row["rule_id"] not in ended:
            ended.discard(row["rule_id"])
            yield row


def _after(before: LastAlert | None, row: Row, told: Mapping[str, Any]) -> LastAlert:
    reason, facts = Reason[row["reason"]], told.get("facts", {})
    corrects = reason is Reason.CORRECTED
    figures = {kind: _figure(before, facts, kind, corrects=corrects) for kind in ("killed", "wounded")}
    withdrawn = before.withdrawn if before else frozenset[str]()
    if corrects:
        withdrawn |= _withdrawn(before, figures)
    held_until = told.get("held_until")
    return LastAlert(
        rule_id=row["rule_id"],
        alert_id=row["id"],
        first_id=before.first_id if before else told.get("follows") or row["id"],
        number=row["number"],
        alerted_at=codec.instant(row["decided_us"]),
        told_at=codec.instant(held_until if held_until is not None else row["decided_us"]),
        feed_id=row["feed_id"],
        severity=Severity(row["severity"]),
        reason=reason,
        title=row["title"],
        sources=_sources(before, told, facts),
        **figures,
        figures=(before.figures if before else frozenset()) | _figures(facts),
        places=_added(before.places if before and not corrects else frozenset(), facts.get("places", ())),
        events=_added(before.events if before and not corrects else frozenset(), facts.get("events", ())),
        withdrawn=withdrawn,
        denied=bool(before and before.denied) or Tag.DENIED.value in facts.get("tags", ()),
        corrected=bool(before and before.corrected) or corrects,
        corroborated=bool(before and before.corroborated) or reason is Reason.CORROBORATED,
        escalated=bool(before and before.escalated) or reason is Reason.ESCALATED,
        shown=_shown(before, row["decided_us"]),
    )


def _sources(before: LastAlert | None, told: Mapping[str, Any], facts: Mapping[str, Any]) -> int:
    """Who denies an event tells of none."""
    known = before.sources if before else 0
    return known if Tag.DENIED.value in facts.get("tags", ()) else max(known, told.get("sources", 1))


def _figures(facts: Mapping[str, Any]) -> frozenset[tuple[str, int]]:
    return frozenset((kind, facts[kind][0]) for kind in ("killed", "wounded") if kind in facts)


def _shown(before: LastAlert | None, decided_us: int) -> LastAlert | None:
    """What people last saw as the next one was decided: one that still waited then made way for it."""
    if before is None:
        return None
    return before.shown if before.told_at > codec.instant(decided_us) else replace(before, shown=None)


def _figure(before: LastAlert | None, facts: Mapping[str, Any], kind: str, *, corrects: bool) -> int | None:
    """The most that was told; after a correction, what it says."""
    known: int | None = getattr(before, kind) if before else None
    told: int | None = facts[kind][0] if kind in facts else None
    if told is None or known is None:
        return known if told is None else told
    return told if corrects else max(known, told)


def _withdrawn(before: LastAlert | None, now: Mapping[str, int | None]) -> frozenset[str]:
    old = {kind: getattr(before, kind) if before else None for kind in now}
    return frozenset(f"{kind} {old[kind]}" for kind in now if old[kind] is not None and old[kind] != now[kind])


def _added(known: frozenset[str], told: list[str]) -> frozenset[str]:
    return known | frozenset(told)
