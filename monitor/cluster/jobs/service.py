"""Procrastinate's workers, one a queue, begun again whenever the database was away, until told to stop.

A loss ends all workers of the process: they fetch nothing more, and the jobs they have end beside those of the workers
that follow. Their signs of life go on until the last one has ended, also while the process drains: Procrastinate's own
end with its fetching, and the reaper would begin again what is still under way.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncIterator, Coroutine, Sequence
from typing import Any, LiteralString

import psycopg
from procrastinate import App, JobContext
from procrastinate.exceptions import ProcrastinateException
from procrastinate.worker import Worker

from monitor.cluster.jobs.backoff import pause
from monitor.cluster.jobs.connection import TIMEOUT, Connector, said
from monitor.cluster.jobs.crew import Crew
from monitor.cluster.jobs.patience import PatientManager
from monitor.cluster.jobs.queues import ENGINE, REAP, Queue
from monitor.cluster.jobs.reaper import BEAT, FORGET_WORKER, STALLED, reap, trim

log = logging.getLogger(__name__)

STEADY = 10.0  # seconds after which a connection counts as one that held
LOOK_LISTENING, LOOK_ALONE = 5.0, 0.5  # seconds between two looks for jobs, with notifications and without
NEVER = 86_400.0  # seconds: what Procrastinate would do by itself, and is done here or not wanted
TRIM = 60_000_000  # microseconds
_BEAT: LiteralString = "UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = ANY(%(ids)s::bigint[])"


class Lost(Exception):
    """The database does not answer."""


class Service:
    """Lives in one event loop; `stop` is called there."""

    def __init__(self, url: str, queues: Sequence[Queue], crew: Crew, *, listen: bool) -> None:
        self._url, self._listen = url, listen
        self._at_once = {queue.name: queue.at_once for queue in queues} | {ENGINE: 1}
        self._app = App(connector=self._connector())
        self.manager = PatientManager(self._connector(), self._app.tasks, self._lose)
        self._app.job_manager = self.manager
        crew.enlist(self._app)
        self._app.task(name=REAP, queue=ENGINE, pass_context=True)(self._reap)
        self._runs: dict[Worker, asyncio.Task[None]] = {}  # of all workers that have not ended, those of before too
        self._stopping = asyncio.Event()
        self._lost: asyncio.Future[Lost] | None = None
        self.connected_at: float | None = None  # of the loop's clock; None: away

    def stop(self) -> None:
        """Begin nothing more; `run` returns when what is under way has ended, and is recorded."""
        self._stopping.set()

    async def run(self) -> None:
        beating = asyncio.create_task(self._beat())
        tries, told = 0, False
        while not self._stopping.is_set() or self._runs:
            began = _now()
            try:
                async with self._connected():
                    if told:
                        log.warning("engine.back")
                        told = False
                    await self._serve()
            except (Lost, OSError, psycopg.Error, ProcrastinateException) as error:
                tries = 0 if _now() - began > STEADY else tries + 1
                if not told:
                    log.warning("engine.lost", extra={"why": said(error)})
                    told = True
                await _first(self._wait_to_stop(), asyncio.sleep(pause(tries, random.random())))  # noqa: S311
        beating.cancel()

    # --- as long as the database is there

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[None]:
        connector = self._connector()
        await connector.probe()
        try:
            await connector.open_async()
            self._app.connector = self.manager.connector = connector
            self._lost = asyncio.get_running_loop().create_future()
            self.connected_at = _now()
            yield
        finally:
            self._lost = self.connected_at = None
            await connector.close_async()

    async def _serve(self) -> None:
        """Until everything has ended; raises Lost."""
        connector, lost = self.manager.connector, self._lost
        assert lost is not None
        begun, workers = asyncio.Event(), list[Worker]()
        hearing = asyncio.create_task(self._hear(connector, begun)) if self._listen else None
        try:
            if hearing:
                await _first(lost, begun.wait())
            if not (lost.done() or self._stopping.is_set()):
                workers = [self._begin(name) for name in self._at_once]
            await _first(lost, self._wait_to_stop())
            for worker in workers:
                worker.stop()  # type: ignore[no-untyped-call]
            while self._runs and not lost.done():
                await _first(lost, *self._runs.values())
        finally:
            for worker in workers:
                worker.stop()  # type: ignore[no-untyped-call]
            if hearing:
                hearing.cancel()
        if lost.done():
            raise lost.result()

    def _begin(self, queue: str) -> Worker:
        worker = Worker(
            app=self._app,
            queues=[queue],
            name=queue,
            concurrency=self._at_once[queue],
            fetch_job_polling_interval=LOOK_LISTENING if self._listen else LOOK_ALONE,
            abort_job_polling_interval=NEVER,
            listen_notify=self._listen,
            delete_jobs="successful",
            install_signal_handlers=False,
            update_heartbeat_interval=NEVER,
            stalled_worker_timeout=FORGET_WORKER,
        )
        self._runs[worker] = asyncio.create_task(self._run(worker, self.manager.connector), name=f"worker {queue}")
        return worker

    async def _run(self, worker: Worker, connector: Connector) -> None:
        try:
            await worker.run()  # type: ignore[no-untyped-call]
            self._lose(connector, Lost(f"the worker of {worker.worker_name} ended"))
        except Exception as error:  # noqa: BLE001 - whatever ended it: another one follows
            self._lose(connector, error)
        finally:
            del self._runs[worker]

    async def _hear(self, connector: Connector, begun: asyncio.Event) -> None:
        try:
            await connector.hear(begun)
        except Exception as error:  # noqa: BLE001 - see `_run`
            self._lose(connector, error)

    async def _beat(self) -> None:
        """For each worker with jobs under way or to come; also how a loss is noticed where nobody listens."""
        while True:
            await asyncio.sleep(BEAT)
            connector = self.manager.connector
            try:
                alive = [worker.worker_id for worker in self._runs if worker.worker_id is not None]
                await asyncio.wait_for(connector.execute_query_async(_BEAT, ids=alive), TIMEOUT)
            except Exception as error:  # noqa: BLE001 - see `_run`; and the next one may arrive
                self._lose(connector, error)

    def _lose(self, connector: Connector, error: BaseException) -> None:
        """Told of a connector of before, it is nothing new; and that a worker ended that was to stop is no loss."""
        ended = isinstance(error, Lost) and self._stopping.is_set()
        if connector is self.manager.connector and self._lost and not self._lost.done() and not ended:
            self._lost.set_result(error if isinstance(error, Lost) else Lost(said(error)))

    async def _reap(self, _context: JobContext, /, **payload: int) -> None:
        """Not before everybody who lost the database with us has had the time for a sign of life."""
        if self.connected_at is None or _now() - self.connected_at < STALLED:
            return
        await reap(self.manager)
        if payload["slot_us"] % TRIM == 0:
            await trim(self.manager)

    def _connector(self) -> Connector:
        return Connector(self._url, list(self._at_once))

    async def _wait_to_stop(self) -> None:
        await self._stopping.wait()


async def _first(*awaited: Coroutine[Any, Any, Any] | asyncio.Future[Any]) -> None:
    """Until one of them is done. Coroutines end with it; tasks and futures are others', and go on."""
    own = [asyncio.ensure_future(each) for each in awaited if asyncio.iscoroutine(each)]
    try:
        await asyncio.wait(
            {*own, *(each for each in awaited if isinstance(each, asyncio.Future))}, return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        for each in own:
            each.cancel()


def _now() -> float:
    return asyncio.get_running_loop().time()
