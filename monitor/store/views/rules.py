"""What the pages of rules read: how often each matched and told, what people said of that, its latest decisions.

`verdict_by_rule` and `alert_by_rule` answer the counts without a look at any verdict or alert; entries are looked up by
their ids, no more of them than are shown, or `MOST_BY_SOURCE`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitor.model import MuteKind, Reason, Severity, Span
from monitor.store import codec, story_rows
from monitor.store.feedback_rows import Opinion, Said, said_of
from monitor.store.read import Reader

DAYS: Final = 30
MOST_BY_SOURCE: Final = 5000  # of the latest verdicts, by which a rule's sources are told
_DAY: Final = 86_400_000_000  # microseconds

_BY_DAY: Final = """
    SELECT wanted.value AS rule_id, (decided_us + :offset) / 86400000000 AS day, count(*) AS number
    FROM json_each(:rules) AS wanted
    CROSS JOIN {table} INDEXED BY {table}_by_rule
    WHERE {table}.rule_id = wanted.value AND decided_us >= :since GROUP BY 1, 2
"""
_LAST: Final = """
    SELECT wanted.value AS rule_id,
        (SELECT max(decided_us) FROM verdict INDEXED BY verdict_by_rule WHERE rule_id = wanted.value) AS matched_us,
        (SELECT max(decided_us) FROM alert INDEXED BY alert_by_rule WHERE rule_id = wanted.value) AS told_us
    FROM json_each(:rules) AS wanted
"""
_SAID: Final = """
    SELECT wanted.value AS rule_id,
        count(DISTINCT CASE feedback.verdict WHEN 'match' THEN alert_id END) AS right,
        count(DISTINCT CASE feedback.verdict WHEN 'not a match' THEN alert_id END) AS wrong
    FROM json_each(:rules) AS wanted CROSS JOIN feedback INDEXED BY feedback_by_rule
    WHERE feedback.rule_id = wanted.value AND at_us >= :since GROUP BY 1
"""
_ALERTS: Final = """
    SELECT id, story_id, severity, reason, feed_name, title, link, spans, decided_us FROM alert INDEXED BY alert_by_rule
    WHERE rule_id = ? ORDER BY decided_us DESC LIMIT ?
"""
_QUIET: Final = """
    SELECT latest.*, entry.title, entry.link, feed_key.feed_id, verdict.why, verdict.severity, verdict.spans
    FROM (
        SELECT entry_id, rule_id, version_id, reason, decided_us FROM verdict INDEXED BY verdict_by_rule
        WHERE rule_id = ? AND decided_us >= ? AND reason NOT IN (SELECT value FROM json_each(?))
        ORDER BY decided_us DESC LIMIT ?
    ) AS latest
    JOIN verdict ON verdict.entry_id = latest.entry_id AND verdict.rule_id = latest.rule_id
        AND verdict.version_id = latest.version_id
    JOIN entry ON entry.id = latest.version_id JOIN feed_key ON feed_key.feed = entry.feed
    ORDER BY latest.decided_us DESC
"""
_BY_SOURCE: Final = """
    SELECT feed_key.feed_id, count(*) AS number FROM (
        SELECT entry_id FROM verdict INDEXED BY verdict_by_rule WHERE rule_id = ? AND decided_us >= ?
        ORDER BY decided_us DESC LIMIT ?
    ) AS latest JOIN entry ON entry.id = latest.entry_id JOIN feed_key ON feed_key.feed = entry.feed
    GROUP BY feed_key.feed_id ORDER BY number DESC, feed_key.feed_id
"""
_JUDGED: Final = """
    SELECT feedback.alert_id, feedback.verdict, alert.title, alert.spans
    FROM feedback INDEXED BY feedback_by_rule JOIN alert ON alert.id = feedback.alert_id
    WHERE feedback.rule_id = ? ORDER BY at_us DESC LIMIT ?
"""
_FEEDBACK: Final = """
    SELECT feedback.*, alert.title FROM feedback INDEXED BY feedback_by_rule JOIN alert ON alert.id = feedback.alert_id
    WHERE feedback.rule_id = ? ORDER BY at_us DESC LIMIT ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """Of one rule. `matches` and `alerts` have a number for each of the last `DAYS` days, today's last; matches count
    each version of an entry. `right` and `wrong`: alerts that readers judged since then; one of which both was said is
    in both."""

    matches: tuple[int, ...] = (0,) * DAYS
    alerts: tuple[int, ...] = (0,) * DAYS
    last_match_at: datetime | None = None
    last_alert_at: datetime | None = None
    right: int = 0
    wrong: int = 0

    @property
    def share_wrong(self) -> float | None:
        judged = self.right + self.wrong
        return self.wrong / judged if judged else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentAlert:
    """`title` and `link` as published; `spans` refer to the title and the summary."""

    id: str
    story_id: int
    severity: Severity
    reason: Reason
    source: str
    title: str
    link: str | None
    spans: tuple[Span, ...]
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietVerdict:
    """A match of which nobody was told, and why."""

    entry_id: int
    feed_id: str
    severity: Severity
    reason: Reason
    why: str
    title: str
    link: str | None
    spans: tuple[Span, ...]
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Judged:
    """The headline of an alert of which readers said something, as published; `spans` are what the rule found."""

    title: str
    spans: tuple[Span, ...]
    is_right: bool


