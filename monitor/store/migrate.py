"""Bring a database to the schema of this version, one numbered step at a time."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from importlib import resources

from monitor.errors import StateTooNew


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """`number` is the schema's version once it has run; `sql` holds no transaction of its own."""

    number: int
    sql: str


def shipped() -> tuple[Migration, ...]:
    """In order of their numbers, which begin with 1 and of which none is used twice."""
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
    """Without foreign keys meanwhile ("ALTER TABLE", section 7): removing a table that was rebuilt would remove what
    refers to its rows. All references are looked at before the commit."""
    db.create_function("short_hash", 2, short_hash, deterministic=True)
    enforced = db.execute("PRAGMA foreign_keys").fetchone()[0]
    db.execute("PRAGMA foreign_keys = OFF")  # of no effect within a transaction
    db.execute("BEGIN IMMEDIATE")
    try:
        if version(db) < migration.number:
            for statement in statements(migration.sql):
                db.execute(statement)
            _refuse_dangling(db, migration)
            db.execute(f"PRAGMA user_version = {migration.number:d}")
        db.execute("COMMIT")
    except BaseException:  # also Ctrl-C must not leave the transaction open
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    finally:
        db.execute(f"PRAGMA foreign_keys = {enforced:d}")


def _refuse_dangling(db: sqlite3.Connection, migration: Migration) -> None:
    dangling = db.execute("PRAGMA foreign_key_check").fetchone()
    if dangling is not None:
        raise sqlite3.IntegrityError(f"migration {migration.number}: a row of {dangling[0]} refers to nothing")


def short_hash(feed: int, text: str | None) -> int | None:
    """32 bits of a guid or link in its feed, signed; None where there is none. Two texts may share one."""
    if not text:
        return None
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4, key=feed.to_bytes(8, "big", signed=True))
    return int.from_bytes(digest.digest(), "big", signed=True)


def statements(sql: str) -> Iterator[str]:
    """One by one, each ending on a line's end. (`executescript` would commit the transaction that we are in.)"""
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
