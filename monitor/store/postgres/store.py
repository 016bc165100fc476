"""The Store of many machines."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from monitor.errors import StateError
from monitor.store.ingest import SqlIngest
from monitor.store.postgres.bounded import ANSWER, READING, at_leisure
from monitor.store.postgres.connection import Connection
from monitor.store.postgres.database import CONNECTIONS, PostgresDatabase
from monitor.store.postgres.ingest import PostgresIngest
from monitor.store.postgres.migrate import migrate, refuse_newer, shipped, version
from monitor.store.read import Reader
from monitor.store.sql_store import SqlStore, name_generation

# Of pg_advisory_lock, with the hash of a feed's id; see `migrate.UPGRADE`.
TURN = 0x6D6F6E69


class PostgresStore(SqlStore):
    """Get one from `open_postgres`. Raises StateError for what the server or the network does to us."""

    database: PostgresDatabase
    # Of all who decide on this database. Else each goes by its own: enough where one process polls at a time.
    shared_clock: Callable[[Connection], datetime] | None = None

    @contextlib.contextmanager
    def turn_of(self, feed_id: str, /) -> Iterator[None]:
        """The feed's own, in the whole fleet. Its connection is ours until the end."""
        with self.database.holding(TURN, feed_id):
            yield

    @contextlib.contextmanager
    def ingest(self) -> Iterator[SqlIngest]:
        with self.database.write() as db:
            transaction = PostgresIngest(db, partial(self.shared_clock, db) if self.shared_clock else None)
            try:
                yield transaction
            finally:
                transaction.end()

    def check(self) -> None:
        """Whether the server answers. Its files are for its own tools (pg_amcheck)."""
        with self.database.read() as db:
            db.execute("SELECT 1").fetchall()


def open_postgres(url: str, *, now: datetime, connections: int = CONNECTIONS, answer: float = ANSWER) -> PostgresStore:
    """Connected, and brought to this version's schema. Raises StateTooNew, StateError."""
    database = PostgresDatabase(url, connections=connections, answer=answer)
    try:

        def prepare_schema(db: Connection) -> None:
            with at_leisure(db.raw):
                migrate(db, database.place)
            name_generation(db, now)

        database.do(prepare_schema)
        return PostgresStore(database)
    except BaseException:
        database.close()
        raise


def open_postgres_reader(url: str) -> Reader | None:
    """None where the database is empty. Raises StateTooNew, StateError."""
    database = PostgresDatabase(url, connections=2, answer=READING)
    try:
        with database.read() as db:
            found = version(db)
        refuse_newer(found, shipped(), database.place)
        if 0 < found < shipped()[-1].number:
            raise StateError(
                f"{database.place} was written by an older version of monitor. Start one of this version to convert it."
            )
    except BaseException:
        database.close()
        raise
    if found == 0:
        database.close()
        return None
    return Reader(database)
