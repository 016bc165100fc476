"""Open the state of a directory: created, checked and brought to this version's schema."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from monitor.errors import StateError
from monitor.store import place
from monitor.store.backup import copy_to
from monitor.store.database import Database, connect, explained
from monitor.store.database import check as quick_check
from monitor.store.migrate import Migration, migrate, refuse_newer, shipped, version
from monitor.store.sqlite import SqliteStore, name_generation


def open_store(state_dir: Path, *, now: datetime, check: bool = True) -> SqliteStore:
    """The state in this directory, created if there is none; an empty file counts as none.

    Raises StateTooNew, StateDamaged (found by `check`, which reads the whole file), StateError. `warnings` of the
    store are fit for an operator. Opening beside a running daemon is safe.
    """
    place.prepare(state_dir)
    path = state_dir / place.DATABASE
    with explained(str(path)):
        db = _prepared(path, now)
        try:
            if check:
                quick_check(db, str(path))
            return SqliteStore(Database(db, str(path)), path=path, warnings=_warnings(state_dir))
        except BaseException:
            db.close()
            raise


def _prepared(path: Path, now: datetime) -> sqlite3.Connection:
    """Connected and of this version's schema.

    One process at a time: the copy that a second one keeps before an upgrade would be of what the first has upgraded.
    """
    migrations = shipped()
    with _alone(path.parent):
        _touch(path)
        db = connect(path)
        try:
            refuse_newer(db, migrations, str(path))
            _switch_to_wal(db, path)
            _keep_copy(db, path, migrations)
            migrate(db, migrations)
            name_generation(db, now)
        except BaseException:
            db.close()
            raise
    return db


@contextlib.contextmanager
def _alone(directory: Path) -> Iterator[None]:
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
