"""Bring a PostgreSQL database to the schema of this version: the same steps as SQLite's, in its own words.

The numbers are those of `store/migrations`. Each step only adds, so that the workers of the version before go on
writing until they are replaced (`docs/howto/scale-out.md`, "Upgrades").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import resources

from monitor.errors import StateError, StateTooNew
from monitor.store.migrate import Migration
from monitor.store.postgres.connection import Connection

# Of pg_advisory_xact_lock: any number that no other program of the database's takes. Ours begin with "moni".
UPGRADE = 0x6D6F6E69_00000001
_AHEAD = 1  # versions of the schema that ours works with, and has not tested
_VERSION = "SELECT number FROM schema_version"
_HAS = "SELECT to_regclass('schema_version') IS NOT NULL"
_IS_FOREIGN = "SELECT to_regclass('meta') IS NOT NULL OR to_regclass('entry') IS NOT NULL"


def shipped() -> tuple[Migration, ...]:
    """In order; the first makes everything that there was before it."""
    files = (resources.files("monitor.store.postgres") / "migrations").iterdir()
    found = [(match, file) for file in files if (match := re.fullmatch(r"(\d{4})_\w+\.sql", file.name))]
    return tuple(
        Migration(number=int(match[1]), sql=file.read_text("utf-8"))
        for match, file in sorted(found, key=lambda each: each[0][1])
    )


def version(db: Connection) -> int:
    """0 is a database without a schema."""
    if not db.execute(_HAS).fetchall()[0][0]:
        return 0
    return int(db.execute(_VERSION).fetchall()[0][0])


def refuse_newer(found: int, migrations: Sequence[Migration], place: str) -> None:
    """A schema of the next version is used as it is, for each step only adds; one further on was never tried."""
    known = migrations[-1].number
    if found > known + _AHEAD:
        raise StateTooNew(
            f"{place} was written by a newer version of monitor (schema {found}; this version knows up to {known} and "
            f"works with {known + _AHEAD}). Install that version here, too."
        )


def migrate(db: Connection, place: str) -> None:
    """Run what is missing, within the caller's transaction; any number of processes may do it at once."""
    migrations = shipped()
    db.execute("SELECT pg_advisory_xact_lock(?)", (UPGRADE,))
    found = version(db)
    refuse_newer(found, migrations, place)
    if found == 0:
        _refuse_foreign(db, place)
        db.execute("CREATE TABLE schema_version (number bigint NOT NULL)")
        db.execute("INSERT INTO schema_version (number) VALUES (0)")
    for step in migrations:
        if found < step.number:
            db.raw.execute(step.sql.encode())
            db.execute("UPDATE schema_version SET number = ?", (step.number,))


def _refuse_foreign(db: Connection, place: str) -> None:
    if db.execute(_IS_FOREIGN).fetchall()[0][0]:
        raise StateError(f"{place} has tables of another program. Give monitor a database of its own.")
