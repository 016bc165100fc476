"""A copy of a database that is whole: copying the file itself would miss what is still in the log."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from monitor.errors import StateError
from monitor.store.database import check, explained


def copy_to(source: sqlite3.Connection, target: Path, *, of: str) -> None:
    """One file, for this user alone, without companions. `target` is replaced only once the copy is whole and sound.

    `of` is how errors name the source.
    """
    unfinished = target.with_name(target.name + ".unfinished")
    try:
        _create(unfinished)
        with explained(str(unfinished)), contextlib.closing(sqlite3.connect(unfinished, isolation_level=None)) as copy:
            source.backup(copy)
            check(copy, of)
            copy.execute("PRAGMA journal_mode = DELETE").fetchall()
        unfinished.replace(target)
        flush(target.parent)
    except OSError as error:
        raise StateError(f"{target} cannot be written: {error.strerror}. Name another file for the backup.") from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _create(path: Path) -> None:
    """A file of our own: in a directory that others write to, a link of theirs may stand in its place."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))


def flush(directory: Path) -> None:
    """A new name is safe from a power cut only once its directory is."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
