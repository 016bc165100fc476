"""Both databases have one schema: a migration of one that the other lacks is found here.

What PostgreSQL has beyond SQLite is named in `EXTRA_TABLES` and `EXTRA_COLUMNS`, with its reason.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest

from monitor.store.database import connect_in_memory
from monitor.store.migrate import migrate, shipped
from monitor.store.postgres.migrate import shipped as shipped_for_postgres
from monitor.store.tables import ROWID, tables
from tests.postgres import Postgres

from .conftest import with_schema

EXTRA_TABLES = {"schema_version"}  # SQLite has a place of its own for it
EXTRA_COLUMNS = {("alert", ROWID)}  # SQLite has it without being told
TYPES = {"bigint": "INTEGER", "text": "TEXT", "bytea": "BLOB"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Of one table, in words that both databases' share."""

    columns: dict[str, tuple[str, bool, str | None]]  # type, may be NULL, default
    key: tuple[str, ...]
    uniques: set[tuple[str, ...]]
    indexes: dict[str, tuple[bool, str, str]]  # unique, columns, where
    references: set[tuple[tuple[str, ...], str, tuple[str, ...], str]]
    checks: int


@pytest.fixture(scope="module")
def sqlite() -> Iterator[sqlite3.Connection]:
    with contextlib.closing(connect_in_memory()) as db:
        migrate(db, shipped())
        yield db


@pytest.fixture(scope="module")
def postgres_db(postgres: Postgres) -> Iterator[psycopg.Connection[tuple]]:
    url = postgres.fresh(with_schema)
    with psycopg.connect(url) as db:
        yield db
    postgres.drop(url)


# --- what SQLite says of itself


def of_sqlite(db: sqlite3.Connection, table: str) -> Shape:
    told = db.execute(f"PRAGMA table_info({table})").fetchall()
    own = db.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()[0]
    lists = db.execute(f"PRAGMA index_list({table})").fetchall()
    return Shape(
        columns={name: (kind, not must and not key, default) for _, name, kind, must, default, key in told},
        key=tuple(row[1] for row in sorted(told, key=lambda row: row[5]) if row[5]),
        uniques={indexed(db, row[1]) for row in lists if row[3] == "u"},
        indexes={row[1]: made(sql_of(db, row[1])) for row in lists if row[3] == "c"},
        references=set(references_of(db, table)),
        checks=own.count("CHECK ("),
    )


def indexed(db: sqlite3.Connection, index: str) -> tuple[str, ...]:
    return tuple(row[2] for row in db.execute(f"PRAGMA index_info({index})").fetchall())


def sql_of(db: sqlite3.Connection, index: str) -> str:
    return str(db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (index,)).fetchone()[0])


def references_of(db: sqlite3.Connection, table: str) -> Iterator[tuple[tuple[str, ...], str, tuple[str, ...], str]]:
    rows = db.execute(f"PRAGMA foreign_key_list({table})").fetchall()
    for number in {row[0] for row in rows}:
        own = sorted((row for row in rows if row[0] == number), key=lambda row: row[1])
        yield tuple(row[3] for row in own), own[0][2], tuple(row[4] for row in own), own[0][6]


# --- what PostgreSQL says of itself

_COLUMNS = """
    SELECT attname, format_type(atttypid, atttypmod), NOT attnotnull, pg_get_expr(adbin, adrelid), collname
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    LEFT JOIN pg_collation ON pg_collation.oid = attcollation
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
_CONSTRAINTS = """
    SELECT contype::text, pg_get_constraintdef(oid),
        (SELECT array_agg(attname::text ORDER BY place) FROM unnest(conkey) WITH ORDINALITY AS key (number, place)
            JOIN pg_attribute ON attrelid = conrelid AND attnum = key.number)
    FROM pg_constraint WHERE conrelid = %s::regclass
"""
_INDEXES = """
    SELECT relname, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
"""


def of_postgres(db: psycopg.Connection[tuple], table: str) -> Shape:
    rows = db.execute(_COLUMNS, (table,)).fetchall()
    assert {row[4] for row in rows if row[1] == "text"} <= {"C"}, f"a text of {table} is not compared by its bytes"
    found = db.execute(_CONSTRAINTS, (table,)).fetchall()
    of = {kind: [(what, tuple(on)) for its, what, on in found if its == kind] for kind in "pufc"}
    columns = {
        name: (TYPES[kind], nullable, plain_default(default))
        for name, kind, nullable, default, _ in rows
        if (table, name) not in EXTRA_COLUMNS
    }
    return Shape(
        columns=columns,
        key=next(on for _, on in of["p"]),
        uniques={on for _, on in of["u"] if all((table, name) not in EXTRA_COLUMNS for name in on)},
        indexes={name: made(sql) for name, sql in db.execute(_INDEXES, (table,)).fetchall()},
        references={reference(what, on) for what, on in of["f"]},
        checks=len(of["c"]),
    )


def plain_default(default: str | None) -> str | None:
    return None if default is None else re.sub(r"::\w+", "", default).removeprefix("'::").strip()


def reference(sql: str, own: tuple[str, ...]) -> tuple[tuple[str, ...], str, tuple[str, ...], str]:
    found = re.search(r"REFERENCES (\w+)\(([^)]*)\)( ON DELETE CASCADE)?", sql)
    assert found
    return own, found[1], tuple(found[2].split(", ")), "CASCADE" if found[3] else "NO ACTION"


# --- what both say, made alike


def made(sql: str) -> tuple[bool, str, str]:
    """Of CREATE INDEX: unique, columns, where."""
    sql = re.sub(r"::\w+(\[\])?|--[^\n]*", "", " ".join(sql.split()).replace(" USING btree", ""))
    found = re.fullmatch(r"CREATE (UNIQUE )?INDEX \w+ ON (?:public\.)?\w+ ?\((.*?)\)(?: WHERE (.*))?", sql)
    assert found, sql
    where = re.sub(r"= ANY \(ARRAY\[([^]]*)\]\)", r"IN (\1)", found[3] or "")
    columns = found[2].replace('"', "").replace(" ", "").replace("substring(", "substr(")
    return bool(found[1]), columns, re.sub(r"[()\s]", "", where)


TABLES = [table.name for table in tables()]


@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_the_same_shape_in_both(
    table: str, sqlite: sqlite3.Connection, postgres_db: psycopg.Connection[tuple]
) -> None:
    assert of_postgres(postgres_db, table) == of_sqlite(sqlite, table)


def test_both_have_the_same_tables_and_are_at_the_same_version(postgres_db: psycopg.Connection[tuple]) -> None:
    found = {row[0] for row in postgres_db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert found == {*TABLES, *EXTRA_TABLES}
    assert shipped()[-1].number == shipped_for_postgres()[-1].number


def test_rows_are_numbered_by_the_database_wherever_sqlite_does_it(postgres_db: psycopg.Connection[tuple]) -> None:
    """Of tables whose number is another's (an entry's, a version's) or ours (a rules version's), by neither."""
    numbered = {
        table.name: postgres_db.execute("SELECT pg_get_serial_sequence(%s, %s)", (table.name, table.key[0])).fetchone()
        for table in tables()
        if len(table.key) == 1 and table.columns[table.key[0]] == "INTEGER"
    }
    by_us = {"report", "evidence", "article", "completed_text", "rules_version"}
    assert {name for name, sequence in numbered.items() if sequence == (None,)} == by_us
    assert {table.name for table in tables() if table.counts} <= numbered.keys() - by_us
