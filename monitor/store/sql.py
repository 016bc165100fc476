"""What the rows' modules ask of a database: as much as `sqlite3` and the PostgreSQL adapter have in common.

Statements are written once, in SQLite's dialect as far as PostgreSQL shares it (`store/postgres/translate.py` tells
the little that is said otherwise there). Connections begin no transaction by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from monitor.errors import StateUnwritable

Item = TypeVar("Item")
Result = TypeVar("Result")


class Row(Protocol):
    """By position or by name; of two columns of one name the first is found."""

    def __getitem__(self, key: Any, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...

    def __len__(self) -> int: ...

    def keys(self) -> list[str]: ...


class Cursor(Protocol):
    @property
    def rowcount(self) -> int:
        """How many rows the statement changed."""

    @property
    def lastrowid(self) -> int | None:
        """The number that the row just added was given; only of use right behind an INSERT that added one."""

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    @property
    def in_transaction(self) -> bool: ...

    def execute(self, sql: str, parameters: Any = ..., /) -> Cursor:
        """`?` takes a sequence, `:name` a mapping, which may have more than is asked for."""

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Cursor: ...


def asks_far(db: Connection) -> bool:
    """Whether each statement is a way to a server and back, so that one of many is worth its own words."""
    return getattr(db, "asks_far", False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`software`: which database it is, of which version, as its makers name it; `schema`: of ours."""

    software: str
    bytes: int
    schema: int


# Of pg_advisory_xact_lock; see `postgres/migrate.UPGRADE`.
DECIDE = 0x6D6F6E69_00000002


def decide_alone(db: Connection) -> None:
    """Until the transaction ends nobody else decides about stories, nor who is told what was decided: what another did
    is seen whole, or not begun. Take it before any row but a feed's. Where whoever writes has the database to himself,
    as in SQLite, nothing is to be done."""
    if asks_far(db):
        db.execute("SELECT pg_advisory_xact_lock(?)", (DECIDE,))


def locking(db: Connection, query: str, how: str) -> str:
    """The same query, which keeps the rows that it finds as they are until the transaction ends, as PostgreSQL's
    `FOR {how}` does: waiting for who has them, and finding what those left. In SQLite whoever writes is alone."""
    return f"{query} FOR {how}" if asks_far(db) else query


def added(db: Connection, insert: str, parameters: Any, *, number: str = "id") -> int:
    """Add the one row that `insert` tells of: the number, in this column, that it was given."""
    if asks_far(db):  # which old builds of SQLite cannot, and which saves a second way
        return int(db.execute(f"{insert} RETURNING {number}", parameters).fetchall()[0][0])
    return db.execute(insert, parameters).lastrowid or 0


# A number that the server has not given yet was forgotten in a crash: nothing of it was stored.
_TRANSACTION = "SELECT CAST(pg_current_xact_id() AS text)"
_FATE = "SELECT CASE WHEN CAST(:it AS xid8) < pg_current_xact_id() THEN pg_xact_status(CAST(:it AS xid8)) END"


def claiming(
    claim: Callable[[Connection], list[Item]], held: Callable[[Connection, list[Item]], list[Item]]
) -> Callable[[Connection], list[Item]]:
    """`claim`, for `Database.do`: if the try before was stored and only its answer lost, what it claimed is ours, and
    would look like another's. An instant does not tell the two apart, the number of its transaction does.

    `held`: which of these still bear the lease that they were given. In a crash a number that never came to the disk
    may be lost, and be another's then, which has not leased the same.
    """
    claimed: list[Item] = []
    within: str | None = None  # the number; None as in SQLite, where what was not heard was not stored

    def again(db: Connection) -> list[Item]:
        nonlocal claimed, within
        if within is not None and _came_through(db, within) and (ours := held(db, claimed)):
            return ours
        claimed = claim(db)
        within = db.execute(_TRANSACTION).fetchone()[0] if claimed and asks_far(db) else None
        return claimed

    return again


def _came_through(db: Connection, transaction: str) -> bool:
    fate = db.execute(_FATE, {"it": transaction}).fetchone()[0]
    if fate == "in progress":  # the server has yet to learn that its connection is gone, or to write the end of it
        raise StateUnwritable("It is not known yet whether what was claimed is stored")
    return bool(fate == "committed")


class Database(Protocol):
    """Safe from any thread. `place` is how errors name it."""

    @property
    def place(self) -> str: ...

    def read(self) -> AbstractContextManager[Connection]: ...

    def write(self) -> AbstractContextManager[Connection]:
        """One transaction; all or nothing. Raises StateUnwritable where the same once more may succeed."""

    def do(self, work: Callable[[Connection], Result], /) -> Result:
        """In one transaction, again where that may succeed; `work` may be called more than once."""

    def standing(self) -> Standing:
        """How large it is, and what keeps it."""

    def settled(self, table: str) -> bool:
        """Whether every transaction that had begun to write to this table when it was asked has ended since: what had a
        number by then is there to be read, or never will be. Waits a moment for them; False where that did not do."""

    def close(self) -> None: ...
