"""The job of planning: what is due becomes batches in the queue, in the transaction that leases it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from monitor.cluster.enrol import prune, sync
from monitor.cluster.jobs.engine import Engine
from monitor.cluster.plan import plan
from monitor.cluster.polling import LEASE
from monitor.config import Config
from monitor.setup import Setup
from monitor.store import codec, feed_rows, outbox
from monitor.store.postgres.database import PostgresDatabase
from monitor.store.rules_rows import FOLLOWED
from monitor.store.sql import Connection

log = logging.getLogger(__name__)

POLL: Final = "poll"
AT_ONCE: Final = 500  # feeds a transaction; more make it slower for each (measured by the research for scale-out)
ROUNDS: Final = 20  # transactions of one tick; the next tick goes on
# Batches that wait, beyond which no more are planned: their slots would pass before anybody asks.
WAITING: Final = 200
_WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = ? AND status = 'todo'"

_IS_FIRST = """
    INSERT INTO meta AS known (name, value) VALUES (:name, CAST(:number AS text))
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
    WHERE CAST(known.value AS bigint) < CAST(excluded.value AS bigint)
"""


class Planning:
    def __init__(self, *, database: PostgresDatabase, engine: Engine, worker: str) -> None:
        self._database, self._engine, self._worker = database, engine, worker

    def enrol(self, number: int, setup: Setup) -> None:
        """Make the feeds of these rules known to all planners; of no effect where newer ones are in force."""
        with self._database.session() as db:
            done = sync(db.raw, number, setup.feeds.values())
            removed = prune(db.raw)
        log.info(
            "feeds.enrolled",
            extra={"rules": number, "in_force": done.in_force, "added": done.added, "moved": done.moved,
                   "lanes_removed": removed},
        )  # fmt: skip

    def follow(self, number: int, asked_anew: Sequence[str] | None, config: Config, *, now: datetime) -> bool:
        """What is to be done once in the fleet for new rules, by the first that has them: some feeds are due, and what
        waits by the old rules is looked at anew. None: whoever follows no older ones looks anew in any case.

        Noted in the same transaction: if that is broken off, another does it; if it came through unheard, none does.
        """
        told = {"name": FOLLOWED, "number": number}

        def once(db: Connection) -> bool:
            if db.execute(_IS_FIRST, told).rowcount != 1 and asked_anew is not None:
                return False
            feed_rows.make_due(db, asked_anew or (), codec.microseconds(now))
            outbox.look_anew(db, now, [rule.id for rule in config.rules])
            return True

        return self._database.do(once)

    def work(self, _payload: Mapping[str, Any]) -> None:
        """Plan all that is due now, unless the fleet has more than enough to do."""
        for _ in range(ROUNDS):
            with self._database.write() as db:
                if db.execute(_WAITING, (POLL,)).fetchall()[0][0] >= WAITING:
                    log.warning("plan.held", extra={"batches": WAITING})
                    return
                planned = plan(db.raw, limit=AT_ONCE, lease=LEASE, worker=self._worker)
                self._engine.defer(db.raw, POLL, [batch.payload for batch in planned.batches])
            if not planned.more:
                return
