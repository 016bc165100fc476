"""Where the state is: in the directory, or in the database that the environment names."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from monitor.errors import StateError
from monitor.links import key_in
from monitor.store import opening, place, read
from monitor.store.lock import Holder, holder
from monitor.store.sql_store import SqlStore
from monitor.store.sqlite import SqliteStore

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
    return open_shared_reader(url)


def at_work(state_dir: Path) -> tuple[Holder, ...]:
    """Who polls on the state, on whatever machine: one alone, or any number of workers. Raises StateError."""
    url = database_url()
    if url is None:
        found = holder(state_dir)
        return () if found is None else (found,)
    with needs_postgres():
        from monitor.store.postgres.fleet_lock import holders
    return tuple(holders(url))


def open_scratch(state_dir: Path, *, now: datetime) -> SqliteStore:
    """A copy of what is recorded, or nothing, to be tried on; it is gone when it is closed. Raises as `open_store`."""
    url = database_url()
    if not url:
        return SqliteStore.copy_in_memory(state_dir, now=now)
    from monitor.store import moving

    return moving.in_passing(url, now=now)


def link_key(state_dir: Path) -> bytes:
    """What links in messages are signed with: of the state directory, or of all who share a database. It is made if
    there is none. Raises StateError."""
    url = database_url()
    if url is None:
        return key_in(state_dir)
    from monitor.store.postgres.link_key import shared_link_key

    with contextlib.closing(open_shared(url, now=datetime.now(UTC))) as store:
        return shared_link_key(store.database, state_dir)


def open_shared(url: str, *, now: datetime) -> PostgresStore:
    """The state in PostgreSQL. Raises StateError, also where what it takes is not installed."""
    with needs_postgres():
        from monitor.store.postgres.store import open_postgres
    return open_postgres(url, now=now)


def open_shared_reader(url: str) -> read.Reader | None:
    """As `open_reader`, of this database."""
    with needs_postgres():
        from monitor.store.postgres.store import open_postgres_reader
    return open_postgres_reader(url)


@contextlib.contextmanager
def needs_postgres() -> Iterator[None]:
    """Around imports: raises StateError with the remedy where what they take is not installed."""
    try:
        yield
    except ImportError as error:
        raise StateError(
            f"The state is in PostgreSQL, but {error.name} is not installed. Run: pip install 'monitor[postgres]'"
        ) from error
