"""Where the state is: in the directory, or in the database that the environment names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from monitor.errors import StateError
from monitor.store import opening, place, read
from monitor.store.sql_store import SqlStore

if TYPE_CHECKING:  # with psycopg, which most installations have not
    from monitor.store.postgres.store import PostgresStore

VARIABLE: Final = "MONITOR_DATABASE_URL"


def database_url(environ: Mapping[str, str] = os.environ) -> str | None:
    """None where the state is in its directory."""
    return environ.get(VARIABLE) or None


def open_store(state_dir: Path, *, now: datetime, check: bool = True) -> SqlStore:
    """The state, created if there is none. The directory is used in either case, for locks, keys and indexes.

    Raises StateTooNew, StateDamaged, StateError. `check`: read a file whole before it is used.
    """
    url = database_url()
    if url is None:
        return opening.open_store(state_dir, now=now, check=check)
    place.prepare(state_dir)
    return open_shared(url, now=now)


def open_reader(state_dir: Path) -> read.Reader | None:
    """None if nothing was recorded yet. Raises StateTooNew, StateError, StateDamaged.

    The directory of a state that is in PostgreSQL is made, for indexes: perhaps nobody writes on this machine.
    """
    url = database_url()
    if url is None:
        return read.open_reader(state_dir)
    place.prepare(state_dir)
    return _shared_reader(url)


def open_shared(url: str, *, now: datetime) -> PostgresStore:
    """The state in PostgreSQL. Raises StateError, also where what it takes is not installed."""
    try:
        from monitor.store.postgres.store import open_postgres
    except ImportError as error:
        raise not_installed(error) from error
    return open_postgres(url, now=now)


def _shared_reader(url: str) -> read.Reader | None:
    try:
        from monitor.store.postgres.store import open_postgres_reader
    except ImportError as error:
        raise not_installed(error) from error
    return open_postgres_reader(url)


def not_installed(error: ImportError) -> StateError:
    """Of what a database that is not SQLite takes."""
    return StateError(f"{VARIABLE} is set, but {error.name} is not installed. Run: pip install 'monitor[postgres]'")
