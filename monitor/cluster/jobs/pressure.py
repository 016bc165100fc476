"""What waits in the engine's queues, in figures: one statement, for whoever has a connection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from monitor.cluster.jobs.reaper import STALLED


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPressure:
    """The jobs of one task, in the whole fleet."""

    task: str
    waiting: int
    oldest: timedelta | None  # since the longest waiting was deferred; None: none waits
    running: int
    stalled: int  # running, says the queue, but their worker gives no sign of life
    failed: int  # kept to be looked at


# Without a row of its own for when a job was deferred, the event of the oldest one tells.
_PRESSURE = """
WITH jobs AS (
  SELECT job.task_name AS task,
         count(*) FILTER (WHERE job.status = 'todo') AS waiting,
         min(job.id) FILTER (WHERE job.status = 'todo') AS oldest,
         count(*) FILTER (WHERE job.status = 'doing') AS running,
         count(*) FILTER (WHERE job.status = 'doing' AND (worker.id IS NULL OR
             worker.last_heartbeat < clock_timestamp() - make_interval(secs => %s))) AS stalled,
         count(*) FILTER (WHERE job.status IN ('failed', 'aborted')) AS failed
    FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
   GROUP BY job.task_name)
SELECT task, waiting, running, stalled, failed,
       (SELECT clock_timestamp() - min(at) FROM procrastinate_events WHERE job_id = jobs.oldest)
  FROM jobs ORDER BY task COLLATE "C"
"""


def pressure(connection: psycopg.Connection[Any]) -> tuple[TaskPressure, ...]:
    """Of every task that has a job in the tables, by name."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(_PRESSURE, (STALLED,)).fetchall()
    return tuple(
        TaskPressure(task=task, waiting=waiting, oldest=oldest, running=running, stalled=stalled, failed=failed)
        for task, waiting, running, stalled, failed, oldest in rows
    )
