"""How the engine is connected: what it asks of every connection, and how many it takes.

A process takes at most `POOL` connections for jobs and one that listens. What works on a job has its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from procrastinate import PsycopgConnector
from procrastinate.connector import Notify
from procrastinate.exceptions import AppNotOpen, ConnectorException, ProcrastinateException
from procrastinate.manager import get_channel_for_queues
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from monitor.errors import StateError
from monitor.store.postgres.bounded import AsyncBounded

POOL = 4  # fetching, recording what became of jobs, beating: each for a millisecond or two
TIMEOUT = 5.0  # seconds that a statement of the engine may wait for a connection, or a tick for its answer
ANSWER = 20.0  # seconds without a word after which a statement's connection is given up; each takes milliseconds
QUIET = 10  # seconds without a notification, after which the listener asks whether anybody is there
ECHO = 0.1  # seconds, longer than a look for a job takes, after which a worker is told of it once more
CLOSE = 2.0  # seconds for a pool whose server may be gone
# Without these a server that vanished (no FIN, no RST) would be noticed after hours. No prepared statements: behind a
# pooler the next transaction may run on another server connection.
ASKED: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "prepare_threshold": None,
    "application_name": "monitor engine",
}


class EngineAway(StateError):
    """The database of the engine cannot be reached; nothing was deferred."""


def connection_string(url: str) -> str:
    """The same address, which libpq understands. Raises StateError without quoting it: it may hold a password."""
    try:
        conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise StateError(
            "the address of the database is not understood; write it as postgresql://USER:PASSWORD@HOST:PORT/NAME, "
            "with special characters of the password percent-encoded"
        ) from None
    return url


def listens(environ: Mapping[str, str]) -> bool:
    """Whether workers may LISTEN. MONITOR_LISTEN=off is for poolers that hand out connections by the transaction: what
    is listened for on such a connection arrives at nobody, or at somebody else."""
    return environ.get("MONITOR_LISTEN", "on").strip().lower() not in {"off", "0", "no", "false"}


def is_away(error: BaseException) -> bool:
    """Whether an error of a statement says that there was no answer, and nothing about the statement."""
    cause = (error.__cause__ or error) if isinstance(error, ConnectorException) else error
    return isinstance(cause, AppNotOpen | psycopg.OperationalError | psycopg.InterfaceError | TimeoutError | OSError)


def said(error: BaseException) -> str:
    """In one line. What libpq says of a connection names host, port, user and database, never a password."""
    cause = (error.__cause__ or error) if isinstance(error, ProcrastinateException) else error
    return (str(cause).strip() or type(cause).__name__).splitlines()[0]


class Answering(AsyncBounded):
    answers_within = ANSWER


class Connector(PsycopgConnector):
    """One listening connection for all workers of the process, where Procrastinate takes one for each."""

    def __init__(self, url: str, queues: Sequence[str]) -> None:
        super().__init__(
            conninfo=url, min_size=1, max_size=POOL, timeout=TIMEOUT, kwargs=ASKED, name="engine", num_workers=1,
            connection_class=Answering,
        )  # fmt: skip
        self._url = url
        self._channels = tuple(get_channel_for_queues(queues))
        self._ears: dict[str, list[Notify]] = {}
        self._echoes: dict[str, asyncio.Task[None]] = {}

    async def probe(self) -> None:
        """Raises psycopg.Error while the database is away, at once. A pool would try by itself, ever more seldom."""
        async with await Answering.connect(self._url, autocommit=True, **ASKED) as connection:
            await connection.execute("SELECT 1")

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        """Be told by `hear`, until cancelled."""
        for channel in channels:
            self._ears.setdefault(channel, []).append(on_notification)
        await asyncio.Event().wait()

    async def hear(self, begun: asyncio.Event) -> None:
        """Until the connection is lost; raises psycopg.Error then. What is deferred once it has `begun` is heard."""
        async with await Answering.connect(self._url, autocommit=True, **ASKED) as connection:
            connection.answers_within = QUIET + ANSWER
            for channel in self._channels:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            begun.set()
            while True:
                async for heard in connection.notifies(timeout=QUIET):
                    await self._tell(heard)
                    self._tell_again(heard)
                await connection.execute("SELECT 1")

    async def _tell(self, heard: psycopg.Notify) -> None:
        for tell in self._ears.get(heard.channel, ()):
            await tell(channel=heard.channel, payload=heard.payload)

    def _tell_again(self, heard: psycopg.Notify) -> None:
        """A worker that looks, and finds nothing, forgets what it was told meanwhile, and would look again only
        after seconds."""

        async def echo() -> None:
            await asyncio.sleep(ECHO)
            await self._tell(heard)

        if before := self._echoes.get(heard.channel):
            before.cancel()
        self._echoes[heard.channel] = asyncio.create_task(echo())

    async def close_async(self) -> None:
        """Soon, also where the server does not answer."""
        for echo in self._echoes.values():
            echo.cancel()
        pool, self._async_pool = self._async_pool, None
        if pool is not None:
            await pool.close(timeout=CLOSE)
