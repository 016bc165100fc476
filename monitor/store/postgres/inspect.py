"""What `store.inspect` looks at, in PostgreSQL; its files are for its own tools."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.store.inspect import INVARIANTS, UNFINDABLE, Finding
from monitor.store.migrate import short_hash
from monitor.store.postgres.bounded import LONG
from monitor.store.postgres.connection import Connection, Row
from monitor.store.postgres.database import PostgresDatabase

_AT_ONCE = 5000  # rows fetched
_BACK = "copy a backup into a new database with 'monitor db copy', and set MONITOR_DATABASE_URL to that"
_REINDEX = "run REINDEX INDEX on it"
_BROKEN_INDEXES = """
    SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE NOT indisvalid AND relnamespace = current_schema()::regnamespace ORDER BY relname
"""
_ADDRESSES = """
    SELECT id, feed, guid, link, guid_hash, link_hash FROM entry WHERE first_id IS NULL AND id > ? ORDER BY id LIMIT ?
"""


def inspect(url: str) -> list[Finding]:
    """What is wrong with the state in this database, nothing as a rule; beside those who work with it.

    The schema is of this version. Raises StateError if it cannot be read.
    """
    database = PostgresDatabase(url, connections=1, answer=LONG)
    try:
        with database.read() as db:
            return list(_findings(db))
    finally:
        database.close()


def _findings(db: Connection) -> Iterator[Finding]:
    for row in db.execute(_BROKEN_INDEXES).fetchall():
        yield Finding(what=f"the index {row[0]} was not made whole", remedy=_REINDEX)
    for query, what in INVARIANTS:
        count = db.execute(re.sub(r"\bIS NOT (?!NULL)", "IS DISTINCT FROM ", query)).fetchall()[0][0]
        if count:
            yield Finding(what=what.format(n=count), remedy=_BACK)
    unfindable = sum(
        (row["guid_hash"], row["link_hash"])
        != (short_hash(row["feed"], row["guid"]), short_hash(row["feed"], row["link"]))
        for row in _entries(db)
    )
    if unfindable:
        yield Finding(what=UNFINDABLE.format(n=unfindable), remedy=_BACK)


def _entries(db: Connection) -> Iterator[Row]:
    last = -(2**63)
    while rows := db.execute(_ADDRESSES, (last, _AT_ONCE)).fetchall():
        yield from rows
        last = rows[-1]["id"]
