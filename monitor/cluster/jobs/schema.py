"""Procrastinate's tables and functions, put beside ours and kept at the version that this monitor knows.

They stand in the schema where ours stand, whichever the search path begins with: jobs are deferred in the transactions
of others, whose connections would all have to name a further schema, and behind a pooler that is lost with the next
transaction. All their names begin with `procrastinate_`, so they meet nobody's.
"""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path
from typing import Any

import psycopg
from procrastinate.schema import SchemaManager
from procrastinate.sql import queries
from psycopg import sql

from monitor.cluster.jobs.connection import ASKED, connection_string
from monitor.errors import StateError, StateTooNew
from monitor.store.postgres.bounded import LONG, Bounded

LOCK = 0x6D6F6E0050726F63  # of pg_advisory_xact_lock, for whoever installs: "mon", and "Proc"
_MARK = "monitor: procrastinate "  # and the newest migration that is in, as the comment of the table of jobs
_FUNCTION = re.compile(r"procrastinate_\w+_v\d+(?=\()")


class Installed(Enum):
    """What `install` found or did."""

    NEW = "new"
    MIGRATED = "migrated"
    THERE = "there"


def newest() -> str:
    """The last of the library's migrations. Its schema of one piece has them all."""
    return _migrations()[-1].stem


def install(url: str) -> Installed:
    """Make or bring up the tables; any number of workers may at once, and all but one find them there.

    Raises StateError where they are not as they must be, and psycopg.Error while the database is away.
    """
    found = Installed.THERE
    with Bounded.connect(connection_string(url), **ASKED) as connection:
        connection.answers_within = LONG
        while (did := _step(connection)) is not Installed.THERE:
            found = did
    return found


def _step(connection: psycopg.Connection[Any]) -> Installed:
    """One migration, in a transaction of its own: what it adds to an enum cannot be used before it has committed."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        if not _is_there(connection):
            connection.execute(SchemaManager.get_schema())
            _mark(connection, newest())
            return Installed.NEW
        mark = _marked(connection)
        missing = [path for path in _migrations() if mark is not None and path.stem > mark]
        if not missing:  # made by Procrastinate itself, or by a newer monitor: it may do as it is
            _check(connection)
            return Installed.THERE
        connection.execute(missing[0].read_bytes())
        _mark(connection, missing[0].stem)
        return Installed.MIGRATED


def _is_there(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute("SELECT to_regclass('procrastinate_jobs') IS NOT NULL").fetchone()
    return bool(row and row[0])


def _marked(connection: psycopg.Connection[Any]) -> str | None:
    row = connection.execute("SELECT obj_description('procrastinate_jobs'::regclass, 'pg_class')").fetchone()
    comment: str = (row and row[0]) or ""
    return comment.removeprefix(_MARK) if comment.startswith(_MARK) else None


def _mark(connection: psycopg.Connection[Any], migration: str) -> None:
    statement = sql.SQL("COMMENT ON TABLE procrastinate_jobs IS {}")
    connection.execute(statement.format(sql.Literal(_MARK + migration)))


def _check(connection: psycopg.Connection[Any]) -> None:
    """Every function that the library's statements call is there; a newer schema keeps those of old for a while."""
    asked = sorted({name for text in queries.values() for name in _FUNCTION.findall(text)})
    rows = connection.execute(
        "SELECT name FROM unnest(%s::text[]) AS name "
        "WHERE NOT EXISTS (SELECT FROM pg_proc WHERE proname = name AND pg_function_is_visible(oid))",
        (asked,),
    ).fetchall()
    if not rows:
        return
    missing = ", ".join(name for (name,) in rows)
    mark = _marked(connection)
    if mark and mark > newest():
        raise StateTooNew(f"the job queue was made by a newer monitor (it has no {missing}): upgrade this one")
    raise StateError(
        f"the database has a job queue of Procrastinate that lacks {missing}: apply its migrations up to {newest()}, "
        "or drop everything in the database that is named procrastinate_*; no news is lost with it"
    )


def _migrations() -> list[Path]:
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
