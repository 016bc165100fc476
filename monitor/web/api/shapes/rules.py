"""The rules, and how each fares."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from monitor.alerts.clean import safe_link
from monitor.model import Reason, Severity
from monitor.store.feedback_rows import Opinion
from monitor.store.feedback_rows import Said as SaidOfRule
from monitor.store.views.rules import Hits, QuietVerdict, RecentAlert
from monitor.text.clean import tidy
from monitor.web.api.shapes.alerts import AlertId, FeedId, Link, RuleId, StoryId
from monitor.web.api.shapes.base import Count, Names, Shape, Text, text_of
from monitor.web.rule_list import Row

State = Literal["noisy", "idle", "muted", "expired", "off", "untested"]


class HitsShape(Shape):
    """Of the last 30 days."""

    matches: tuple[Count, ...] = Field(description="A number for each day, today's last, by the clock of the rules.")
    alerts: tuple[Count, ...] = Field(description="As `matches`.")
    last_match_at: datetime | None = Field(description="Ever.")
    last_alert_at: datetime | None = Field(description="Ever.")
    right: Count = Field(description="Alerts that a reader called a match.")
    wrong: Count = Field(description="Alerts that a reader called none.")


class RuleShape(Shape):
    """A rule as it is in force."""

    id: RuleId
    title: Names
    description: str
    severity: Severity
    enabled: bool
    expires: date | None = Field(description="The last day on which it looks.")
    channels: tuple[str, ...] = Field(description="Who is told; none: the console.")
    tags: tuple[str, ...]
    owner: str
    test_count: Count = Field(description="Tests that stand beside it in the rules.")
    muted_until: datetime | None
    states: tuple[State, ...] = Field(description="What is to be known of it, the gravest first.")
    hits: HitsShape


class Rules(Shape):
    """In the order of the rules file."""

    rules: tuple[RuleShape, ...]


class AlertOfRule(Shape):
    id: AlertId
    story: StoryId
    severity: Severity
    reason: Reason
    feed_name: str
    headline: Text
    url: Link
    decided_at: datetime


class QuietShape(Shape):
    """A match of which nobody was told, and why."""

    entry: str = Field(examples=["7"])
    feed: FeedId
    severity: Severity
    reason: Reason
    why: str = Field(description="For people; English.")
    headline: Text
    url: Link
    decided_at: datetime


class OpinionShape(Shape):
    """What a reader said of an alert of the rule."""

    alert: AlertId
    opinion: Opinion
    note: str
    by: str
    at: datetime


class MatchesOfFeed(Shape):
    feed: FeedId
    matches: Count


class OneRule(RuleShape):
    """With its latest decisions."""

    file: str = Field(description="Where it stands: the file's name and the line.", examples=["rules.yaml:12"])
    yaml: str = Field(description="Its own lines there as they are now; '' where they are there no more.")
    latest_alerts: tuple[AlertOfRule, ...]
    latest_quiet: tuple[QuietShape, ...]
    latest_opinions: tuple[OpinionShape, ...]
    by_feed: tuple[MatchesOfFeed, ...] = Field(description="Matches of the last 30 days, the most first.")


def hits_shape(hits: Hits) -> HitsShape:
    return HitsShape(
        matches=hits.matches,
        alerts=hits.alerts,
        last_match_at=hits.last_match_at,
        last_alert_at=hits.last_alert_at,
        right=hits.right,
        wrong=hits.wrong,
    )


def rule_values(row: Row) -> dict[str, object]:
    """What `RuleShape` holds."""
    rule = row.rule
    return {
        "id": rule.id,
        "title": dict(rule.title),
        "description": rule.description,
        "severity": rule.severity,
        "enabled": rule.enabled,
        "expires": rule.expires,
        "channels": row.channels,
        "tags": rule.tags,
        "owner": rule.owner,
        "test_count": len(rule.tests),
        "muted_until": row.muted_until,
        "states": row.states,
        "hits": hits_shape(row.hits),
    }


def alert_of_rule(found: RecentAlert) -> AlertOfRule:
    return AlertOfRule(
        id=found.id,
        story=str(found.story_id),
        severity=found.severity,
        reason=found.reason,
        feed_name=tidy(found.source),
        headline=text_of(found.title, (each for each in found.spans if each.field == "title")),
        url=safe_link(found.link) or None,
        decided_at=found.decided_at,
    )


def quiet(found: QuietVerdict) -> QuietShape:
    return QuietShape(
        entry=str(found.entry_id),
        feed=found.feed_id,
        severity=found.severity,
        reason=found.reason,
        why=tidy(found.why),
        headline=text_of(found.title, (each for each in found.spans if each.field == "title")),
        url=safe_link(found.link) or None,
        decided_at=found.decided_at,
    )


def opinion(said: SaidOfRule) -> OpinionShape:
    return OpinionShape(alert=said.alert_id, opinion=said.opinion, note=said.note, by=said.by, at=said.at)
