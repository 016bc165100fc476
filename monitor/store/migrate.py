"""Bring a database to the schema of this version, one numbered step at a time."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

from monitor.errors import StateTooNew


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """`number` is the schema's version once it has run; `sql` holds no transaction of its own."""

    number: int
    sql: str


def shipped() -> tuple[Migration, ...]:
    """In order, numbered from 1 without a gap."""
    files = (resources.files("monitor.store") / "migrations").iterdir()
    found = [(match, file) for file in files if (match := re.fullmatch(r"(\d{4})_\w+\.sql", file.name))]
    return tuple(
        Migration(number=int(match[1]), sql=file.read_text("utf-8"))
        for match, file in sorted(found, key=lambda each: each[0][1])
    )


def version(db: sqlite3.Connection) -> int:
    """0 is a database without a schema."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def refuse_newer(db: sqlite3.Connection, migrations: Sequence[Migration], place: str) -> None:
    found, known = version(db), migrations[-1].number
    if found > known:
        raise StateTooNew(
            f"{place} was written by a newer version of monitor (schema {found}; this version knows up to {known}). "
            "Install that version again, or put a backup from before the upgrade in its place."
        )


def migrate(db: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    """Run what is missing. Each step is one transaction: killed halfway, it has not happened.

    Two processes may do this at once; the version is read again under the write lock.
    """
    for migration in migrations:
        if version(db) < migration.number:
            _run(db, migration)


def _run(db: sqlite3.Connection, migration: Migration) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        if version(db) < migration.number:
            for statement in statements(migration.sql):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {migration.number:d}")
        db.execute("COMMIT")
    except BaseException:  # also Ctrl-C must not leave the transaction open
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def statements(sql: str) -> Iterator[str]:
    """One by one, each ending on a line's end. (`executescript` would commit the transaction that we are in.)"""
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
