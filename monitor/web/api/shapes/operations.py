"""Whether monitor sees, runs and tells."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from monitor.model import DeliveryStatus, Reason
from monitor.trouble import Kind, Sight
from monitor.web.api.shapes.base import Count, Shape
from monitor.web.api.shapes.deliveries import HoldName


class TroubleShape(Shape):
    """What is wrong with monitor itself. `what` and `remedy` are in the language that was asked for."""

    kind: Kind
    subject: str = Field(description="The id of the feed, rule or channel; '' where it is none's.")
    what: str
    remedy: str
    begun_at: datetime


class ChannelShape(Shape):
    """How the messages of a channel stand."""

    id: str = Field(examples=["desk"])
    in_rules: bool
    waiting: Count = Field(description="Those that could be sent by now.")
    held: Count
    retrying: Count = Field(description="Among those that wait.")
    dead: Count
    waiting_since: datetime | None
    last_sent_at: datetime | None
    sent_last_day: Count


class RulesProblem(Shape):
    """A rules file that was refused: those read before it stay in force."""

    file: str
    line: int
    column: int
    code: str = Field(description="See docs/errors.md.", examples=["R201"])
    what: str
    remedy: str


class Operations(Shape):
    version: str = Field(description="Of monitor.")
    schema_version: int = Field(description="Of the recorded state.")
    sight: Sight
    nobody_looks: str | None = Field(
        description="Why nothing at all is seen: `hangs`, `never`, `unread`; null if somebody looks."
    )
    running: bool = Field(description="Whether some process polls, here or as a worker elsewhere.")
    healthy: bool = Field(description="Whether a daemon or a worker gave a sign of life within the last minute.")
    last_polled_at: datetime | None
    troubles: tuple[TroubleShape, ...] = Field(description="That last, the worst first.")
    failing_feeds: tuple[str, ...]
    rules_refused: tuple[RulesProblem, ...]
    feeds: Count
    entries: Count
    stories: Count
    alerts: Count
    deliveries: dict[DeliveryStatus, Count]
    held: dict[HoldName, Count] = Field(description="Deliveries that wait, by what they wait for.")
    undelivered_since: datetime | None = Field(description="When the oldest message was made that is still to be sent.")
    channels: tuple[ChannelShape, ...]
    mutes: Count = Field(description="That hold.")
    last_day: dict[Reason, Count] = Field(description="How often each reason was given.")
    state_bytes: Count
    backed_up_at: datetime | None
