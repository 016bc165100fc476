"""The fleet seen from outside, as one value: for the command, the page, programs and metrics.

One read of a few statements, none of which walks a table of news: it may be asked for every few seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.rows import tuple_row

from monitor.cluster.jobs.pressure import TaskPressure
from monitor.cluster.jobs.pressure import pressure as jobs_pressure
from monitor.cluster.pressure import Pressure, pressure
from monitor.cluster.server import ServerState, server_state
from monitor.errors import UsageError
from monitor.model.rules_versions import RulesVersion
from monitor.model.workers import WorkerRecord
from monitor.store.postgres.database import PostgresDatabase
from monitor.store.postgres.now import server_now
from monitor.store.rules_rows import RulesVersions
from monitor.store.sql import Database
from monitor.store.views.fleet import Owed, Turn, owed, turns
from monitor.store.worker_rows import listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """`at`: by the clock of the database, as all else. `rules`: the version in force; None: nothing was published."""

    at: datetime
    workers: tuple[WorkerRecord, ...]
    rules: RulesVersion | None
    feeds: Pressure
    tasks: tuple[TaskPressure, ...]
    turns: tuple[Turn, ...]
    owed: Mapping[str, Owed]  # by channel
    server: ServerState

    @property
    def alive(self) -> tuple[WorkerRecord, ...]:
        return tuple(each for each in self.workers if not each.is_gone)

    @property
    def gone(self) -> tuple[WorkerRecord, ...]:
        return tuple(each for each in self.workers if each.is_gone)

    @property
    def following(self) -> int:
        """How many of those alive work by the rules version in force."""
        number = None if self.rules is None else self.rules.number
        return sum(number is not None and each.worker.rules_number == number for each in self.alive)

    @property
    def channels(self) -> tuple[tuple[str, str | None, Owed], ...]:
        """Those that somebody sends to (who), or that something did not arrive at; by id."""
        senders = {each.channel_id: each.worker for each in self.turns}
        return tuple((each, senders.get(each), self.owed.get(each, Owed())) for each in sorted({*senders, *self.owed}))


def overview(database: Database) -> Overview:
    """Raises StateError, and UsageError where the state is no PostgreSQL database."""
    if not isinstance(database, PostgresDatabase):
        raise UsageError("workers share a PostgreSQL database: name it by MONITOR_DATABASE_URL")
    with database.read() as db:
        now = server_now(db)
        return Overview(
            at=now,
            workers=listed(db, now),
            rules=RulesVersions(database).newest(),  # on the same connection: it is this thread's
            feeds=pressure(db.raw),
            tasks=jobs_pressure(db.raw) if _has_queue(db.raw) else (),
            turns=turns(db, now),
            owed=owed(db),
            server=server_state(db.raw),
        )


def _has_queue(db: Connection[object]) -> bool:
    """Not before a worker was started for the first time."""
    with db.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute("SELECT to_regclass('procrastinate_jobs') IS NOT NULL").fetchone()
    return bool(row and row[0])
