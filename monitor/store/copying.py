"""All rows of a state from one database into another, and the proof that they arrived."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Protocol, TypeAlias

from monitor.errors import StateError
from monitor.store import codec
from monitor.store.database import explained
from monitor.store.tables import META, Table, tables

Values: TypeAlias = tuple[Any, ...]  # of a row, in the order of `Table.columns`

_OURS = ("generation", "begun_at")  # names in `meta` that each database is begun with
_PYTHON = {"INTEGER": int, "TEXT": str, "BLOB": bytes}
_DAMAGED = "'monitor db check' tells what is wrong with it"


class Source(Protocol):
    """A database at one moment. `place` is how errors name it."""

    @property
    def place(self) -> str: ...

    def rows(self, table: Table) -> Iterator[Values]:
        """In the order of the table's key: numbers by size, text and blobs by their bytes."""

    def counters(self) -> Mapping[str, int]:
        """The last number that each table gave which uses none twice, in the order in which SQLite notes them."""


class Target(Source, Protocol):
    """A transaction that nobody else writes beside. It reads what it has written."""

    def fill(self, table: Table, rows: Iterable[Values]) -> None: ...

    def clear_meta(self) -> None: ...

    def count_from(self, counters: Mapping[str, int]) -> None: ...


@dataclass(slots=True)
class Tally:
    """How many rows went by, and a digest of them all in their order."""

    rows: int = 0
    _digest: Any = field(default_factory=lambda: blake2b(digest_size=16))

    def over(self, rows: Iterable[Values]) -> Iterator[Values]:
        for row in rows:
            self.rows += 1
            self._digest.update(repr(row).encode("utf-8", "surrogatepass"))
            yield row

    @property
    def digest(self) -> bytes:
        digest: bytes = self._digest.digest()
        return digest


def refuse_full(target: Target) -> None:
    """What is copied takes the place of nothing. Raises StateError."""
    for table in tables():
        known = _OURS if table.name == META else ()
        first = next((row for row in target.rows(table) if row[0] not in known), None)
        if first is not None:
            raise StateError(
                f"{target.place} is not empty: there is something in '{table.name}'. A copy takes the place of "
                "nothing: name an empty directory, or an empty database that was made for it."
            )


def copy(source: Source, target: Target) -> Mapping[str, int]:
    """How many rows of each table were copied: read again on the other side, and equal. Commits nothing.

    Raises StateError for what the target cannot hold, or gives back otherwise.
    """
    target.clear_meta()
    counted = {}
    for table in tables():
        sent, arrived = Tally(), Tally()
        target.fill(table, sent.over(_fitting(source, table)))
        for _ in arrived.over(target.rows(table)):
            pass
        if (sent.rows, sent.digest) != (arrived.rows, arrived.digest):
            raise StateError(
                f"{target.place} does not give back what {source.place} holds in '{table.name}': {sent.rows} rows "
                f"went, {arrived.rows} came. Nothing was changed. Report this."
            )
        counted[table.name] = sent.rows
    target.count_from(source.counters())
    return counted


def _fitting(source: Source, table: Table) -> Iterator[Values]:
    """SQLite takes any value in any column; PostgreSQL takes the column's own, and no NUL in a text."""
    kinds = [(name, _PYTHON[kind]) for name, kind in table.columns.items()]
    for row in source.rows(table):
        for (name, kind), value in zip(kinds, row, strict=True):
            if value is not None and type(value) is not kind:
                raise StateError(
                    f"{source.place}: '{table.name}.{name}' holds a {type(value).__name__} where a {kind.__name__} "
                    f"belongs. Nothing was changed; {_DAMAGED}."
                )
        yield tuple(codec.clean(value) if type(value) is str and "\0" in value else value for value in row)


class SqliteEnd:
    """`Target`; a `Source` while a transaction holds its moment."""

    def __init__(self, db: sqlite3.Connection, place: str) -> None:
        self._db, self.place = db, place

    def rows(self, table: Table) -> Iterator[Values]:
        cursor = self._db.cursor()
        cursor.row_factory = None
        query = f"SELECT {', '.join(table.columns)} FROM {table.name} ORDER BY {', '.join(table.key)}"  # noqa: S608 ours
        try:
            with explained(self.place):
                yield from cursor.execute(query)
        except sqlite3.OperationalError as error:
            if "decode" not in str(error):
                raise
            raise StateError(
                f"{self.place}: a text of '{table.name}' cannot be read. Nothing was changed; {_DAMAGED}."
            ) from error

    def counters(self) -> Mapping[str, int]:
        rows = self._db.execute("SELECT name, seq FROM sqlite_sequence ORDER BY rowid").fetchall()
        return {row[0]: row[1] for row in rows}

    def fill(self, table: Table, rows: Iterable[Values]) -> None:
        marks = ", ".join("?" * len(table.columns))
        names = ", ".join(table.columns)
        self._db.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", rows)  # noqa: S608 - ours

    def clear_meta(self) -> None:
        self._db.execute(f"DELETE FROM {META}")  # noqa: S608 - ours

    def count_from(self, counters: Mapping[str, int]) -> None:
        self._db.execute("DELETE FROM sqlite_sequence")
        self._db.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", counters.items())
