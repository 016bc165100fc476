"""The workers that share a database, a row each: rewritten at every sign of life, removed by a worker that ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from monitor.model.workers import Told, WorkerRecord, WorkerSeen
from monitor.store import codec
from monitor.store.sql import Connection, Database, Row

FORGOTTEN_AFTER: Final = timedelta(days=1)  # of silence
_LONGEST: Final = 4_000  # code points of a trouble: it is written every two seconds

_BEAT: Final = """
    INSERT INTO worker (id, host, pid, began_us, beat_us, version, stage, rules_number, rules_trouble, told)
    VALUES (:id, :host, :pid, :began_us, :now, :version, :stage, :rules_number, :rules_trouble, :told)
    ON CONFLICT (id) DO UPDATE SET host = excluded.host, pid = excluded.pid, began_us = excluded.began_us,
        beat_us = excluded.beat_us, version = excluded.version, stage = excluded.stage,
        rules_number = excluded.rules_number, rules_trouble = excluded.rules_trouble, told = excluded.told
"""
_LISTED: Final = "SELECT * FROM worker WHERE beat_us > ? ORDER BY began_us, id"


class Workers:
    """Each call is one short transaction. Safe from any thread. Raises StateError."""

    def __init__(self, database: Database, now: Callable[[Connection], datetime]) -> None:
        """`now`: the time that all workers go by, which decides who is silent: the database's own, on many machines."""
        self._database, self._now = database, now

    def beat(self, seen: WorkerSeen) -> datetime:
        """A sign of life; the time that it has in the database. Not tried again: the next one comes soon."""
        with self._database.write() as db:
            now = self._now(db)
            db.execute(_BEAT, _columns(seen, now))
        return now

    def end(self, worker_id: str) -> None:
        """It ends, and is missed by nobody."""
        self._database.do(lambda db: db.execute("DELETE FROM worker WHERE id = ?", (codec.clean(worker_id),)))

    def forget(self) -> int:
        """Remove those that have been silent for a day; how many."""

        def work(db: Connection) -> int:
            return db.execute("DELETE FROM worker WHERE beat_us <= ?", (_forgotten(self._now(db)),)).rowcount

        return self._database.do(work)

    def listed(self) -> tuple[WorkerRecord, ...]:
        """Those that gave a sign of life within a day, by when they began."""
        with self._database.read() as db:
            return listed(db, self._now(db))


def listed(db: Connection, now: datetime) -> tuple[WorkerRecord, ...]:
    """As `Workers.listed`, at that time of the database."""
    return tuple(_record(row, now) for row in db.execute(_LISTED, (_forgotten(now),)).fetchall())


def _forgotten(now: datetime) -> int:
    return codec.microseconds(now - FORGOTTEN_AFTER)


def _columns(seen: WorkerSeen, now: datetime) -> dict[str, Any]:
    return {
        "id": codec.clean(seen.id),
        "host": codec.clean(seen.host),
        "pid": seen.pid,
        "began_us": codec.microseconds(seen.began_at),
        "now": codec.microseconds(now),
        "version": codec.clean(seen.version),
        "stage": seen.stage,
        "rules_number": seen.rules_number,
        "rules_trouble": codec.clean(seen.rules_trouble[:_LONGEST]) or None,
        "told": _dumped(seen.told),
    }


def _record(row: Row, now: datetime) -> WorkerRecord:
    beat_at = codec.instant(row["beat_us"])
    worker = WorkerSeen(
        id=row["id"],
        host=row["host"],
        pid=row["pid"],
        began_at=codec.instant(row["began_us"]),
        version=row["version"],
        stage=row["stage"],
        rules_number=row["rules_number"],
        rules_trouble=row["rules_trouble"] or "",
        told=_loaded(row["told"]),
    )
    return WorkerRecord(worker=worker, beat_at=beat_at, silent_for=max(now - beat_at, timedelta(0)))


def _dumped(told: Told) -> str:
    """Names are cleaned by JSON itself: it has escapes for what a text in a database may not hold."""
    return json.dumps(
        {
            "polls": dict(told.polls),
            "entries": told.entries,
            "alerts": told.alerts,
            "articles": dict(told.articles),
            "deliveries": dict(told.deliveries),
            "jobs": dict(told.jobs),
            "jobs_failed": dict(told.jobs_failed),
            "batches": told.batches,
            "feeds": told.feeds,
            "channels": list(told.channels),
            "clock_ahead_ms": told.clock_ahead // timedelta(milliseconds=1),
        },
        separators=(",", ":"),
    )


def _loaded(written: str) -> Told:
    """Of a worker of any version: what it does not tell is nothing, and what is not understood is left out."""
    try:
        told = json.loads(written)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        return Told()
    channels = told.get("channels")
    return Told(
        polls=_counts(told, "polls"),
        entries=_number(told.get("entries")),
        alerts=_number(told.get("alerts")),
        articles=_counts(told, "articles"),
        deliveries=_counts(told, "deliveries"),
        jobs=_counts(told, "jobs"),
        jobs_failed=_counts(told, "jobs_failed"),
        batches=_number(told.get("batches")),
        feeds=_number(told.get("feeds")),
        channels=tuple(map(str, channels)) if isinstance(channels, list) else (),
        clock_ahead=timedelta(milliseconds=_number(told.get("clock_ahead_ms"))),
    )


def _counts(told: Mapping[str, Any], name: str) -> dict[str, int]:
    counts = told.get(name)
    return {str(key): _number(value) for key, value in counts.items()} if isinstance(counts, dict) else {}


def _number(value: object) -> int:
    return value if isinstance(value, int) and abs(value) < 2**53 else 0
