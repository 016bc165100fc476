"""Stories in a list: how each is told, and by how many."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from monitor.model import Alert, Severity
from monitor.store.views.stories import Listed
from monitor.web.api.shapes.alerts import AlertId, RuleId, StoryId
from monitor.web.api.shapes.base import Count, Shape, Text, text_of


class ListedStory(Shape):
    """One event, as it was last told; as it was last reported, where nobody was told of it."""

    id: StoryId
    begun_at: datetime
    seen_at: datetime = Field(description="When the newest text of it was seen.")
    headline: Text
    summary: Text
    severity: Severity | None = Field(description="Of the newest alert; null where there is none.")
    newest_alert: AlertId | None
    rules: tuple[RuleId, ...] = Field(description="Those that told somebody of it.")
    report_count: Count = Field(description="Its entries.")
    voice_count: Count = Field(description="Whose word they are: each owner counts once.")
    alert_count: Count


class StoryList(Shape):
    """A page of them; that which began last is the first."""

    stories: tuple[ListedStory, ...]
    next: str | None = Field(description="To be handed back as `after`; null at the end.", examples=["12"])


def listed_story(told: Listed) -> ListedStory:
    alert = told.newest if isinstance(told.newest, Alert) else None
    spans = alert.spans if alert else ()
    headline, summary = (
        text_of(getattr(told.newest, field), [span for span in spans if span.field == field])
        for field in ("title", "summary")
    )
    return ListedStory(
        id=str(told.id),
        begun_at=told.begun_at,
        seen_at=told.seen_at,
        headline=headline,
        summary=summary,
        severity=alert.severity if alert else None,
        newest_alert=alert.id if alert else None,
        rules=told.rules,
        report_count=told.reports,
        voice_count=told.voices,
        alert_count=told.alerts,
    )
