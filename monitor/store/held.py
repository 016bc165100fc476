"""What is written while the disk takes nothing: one long transaction that has not been committed yet.

SQLite keeps what a transaction changed in memory until the commit. So while the disk is full we begin one and let each
poll and each delivery be a step of it: everything is read, decided and known as ever, only not durable. When the disk
takes writes again it is committed. If the process ends before, what was held is lost: alerts that were sent meanwhile
are sent once more, because their entries are new again.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

from monitor.errors import StateError

MOST = 256 * 2**20  # bytes of memory; months of ordinary polls
_FRAME = 24  # bytes before each page in the log ("WAL-mode File Format")
_PAGES_A_CHANGE = 8  # an entry's row, and a page of each index it is in


class Held:
    """Begin it, step through it, end it; all on one connection that nobody else uses meanwhile."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._page = int(db.execute("PRAGMA page_size").fetchone()[0])
        self._pages = self._page_count()
        self._changes = db.total_changes

    @classmethod
    def begin(cls, db: sqlite3.Connection) -> Held:
        """Raises sqlite3.Error if no transaction can be begun."""
        db.execute("PRAGMA temp_store = MEMORY")
        db.execute("PRAGMA cache_spill = OFF")  # or a large transaction is written before it is committed
        db.execute("BEGIN IMMEDIATE")
        return cls(db)

    @property
    def size(self) -> int:
        """Bytes, estimated from above, that a commit would write to the log."""
        count = self._page_count()
        changed = min(count, _PAGES_A_CHANGE * (self._db.total_changes - self._changes) + count - self._pages)
        return (self._page + _FRAME) * (changed + 1)

    @contextlib.contextmanager
    def step(self) -> Iterator[None]:
        """All or nothing of one piece of work. Raises StateError when there is too much to be held."""
        if self.size > MOST:
            raise StateError(
                f"the disk takes nothing, and {MOST // 2**20} MiB wait in memory already. Make room on the disk."
            )
        self._db.execute("SAVEPOINT step")
        try:
            yield
        except BaseException:  # also Ctrl-C must not leave half of it
            if self._db.in_transaction:
                self._db.execute("ROLLBACK TO step")
                self._db.execute("RELEASE step")
            raise
        self._db.execute("RELEASE step")

    def end(self) -> None:
        """Commit. Raises sqlite3.Error if the disk does not take it; then SQLite has dropped it."""
        try:
            self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            self.forget()

    def forget(self) -> None:
        """The transaction is over, however it ended."""
        self._db.execute("PRAGMA cache_spill = ON")

    def _page_count(self) -> int:
        return int(self._db.execute("PRAGMA page_count").fetchone()[0])
