"""Messages, and what became of each."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from monitor.model import DeliveryStatus, Hold, Severity
from monitor.store.read import DeliveryRecord
from monitor.web.api.shapes.alerts import AlertId, RuleId, StoryId
from monitor.web.api.shapes.base import Count, Shape, Text, text_of

HoldName = Literal["throttle", "quiet_hours", "digest", "burst"]
HOLDS: dict[Hold, HoldName] = {
    Hold.THROTTLE: "throttle",
    Hold.QUIET_HOURS: "quiet_hours",
    Hold.DIGEST: "digest",
    Hold.BURST: "burst",
}


class DeliveryShape(Shape):
    """One alert to one recipient. Who that is, is not told: addresses may hold secrets."""

    id: str = Field(examples=["41"])
    alert: AlertId
    story: StoryId
    rule: RuleId
    severity: Severity
    headline: Text
    channel: str = Field(description="As in the rules.", examples=["desk"])
    status: DeliveryStatus
    attempts: Count
    created_at: datetime
    next_try_at: datetime | None = Field(description="null once it is over.")
    last_try_at: datetime | None
    sent_at: datetime | None
    last_error: str | None = Field(description="For people; null once it is sent.")
    answer: str | None = Field(description="What the service said, if it said anything.")
    hold: HoldName | None = Field(description="What it waits, or waited, for.")
    stands_in_for: str | None = Field(description="The channel that refused it, where this one is its fallback.")
    unacknowledged_since: datetime | None = Field(
        description="Since when those told before it said nothing, where that is why this channel is told."
    )


class Deliveries(Shape):
    """A page of them, the newest first."""

    deliveries: tuple[DeliveryShape, ...]
    next: str | None = Field(description="To be handed back as `after`; null at the end.", examples=["41"])


class DeliveriesOfAlert(Shape):
    """In the order made."""

    deliveries: tuple[DeliveryShape, ...]


class SentAgain(Shape):
    resent: Count = Field(description="How many begin anew.")


def hold_name(hold: Hold | None) -> HoldName | None:
    return HOLDS[hold] if hold else None


def delivery_shape(record: DeliveryRecord) -> DeliveryShape:
    alert = record.alert
    return DeliveryShape(
        id=str(record.id),
        alert=alert.id,
        story=str(alert.story_id),
        rule=alert.rule_id,
        severity=alert.severity,
        headline=text_of(alert.title, (each for each in alert.spans if each.field == "title")),
        channel=record.recipient.channel_id,
        status=record.status,
        attempts=record.attempts,
        created_at=record.created_at,
        next_try_at=record.next_try_at,
        last_try_at=record.last_try_at,
        sent_at=record.sent_at,
        last_error=record.last_error,
        answer=record.answer,
        hold=hold_name(record.hold),
        stands_in_for=record.stands_in_for,
        unacknowledged_since=record.unacknowledged_since,
    )
