"""A state with something in every table: NULL and a value in each column that takes either."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from monitor.model import Hold, NotSent, Sent
from monitor.store import SqliteStore, open_store, place
from monitor.store.tables import Table, tables

from .builders import DESK, FIELD, MINUTE, NOW, feeds, tell

LARGEST, SMALLEST = 2**63 - 1, -(2**63)
# What is said otherwise in SQL, in the text of COPY, or in JSON; and what lies outside of the first plane.
TEXT = "غارة 🛑 'q' \"d\" \\N \\. \t \r\n { } %s ? :n \u200f\u202e\ue000\U0010ffff\x01\x7f\x85\u2028"
BLOB = bytes(range(256)) + b"\\x00"

# What a CHECK asks for.
ONLY: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("delivery", "status"): ("sent", "dead"),
    ("article", "state"): ("wanted", "left"),
    ("worker", "stage"): ("working", "draining"),
}


def rich_state(directory: Path) -> Path:
    """As `told_state`; then two rows to each table, of any values."""
    told_state(directory)
    with contextlib.closing(sqlite3.connect(directory / place.DATABASE)) as db, db:
        _fill(db)
        assert gaps(db) == [], "say in tests/store/rich.py what these may hold"
    return directory


def told_state(directory: Path) -> Path:
    """Alerts and deliveries in their states, by the store itself."""
    store = open_store(directory, now=NOW)
    _tell(store)
    store.close()
    return directory


def _tell(store: SqliteStore) -> None:
    for title in ("غارة", "قصف", "اشتباك", "انفجار", "حريق"):
        tell(store, title, DESK, FIELD)
    gone = tell(store, "زلزال")
    sent, failed, *_ = store.claim_deliveries(NOW, limit=4, lease=MINUTE)  # the other two stay with who has vanished
    store.record(sent, Sent(sent_at=NOW, thread="thread-1", answer="ok"), retry_at=None)
    store.record(failed, NotSent(detail="503 \\N", ambiguous=True, failed_at=NOW), retry_at=NOW + MINUTE)
    store.claim_due_feeds(feeds("local", "field"), NOW, limit=1, lease=MINUTE)
    with store.database.write() as db:
        db.execute("DELETE FROM delivery WHERE alert_id = ?", (gone.id,))
        db.execute("UPDATE delivery SET hold = ? WHERE id = (SELECT max(id) FROM delivery)", (Hold.DIGEST.name,))


def _fill(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA foreign_keys = ON")
    for table in tables():
        for turn in (0, 1):
            row = dict(_row(db, table, turn))
            names, marks = ", ".join(row), ", ".join("?" * len(row))
            db.execute(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", tuple(row.values()))
    db.execute("UPDATE alert SET rowid = 77 WHERE id = (SELECT min(id) FROM alert)")  # decided late in an old story
    db.execute("UPDATE sqlite_sequence SET seq = seq + 5")  # as if the last ones had been removed


def _row(db: sqlite3.Connection, table: Table, turn: int) -> Iterator[tuple[str, object]]:
    """The first has NULL wherever it may be, the second a value everywhere."""
    parents = {row[3]: (row[2], row[4]) for row in db.execute(f"PRAGMA foreign_key_list({table.name})")}
    told = {row[1]: row for row in db.execute(f"PRAGMA table_info({table.name})")}
    for name, kind in table.columns.items():
        nullable = name in told and not told[name][3] and not told[name][5]
        if nullable and turn == 0:
            yield name, None
        elif name in parents:
            yield name, _of_parent(db, *parents[name], turn)
        elif (table.name, name) in ONLY:
            yield name, ONLY[table.name, name][turn]
        elif kind == "INTEGER" and (table.key == (name,)):
            yield name, 10**15 + turn  # room for the numbers that come after it
        else:
            yield name, {"INTEGER": (SMALLEST, LARGEST), "TEXT": (TEXT, TEXT + "2"), "BLOB": (b"", BLOB)}[kind][turn]


def _of_parent(db: sqlite3.Connection, table: str, column: str, turn: int) -> object:
    query = f"SELECT {column} FROM {table} ORDER BY rowid DESC LIMIT 1 OFFSET ?"
    if "WITHOUT ROWID" in db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]:
        query = query.replace("rowid", column)
    return db.execute(query, (turn,)).fetchone()[0]


def gaps(db: sqlite3.Connection) -> list[str]:
    """What a rich state lacks: a table without rows, a column that is never NULL or always."""
    found = []
    for table in tables():
        rows = db.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]
        if not rows:
            found.append(table.name)
        for row in db.execute(f"PRAGMA table_info({table.name})").fetchall():
            nulls = db.execute(f"SELECT count(*) - count({row[1]}) FROM {table.name}").fetchone()[0]
            nullable = not row[3] and not row[5]
            if nulls == rows or (nullable and not nulls):
                found.append(f"{table.name}.{row[1]}")
    return found
