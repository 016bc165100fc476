"""How the monitor stands, in one line: whether it sees, whether anybody reads the feeds, whether its alerts arrive.
The page of operations says it first; the page of alerts only when it is not well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from monitor import heartbeat
from monitor.config import Config
from monitor.health import CHANNEL_KINDS, LATE_AFTER
from monitor.model import FeedState
from monitor.status import Account, glance
from monitor.store.read import Reader
from monitor.store.views import fleet
from monitor.trouble import Kind, Sight
from monitor.web.desk import Desk

Level = Literal["ok", "info", "warning", "error"]
LEVELS: Final[tuple[Level, ...]] = ("ok", "info", "warning", "error")
ICONS: Final = {"ok": "✔", "info": "●", "warning": "▲", "error": "✖"}
FORGOTTEN: Final = timedelta(minutes=30)  # where cron asks, a feed waits for its next round; not so long


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`sees` and `tells` are keys of texts; `tells` is '' where alerts arrive."""

    level: Level
    sees: str
    tells: str = ""

    @property
    def icon(self) -> str:
        return ICONS[self.level]

    @property
    def is_well(self) -> bool:
        """Nothing that whoever reads the alerts has to know."""
        return self.level in ("ok", "info")


def standing(account: Account, *, runs: bool, overdue: timedelta, undelivered_for: timedelta) -> Standing:
    """`runs`: somebody reads the feeds, now or all the time. `overdue`: by how long the latest feed is to be read.
    `undelivered_for`: how long the oldest delivery waits that could be sent."""
    level, sees = _sees(account, runs=runs, overdue=overdue)
    tells = _tells({each.finding.kind for each in account.troubles}, undelivered_for)
    return Standing(level=max(level, "warning", key=LEVELS.index) if tells else level, sees=sees, tells=tells)


def _sees(account: Account, *, runs: bool, overdue: timedelta) -> tuple[Level, str]:
    kinds = {each.finding.kind for each in account.troubles} - CHANNEL_KINDS
    if account.sight is Sight.BLIND:
        return "error", "operations.sight.blind"
    if account.not_kept or any(kind.sight is Sight.HALF_BLIND for kind in kinds):
        return "warning", "operations.sight.half blind"
    if not runs:
        return "warning" if overdue > FORGOTTEN else "info", "operations.sight.resting"
    return "ok", "operations.sight.sees"


def _tells(kinds: set[Kind], undelivered_for: timedelta) -> str:
    if kinds & {Kind.CHANNEL_REFUSES, Kind.CANARY_LOST}:
        return "operations.tells.not_all"
    return "operations.tells.late" if Kind.CHANNEL_LATE in kinds or undelivered_for > LATE_AFTER else ""


def overdue(states: Iterable[FeedState], config: Config, now: datetime) -> list[timedelta]:
    """By how long each feed of the rules should have been asked by now; negative: it is not due yet."""
    known = {feed.id for feed in config.feeds}
    return [now - state.next_poll_at for state in states if state.feed_id in known]


def at_a_glance(desk: Desk, reader: Reader, now: datetime) -> Standing:
    """Of what costs little to look at, and asks nobody for the lock."""
    beat = heartbeat.read(desk.state)
    runs = beat is not None and abs(heartbeat.age(beat, now=now)) <= heartbeat.FRESH
    runs = runs or fleet.alive(fleet.workers(reader, now)) > 0
    late = [] if runs else overdue(reader.feeds(whole=False), desk.config, now)
    since = reader.undelivered_since(now)
    return standing(
        glance(desk.state, reader, now),
        runs=runs,
        overdue=max(late, default=timedelta(0)),
        undelivered_for=now - since if since else timedelta(0),
    )
