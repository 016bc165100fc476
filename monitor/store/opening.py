"""Open the state of a directory: created, checked and brought to this version's schema."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from monitor.errors import StateDamaged, StateError, StateTooNew
from monitor.store import ballast, place
from monitor.store.backup import copy_to
from monitor.store.database import Database, connect, damaged, explained
from monitor.store.database import check as quick_check
from monitor.store.migrate import Migration, migrate, refuse_newer, shipped, version
from monitor.store.sql_store import name_generation
from monitor.store.sqlite import SqliteStore

_LITTLE = 2**20  # bytes; what is free beyond that is room enough to open a database


def open_store(state_dir: Path, *, now: datetime, check: bool = True) -> SqliteStore:
    """The state in this directory, created if there is none; an empty file counts as none where none was ever used.

    Raises StateTooNew, StateDamaged (found by `check`, which reads the whole file), StateError. `warnings` of the
    store are fit for an operator. Opening beside a running daemon is safe. On a full disk the ballast is given up.
    """
    try:
        return _open(state_dir, now, check)
    except (StateDamaged, StateTooNew):
        raise
    except StateError:
        if ballast.free(state_dir) >= _LITTLE or not ballast.drop(state_dir):
            raise
        return _open(state_dir, now, check)


def _open(state_dir: Path, now: datetime, check: bool) -> SqliteStore:
    place.prepare(state_dir)
    path = state_dir / place.DATABASE
    with explained(str(path)):
        db, warnings = _prepared(path, now)
        try:
            if check:
                quick_check(db, str(path))
            return SqliteStore(Database(db, str(path)), path=path, warnings=(*_warnings(state_dir), *warnings))
        except BaseException:
            db.close()
            raise


def _prepared(path: Path, now: datetime) -> tuple[sqlite3.Connection, tuple[str, ...]]:
    """Connected and of this version's schema, with what an operator should hear of that.

    One process at a time: the copy that a second one keeps before an upgrade would be of what the first has upgraded.
    """
    migrations = shipped()
    with alone(path.parent):
        mark = place.read_mark(path.parent)
        _refuse_emptied(path, mark)
        _touch(path)
        db = connect(path)
        try:
            refuse_newer(db, migrations, str(path))
            _refuse_foreign(db, path)
            _switch_to_wal(db, path)
            _keep_copy(db, path, migrations)
            migrate(db, migrations)
            name_generation(db, now)
            return db, _marked(db, path, mark)
        except BaseException:
            db.close()
            raise


def _refuse_emptied(path: Path, mark: str | None) -> None:
    """SQLite takes an empty file for a new database, and removes the log beside it, which may hold the last of the old.

    That the file is gone altogether is no mistake of a program: that is how a person begins anew.
    """
    log = path.with_name(path.name + "-wal")
    if path.exists() and path.stat().st_size == 0 and mark is not None:
        raise damaged(str(path), "the file is empty, but it was not when it was last used")
    if not place.has_content(path) and place.has_content(log):
        raise damaged(str(path), f"the file is gone or empty, but its log {log.name} is there")


def _refuse_foreign(db: sqlite3.Connection, path: Path) -> None:
    """A database of another program would be given our tables beside its own."""
    if version(db) == 0 and db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise StateError(
            f"{path} is a database, but none of monitor's. Move it away, or name another directory with --state."
        )


def _marked(db: sqlite3.Connection, path: Path, mark: str | None) -> tuple[str, ...]:
    """Note which database is used here; what to say if it was another the last time."""
    row = db.execute("SELECT (SELECT value FROM meta WHERE name = 'generation') AS generation").fetchone()
    generation = str(row[0])
    if mark == generation:
        return ()
    place.write_mark(path.parent, generation)
    if mark is None:
        return ()
    return (
        f"{path} is not the database that was used here the last time. If it was begun anew, what the feeds hold now "
        "is taken as known and not announced, and alerts that waited to be sent are gone; 'monitor db restore' brings "
        "a backup back.",
    )


@contextlib.contextmanager
def alone(directory: Path) -> Iterator[None]:
    try:
        descriptor = os.open(directory, os.O_RDONLY)
    except OSError as error:
        raise StateError(f"{directory} cannot be read: {error.strerror}. Give this user permission on it.") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _touch(path: Path) -> None:
    """SQLite would create it readable by everybody; its companions inherit the permissions."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StateError(
            f"{path} cannot be written: {error.strerror}. Give this user write permission on the state directory."
        ) from error


def _switch_to_wal(db: sqlite3.Connection, path: Path) -> None:
    mode = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StateError(f"{path}: this file system cannot carry a shared log (WAL). Put the state on a local disk.")


def _keep_copy(db: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> None:
    """Before an upgrade, so that the version before it can be gone back to."""
    found = version(db)
    if 0 < found < migrations[-1].number:
        copy_to(db, path.with_name(f"{path.stem}-before-upgrade-from-{found}{path.suffix}"), of=str(path))


def _warnings(directory: Path) -> tuple[str, ...]:
    kind = place.network_file_system(directory)
    if kind is None:
        return ()
    return (
        f"{directory} is on a network file system ({kind}): two machines that use it at once can destroy the state. "
        "Put it on a local disk.",
    )
