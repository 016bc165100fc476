"""What PostgreSQL's failures mean to an operator, and which of them are worth another try."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any, Final

import psycopg
from psycopg import errors
from psycopg_pool import PoolTimeout

from monitor.errors import StateError, StateUnwritable
from monitor.store.postgres.bounded import Silent

_LOST = (
    psycopg.InterfaceError,
    errors.AdminShutdown,
    errors.CrashShutdown,
    errors.CannotConnectNow,
    errors.ConnectionTimeout,
    errors.IdleInTransactionSessionTimeout,
    errors.IdleSessionTimeout,
    PoolTimeout,
    Silent,
)
# Two transactions that waited for each other, or wrote what both had read: nothing of ours was stored.
_CROSSED = (errors.DeadlockDetected, errors.SerializationFailure)
_EXPLAINED: tuple[tuple[type[psycopg.Error], str], ...] = (
    (errors.DiskFull, "its disk is full; nothing that was recorded is lost. Make room on it"),
    (errors.ReadOnlySqlTransaction, "it cannot be written: a standby, perhaps. Give the address of the primary"),
    (errors.InsufficientPrivilege, "its user may not do this. Make it the owner of the database"),
    (errors.InvalidPassword, "it refuses this user or password. Mend MONITOR_DATABASE_URL"),
    (errors.InvalidAuthorizationSpecification, "it refuses this user. Mend MONITOR_DATABASE_URL"),
    (errors.InvalidCatalogName, "there is no such database. Create it, or mend MONITOR_DATABASE_URL"),
    (errors.TooManyConnections, "it takes no more connections. Raise its max_connections, or run fewer workers"),
    (errors.LockNotAvailable, "another transaction keeps it locked. See which in pg_stat_activity, and let it finish"),
    (errors.QueryCanceled, "it ended what took too long. See in pg_stat_activity what else it does"),
    (Silent, "it takes what it is asked, and does not answer. Look at the server's disk and machine"),
    (errors.UndefinedTable, "it has not this version's tables. Start `monitor worker` or `monitor check` once"),
)

# What ends a try to connect has no code in libpq, only words. A server that says them in another language is asked
# again, like one that does not answer.
_REFUSALS: Final = (
    (r'database "[^"]*" does not exist$', "there is no such database. Create it, or mend MONITOR_DATABASE_URL"),
    (r"permission denied for database ", "its user may not connect. GRANT CONNECT ON DATABASE to it"),
    (r"no pg_hba\.conf entry for ", "it takes this user not from here, or not so. Mend its pg_hba.conf"),
    (
        r'authentication failed for user |no password supplied$|role "[^"]*" (does not exist|is not permitted)',
        "it refuses this user or password. Mend MONITOR_DATABASE_URL",
    ),
    (r"server does not support SSL, but SSL was required", "it speaks no TLS. Turn it on there, or mend sslmode"),
    (r"^(connection is bad: )?invalid ([a-z_]+ value|port number)\b", "that is no address. Mend MONITOR_DATABASE_URL"),
)
_SEVERAL: Final = "- host: "  # begins the line of each host where there were several


def is_lost(error: BaseException) -> bool:
    """Whether the connection is gone: whether a commit that was under way came through, nobody knows."""
    return isinstance(error, _LOST) or type(error) is psycopg.OperationalError


def is_worth_another_try(error: BaseException) -> bool:
    return isinstance(error, _CROSSED) or is_lost(error)


@contextlib.contextmanager
def explained(place: str) -> Iterator[None]:
    """PostgreSQL's errors that are the world's fault, as StateError with a remedy; those that are ours pass."""
    try:
        yield
    except psycopg.Error as error:
        why = _why(error)
        if why is None:
            raise
        raise StateError(f"{place}: {why} ({said(error)}).") from error


def unwritable(place: str, error: BaseException) -> StateUnwritable:
    return StateUnwritable(f"{place}: {said(error)}")


def refuse_encoding(connection: psycopg.Connection[Any], place: str) -> None:
    """In LATIN1, say, no Arabic sentence can be stored, and each poll that brings one would fail for ever. Costs
    nothing: the server told it as the connection was made."""
    encoding = connection.info.parameter_status("server_encoding")
    if encoding not in (None, "UTF8"):
        raise StateError(
            f"{place} stores text as {encoding}, which cannot hold what feeds write. "
            "Make one with: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
        )


def _why(error: psycopg.Error) -> str | None:
    for kind, why in _EXPLAINED:
        if isinstance(error, kind):
            return why
    if isinstance(error, _CROSSED):
        return "others wrote the same at once, again and again. If that lasts, run fewer workers"
    if isinstance(error, psycopg.OperationalError) and (why := _refusal(said(error))):
        return why
    if is_lost(error):
        return "it cannot be reached. See that the server runs, and that this machine may connect to it"
    return None


def refused(error: psycopg.OperationalError) -> str:
    """Why no server that was asked for a connection will ever give one, with the remedy; '' where another try may
    succeed: one of several hosts that is away may be another's successor."""
    lines = str(error).strip().splitlines()
    told = [line for line in lines if line.startswith(_SEVERAL)] or lines[:1]
    found = [_refusal(line) for line in told]
    return f"{found[-1]} ({said(error)})." if found and all(found) else ""


def _refusal(line: str) -> str:
    return next((why for words, why in _REFUSALS if re.search(words, line)), "")


def said(error: BaseException) -> str:
    """The first line, which quotes no address with a password."""
    line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return line.removeprefix("connection failed: ").removeprefix("connection is bad: ")
