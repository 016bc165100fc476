"""A state from one place to another: a state directory, a backup's file, a PostgreSQL database."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from monitor.errors import StateError, UsageError
from monitor.links import keep_key, known_key
from monitor.store import place as places
from monitor.store import read
from monitor.store.backup import copy_to
from monitor.store.copying import Source, SqliteEnd, Target, copy, refuse_full
from monitor.store.database import Database, connect, connect_in_passing, connect_to_read, explained
from monitor.store.lock import PollLock
from monitor.store.migrate import migrate, refuse_newer, shipped, version
from monitor.store.opening import open_store
from monitor.store.read import Reader
from monitor.store.sqlite import SqliteStore
from monitor.store.which import needs_postgres, open_shared, open_shared_reader

if TYPE_CHECKING:  # with psycopg, which most installations have not
    from monitor.store.postgres.database import PostgresDatabase

Where: TypeAlias = Path | str  # a directory or a file; the address of a database

_COMMAND = "monitor db copy"
_ADDRESS = re.compile(r"postgres(?:ql)?://")


def where(told: str, environ: Mapping[str, str]) -> Where:
    """As people write it; `env:NAME` is what the variable holds, so that no password stands on a command line.

    Raises UsageError, which quotes no address.
    """
    name = told.removeprefix("env:")
    if name != told:
        told = environ.get(name, "")
        if not told:
            raise UsageError(f"the variable {name} is not set: export {name}=postgresql://…")
    if _ADDRESS.match(told):
        return told
    if "://" in told:
        raise UsageError("neither a state directory nor an address that begins with postgresql://")
    return Path(told)


def copy_state(source: Where, target: Where, *, now: datetime) -> Mapping[str, int]:
    """Everything, as it is at this moment, into a place that is empty; how many rows each table had.

    Nobody polls on either meanwhile. All or nothing; the source stays as it is. Raises StateLocked, StateError.
    """
    _refuse_nothing(source)
    with contextlib.ExitStack() as held:
        held.enter_context(_polled_by_nobody(source, now))
        held.enter_context(_polled_by_nobody(target, now))
        _prepare(target, now)
        with _reading(source) as taken, _writing(target) as given:
            refuse_full(given)
            copied = copy(taken, given)
        if isinstance(target, Path):
            _mark(target)
        key = _link_key(source)
        if key is not None:
            _keep_link_key(target, key)
    return copied


def open_copy(target: Where) -> Reader:
    """What was copied there, to be looked at."""
    reader = read.open_reader(target) if isinstance(target, Path) else open_shared_reader(target)
    assert reader is not None
    return reader


def in_passing(url: str, *, now: datetime) -> SqliteStore:
    """What is recorded in the database, or nothing, to be tried on: what is written here stays here.

    Raises StateError, StateTooNew.
    """
    reader = open_shared_reader(url)
    if reader is None:
        return SqliteStore.in_passing(now=now)
    reader.close()
    db = connect_in_passing()
    try:
        _fill(db, url, "the copy of the state")
        return SqliteStore(Database(db, "the copy of the state"), path=None)
    except BaseException:
        db.close()
        raise


def write_file(url: str, target: Path) -> None:
    """The state in the database as a file of SQLite's, which is a backup like any; others write to it meanwhile."""
    with contextlib.closing(connect_in_passing()) as db:
        _fill(db, url, str(target))
        copy_to(db, target, of=str(target))


def _fill(db: sqlite3.Connection, url: str, named: str) -> None:
    with explained(named):
        migrate(db, shipped())
    with _reading(url) as taken, _all_or_nothing(db, named) as given:
        copy(taken, given)


def _link_key(source: Where) -> bytes | None:
    """Links in messages that were sent stay good. It is in no backup, so it is no row that is copied."""
    if isinstance(source, Path):
        return known_key(source) if source.is_dir() else None
    from monitor.store.postgres.link_key import known_link_key

    with contextlib.closing(_database(source)) as database:
        return known_link_key(database)