def hits(reader: Reader, rules: Sequence[str], *, now: datetime, offset: timedelta) -> Mapping[str, Hits]:
    """Of each of these rules. `offset`: of the reader's clock from UTC, by which days begin."""
    today = (codec.microseconds(now) + offset // timedelta(microseconds=1)) // _DAY
    first = today - DAYS + 1
    asked = {
        "rules": json.dumps(list(rules)),
        "offset": offset // timedelta(microseconds=1),
        "since": first * _DAY - offset // timedelta(microseconds=1),
    }
    by_day = {table: _by_day(reader, table, asked, first) for table in ("verdict", "alert")}
    last = {row["rule_id"]: row for row in _rows(reader, _LAST, asked)}
    said = {row["rule_id"]: row for row in _rows(reader, _SAID, asked)}
    return {
        rule_id: Hits(
            matches=by_day["verdict"].get(rule_id, (0,) * DAYS),
            alerts=by_day["alert"].get(rule_id, (0,) * DAYS),
            last_match_at=codec.instant_or_none(last[rule_id]["matched_us"]),
            last_alert_at=codec.instant_or_none(last[rule_id]["told_us"]),
            right=said[rule_id]["right"] if rule_id in said else 0,
            wrong=said[rule_id]["wrong"] if rule_id in said else 0,
        )
        for rule_id in rules
    }


def long_kept(reader: Reader, now: datetime) -> bool:
    """Whether there are records of all the DAYS: before that nobody can say that a rule found nothing for so long."""
    told = reader.rows("SELECT value FROM meta WHERE name = 'begun_at'")
    return bool(told) and datetime.fromisoformat(told[0]["value"]) <= now - timedelta(days=DAYS)


def muted(reader: Reader, now: datetime) -> Mapping[str, datetime]:
    """The rules that are muted, and until when."""
    with reader.database.read() as db:
        mutes = story_rows.mutes(db, now)
    found: dict[str, datetime] = {}
    for mute in mutes:
        if mute.kind is MuteKind.RULE:
            found[mute.subject] = max(mute.until, found.get(mute.subject, mute.until))
    return found


def recent_alerts(reader: Reader, rule_id: str, *, limit: int) -> list[RecentAlert]:
    """The newest first."""
    return [
        RecentAlert(
            id=row["id"],
            story_id=row["story_id"],
            severity=Severity(row["severity"]),
            reason=Reason[row["reason"]],
            source=row["feed_name"],
            title=row["title"],
            link=row["link"],
            spans=codec.load_spans(row["spans"]),
            decided_at=codec.instant(row["decided_us"]),
        )
        for row in reader.rows(_ALERTS, rule_id, limit)
    ]


def quiet_verdicts(reader: Reader, rule_id: str, *, since: datetime, limit: int) -> list[QuietVerdict]:
    """The newest first."""
    telling = json.dumps([reason.name for reason in Reason if reason.tells])
    return [
        QuietVerdict(
            entry_id=row["entry_id"],
            feed_id=row["feed_id"],
            severity=Severity(row["severity"]),
            reason=Reason[row["reason"]],
            why=row["why"],
            title=row["title"],
            link=row["link"],
            spans=codec.load_spans(row["spans"]),
            decided_at=codec.instant(row["decided_us"]),
        )
        for row in reader.rows(_QUIET, rule_id, codec.microseconds(since), telling, limit)
    ]


def by_source(reader: Reader, rule_id: str, *, since: datetime) -> list[tuple[str, int]]:
    """How often each feed brought a match, the most first."""
    found = reader.rows(_BY_SOURCE, rule_id, codec.microseconds(since), MOST_BY_SOURCE)
    return [(row["feed_id"], row["number"]) for row in found]


def feedback(reader: Reader, rule_id: str, *, limit: int) -> list[Said]:
    """The newest first."""
    return [said_of(row) for row in reader.rows(_FEEDBACK, rule_id, limit)]


def judged(reader: Reader, rule_id: str, *, limit: int) -> list[Judged]:
    """Alerts of the newest words of readers, each once; one of which both was said counts as right."""
    found: dict[str, Judged] = {}
    for row in reader.rows(_JUDGED, rule_id, limit):
        right = row["verdict"] == Opinion.MATCH.value or (row["alert_id"] in found and found[row["alert_id"]].is_right)
        found[row["alert_id"]] = Judged(row["title"], codec.load_spans(row["spans"]), right)
    return list(found.values())


def _by_day(reader: Reader, table: str, asked: Mapping[str, object], first: int) -> Mapping[str, tuple[int, ...]]:
    counts: dict[str, list[int]] = {}
    for row in _rows(reader, _BY_DAY.format(table=table), asked):
        day = min(max(row["day"] - first, 0), DAYS - 1)  # what a wrong clock put into tomorrow is of today
        counts.setdefault(row["rule_id"], [0] * DAYS)[day] += row["number"]
    return {rule_id: tuple(numbers) for rule_id, numbers in counts.items()}


def _rows(reader: Reader, query: str, asked: Mapping[str, object]) -> list:  # type: ignore[type-arg]
    with reader.database.read() as db:
        return db.execute(query, asked).fetchall()
