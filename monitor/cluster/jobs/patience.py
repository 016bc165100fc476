"""Procrastinate's job manager, for a database that goes away and comes back.

Left alone, a job that ends while the database is away stays 'doing', and somebody else works on it once more. And
of a worker that lost the database nobody hears before its last job has ended.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable

from procrastinate.exceptions import AppNotOpen, ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from monitor.cluster.jobs.connection import Connector, is_away

log = logging.getLogger(__name__)

AGAIN = 0.5  # seconds between two tries to record what became of a job


class PatientManager(JobManager):
    """`lost` is told at once of a statement that got no answer, with the connector it was asked of.

    `known` has the names of this process' tasks, and may grow.
    """

    connector: Connector  # another one after each loss

    def __init__(
        self, connector: Connector, known: Collection[str], lost: Callable[[Connector, BaseException], None]
    ) -> None:
        super().__init__(connector)
        self._known, self._lost = known, lost

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """Never asked again: a job that was fetched, and whose name did not arrive, is the reaper's."""
        connector = self.connector
        try:
            job = await super().fetch_job(queues, worker_id)
        except (ConnectorException, AppNotOpen) as error:
            self._lost(connector, error)
            raise
        if job and job.task_name not in self._known:  # a newer monitor's: it fails, and is still due in our own tables
            log.error("job.unknown", extra={"task": job.task_name, "job": job.id})
        return job

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """Until it is recorded. A job that is not there any more was recorded before, or reaped: it is told."""
        while True:
            connector = self.connector
            try:
                return await super().finish_job(job, status, delete_job)
            except (ConnectorException, AppNotOpen) as error:
                if not is_away(error):
                    log.warning("job.unrecorded", extra={"task": job.task_name, "job": job.id})
                    return None
                self._lost(connector, error)
            await asyncio.sleep(AGAIN)
