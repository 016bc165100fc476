"""What nobody wants to hear of for a while."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from monitor.model import Mute, MuteKind
from monitor.store.mute_rows import Kept
from monitor.web.api.shapes.base import Shape


class MuteShape(Shape):
    id: str = Field(examples=["3"])
    kind: MuteKind
    subject: str = Field(
        description="The id of a rule, a place (with all that lies within), a story, or of a feed or newsroom.",
        examples=["strikes"],
    )
    begun_at: datetime
    until: datetime
    ended_at: datetime | None = Field(description="When somebody took it back; null if nobody did.")
    holds: bool
    by: str
    reason: str


class Mutes(Shape):
    """The newest first."""

    mutes: tuple[MuteShape, ...]


def mute_shape(mute: Mute, now: datetime, ended_at: datetime | None = None) -> MuteShape:
    return MuteShape(
        id=str(mute.id),
        kind=mute.kind,
        subject=mute.subject,
        begun_at=mute.begun_at,
        until=mute.until,
        ended_at=ended_at,
        holds=ended_at is None and mute.until > now,
        by=mute.by,
        reason=mute.reason,
    )


def kept_shape(kept: Kept, now: datetime) -> MuteShape:
    return mute_shape(kept.mute, now, kept.ended_at)
