"""The engine: jobs that are deferred in one process and worked on in any. Procrastinate's workers, in a thread.

What it promises: a job that was deferred in a transaction that committed is worked on, at least once; a slot is
deferred once; nothing that goes wrong with the database ends it. What it does not: that a job is worked on once only,
for a worker may die with it, or be taken for dead. So a job looks in our own tables what is to be done, and says there,
guarded by a fencing token, what it did. The queue may be thrown away at any time.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import logging
import threading
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import psycopg
from procrastinate.exceptions import ProcrastinateException

from monitor.cluster.jobs import defer, slots
from monitor.cluster.jobs.connection import TIMEOUT, EngineAway, connection_string, said
from monitor.cluster.jobs.crew import Crew, Running
from monitor.cluster.jobs.queues import ENGINE, REAP, Payload, Queue, queue_of
from monitor.cluster.jobs.service import Service
from monitor.cluster.jobs.slots import Slots, Taken

log = logging.getLogger(__name__)

T = TypeVar("T")
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


class Engine:
    """Once per process. Every method but `start` and `stop` may be called from any thread, jobs included."""

    def __init__(self, url: str, queues: Sequence[Queue], *, listen: bool = True) -> None:
        """`listen`: see `connection.listens`. Raises StateError for an address that is none."""
        _quieten()
        self._queue_of = queue_of(queues) | {REAP: ENGINE}
        self._crew = Crew(queues)
        self._service = Service(connection_string(url), queues, self._crew, listen=listen)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._broken = False

    def start(self) -> None:
        """Returns at once; while the database is away it is tried for."""
        self._thread.start()

    def stop(self, within: float) -> bool:
        """Take nothing new, and wait so many seconds for what is under way to end, and to be recorded.

        False: something still runs, and goes on while the process does, with its signs of life; when the process has
        ended, others begin it again. The caller ends the process with `os._exit`: its threads would be waited for.
        """
        if self._thread.is_alive():
            with contextlib.suppress(RuntimeError):  # it ended in this moment
                self._loop.call_soon_threadsafe(self._service.stop)
            self._thread.join(within)
        return not self._thread.is_alive()

    @property
    def is_broken(self) -> bool:
        """Whether it ended by what nobody expected: no job will be worked on in this process any more."""
        return self._broken

    @property
    def connected(self) -> bool:
        """Whether the database answered last."""
        return self._service.connected_at is not None

    def running(self) -> tuple[Running, ...]:
        """The jobs that this process works on, the longest first."""
        return self._crew.running()

    def defer(
        self,
        connection: psycopg.Connection[Any],
        task: str,
        payloads: Sequence[Payload],
        *,
        queueing_lock: Callable[[Payload], str] | None = None,
    ) -> int:
        """As `defer.defer`, into the task's queue: in the caller's transaction, which the caller commits."""
        return defer.defer(
            connection, queue=self._queue_of[task], task=task, payloads=payloads, queueing_lock=queueing_lock
        )

    def defer_slot(self, task: str, slot: datetime | int) -> int | Taken:
        """The id of the slot's job, deferred at once, or why there is none. An int is in microseconds since 1970.

        The payload is {"slot_us": …}. Raises EngineAway while the database is; the slot may have been deferred then.
        """
        slot_us = slot if isinstance(slot, int) else (slot - _EPOCH) // _MICROSECOND
        return self._ask(lambda connection: slots.defer_slot(connection, task, self._queue_of[task], slot_us))

    def defer_come(self, task: str, *, every_us: int, since_us: int | None, one_waits: bool) -> Slots | Taken:
        """As `slots.defer_come`. Raises EngineAway as `defer_slot` does."""
        return self._ask(
            lambda connection: slots.defer_come(
                connection, task, self._queue_of[task], every_us=every_us, since_us=since_us, one_waits=one_waits
            )
        )

    def _ask(self, work: Callable[[psycopg.AsyncConnection[Any]], Coroutine[Any, Any, T]]) -> T:
        """In the engine's loop, on a connection of its pool."""

        async def on_connection() -> T:
            async with asyncio.timeout(TIMEOUT), self._service.manager.connector.pool.connection() as connection:
                return await work(connection)

        if not self.connected:
            raise EngineAway("the database of the engine is away")
        asked = asyncio.run_coroutine_threadsafe(on_connection(), self._loop)
        try:
            return asked.result(2 * TIMEOUT)
        except (psycopg.OperationalError, psycopg.InterfaceError, ProcrastinateException, TimeoutError) as error:
            raise EngineAway(f"the database of the engine does not answer: {said(error)}") from error
        except concurrent.futures.CancelledError as error:
            raise EngineAway("the engine has stopped") from error

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._service.run())
        except Exception:  # a thread: nobody else would hear of it
            log.critical("engine.broke", exc_info=True)
            self._broken = True
        finally:
            self._crew.close()
            self._loop.close()


def _quieten() -> None:
    """Procrastinate tells of each job, and of a loss by tracebacks: what matters is told here, once."""
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
    logging.getLogger("psycopg").setLevel(logging.ERROR)  # it warns that it cannot cancel what gets no answer
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
