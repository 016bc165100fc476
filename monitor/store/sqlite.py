"""The Store of one machine: SQLite in the state directory."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from monitor.errors import StateError
from monitor.store import place
from monitor.store.backup import copy_to
from monitor.store.database import Database, connect, connect_in_memory, connect_in_passing, connect_to_read, explained
from monitor.store.database import check as quick_check
from monitor.store.migrate import migrate, refuse_newer, shipped
from monitor.store.sql_store import SqlStore, name_generation
from monitor.store.straits import Straits

RESCUED = "monitor-rescued.db"


class SqliteStore(SqlStore):
    """Get one from `opening.open_store`. Raises StateError for what the disk or another process does to us."""

    database: Database

    def __init__(self, database: Database, *, path: Path | None, warnings: tuple[str, ...] = ()) -> None:
        super().__init__(database)
        self.path, self.warnings = path, warnings
        self._inode = path.stat().st_ino if path else None
        self._straits = Straits(database, path.parent) if path else None

    @classmethod
    def in_memory(cls, *, now: datetime) -> SqliteStore:
        return cls._scratch(connect_in_memory(), now)

    @classmethod
    def in_passing(cls, *, now: datetime) -> SqliteStore:
        """As `in_memory`, for more than fits there; nothing of it is left when it is closed."""
        return cls._scratch(connect_in_passing(), now)

    @classmethod
    def copy_in_memory(cls, state_dir: Path, *, now: datetime) -> SqliteStore:
        """What is recorded in the directory, or nothing, to be tried on: what is written here stays here.

        Creates nothing. Raises as `open_store`.
        """
        path = state_dir / place.DATABASE
        db = connect_in_memory()
        if place.has_content(path):
            with explained(str(path)), contextlib.closing(connect_to_read(path)) as original:
                refuse_newer(original, shipped(), str(path))
                original.backup(db)
                quick_check(db, str(path))
        return cls._scratch(db, now)

    @classmethod
    def _scratch(cls, db: sqlite3.Connection, now: datetime) -> SqliteStore:
        migrate(db, shipped())
        name_generation(db, now)
        return cls(Database(db, "the state in memory"), path=None)

    # --- bad times

    @property
    def trouble(self) -> str | None:
        """Why not all is recorded as it should be, and what to do, for the operators; None as a rule."""
        return self._straits.trouble if self._straits else None

    @property
    def holds(self) -> bool:
        """Whether what is written is only in memory, because the disk takes nothing."""
        return self.database.held is not None

    def reserve(self, *, keeps_going: bool) -> None:
        """For the process that polls: lay the ballast. `keeps_going`: hold in memory what the disk does not take."""
        if self._straits:
            self._straits.keeps_going = keeps_going
            self._straits.reserve()

    def look_up(self) -> None:
        """If the disk takes writes again, go back to recording all. To be asked every few seconds; cheap."""
        if self._straits:
            self._straits.look()

    def check(self) -> None:
        """Read every page of what is on the disk, holding nobody up. Raises StateDamaged."""
        if self.path is None:
            return
        with explained(self.database.place), contextlib.closing(connect_to_read(self.path)) as own:
            quick_check(own, self.database.place)

    def in_place(self) -> bool:
        """Whether the file under our path is still the one we write to. If not, what we store goes nowhere."""
        if self.path is None:
            return True
        try:
            return self.path.stat().st_ino == self._inode
        except OSError:
            return False

    def rescue(self) -> Path | None:
        """Our file is gone or another's is in its place: save what we have, and tell where. None if that fails.

        A file that is gone is put back; another one is left alone, and ours is laid beside it.
        """
        if self.path is None or self.in_place():
            return None
        target = self.path if not self.path.exists() else self.path.with_name(RESCUED)
        try:
            with self.database.read() as db:
                copy_to(db, target, of=self.database.place)
        except (StateError, sqlite3.Error):
            return None
        return target

    def settle(self) -> None:
        """Renew the query planner's figures, and give the log's space back if nobody uses it just now; on a connection
        of its own, because the checkpoint would make all others wait."""
        with self.database.read() as db:
            db.execute("PRAGMA analysis_limit = 400").fetchall()  # as the documentation of `optimize` advises
            db.execute("PRAGMA optimize").fetchall()
        if self.path is None:
            return
        with explained(self.database.place), contextlib.closing(connect(self.path, patience=timedelta())) as own:
            own.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Waits for what is under way. Idempotent."""
        if self.holds:
            self.look_up()
        self.database.close()
