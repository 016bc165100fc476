"""What rules that count stories, wait for entries or stand for other rules know of the past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStory:
    """A story that was told under a rule, by its newest alert."""

    rule_id: str
    story_id: int
    alert_id: str
    title: str
    told_at: datetime
    places: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedStory:
    """`told_at`: when it was first told, as its reports are dated."""

    story_id: int
    told_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeTold:
    """An alert of a volume: when its number was reached, decided, and told (or is to be, where it is held)."""

    alert_id: str
    reached_at: datetime
    decided_at: datetime
    told_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a volume has counted around a story. `own`: that story, also where it is not counted yet; its id is 0 then.
    `others` are sorted by time. `usual`: how many there are at these hours on a day of the last four weeks; None where
    nobody asks, or fewer than two weeks are known. `told`: its alerts, the oldest first."""

    own: CountedStory
    others: tuple[CountedStory, ...] = ()
    begun_at: datetime
    usual: float | None = None
    told: tuple[VolumeTold, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What is known of a rule that counts or waits. `begun_at`: since when it looks for what it looks for now.
    `heard_at`: when something that it waits for last came. `silent_since`: of the silence that was decided and lasts;
    `story_id` and `entry_id` are what it is told under."""

    rule_id: str
    begun_at: datetime
    heard_at: datetime | None = None
    silent_since: datetime | None = None
    story_id: int | None = None
    entry_id: int | None = None
