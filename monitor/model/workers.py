"""Workers: what each says of itself, and how it looks from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

Stage = Literal["working", "draining"]
GONE_AFTER: Final = timedelta(seconds=15)  # seven signs of life; a turn at a channel is lost after as long a silence


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Counts since the worker began, by what came of them or by task; and what is under way in it now."""

    polls: Mapping[str, int] = field(default_factory=dict)
    entries: int = 0  # new ones
    alerts: int = 0
    articles: Mapping[str, int] = field(default_factory=dict)
    deliveries: Mapping[str, int] = field(default_factory=dict)
    jobs: Mapping[str, int] = field(default_factory=dict)
    jobs_failed: Mapping[str, int] = field(default_factory=dict)
    batches: int = 0
    feeds: int = 0
    channels: tuple[str, ...] = ()
    clock_ahead: timedelta = timedelta(0)  # of that of the database; whole milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSeen:
    """`rules_number`: the version it works by, None for none yet. `rules_trouble`: why that is not the newest, fit for
    people; '' if it is."""

    id: str
    host: str
    pid: int
    began_at: datetime
    version: str
    stage: Stage = "working"
    rules_number: int | None = None
    rules_trouble: str = ""
    told: Told = Told()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRecord:
    """Instants are by the clock of the database. `silent_for`: since its last sign of life."""

    worker: WorkerSeen
    beat_at: datetime
    silent_for: timedelta

    @property
    def is_gone(self) -> bool:
        """It was killed, or hangs, or the network lies between: it has not said that it ends."""
        return self.silent_for > GONE_AFTER
