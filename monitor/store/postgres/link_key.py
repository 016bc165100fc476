"""The key of links in messages, the same for all who share the database: one signs, another is asked."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from monitor.errors import StateDamaged
from monitor.keyfile import KEY_BYTES
from monitor.links import known_key
from monitor.store.postgres.connection import Connection
from monitor.store.postgres.database import PostgresDatabase

NAME: Final = "link_key"  # in `meta`; a secret, which is in no copy
_ADD: Final = "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING"
_GET: Final = "SELECT value FROM meta WHERE name = ?"


def known_link_key(database: PostgresDatabase) -> bytes | None:
    """None where there is none yet, or it is damaged."""
    with database.read() as db:
        row = db.execute(_GET, (NAME,)).fetchone()
    try:
        key = bytes.fromhex(row[0]) if row else b""
    except ValueError:
        return None
    return key if len(key) == KEY_BYTES else None


def keep_link_key(database: PostgresDatabase, key: bytes) -> None:
    """One that is there stays."""
    database.do(lambda db: db.execute(_ADD, (NAME, key.hex())))


def shared_link_key(database: PostgresDatabase, state_dir: Path) -> bytes:
    """The first who asks gives the one of its state directory, if it has one, so that links that were sent before the
    state moved here stay good. Raises StateDamaged, StateError."""
    mine = known_key(state_dir) or secrets.token_bytes(KEY_BYTES)

    def agreed(db: Connection) -> str:
        db.execute(_ADD, (NAME, mine.hex()))
        return str(db.execute(_GET, (NAME,)).fetchall()[0][0])

    try:
        key = bytes.fromhex(database.do(agreed))
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise StateDamaged(
            f"{database.place}: the key of links is damaged. Remove the row '{NAME}' of the table 'meta': a new one "
            "is made, and links in messages that were sent before open nothing."
        )
    return key
