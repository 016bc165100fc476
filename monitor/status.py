"""Does it see, does it run, does it tell? All that is recorded of that, and what lies in the state directory, as one
value: for the command line and for the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from monitor import heartbeat
from monitor.model import Reason
from monitor.model.workers import WorkerRecord
from monitor.store import ballast
from monitor.store.lock import DAEMON, WORKER, Holder, holder
from monitor.store.mute_rows import Mutes
from monitor.store.read import Reader, Totals
from monitor.store.views import fleet
from monitor.store.which import at_work, database_url
from monitor.trouble import Kind, Sight, Trouble, sight

DAY: Final = timedelta(days=1)
UNREAD_AFTER: Final = timedelta(
    days=1
)  # each feed is asked once a day at least, so by then somebody must have read one

Idle = Literal["hangs", "never", "unread"]
"""Why nobody looks: a daemon holds the state and shows no sign of life; no feed was ever read; none for a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """`nobody_looks`: why nothing at all is seen, whatever was recorded last; None if somebody looks. `unread_for`: how
    long ago a feed was last read. `not_kept`: why what is seen may not be recorded; '' if it is."""

    sight: Sight
    nobody_looks: Idle | None
    unread_for: timedelta
    not_kept: str
    troubles: tuple[Trouble, ...]  # that last, the worst first


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """`at_work`: who polls on the state, on whatever machine. `healthy`: a daemon of this machine, or a worker, gave a
    sign of life within the last minute. `hangs`: a daemon of this machine is at work, and gave none. `held`: deliveries
    that wait for the end of quiet hours, a digest or a throttle. `undelivered_since`: when the oldest delivery was made
    that is still to be sent. Counts of reasons are of the last day. `workers`: those on other machines too that share
    the state, and were seen within a day."""

    at_work: tuple[Holder, ...]
    healthy: bool
    hangs: bool
    beat: heartbeat.Heartbeat | None
    last_polled_at: datetime | None
    failing: tuple[str, ...]
    totals: Totals
    held: int
    undelivered_since: datetime | None
    reasons: Mapping[Reason, int]
    account: Account
    mutes: int
    workers: tuple[WorkerRecord, ...] = ()

    @property
    def running(self) -> Holder | None:
        """Who polls alone; None where nobody does, or workers do."""
        return next((each for each in self.at_work if each.command != WORKER), None)

    @property
    def workers_alive(self) -> int:
        return fleet.alive(self.workers)


def is_alive(state: Path, now: datetime) -> bool:
    """Whether a daemon beat within the last minute."""
    beat = heartbeat.read(state)
    return beat is not None and abs(heartbeat.age(beat, now=now)) <= heartbeat.FRESH


def status(state: Path, reader: Reader, now: datetime) -> Status:
    workers, healthy = fleet.workers(reader, now), is_alive(state, now)
    here = holder(state)  # one on another machine leaves its signs of life there
    is_daemon = here is not None and here.command == DAEMON
    return Status(
        at_work=at_work(state),
        hangs=is_daemon and not healthy,
        healthy=healthy or fleet.alive(workers) > 0,
        beat=heartbeat.read(state),
        last_polled_at=reader.last_polled_at(),
        failing=_failing(reader),
        totals=reader.totals(),
        held=reader.held(now),
        undelivered_since=reader.undelivered_since(now),
        reasons=reader.verdicts(since=now - DAY),
        mutes=len(Mutes(reader.database).in_force(now)),
        account=account(
            reader.troubles().values(),
            last_polled_at=reader.last_polled_at(),
            hangs=is_daemon and not healthy,
            not_kept=_not_kept(state, stays=is_daemon),
            now=now,
        ),
        workers=workers,
    )


def glance(state: Path, reader: Reader, now: datetime) -> Account:
    """What `status` accounts for, by its files alone: for what is looked at all the time. A daemon that left a beat,
    after which nobody has read a feed, hangs or was killed."""
    beat, last = heartbeat.read(state), reader.last_polled_at()
    silent_for = heartbeat.age(beat, now=now) if beat is not None else timedelta(0)
    runs = beat is not None and abs(silent_for) <= heartbeat.FRESH
    return account(
        reader.troubles().values(),
        last_polled_at=now if runs and last is None else last,  # it has only just begun
        hangs=silent_for > heartbeat.FRESH and (last is None or now - last >= silent_for - heartbeat.FRESH),
        not_kept=_not_kept(state, stays=runs),
        now=now,
    )


def account(
    troubles: Iterable[Trouble], *, last_polled_at: datetime | None, hangs: bool, not_kept: str, now: datetime
) -> Account:
    """`hangs`: a daemon holds the state, and has shown no sign of life for a minute. `not_kept`: see `Account`."""
    lasting = sorted(
        (trouble for trouble in troubles if trouble.lasts),
        key=lambda each: (-each.finding.kind.sight.rank, list(Kind).index(each.finding.kind), each.begun_at),
    )
    unread_for = now - last_polled_at if last_polled_at else timedelta(0)
    nobody: Idle | None = "hangs" if hangs else "never" if last_polled_at is None else None
    if nobody is None and unread_for > UNREAD_AFTER:
        nobody = "unread"
    seen = max(sight(lasting), Sight.HALF_BLIND if not_kept else Sight.SEES, key=lambda each: each.rank)
    return Account(
        sight=Sight.BLIND if nobody else seen,
        nobody_looks=nobody,
        unread_for=unread_for,
        not_kept=not_kept,
        troubles=tuple(lasting),
    )


def _not_kept(state: Path, *, stays: bool) -> str:
    """`stays`: a daemon runs, which lays the ballast anew as soon as there is room for it. A state in a database server
    has its room there."""
    if database_url() is not None:
        return ""
    short = ballast.shortage(state)
    if not short and stays and not ballast.is_laid(state):
        return f"the room kept in {state} for a full disk is used up: make room on its disk"
    return short


def _failing(reader: Reader) -> tuple[str, ...]:
    """Feeds that fail now. Each feed is asked once a day at least: one left out longer is no longer in the rules."""
    latest = reader.last_polled_at()
    asked = ((feed, feed.last_polled_at) for feed in reader.feeds(whole=False) if feed.failures)
    return tuple(feed.feed_id for feed, at in asked if latest and at and latest - at < 2 * DAY)
