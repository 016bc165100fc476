"""One SQLite connection, its transactions, and what its failures mean to an operator."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import RLock
from typing import TypeVar

from monitor.errors import StateDamaged, StateError, StateUnwritable
from monitor.store.held import Held
from monitor.store.sql import Standing

# How long another process may hold the write lock. Ours take milliseconds, a slow disk's checkpoint seconds.
PATIENCE = timedelta(seconds=30)

_REFUSED = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY}

# BUSY_SNAPSHOT and the like share the low byte of their family (SQLite, "Result and Error Codes").
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_FULL = "the disk is full; nothing that was recorded is lost. Make room on it"
_EXPLAINED = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR_SHMSIZE: _FULL,  # no room for the -shm file: told as an error of the disk, also when reading
    sqlite3.SQLITE_BUSY: "another process keeps it locked. See which with `fuser` or `lsof`, and let it finish",
    sqlite3.SQLITE_LOCKED: "another process keeps it locked. See which with `fuser` or `lsof`, and let it finish",
    sqlite3.SQLITE_READONLY: "it cannot be written. Give this user write permission on the directory and its files",
    sqlite3.SQLITE_PERM: "it cannot be written. Give this user write permission on the directory and its files",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened. Give this user permission on the directory and its files",
    sqlite3.SQLITE_IOERR: "the disk does not answer as it should. Look at the system's log for disk errors",
}


_Result = TypeVar("_Result")


class Database:
    """Safe from any thread: whoever reads or writes has the connection to itself meanwhile.

    `place` is how errors name it. `relieve` is asked, with the connection to itself, when the disk would not take a
    transaction: whether another try may go otherwise. `dropped` hears that what was held is lost.
    """

    def __init__(self, connection: sqlite3.Connection, place: str) -> None:
        connection.row_factory = sqlite3.Row
        self._connection, self.place = connection, place
        self._lock = RLock()
        self._held: Held | None = None
        self.relieve: Callable[[], bool] = lambda: False
        self.dropped: Callable[[], None] = lambda: None

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        with self._lock, explained(self.place), self._minding_held():
            yield self._connection

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction, which has the write lock from its first moment; all or nothing.

        A deferred transaction fails at once, whatever the busy timeout, when another process wrote after it read.
        Raises StateUnwritable where the same once more may succeed.
        """
        with self._lock, explained(self.place), self._minding_held():
            if self._held is not None:
                with self._held.step():
                    yield self._connection
                return
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException as error:  # also Ctrl-C must not leave the transaction open
                self._roll_back()
                if disk_refused(error) and self.relieve():
                    raise StateUnwritable(f"{self.place}: {error}") from error
                raise

    def do(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """In one transaction, and once more each time that room was made for it."""
        while True:
            try:
                with self.write() as db:
                    return work(db)
            except StateUnwritable:
                continue  # each time less is left to give up, and then it is a StateError

    def standing(self) -> Standing:
        with self.read() as db:
            size, pages, schema = (
                int(db.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_size", "page_count", "user_version")
            )
        return Standing(software=f"SQLite {sqlite3.sqlite_version}", bytes=size * pages, schema=schema)

    def settled(self, table: str) -> bool:  # noqa: ARG002
        """There is one transaction at a time, and who reads sees whole ones."""
        return True

    @property
    def held(self) -> Held | None:
        """The transaction that what is written goes into while the disk takes nothing; None as a rule."""
        return self._held

    def hold(self) -> bool:
        """From now on keep in memory what is written. False if that cannot be begun either."""
        with self._lock:
            if self._held is None:
                with contextlib.suppress(sqlite3.Error):
                    self._held = Held.begin(self._connection)
            return self._held is not None

    def let_go(self) -> None:
        """Write what was held. Raises StateError if the disk does not take it after all: then it is lost."""
        with self._lock, explained(self.place):
            held, self._held = self._held, None
            if held is not None:
                held.end()

    @contextlib.contextmanager
    def _minding_held(self) -> Iterator[None]:
        """On an error of the disk SQLite rolls back all of the transaction, reading or not: nothing is held then."""
        try:
            yield
        finally:
            if self._held is not None and not self._connection.in_transaction:
                held, self._held = self._held, None
                held.forget()
                self.dropped()

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def _roll_back(self) -> None:
        # SQLite has already rolled back by itself after some errors, a full disk among them.
        if self._connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):  # the error that brought us here says more
                self._connection.execute("ROLLBACK")


def connect(path: Path, *, patience: timedelta = PATIENCE) -> sqlite3.Connection:
    """For reading and writing; the file is there. Each commit is on the disk before it returns."""
    connection = _connect(path.absolute().as_uri() + "?mode=rw", patience)
    # NORMAL may lose the last commits at power loss: a sent alert would be sent again, a seen entry forgotten.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Never writes, and never holds up who does."""
    return _connect(path.absolute().as_uri() + "?mode=ro")


def connect_in_memory() -> sqlite3.Connection:
    connection = _connect(":memory:")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def connect_in_passing() -> sqlite3.Connection:
    """Empty, and gone with the connection; of what does not fit into some megabytes of memory, a file that has no name.
    An error may leave it in pieces: then it is of no more use."""
    connection = _connect("")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA journal_mode = MEMORY")
    return connection


def _connect(uri: str, patience: timedelta = PATIENCE) -> sqlite3.Connection:
    # isolation_level None: Python begins no transaction behind our back. Threads are Database's business.
    return sqlite3.connect(
        uri, uri=True, timeout=patience.total_seconds(), isolation_level=None, check_same_thread=False
    )


def check(db: sqlite3.Connection, place: str) -> None:
    """Read every page; raises StateDamaged. It does not compare indexes with their tables, which takes far longer."""
    found = [str(row[0]) for row in db.execute("PRAGMA quick_check(3)")]
    if found != ["ok"]:
        raise damaged(place, "; ".join(" ".join(each.split()) for each in found))


def disk_refused(error: BaseException) -> bool:
    """Whether the disk is full, broken or read-only, which no other transaction would be spared either."""
    return isinstance(error, sqlite3.Error) and (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _REFUSED


@contextlib.contextmanager
def explained(place: str) -> Iterator[None]:
    """SQLite's errors that are the world's fault, as StateError with a remedy; those that are ours pass."""
    try:
        yield
    except sqlite3.Error as error:
        extended = getattr(error, "sqlite_errorcode", 0)
        code = extended & 0xFF
        if code in _DAMAGED:
            raise damaged(place, str(error)) from error
        if code in _EXPLAINED:
            raise StateError(f"{place}: {_EXPLAINED.get(extended, _EXPLAINED[code])} ({error}).") from error
        raise


def damaged(place: str, what: str) -> StateDamaged:
    return StateDamaged(
        f"{place} is damaged: {what}. Put a backup in its place, or move it and its -wal and -shm files away to begin "
        "anew: what the feeds hold then will be taken as known, and no alert sent for it."
    )
