"""Jobs, run in threads: so many of each queue at a time, whatever else goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from procrastinate import App, JobContext

from monitor.cluster.jobs.queues import Queue, Work
from monitor.errors import StateError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A job that this process works on."""

    task: str
    job: int
    began_at: datetime


class Crew:
    """The threads belong to queues, not to Procrastinate's workers: after the database was lost, jobs of a worker of
    before go on beside those of the next, and still no more run at a time."""

    def __init__(self, queues: Sequence[Queue]) -> None:
        self._queues = queues
        self._threads = {
            queue.name: ThreadPoolExecutor(queue.at_once, thread_name_prefix=f"job-{queue.name}") for queue in queues
        }
        self._running: dict[int, Running] = {}

    def enlist(self, app: App) -> None:
        """Make the tasks known to Procrastinate."""
        for queue in self._queues:
            for name, work in queue.tasks.items():
                self._enlist(app, queue.name, name, work)

    def running(self) -> tuple[Running, ...]:
        """The longest first. From any thread."""
        return tuple(sorted(self._running.copy().values(), key=lambda job: job.began_at))

    def close(self) -> None:
        """What runs goes on; nothing begins."""
        for threads in self._threads.values():
            threads.shutdown(wait=False, cancel_futures=True)

    def _enlist(self, app: App, queue: str, name: str, work: Work) -> None:
        async def run(context: JobContext, /, **payload: object) -> None:
            await asyncio.get_running_loop().run_in_executor(self._threads[queue], self._work, context, work, payload)

        app.task(name=name, queue=queue, pass_context=True)(run)

    def _work(self, context: JobContext, work: Work, payload: dict[str, object]) -> None:
        """A job that raises has failed for good: what it was to do is still due in our own tables. It is told here,
        kept in the queue's table as failed, and counted in the status."""
        job = context.job.id or 0
        self._running[job] = Running(
            task=context.job.task_name, job=job, began_at=datetime.fromtimestamp(context.start_timestamp or 0, UTC)
        )
        try:
            work(payload)
        except StateError as error:
            log.error("job.failed", extra={"task": context.job.task_name, "job": job, "what": str(error)})
            raise
        except Exception:  # told with its place in the code; it goes on to whoever records it
            log.exception("job.failed", extra={"task": context.job.task_name, "job": job})
            raise
        finally:
            self._running.pop(job, None)
