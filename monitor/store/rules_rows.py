"""Rules versions: what was published for workers. They are only ever added to, and none is forgotten."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from monitor.errors import StateDamaged
from monitor.model.rules_versions import NotPublished, PublishedRules, RulesFiles, RulesVersion
from monitor.store import codec
from monitor.store.sql import Connection, Database, Row

FOLLOWED: Final = "followed_rules"  # a name in `meta`: the newest version that a worker works by, or did

# Texts are left out where nobody asks for them: a version may have megabytes.
_ABOUT = "SELECT number, published_us, published_by, note FROM rules_version"
_NEWEST = f"{_ABOUT} ORDER BY number DESC LIMIT 1"
_LISTED = f"{_ABOUT} ORDER BY number DESC LIMIT :limit"
_WHOLE = "SELECT number, published_us, published_by, note, main, files FROM rules_version WHERE number = ?"
# Two publishers may want the same number. On PostgreSQL the second waits here for the first, and then gets no row.
_ADD = """
    INSERT INTO rules_version (number, published_us, published_by, note, main, files)
    VALUES (:number, :published_us, :published_by, :note, :main, :files)
    ON CONFLICT (number) DO NOTHING
"""


def is_outdated(db: Connection, number: int) -> bool:
    """Whether another worker follows newer rules than those of this number, or did. One that cannot load them stays
    with its own for as long as that lasts."""
    row = db.execute("SELECT value FROM meta WHERE name = ?", (FOLLOWED,)).fetchone()
    return row is not None and int(row["value"]) > number


class RulesVersions:
    """Each call is short transactions of its own. Safe from any thread. Raises StateError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def publish(
        self, files: RulesFiles, *, by: str, note: str, now: datetime, after: int | None = None
    ) -> RulesVersion | NotPublished:
        """Under the next number, unless the version in force has the same files. Who publishes at the same time gets
        another number.

        `after`: the number that has to be in force still, 0 for none yet; None for whichever is.
        """
        while True:
            tried = self._database.do(lambda db: _try_to_publish(db, files, by, note, now, after))
            if tried is not None:
                return tried

    def newest(self) -> RulesVersion | None:
        """The version in force, without its files; None while nothing was published. Cheap: one row by its key."""
        with self._database.read() as db:
            row = db.execute(_NEWEST).fetchone()
        return None if row is None else _version(row)

    def get(self, number: int) -> PublishedRules | None:
        """Raises StateDamaged for what is no rules version, whoever wrote it."""
        with self._database.read() as db:
            row = db.execute(_WHOLE, (number,)).fetchone()
        return None if row is None else PublishedRules(version=_version(row), files=_files(row))

    def listed(self, limit: int) -> tuple[RulesVersion, ...]:
        """The newest first, without their files."""
        with self._database.read() as db:
            return tuple(_version(row) for row in db.execute(_LISTED, {"limit": limit}).fetchall())


def _try_to_publish(
    db: Connection, files: RulesFiles, by: str, note: str, now: datetime, after: int | None
) -> RulesVersion | NotPublished | None:
    """None where somebody else took the number meanwhile."""
    row = db.execute(_NEWEST).fetchone()
    in_force = None if row is None else _version(row)
    if in_force is not None and after not in (None, in_force.number):
        return NotPublished(why="overtaken", in_force=in_force)
    told = _dumped(files)
    if in_force is not None and _is_same(db, in_force.number, files.main, told):
        return NotPublished(why="same", in_force=in_force)
    columns: dict[str, Any] = {
        "number": 1 if in_force is None else in_force.number + 1,
        "published_us": codec.microseconds(now),
        "published_by": codec.clean(by),
        "note": codec.clean(note),
        "main": files.main,
        "files": told,
    }
    return _version(columns) if db.execute(_ADD, columns).rowcount == 1 else None


def _is_same(db: Connection, number: int, main: str, files: str) -> bool:
    row = db.execute("SELECT main, files FROM rules_version WHERE number = ?", (number,)).fetchone()
    return (row["main"], row["files"]) == (main, files)


def _dumped(files: RulesFiles) -> str:
    """The same for the same files. JSON writes a NUL as six other characters, so that no database minds it."""
    return codec.dump(dict(sorted(files.texts.items())))


def _version(row: Row | Mapping[str, Any]) -> RulesVersion:
    return RulesVersion(
        number=row["number"],
        published_at=codec.instant(row["published_us"]),
        published_by=row["published_by"],
        note=row["note"],
    )


def _files(row: Row) -> RulesFiles:
    try:
        files = json.loads(row["files"])
    except ValueError:
        files = None
    if not isinstance(files, dict) or not all(isinstance(text, str) for text in files.values()):
        raise StateDamaged(
            f"rules version {row['number']} is damaged: its files cannot be read. Publish the rules again with "
            "'monitor rules publish', or bring a backup of the database back."
        )
    return RulesFiles(main=row["main"], texts=files)
