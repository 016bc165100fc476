"""A story: its entries with their texts and decisions, its alerts with their deliveries."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from monitor.alerts.clean import safe_link
from monitor.model import DeliveryStatus, KinshipKind, Reason, Severity
from monitor.store.views.story import AlertTold, Reported, StoryTold
from monitor.store.why import Decision, Told, ToldDelivery
from monitor.text.clean import tidy
from monitor.web.api.shapes.alerts import AlertId, AlertShape, FeedId, Link, RuleId, StoryId, alert_shape
from monitor.web.api.shapes.base import Count, Shape, Text, text_of
from monitor.web.api.shapes.deliveries import HoldName, hold_name


class VersionShape(Shape):
    """One text of an entry."""

    number: int = Field(ge=1, description="From 1, in the order seen; of many, those in the middle are left out.")
    seen_at: datetime
    title: Text
    summary: Text
    body: Text


class DecisionShape(Shape):
    """What a rule made of one text of an entry."""

    rule: RuleId
    version: int = Field(ge=1)
    reason: Reason
    tells: bool = Field(description="Whether somebody was told.")
    why: str = Field(description="The reason in hand, for people; English.")
    severity: Severity
    decided_at: datetime
    alerts: tuple[AlertId, ...]


class JoinedShape(Shape):
    """How an entry came into its story."""

    kind: KinshipKind
    score: float = Field(ge=0, le=1)
    why: tuple[str, ...] = Field(description="The weightiest first; English.")


class EntryShape(Shape):
    """What was published once, perhaps in several versions."""

    id: str = Field(examples=["7"])
    feed: FeedId
    url: Link
    published_at: datetime | None
    seen_at: datetime
    newsroom: str | None = Field(description="Who published it.")
    owner: str | None = Field(description="Whose word it counts as: one voice, however many repeat it.")
    credited: str | None = Field(description="Whom the text names as its source, mostly an agency.")
    independent: bool = Field(description="The first report of its owner in the story.")
    joined: JoinedShape | None
    versions: tuple[VersionShape, ...] = Field(description="The oldest first; marked where rules found words in them.")
    version_count: int = Field(ge=1)
    decisions: tuple[DecisionShape, ...] = Field(description="In the order given.")


class MessageShape(Shape):
    """One message of an alert."""

    channel: str = Field(examples=["desk"])
    status: DeliveryStatus
    hold: HoldName | None
    due_at: datetime | None
    sent_at: datetime | None
    attempts: Count
    last_error: str | None
    answer: str | None
    stands_in_for: str | None
    unacknowledged_since: datetime | None


class NextShape(Shape):
    """Who is told next, and when, if nobody acknowledges it."""

    channel: str
    due_at: datetime


class AlertOfStory(Shape):
    alert: AlertShape
    messages: tuple[MessageShape, ...] = Field(description="In the order made.")
    next_in_chain: NextShape | None


class StoryShape(Shape):
    id: StoryId
    begun_at: datetime
    owners: tuple[str, ...] = Field(description="Who tells it, each voice once, in the order of their first reports.")
    entry_count: Count = Field(description="All of the story's entries.")
    entries: tuple[EntryShape, ...] = Field(description="A page of them, in the order first seen.")
    alerts: tuple[AlertOfStory, ...] = Field(description="The newest 40, the newest first.")
    next: str | None = Field(description="Of the entries; to be handed back as `after`, null at the end.")


def story_shape(told: StoryTold) -> StoryShape:
    return StoryShape(
        id=str(told.id),
        begun_at=told.begun_at,
        owners=told.owners,
        entry_count=told.number,
        entries=tuple(map(_entry, told.reports)),
        alerts=tuple(map(_alert, told.alerts)),
        next=str(told.next_page) if told.next_page else None,
    )


def _entry(reported: Reported) -> EntryShape:
    account, story = reported.account, reported.account.story
    return EntryShape(
        id=str(account.id),
        feed=account.feed_id,
        url=safe_link(account.link) or None,
        published_at=account.published_at,
        seen_at=account.seen_at,
        newsroom=story.origin.newsroom if story else None,
        owner=story.origin.owner if story else None,
        credited=story.origin.credited if story else None,
        joined=_joined(story),
        independent=reported.independent,
        versions=tuple(_versions(reported)),
        version_count=account.versions,
        decisions=tuple(map(_decision, account.decisions)),
    )


def _joined(story: Told | None) -> JoinedShape | None:
    if story is None or story.joined is None:
        return None
    return JoinedShape(kind=story.joined.kind, score=story.joined.score, why=story.joined.why)


def _versions(reported: Reported) -> list[VersionShape]:
    found = []
    for text in reported.texts:
        spans = [span for each in reported.account.decisions if each.version == text.number for span in each.spans]
        fields = {
            name: text_of(getattr(text, name), [span for span in spans if span.field == name])
            for name in ("title", "summary", "body")
        }
        found.append(VersionShape(number=text.number, seen_at=text.seen_at, **fields))
    return found


def _decision(decision: Decision) -> DecisionShape:
    return DecisionShape(
        rule=decision.rule_id,
        version=decision.version,
        reason=decision.reason,
        tells=decision.reason.tells,
        why=tidy(decision.why),
        severity=decision.severity,
        decided_at=decision.decided_at,
        alerts=tuple(each.id for each in decision.alerts),
    )


def _alert(told: AlertTold) -> AlertOfStory:
    chain = told.sent.next_in_chain
    return AlertOfStory(
        alert=alert_shape(told.told),
        messages=tuple(map(_message, told.sent.deliveries)),
        next_in_chain=NextShape(channel=chain.channel, due_at=chain.due_at) if chain else None,
    )


def _message(told: ToldDelivery) -> MessageShape:
    return MessageShape(
        channel=told.channel,
        status=told.status,
        hold=hold_name(told.hold),
        due_at=told.due_at,
        sent_at=told.sent_at,
        attempts=told.attempts,
        last_error=told.last_error,
        answer=told.answer,
        stands_in_for=told.stands_in_for,
        unacknowledged_since=told.unacknowledged_since,
    )
