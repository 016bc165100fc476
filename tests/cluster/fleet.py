"""A fleet in a database of the test's own: builders with valid defaults, and the value that an overview of it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from monitor.cluster.jobs.pressure import TaskPressure
from monitor.cluster.overview import Overview
from monitor.cluster.pressure import Crowd, Pressure
from monitor.cluster.server import ServerState
from monitor.model.rules_versions import RulesVersion
from monitor.model.workers import Told, WorkerRecord, WorkerSeen
from monitor.store.views.fleet import Owed, Turn
from tests.store.builders import HOUR, NOW

SECOND = timedelta(seconds=1)
TOLD = Told(
    polls={"polled": 1200, "failed": 3},
    entries=34,
    alerts=2,
    deliveries={"sent": 5},
    jobs={"poll": 50},
    batches=1,
    feeds=25,
    channels=("desk",),
)


def worker(worker_id: str = "a-1", **changes: Any) -> WorkerSeen:
    told: dict[str, Any] = {
        "id": worker_id, "host": "alpha", "pid": 4711, "began_at": NOW - HOUR, "version": "0.9", "rules_number": 7,
        "told": TOLD,
    }  # fmt: skip
    return WorkerSeen(**{**told, **changes})


def record(worker_id: str = "a-1", *, silent: timedelta = SECOND, **changes: Any) -> WorkerRecord:
    return WorkerRecord(worker=worker(worker_id, **changes), beat_at=NOW - silent, silent_for=silent)


def overview_of(**changes: Any) -> Overview:
    """Of a fleet that does well."""
    told: dict[str, Any] = {
        "at": NOW,
        "workers": (record("a-1"), record("b-2", host="beta")),
        "rules": RulesVersion(number=7, published_at=NOW - HOUR, published_by="sara@alpha", note=""),
        "feeds": Pressure(
            due=3, lag=2 * SECOND, leased=50, expired=0, put_off=12,
            crowds=(Crowd("giant.example", waiting=40, wait=40 * SECOND),),
        ),
        "tasks": (TaskPressure(task="poll", waiting=3, oldest=2 * SECOND, running=4, stalled=0, failed=0),),
        "turns": (Turn(channel_id="desk", worker="a-1", until=NOW + 15 * SECOND),),
        "owed": {"desk": Owed(pending=1, retrying=1, since=NOW - 5 * SECOND)},
        "server": ServerState(
            version="16.3", connections=14, connections_most=97, replication="synchronous", is_standby=False
        ),
    }  # fmt: skip
    return Overview(**{**told, **changes})
