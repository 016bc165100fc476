"""A slot of a task, k times its interval since 1970 by the database's clock, is deferred once over all replicas.

The table of Procrastinate's periodic tasks says which slots are taken. Procrastinate itself forgets there, with each
slot, those before it under the same periodic id; a replica that is late by a slot would then fire it a second time. So
each slot has a periodic id of its own, and the reaper forgets those that nobody may fire any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import psycopg
from procrastinate.manager import QUEUEING_LOCK_CONSTRAINT

LATE = 10_000_000  # microseconds that a slot may be late at least
LATEST = 300_000_000  # and at most; longer intervals may be as late as they are long


class Taken(Enum):
    """Why a slot was not deferred."""

    BY_ANOTHER = "another replica has it"
    WAITS = "the job of a slot before waits still, and will do"
    LATE = "too late, or too early"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """What a tick did: the newest slot that has come, and how many it deferred."""

    newest_us: int
    deferred: int


_DEFER = """procrastinate_defer_periodic_job_v2(
    %(queue)s, NULL, %(queueing_lock)s, %(task)s, 0, slot::text, slot, jsonb_build_object('slot_us', slot))"""
_NOW = "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint"

# After the database's clock was set back, slots of the future are taken: they come again.
_COME = f"""
WITH clock AS (SELECT {_NOW} AS now),
forgotten AS (
  DELETE FROM procrastinate_periodic_defers USING clock
   WHERE task_name = %(task)s AND defer_timestamp > clock.now + %(latest)s),
bounds AS (
  SELECT now / %(every)s * %(every)s AS newest,
         (now - LEAST(GREATEST(%(late)s, %(every)s), %(latest)s)) / %(every)s * %(every)s + %(every)s AS oldest
    FROM clock),
told AS (SELECT CASE WHEN %(since)s::bigint <= newest THEN %(since)s::bigint ELSE newest - %(every)s END AS newest
           FROM bounds),
come AS (
  SELECT slot FROM bounds, told,
         generate_series(CASE WHEN %(only_newest)s THEN GREATEST(bounds.newest, told.newest + %(every)s, oldest)
                              ELSE GREATEST(told.newest + %(every)s, oldest) END,
                         bounds.newest, %(every)s) AS slot)
SELECT bounds.newest, (SELECT count({_DEFER}) FROM come) FROM bounds
"""  # noqa: S608 - of our own parts
_ONE = f"""
SELECT abs({_NOW} - slot) <= %(latest)s,
       CASE WHEN abs({_NOW} - slot) <= %(latest)s THEN {_DEFER} END
  FROM (SELECT %(slot)s::bigint AS slot) AS one
"""  # noqa: S608 - of our own parts


async def defer_slot(connection: psycopg.AsyncConnection[Any], task: str, queue: str, slot_us: int) -> int | Taken:
    """The id of the slot's job, or why there is none."""
    asked = {"task": task, "queue": queue, "slot": slot_us, "queueing_lock": None, "latest": LATEST}
    row = await (await connection.execute(_ONE, asked)).fetchone()
    assert row is not None
    in_time, job = row
    if not in_time:
        return Taken.LATE
    return Taken.BY_ANOTHER if job is None else int(job)


async def defer_come(
    connection: psycopg.AsyncConnection[Any],
    task: str,
    queue: str,
    *,
    every_us: int,
    since_us: int | None,
    one_waits: bool,
) -> Slots | Taken:
    """Defer the slots that have come after `since_us`, the newest that the caller knows of, and are not too late; with
    `one_waits` only the newest, and only if none waits already."""
    asked = {
        "task": task, "queue": queue, "every": every_us, "since": since_us, "late": LATE, "latest": LATEST,
        "only_newest": one_waits, "queueing_lock": f"slot:{task}" if one_waits else None,
    }  # fmt: skip
    try:
        row = await (await connection.execute(_COME, asked)).fetchone()
    except psycopg.errors.UniqueViolation as error:
        if error.diag.constraint_name != QUEUEING_LOCK_CONSTRAINT:
            raise
        return Taken.WAITS
    assert row is not None
    return Slots(newest_us=row[0], deferred=row[1])
