"""Jobs into a queue, in the caller's own transaction: they are there if what it wrote is there."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import psycopg

from monitor.cluster.jobs.queues import Payload

# What procrastinate_defer_jobs_v1 writes, and its triggers run for it too; only, a queueing lock that is taken fails
# there, and with it the caller's transaction. By lock, so that two callers with the same locks wait for one another in
# one direction.
_DEFER = """
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, queueing_lock, args)
SELECT %s, %s, 0, job.lock, job.args::jsonb
  FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS job(args, lock, n)
 ORDER BY job.lock, job.n
ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
"""


def defer(
    connection: psycopg.Connection[Any],
    *,
    queue: str,
    task: str,
    payloads: Sequence[Payload],
    queueing_lock: Callable[[Payload], str] | None = None,
) -> int:
    """How many jobs were put into the queue. Commits nothing.

    `queueing_lock` names what two waiting jobs would do twice: of one name only one waits. A job that is under way
    does not count; it may have looked already.
    """
    if not payloads:
        return 0
    texts = [json.dumps(payload) for payload in payloads]
    locks = [queueing_lock(payload) if queueing_lock else None for payload in payloads]
    with connection.cursor() as cursor:
        cursor.execute(_DEFER, (queue, task, texts, locks))
        return cursor.rowcount
