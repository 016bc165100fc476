"""Alerts, with what readers said of them and what became of their deliveries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from pydantic import Field

from monitor.alerts.clean import safe_link
from monitor.model import Alert, DeliveryStatus, Figure, Reason, Severity, Tag
from monitor.store.feedback_rows import Opinion
from monitor.store.views.history import Said, Told
from monitor.text.clean import tidy
from monitor.web.api.shapes.base import Count, Named, Names, Shape, Text, named, text_of

AlertId = Annotated[str, Field(description="The story's number and its own within the story.", examples=["12.1"])]
StoryId = Annotated[str, Field(examples=["12"])]
RuleId = Annotated[str, Field(description="As in the rules.", examples=["strikes"])]
FeedId = Annotated[str, Field(description="As in the rules.", examples=["wire"])]
Link = Annotated[
    str | None, Field(description="http or https; null where there is none.", examples=["https://news.example/1"])
]


class HowMany(Shape):
    """How many people, by the report's word."""

    least: Count
    most: Count | None = Field(description="null where the report leaves it open, as in 'more than ten'.")


class Teller(Shape):
    """A newsroom that tells the story."""

    name: str
    url: Link
    told_at: datetime
    independent: bool = Field(description="False: a copy of what an earlier one told.")


class Acknowledgement(Shape):
    by: str = Field(description="Who has seen it; `token` for programs, `page` where nobody has to log in.")
    at: datetime


class Judgement(Shape):
    """What a reader said of an alert."""

    opinion: Opinion
    by: str
    at: datetime
    note: str


class AlertShape(Shape):
    """Our decision to tell somebody, and what became of it."""

    id: AlertId
    story: StoryId
    number: int = Field(ge=1, description="Its place among the alerts of its story.")
    follows: AlertId | None = Field(description="The first alert of the story under this rule; null for that itself.")
    followed: bool = Field(description="A later alert tells the same story under the same rule.")
    rule: RuleId
    rule_title: Names
    severity: Severity
    reason: Reason
    why: str = Field(description="The reason in hand, for people; English.")
    decided_at: datetime
    published_at: datetime | None = Field(description="By the feed's word; null where it says nothing.")
    held_until: datetime | None = Field(description="The end of the rule's throttle that it waited for.")
    feed: FeedId
    feed_name: str
    newsroom: str | None = Field(description="null where the entry is no longer kept.")
    url: Link
    headline: Text
    summary: Text
    entry: str = Field(description="The id of the entry that it is about.", examples=["7"])
    version: int = Field(ge=1, description="Which of the entry's texts was told, from 1.")
    killed: HowMany | None
    wounded: HowMany | None
    places: tuple[Named, ...]
    events: tuple[Named, ...]
    actors: tuple[Named, ...]
    tags: tuple[Tag, ...]
    sources: Count = Field(description="Independent ones that told it by then.")
    reports: Count
    told_by: tuple[Teller, ...]
    before: dict[str, str] = Field(
        description="What was told last where this alert changes it: headline, killed, wounded, severity, place."
    )
    acknowledged: Acknowledgement | None
    judgements: tuple[Judgement, ...]
    deliveries: dict[DeliveryStatus, Count] = Field(description="How many there are of each status, if any.")


class Alerts(Shape):
    """A page of them, the newest first."""

    alerts: tuple[AlertShape, ...]
    next: str | None = Field(
        description="To be handed back as `after`; null at the end.", examples=["1795435200000000.12.1"]
    )


def alert_shape(told: Told) -> AlertShape:
    alert = told.alert
    spans = alert.spans
    return AlertShape(
        id=alert.id,
        story=str(alert.story_id),
        number=alert.number,
        follows=alert.follows,
        followed=told.followed,
        rule=alert.rule_id,
        rule_title=dict(alert.rule_title),
        severity=alert.severity,
        reason=alert.reason,
        why=tidy(alert.why),
        decided_at=alert.decided_at,
        published_at=alert.published_at,
        held_until=alert.held_until,
        feed=alert.feed_id,
        feed_name=tidy(alert.feed_name),
        newsroom=told.newsroom,
        url=safe_link(alert.link) or None,
        headline=text_of(alert.title, (each for each in spans if each.field == "title")),
        summary=text_of(alert.summary, (each for each in spans if each.field == "summary")),
        entry=str(told.entry_id),
        version=told.version,
        killed=_figure(alert.facts.killed),
        wounded=_figure(alert.facts.wounded),
        places=tuple(map(named, alert.places)),
        events=tuple(map(named, alert.events)),
        actors=tuple(map(named, alert.actors)),
        tags=tuple(sorted(alert.facts.tags, key=lambda tag: tag.value)),
        sources=alert.sources,
        reports=alert.reports,
        told_by=tuple(_tellers(alert)),
        before={kind: text_of(text).text for kind, text in alert.before.items()},
        acknowledged=Acknowledgement(by=told.acknowledged.by, at=told.acknowledged.at) if told.acknowledged else None,
        judgements=tuple(map(_judgement, told.said)),
        deliveries=dict(told.deliveries),
    )


def _figure(figure: Figure | None) -> HowMany | None:
    return HowMany(least=figure.least, most=figure.most) if figure else None


def _tellers(alert: Alert) -> Iterable[Teller]:
    for each in alert.told_by:
        url = safe_link(each.link) or None
        yield Teller(name=tidy(each.name), url=url, told_at=each.told_at, independent=each.independent)


def _judgement(said: Said) -> Judgement:
    return Judgement(opinion=said.opinion, by=said.by, at=said.at, note=said.note)
