"""The Store of many machines."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from monitor.store.ingest import SqlIngest
from monitor.store.postgres.connection import Connection
from monitor.store.postgres.database import CONNECTIONS, PostgresDatabase
from monitor.store.postgres.ingest import PostgresIngest
from monitor.store.postgres.migrate import migrate
from monitor.store.sql_store import SqlStore, name_generation


class PostgresStore(SqlStore):
    """Get one from `open_postgres`. Raises StateError for what the server or the network does to us."""

    database: PostgresDatabase
    path: Path | None = None
    warnings: tuple[str, ...] = ()
    trouble: str | None = None
    holds = False  # nothing is kept in memory: the server takes it, or the caller hears of it

    @contextlib.contextmanager
    def ingest(self) -> Iterator[SqlIngest]:
        with self.database.write() as db:
            transaction = PostgresIngest(db)
            try:
                yield transaction
            finally:
                transaction.end()

    def reserve(self, *, keeps_going: bool) -> None:
        """Disks are the server's business."""

    def look_up(self) -> None:
        """As `reserve`."""

    def check(self) -> None:
        """Raises StateError if the server does not answer. Its files are for its own tools (pg_amcheck)."""
        with self.database.read() as db:
            db.execute("SELECT 1").fetchall()

    def in_place(self) -> bool:
        return True

    def rescue(self) -> Path | None:
        return None


def open_postgres(url: str, *, now: datetime, connections: int = CONNECTIONS) -> PostgresStore:
    """Connected, and brought to this version's schema. Raises StateTooNew, StateError."""
    database = PostgresDatabase(url, connections=connections)
    try:

        def prepare_schema(db: Connection) -> None:
            migrate(db, database.place)
            name_generation(db, now)

        database.do(prepare_schema)
        return PostgresStore(database)
    except BaseException:
        database.close()
        raise
