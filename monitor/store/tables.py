"""The tables of a state as its schema tells them, for who goes through all of it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter

from monitor.store.database import connect_in_memory
from monitor.store.migrate import migrate, shipped

META = "meta"
ROWID = "rowid"  # of a table that names no number of its own; a column in PostgreSQL


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`columns`: name and type (INTEGER, TEXT or BLOB). `key`: what tells rows apart, and the order to read them in.

    `counts`: the numbers that it gives are never used twice, also those of rows that are gone.
    """

    name: str
    columns: Mapping[str, str]
    key: tuple[str, ...]
    counts: bool


@cache
def tables() -> tuple[Table, ...]:
    """Of this version's schema, each behind those that it refers to."""
    with contextlib.closing(connect_in_memory()) as db:
        migrate(db, shipped())
        return tables_of(db)


def tables_of(db: sqlite3.Connection) -> tuple[Table, ...]:
    """As `tables`, of this database."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@'"
    made = {str(name): str(sql) for name, sql in db.execute(query).fetchall()}
    parents = {name: _parents(db, name) for name in made}
    return tuple(_table(db, name, made[name]) for name in TopologicalSorter(parents).static_order())


def _parents(db: sqlite3.Connection, name: str) -> list[str]:
    """A row that refers to one of its own table comes behind it as they are numbered."""
    return [row[2] for row in db.execute(f"PRAGMA foreign_key_list({name})").fetchall() if row[2] != name]


def _table(db: sqlite3.Connection, name: str, sql: str) -> Table:
    told = db.execute(f"PRAGMA table_info({name})").fetchall()
    columns = {str(row[1]): str(row[2]) for row in told}
    key = tuple(row[1] for row in sorted((row for row in told if row[5]), key=lambda row: int(row[5])))
    if "WITHOUT ROWID" not in sql and not _is_number(key, columns):
        columns, key = {ROWID: "INTEGER", **columns}, (ROWID,)
    return Table(name=name, columns=columns, key=key, counts="AUTOINCREMENT" in sql)


def _is_number(key: Sequence[str], columns: Mapping[str, str]) -> bool:
    """Whether the key is another name for the rowid ("CREATE TABLE", section 5)."""
    return [columns[name] for name in key] == ["INTEGER"]
