"""What is wrong with a fleet, told from how it stands. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final

from monitor.cluster.overview import Overview
from monitor.health import REFUSED_COUNTS_FOR
from monitor.model.workers import WorkerRecord

LATE_AFTER: Final = timedelta(seconds=60)
CLOCK_OFF: Final = timedelta(seconds=5)  # workers go by the database's, so this tells of a machine without NTP
FULL: Final = 0.9  # of the connections that there may be


class FleetTrouble(Enum):
    """The worst first. `is_grave`: what should be seen to now; the rest is worth knowing."""

    NO_WORKER = "no worker"
    STANDBY = "standby"
    RULES_REFUSED = "rules refused"
    NO_RULES = "no rules"
    LATE = "late"
    UNDELIVERED = "undelivered"
    CONNECTIONS = "connections"
    STALLED = "stalled"
    GONE = "gone"
    CLOCK = "clock"

    @property
    def is_grave(self) -> bool:
        return self not in (FleetTrouble.STALLED, FleetTrouble.GONE, FleetTrouble.CLOCK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`subject`: the worker's or the channel's id; '' where it is of none. `lasts`: for so long; of a clock, by so much
    it is ahead. `detail`: what the worker says of it, in lines."""

    kind: FleetTrouble
    subject: str = ""
    count: int = 0
    most: int = 0
    lasts: timedelta = timedelta(0)
    detail: str = ""


def found(fleet: Overview) -> tuple[Found, ...]:
    """The worst first."""
    each = [*_whole(fleet), *(one for worker in fleet.workers for one in _of_worker(worker)), *_channels(fleet)]
    if fleet.rules is None:  # which each worker tells as well
        each = [one for one in each if one.kind is not FleetTrouble.RULES_REFUSED]
    order = list(FleetTrouble)
    return tuple(sorted(each, key=lambda one: (order.index(one.kind), one.subject)))


def _whole(fleet: Overview) -> Iterator[Found]:
    ready = [each.worker for each in fleet.alive if each.worker.stage == "working"]
    works = any(each.rules_number is not None or fleet.rules is None for each in ready)  # without rules it waits
    if not works:
        yield Found(kind=FleetTrouble.NO_WORKER, count=len(fleet.gone))
    if fleet.rules is None:
        yield Found(kind=FleetTrouble.NO_RULES)
    if works and fleet.feeds.lag > LATE_AFTER:  # else more of them would not help
        yield Found(kind=FleetTrouble.LATE, count=fleet.feeds.due, lasts=fleet.feeds.lag)
    stalled = sum(task.stalled for task in fleet.tasks)
    if stalled:
        yield Found(kind=FleetTrouble.STALLED, count=stalled)
    server = fleet.server
    if server.is_standby:
        yield Found(kind=FleetTrouble.STANDBY)
    if server.connections >= FULL * server.connections_most:
        yield Found(kind=FleetTrouble.CONNECTIONS, count=server.connections, most=server.connections_most)


def _of_worker(record: WorkerRecord) -> Iterator[Found]:
    worker, ahead = record.worker, record.worker.told.clock_ahead
    if record.is_gone:
        yield Found(kind=FleetTrouble.GONE, subject=worker.id, lasts=record.silent_for)
        return
    if worker.rules_trouble:
        yield Found(kind=FleetTrouble.RULES_REFUSED, subject=worker.id, detail=worker.rules_trouble)
    if abs(ahead) > CLOCK_OFF:
        yield Found(kind=FleetTrouble.CLOCK, subject=worker.id, lasts=ahead)


def _channels(fleet: Overview) -> Iterator[Found]:
    for channel, each in fleet.owed.items():
        if each.dead and (each.given_up_at is None or fleet.at - each.given_up_at < REFUSED_COUNTS_FOR):
            yield Found(kind=FleetTrouble.UNDELIVERED, subject=channel, count=each.dead)
