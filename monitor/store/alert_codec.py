"""Alerts to columns and back, so that what comes out equals what went in."""

from __future__ import annotations

from monitor.model import Alert, Reason, Severity
from monitor.store import codec, story_codec
from monitor.store.sql import Row


def columns(alert: Alert) -> dict[str, object]:
    return {
        "id": codec.clean(alert.id),
        "story_id": alert.story_id,
        "number": alert.number,
        "rule_id": codec.clean(alert.rule_id),
        "rule_title": codec.dump_titles(alert.rule_title),
        "severity": alert.severity.value,
        "reason": alert.reason.name,
        "feed_id": codec.clean(alert.feed_id),
        "feed_name": codec.clean(alert.feed_name),
        "title": codec.clean(alert.title),
        "summary": codec.clean(alert.summary),
        "link": codec.clean_or_none(alert.link),
        "published_us": codec.microseconds_or_none(alert.published_at),
        "decided_us": codec.microseconds(alert.decided_at),
        "spans": codec.dump_spans(alert.spans),
        "told": story_codec.dump_told(alert),
    }


def alert(row: Row) -> Alert:
    """From a row that has the alert table's columns under their own names."""
    return Alert(
        id=row["id"],
        story_id=row["story_id"],
        number=row["number"],
        rule_id=row["rule_id"],
        rule_title=codec.load_titles(row["rule_title"]),
        severity=Severity(row["severity"]),
        reason=Reason[row["reason"]],
        feed_id=row["feed_id"],
        feed_name=row["feed_name"],
        title=row["title"],
        summary=row["summary"],
        link=row["link"],
        published_at=codec.instant_or_none(row["published_us"]),
        decided_at=codec.instant(row["decided_us"]),
        spans=codec.load_spans(row["spans"]),
        **story_codec.load_told(row["told"]),
    )