def _keep_link_key(target: Where, key: bytes) -> None:
    if isinstance(target, Path):
        keep_key(target, key)
        return
    from monitor.store.postgres.link_key import keep_link_key

    with contextlib.closing(_database(target)) as database:
        keep_link_key(database, key)


def _database(url: str) -> PostgresDatabase:
    from monitor.store.postgres.database import PostgresDatabase

    return PostgresDatabase(url, connections=1)


def _refuse_nothing(source: Where) -> None:
    if isinstance(source, Path) and not places.has_content(_file(source)):
        raise UsageError(f"nothing is recorded in {source}.")


def _file(source: Path) -> Path:
    return source / places.DATABASE if source.is_dir() else source


@contextlib.contextmanager
def _polled_by_nobody(at: Where, now: datetime) -> Iterator[None]:
    if isinstance(at, str):
        with needs_postgres():
            from monitor.store.postgres.fleet_lock import FleetLock
        with FleetLock.acquire(at, command=_COMMAND):
            yield
    elif at.is_file():  # a backup, on which nobody polls
        yield
    else:
        with PollLock.acquire(at, command=_COMMAND, now=now):
            yield


def _prepare(target: Where, now: datetime) -> None:
    """Made, if it is not there, with a schema of this version."""
    if isinstance(target, str):
        open_shared(target, now=now).close()
    elif target.is_file():
        raise UsageError(f"{target} is a file: name a directory. 'monitor db backup' writes a file")
    else:
        open_store(target, now=now).close()


@contextlib.contextmanager
def _reading(source: Where) -> Iterator[Source]:
    if isinstance(source, str):
        with needs_postgres():
            from monitor.store.postgres.copying import reading
        with reading(source) as taken:
            yield taken
    else:
        with _reading_file(_file(source)) as taken:
            yield taken


@contextlib.contextmanager
def _reading_file(path: Path) -> Iterator[Source]:
    """In one transaction, which sees one moment. What an older version wrote is converted in passing."""
    with explained(str(path)), contextlib.closing(connect_to_read(path)) as db:
        refuse_newer(db, shipped(), str(path))
        found = version(db)
        if found == 0:
            raise StateError(f"{path} is no state of monitor's.")
        if found == shipped()[-1].number:
            db.execute("BEGIN")
            yield SqliteEnd(db, str(path))
            return
        with contextlib.closing(connect_in_passing()) as converted:
            db.backup(converted)
            migrate(converted, shipped())
            yield SqliteEnd(converted, str(path))


@contextlib.contextmanager
def _writing(target: Where) -> Iterator[Target]:
    if isinstance(target, str):
        from monitor.store.postgres.copying import writing

        with writing(target) as given:
            yield given
    else:
        path = _file(target)
        with contextlib.closing(connect(path)) as db, _all_or_nothing(db, str(path)) as given:
            yield given


@contextlib.contextmanager
def _all_or_nothing(db: sqlite3.Connection, named: str) -> Iterator[Target]:
    """References are looked at in the end: entries refer to each other."""
    with explained(named):
        db.execute("BEGIN IMMEDIATE")
        try:
            db.execute("PRAGMA defer_foreign_keys = ON")
            yield SqliteEnd(db, named)
            db.execute("COMMIT")
        except sqlite3.IntegrityError as error:
            raise StateError(
                f"{named} does not take what was to be copied ({error}). Nothing was changed; 'monitor db check' tells "
                "what is wrong with it."
            ) from error
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")


def _mark(directory: Path) -> None:
    """So that the next opening does not take the copy for a stranger's database."""
    path = _file(directory)
    with explained(str(path)), contextlib.closing(connect_to_read(path)) as db:
        row = db.execute("SELECT value FROM meta WHERE name = 'generation'").fetchone()
    places.write_mark(directory, str(row[0]))
