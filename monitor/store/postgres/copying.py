"""A state in PostgreSQL, as `store.copying` reads and writes it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import psycopg
from psycopg import IsolationLevel, errors, sql

from monitor.errors import StateError
from monitor.store.copying import Values
from monitor.store.postgres import address, link_key
from monitor.store.postgres.bounded import LONG, Bounded
from monitor.store.postgres.connection import Connection
from monitor.store.postgres.failures import explained
from monitor.store.postgres.migrate import shipped, version
from monitor.store.tables import META, Table, tables

# A name in `meta` that stands in PostgreSQL alone: which tables SQLite had noted the last number of, in its order.
COUNTED: Final = "sqlite_sequence"
_AT_ONCE = 2000  # rows fetched
_SESSION = (
    "SET statement_timeout = 0",
    "SET idle_in_transaction_session_timeout = 0",  # one side waits while the other works
    "SET lock_timeout = '30s'",
)


@contextlib.contextmanager
def reading(url: str) -> Iterator[PostgresEnd]:
    """All of it as it is at this moment, while others go on. Raises StateError where no state of this version is."""
    place = address.read(url)
    with explained(place), _connected(url) as raw:
        raw.isolation_level, raw.read_only = IsolationLevel.REPEATABLE_READ, True
        with raw.transaction():
            _refuse_other_versions(raw, place)
            yield PostgresEnd(raw, place)


@contextlib.contextmanager
def writing(url: str) -> Iterator[PostgresEnd]:
    """One transaction, all or nothing; others read meanwhile, and write to none of the tables. The schema is there."""
    place = address.read(url)
    with explained(place), _connected(url) as raw:
        try:
            with raw.transaction():
                names = sql.SQL(", ").join(sql.Identifier(table.name) for table in tables())
                raw.execute(sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(names))
                yield PostgresEnd(raw, place)
        except (errors.IntegrityError, errors.DataError) as error:
            told = str(error).strip().splitlines()[0]
            raise StateError(
                f"{place} does not take what was to be copied ({told}). Nothing was changed; 'monitor db check' tells "
                "what is wrong with it."
            ) from error
        with contextlib.suppress(psycopg.Error):  # it would come by itself, a minute later
            raw.execute("ANALYZE")


class PostgresEnd:
    """`copying.Target`; within `reading` a `copying.Source` alone."""

    def __init__(self, raw: psycopg.Connection[Values], place: str) -> None:
        self._raw, self.place = raw, place

    def rows(self, table: Table) -> Iterator[Values]:
        query = sql.SQL("SELECT {} FROM {} {} ORDER BY {}").format(
            _names(table.columns),
            sql.Identifier(table.name),
            sql.SQL("WHERE name <> ALL({})").format([COUNTED, link_key.NAME]) if table.name == META else sql.SQL(""),
            _names(table.key),
        )
        with explained(self.place), self._raw.cursor("copying", binary=True) as cursor:
            cursor.itersize = _AT_ONCE
            cursor.execute(query)
            yield from cursor

    def counters(self) -> Mapping[str, int]:
        noted = self._raw.execute("SELECT value FROM meta WHERE name = %s", (COUNTED,)).fetchone()
        begun = dict.fromkeys(json.loads(noted[0]) if noted else (), 0)
        for table in tables():
            last = self._last(table) if table.counts else 0
            if last:
                begun[table.name] = last
        return begun

    def fill(self, table: Table, rows: Iterable[Values]) -> None:
        into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), _names(table.columns))
        with self._raw.cursor() as cursor, cursor.copy(into) as copy:
            for row in rows:
                copy.write_row(row)

    def clear_meta(self) -> None:
        self._raw.execute("DELETE FROM meta")

    def count_from(self, counters: Mapping[str, int]) -> None:
        """Numbers go on where they were. The order is noted, so that a copy of this copy in SQLite equals the first."""
        told = (COUNTED, json.dumps(list(counters)))
        self._raw.execute("INSERT INTO meta (name, value) VALUES (%s, %s)", told)
        for table in tables():
            sequence = self._sequence(table)
            if sequence is not None:
                self._go_on(sequence, table, at_least=counters.get(table.name, 0))

    def _go_on(self, sequence: str, table: Table, *, at_least: int) -> None:
        query = sql.SQL("SELECT max({}) FROM {}").format(_names(table.key), sql.Identifier(table.name))
        last = max(self._ask(query) or 0, at_least)
        self._raw.execute("SELECT setval(%s::regclass, %s, %s)", (sequence, max(last, 1), last > 0))

    def _last(self, table: Table) -> int:
        """0: it gave none yet."""
        name = self._sequence(table)
        if name is None:
            return 0
        query = sql.SQL("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {}").format(sql.SQL(name))
        return int(self._ask(query))

    def _sequence(self, table: Table) -> str | None:
        """Quoted, with its schema; None where we number the rows ourselves."""
        if len(table.key) != 1:
            return None
        name: str | None = self._ask(sql.SQL("SELECT pg_get_serial_sequence({}, {})").format(table.name, table.key[0]))
        return name

    def _ask(self, query: sql.Composed) -> Any:
        row = self._raw.execute(query).fetchone()
        assert row is not None
        return row[0]


def _names(columns: Iterable[str]) -> sql.Composable:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


@contextlib.contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection[Values]]:
    """A connection of our own: those of the pool do not wait as long as a large table takes."""
    with contextlib.closing(
        Bounded.connect(
            url, autocommit=True, application_name="monitor db copy", connect_timeout=10, client_encoding="UTF8",
            keepalives_idle=10, keepalives_interval=5, keepalives_count=3,
        )
    ) as raw:  # fmt: skip
        raw.answers_within = LONG
        for statement in _SESSION:
            raw.execute(statement)
        yield raw


def _refuse_other_versions(raw: psycopg.Connection[Any], place: str) -> None:
    found = version(Connection(raw))
    if found == 0:
        raise StateError(f"nothing is recorded in {place} yet.")
    known = shipped()[-1].number
    if found != known:
        raise StateError(
            f"{place} was written by another version of monitor (schema {found}; this version has {known}). "
            "Copy it with that version, or start a monitor of this one on it first, which converts it."
        )
