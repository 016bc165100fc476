"""Jobs whose worker is gone begin again; what is over does not pile up."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager, get_channel_for_queues

log = logging.getLogger(__name__)

EVERY = 5.0  # seconds
BEAT = 2.0  # seconds between two signs of life of a worker
STALLED = 6.0  # seconds without one, after which its jobs are begun again
# A job that takes its process down with it (memory, a crash in C) must not take the fleet down, worker by worker.
STARTS = 5
FORGET_WORKER = 600.0  # seconds without a sign of life
# Not "now": the clock of a worker that is ahead of the database's would keep the job waiting for the difference.
AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)

KEPT = 1_000  # jobs that failed, the newest
KEPT_HOURS = 24 * 7
# Microseconds: the slots that are known to be taken. Far longer than a slot may be late (`slots.LATEST`).
SLOTS_KEPT = 900_000_000

# Procrastinate notifies of a job that is new, and of none that waits again: it would be found at the next look only.
_NOTIFY = """
SELECT pg_notify(%(channel)s, json_build_object('type', 'job_inserted', 'job_id', %(job)s::bigint)::text)
"""
_TRIM = """
DELETE FROM procrastinate_jobs WHERE id IN (
  SELECT id FROM procrastinate_jobs WHERE status NOT IN ('todo', 'doing') ORDER BY id DESC OFFSET %(kept)s)
"""
_TRIM_SLOTS = """
DELETE FROM procrastinate_periodic_defers
 WHERE defer_timestamp < EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 - %(kept)s
"""


async def reap(manager: JobManager, *, again: float = BEAT) -> int:
    """How many jobs were begun again or given up.

    Looks a second time, `again` seconds after the first: where the database stood still for a while, everybody is
    silent at first.
    """
    silent = {job.id for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED)}
    if not silent:
        return 0
    await asyncio.sleep(again)
    done = 0
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
        if job.id not in silent:
            continue
        try:
            await _settle(manager, job)
            done += 1
        except Exception:  # one at a time: what ails one job must keep no other waiting
            log.warning("job.unreaped", exc_info=True, extra={"task": job.task_name, "job": job.id})
    return done


async def _settle(manager: JobManager, job: Job) -> None:
    about = {"task": job.task_name, "job": job.id, "starts": job.attempts + 1}
    if job.attempts + 1 >= STARTS:
        log.error("job.dead", extra=about)
        await manager.finish_job(job, Status.FAILED, delete_job=False)
    elif job.queueing_lock and await manager.list_jobs_async(queueing_lock=job.queueing_lock, status="todo"):
        log.info("job.superseded", extra=about)  # two of one queueing lock cannot wait, and the other does the same
        await manager.finish_job(job, Status.FAILED, delete_job=True)
    else:
        try:
            await manager.retry_job(job, retry_at=AT_ONCE)
        except UniqueViolation:  # in this moment the other came
            log.info("job.superseded", extra=about)
            await manager.finish_job(job, Status.FAILED, delete_job=True)
            return
        log.warning("job.again", extra=about)
        for channel in get_channel_for_queues([job.queue]):
            await manager.connector.execute_query_async(query=_NOTIFY, channel=channel, job=job.id)


async def trim(manager: JobManager) -> None:
    """Keep so many failed jobs, and so long; forget workers that are gone, and slots of old."""
    await manager.delete_old_jobs(
        nb_hours=KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
    await manager.connector.execute_query_async(query=_TRIM, kept=KEPT)
    await manager.connector.execute_query_async(query=_TRIM_SLOTS, kept=SLOTS_KEPT)
    await manager.prune_stalled_workers(FORGET_WORKER)
