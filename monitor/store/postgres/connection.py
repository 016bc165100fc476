"""A connection that takes the shared statements and answers in rows like `sqlite3.Row`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar

import psycopg
from psycopg.adapt import Dumper, Loader
from psycopg.pq import TransactionStatus

from monitor.store.postgres.translate import translate


class Row(tuple[Any, ...]):
    """By position or by name; of two columns of one name the first is found."""

    __slots__ = ()
    places: ClassVar[Mapping[str, int]] = {}

    def __getitem__(self, key: Any) -> Any:
        return tuple.__getitem__(self, self.places[key] if isinstance(key, str) else key)

    def keys(self) -> list[str]:
        return list(self.places)


@lru_cache(maxsize=1024)
def _row_class(names: tuple[str, ...]) -> type[Row]:
    places = {name: place for place, name in reversed(list(enumerate(names)))}
    return type("Row", (Row,), {"__slots__": (), "places": {name: places[name] for name in dict.fromkeys(names)}})


def rows(cursor: psycopg.Cursor[Any]) -> Callable[[Sequence[Any]], Row]:
    """A row factory of psycopg's."""
    names = tuple(column.name for column in cursor.description or ())
    return _row_class(names)


class _Flag(Dumper):
    """Flags are integers in the schema, as in SQLite."""

    oid = psycopg.adapters.types["int8"].oid

    def dump(self, value: bool) -> bytes:
        return b"1" if value else b"0"

    def quote(self, value: bool) -> bytes:
        return self.dump(value)


class _Sum(Loader):
    """Sums of integers come as `numeric`; the statements make no other of them but means."""

    def load(self, data: Any) -> int | float:
        number = Decimal(bytes(data).decode())
        return int(number) if number == number.to_integral_value() else float(number)


class _Truth(Loader):
    """What a statement compares is 0 or 1, as in SQLite."""

    def load(self, data: Any) -> int:
        return int(bytes(data) == b"t")


def prepare(connection: psycopg.Connection[Any]) -> None:
    """Of a fresh connection: each statement is a transaction of its own, unless one was begun."""
    connection.autocommit = True
    connection.cursor_factory = psycopg.ClientCursor
    connection.row_factory = rows
    connection.adapters.register_dumper(bool, _Flag)
    connection.adapters.register_loader("numeric", _Sum)
    connection.adapters.register_loader("bool", _Truth)


class Cursor:
    """`sql.Cursor`."""

    def __init__(self, cursor: psycopg.Cursor[Any]) -> None:
        self._cursor = cursor

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int:
        """What the sequence of the session's last INSERT gave out."""
        row = self._cursor.connection.execute("SELECT lastval()").fetchone()
        assert row is not None
        return int(row[0])

    def fetchone(self) -> Row | None:
        return self._cursor.fetchone() if self._cursor.description else None

    def fetchall(self) -> list[Row]:
        return self._cursor.fetchall() if self._cursor.description else []

    def __iter__(self) -> Iterator[Row]:
        return iter(self._cursor) if self._cursor.description else iter(())


class Connection:
    """`sql.Connection`; `raw` for what PostgreSQL alone is asked."""

    asks_far = True

    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        self.raw = raw

    @property
    def in_transaction(self) -> bool:
        return self.raw.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR)

    def execute(self, sql: str, parameters: Any = (), /) -> Cursor:
        return Cursor(self.raw.execute(translate(sql).encode(), parameters))

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Cursor:
        cursor = self.raw.cursor()
        cursor.executemany(translate(sql).encode(), list(parameters))
        return Cursor(cursor)
