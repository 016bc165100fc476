"""Who polls and delivers on a shared database: one `run` alone, or any number of workers."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import time
from datetime import UTC, datetime
from typing import Any, Final

import psycopg

from monitor.errors import StateError, StateLocked
from monitor.store.lock import Holder
from monitor.store.postgres import address
from monitor.store.postgres.bounded import Bounded
from monitor.store.postgres.failures import explained, is_lost

# Of pg_advisory_lock; see `migrate.UPGRADE`.
POLLS: Final = 0x6D6F6E69_00000003
_TRIES, _PAUSE = 10, 0.1  # the session of a process that just ended may last a moment longer
_MOST = 3  # holders that are named
_CONNECT, _ANSWER = 10, 20.0  # seconds: nothing here waits for anybody
_NAME = 63  # bytes, the most that PostgreSQL keeps of an application's name
_READ = re.compile(r"(?P<command>.+), pid (?P<pid>\d+) on (?P<host>.*)")  # see `FleetLock`

# Locks of one key stand there as its upper and lower half ("pg_locks").
_HOLDERS = """
    SELECT application_name, backend_start, pid = pg_backend_pid() FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND classid::bigint = %(key)s::bigint >> 32 AND objid::bigint = %(key)s::bigint & 4294967295
    ORDER BY backend_start, pid
"""
_TAKE = {False: "SELECT pg_try_advisory_lock(%s)", True: "SELECT pg_try_advisory_lock_shared(%s)"}


class FleetLock:
    """A lock of PostgreSQL's on a connection of its own: it ends with that, and so with its process, however that ends.

    Who shares it keeps out who wants it alone, and the other way round. A connection is lost when the server restarts
    or the network fails; so `look` is to be asked every few seconds. A pooler between us and the server must keep
    sessions (PgBouncer: `pool_mode = session`).
    """

    def __init__(self, url: str, *, shared: bool, command: str) -> None:
        self._url, self._shared = url, shared
        self._place = address.read(url)
        self._name = f"{command}, pid {os.getpid()} on {socket.gethostname()}".encode()[:_NAME].decode(errors="ignore")
        self._connection: psycopg.Connection[Any] | None = None
        self._had = False  # at any time

    @classmethod
    def acquire(cls, url: str, *, shared: bool = False, command: str) -> FleetLock:
        """`command` names us to who is refused. Raises StateLocked with who holds it, StateError."""
        lock = cls(url, shared=shared, command=command)
        lock._take(tries=_TRIES)
        return lock

    def look(self) -> None:
        """Take it again where the connection was lost. Raises StateLocked if others were quicker: then we must end, for
        they poll; StateError while the server cannot be reached, or has not noticed yet that the session of before is
        over: then nobody polls."""
        if self._connection is not None and not self._is_held(self._connection):
            self.release()
        if self._connection is None:
            self._take(tries=1)

    def release(self) -> None:
        """Idempotent."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(psycopg.Error):
                connection.close()

    def __enter__(self) -> FleetLock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _take(self, *, tries: int) -> None:
        with explained(self._place):
            connection = _connect(self._url, self._name)
            try:
                while not connection.execute(_TAKE[self._shared], (POLLS,)).fetchall()[0][0]:
                    tries -= 1
                    if tries <= 0:
                        raise self._refused(connection)
                    time.sleep(_PAUSE)
            except BaseException:  # also Ctrl-C must not leave it taken
                connection.close()
                raise
        self._connection, self._had = connection, True

    def _refused(self, connection: psycopg.Connection[Any]) -> StateError:
        names = [row[0] for row in connection.execute(_HOLDERS, {"key": POLLS}).fetchall()]
        if self._had and set(names) == {self._name}:
            return StateError(f"{self._place} has not ended yet the session that this process lost. It is tried again.")
        return StateLocked(self._place, _told(connection))

    def _is_held(self, connection: psycopg.Connection[Any]) -> bool:
        """By this very session: a pooler may have given us another."""
        try:
            return any(row[2] for row in connection.execute(_HOLDERS, {"key": POLLS}).fetchall())
        except psycopg.Error as error:
            if is_lost(error):
                return False
            with explained(self._place):
                raise


def holders(url: str) -> list[Holder]:
    """Who polls there, on whatever machine: any number of workers, or one other; empty if nobody does. Raises
    StateError."""
    with explained(address.read(url)), contextlib.closing(_connect(url, "monitor")) as connection:
        rows = connection.execute(_HOLDERS, {"key": POLLS}).fetchall()
    return [_holder(name, since) for name, since, _ in rows]


def _holder(name: str, since: datetime | None) -> Holder:
    """`since` is only for the eyes of the same user."""
    started_at = since.astimezone(UTC) if since else None
    read = _READ.fullmatch(name)
    if read is None:  # another's name for itself
        return Holder(pid=0, host="", command=name, started_at=started_at)
    return Holder(pid=int(read["pid"]), host=read["host"], command=read["command"], started_at=started_at)


def _connect(url: str, name: str) -> psycopg.Connection[Any]:
    """One that ends within half a minute when the network fails, on either side, and on ours when the server stands
    still."""
    connection = Bounded.connect(
        url, autocommit=True, application_name=name, connect_timeout=_CONNECT, tcp_user_timeout=20_000,
        keepalives_idle=10, keepalives_interval=5, keepalives_count=3,
    )  # fmt: skip
    connection.answers_within = _ANSWER
    for setting in ("tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3"):
        connection.execute(f"SET {setting}".encode())
    return connection


def _told(connection: psycopg.Connection[Any]) -> str:
    found = _named(connection)
    more = f"; and {len(found) - _MOST} more" if len(found) > _MOST else ""
    return "; ".join(found[:_MOST]) + more if found else "another process, which has just ended: try again"


def _named(connection: psycopg.Connection[Any]) -> list[str]:
    rows = connection.execute(_HOLDERS, {"key": POLLS}).fetchall()
    return [_said(name, since) for name, since, _ in rows]


def _said(name: str, since: datetime | None) -> str:
    """`since` is only for the eyes of the same user."""
    return f"{name} since {since.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if since else name
