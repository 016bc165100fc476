"""The index of words: a file beside the state that can be thrown away and made anew, and is in no backup.

One table of FTS5 that keeps no text, only which word stands in which version ("FTS5", sections 4.4.1 and 4.6), and the
words themselves in a few parts, to be looked through as a whole. Small parts are merged into larger ones, eight into
one, so that a word is written a few times and not at every step. Versions are taken in the order of their numbers; the
mark of the last one tells whether the state is still the one that was indexed.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitor.search.vocabulary import Vocabulary, packed, unpacked
from monitor.search.words import BODY, EntryWords, form, token

NAME: Final = "search.db"
HEAD: Final = ""  # what marks the words of title and summary: nothing
_TOGETHER: Final = 8  # parts of one level that become one of the next
_PATIENCE: Final = 2.0  # seconds that another process may hold it; who waits longer does without
_SCHEMA: Final = (
    "CREATE TABLE about (form BLOB, reached INTEGER, mark BLOB, versions INTEGER)",
    "CREATE TABLE part (id INTEGER PRIMARY KEY AUTOINCREMENT, zone TEXT, level INTEGER, words BLOB)",
    "CREATE VIRTUAL TABLE word USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')",
)


@dataclass(frozen=True, slots=True)
class About:
    """`reached`: the last version that is in it; `mark` is its. `versions`: how many are, also those gone since."""

    reached: int = 0
    mark: bytes = b""
    versions: int = 0


class IndexFile:
    """One connection; not for sharing between threads. Whatever SQLite refuses is raised as it is."""

    def __init__(self, path: Path) -> None:
        """Made if it is not there, made anew if it is damaged or of another form. Raises sqlite3.Error where it cannot
        be, or where this SQLite has no FTS5."""
        self._path = path
        self._db = self._opened()
        self._kept: dict[int, tuple[str, bytes]] = {}

    def _opened(self) -> sqlite3.Connection:
        try:
            return _ready(_connected(self._path))
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise  # locked, full, without permission or FTS5: throwing away mends none of these
        for name in (self._path.name, f"{self._path.name}-wal", f"{self._path.name}-shm"):
            self._path.with_name(name).unlink(missing_ok=True)
        return _ready(_connected(self._path))

    @property
    def folder(self) -> Path:
        return self._path.parent

    def close(self) -> None:
        self._db.close()

    def settle(self) -> None:
        """After much was written: give back the room of the log, if nobody else uses it just now."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @contextlib.contextmanager
    def one_moment(self) -> Iterator[None]:
        """What is read within is of one moment, whoever writes meanwhile."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("ROLLBACK")

    def about(self) -> About:
        reached, mark, versions = self._db.execute("SELECT reached, mark, versions FROM about").fetchone()
        return About(reached, mark, versions)

    # --- reading

    def ids(self, expression: str, *, below: int, limit: int) -> list[int]:
        """Versions that the expression finds, the newest first."""
        query = "SELECT rowid FROM word WHERE word MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?"
        return [row[0] for row in self._db.execute(query, (expression, below, limit))]

    def vocabularies(self, *, body: bool) -> dict[str, Vocabulary]:
        """By the mark that their words bear."""
        there = {row[0] for row in self._db.execute("SELECT id FROM part")}
        self._kept = {number: part for number, part in self._kept.items() if number in there}
        for number in there - self._kept.keys():
            zone, words = self._db.execute("SELECT zone, words FROM part WHERE id = ?", (number,)).fetchone()
            self._kept[number] = zone, words
        zones = (HEAD, BODY) if body else (HEAD,)
        return {each: Vocabulary([words for zone, words in self._kept.values() if zone == each]) for each in zones}

    # --- writing

    def add(self, texts: Sequence[tuple[int, EntryWords]], *, behind: About, mark: bytes) -> bool:
        """Versions that follow each other. False, and nothing is done, where the index is not as it was any more."""
        with self._writing() as db:
            if self.about() != behind:
                return False
            db.executemany("INSERT INTO word (rowid, words) VALUES (?, ?)", [_row(*text) for text in texts])
            self._add_part(HEAD, [words.head for _, words in texts])
            self._add_part(BODY, [words.body for _, words in texts])
            told = (texts[-1][0], mark, behind.versions + len(texts))
            db.execute("UPDATE about SET reached = ?, mark = ?, versions = ?", told)
        return True

    def begin_anew(self, *, instead_of: About) -> None:
        with self._writing() as db:
            if self.about() == instead_of:
                _make(db)

    def _add_part(self, zone: str, sets: Sequence[frozenset[bytes]]) -> None:
        words = frozenset[bytes]().union(*sets)
        if words:
            self._insert_part(zone, 0, packed(words))

    def _insert_part(self, zone: str, level: int, words: bytes) -> None:
        same = "SELECT id, words FROM part WHERE zone = ? AND level = ?"
        others = self._db.execute(same, (zone, level)).fetchall()
        if len(others) + 1 < _TOGETHER:
            self._db.execute("INSERT INTO part (zone, level, words) VALUES (?, ?, ?)", (zone, level, words))
            return
        self._db.executemany("DELETE FROM part WHERE id = ?", [(number,) for number, _ in others])
        merged = set(unpacked(words)).union(*(unpacked(part) for _, part in others))
        self._insert_part(zone, level + 1, packed(merged))

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
            self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")


def _connected(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL").fetchall()
        db.execute("PRAGMA synchronous = NORMAL")  # what a power failure takes is indexed again
        path.chmod(0o600)
    except BaseException:  # Ctrl-C too must leave nothing open; it goes on
        db.close()
        raise
    return db


def _ready(db: sqlite3.Connection) -> sqlite3.Connection:
    try:
        if not _is_of_this_form(db):
            db.execute("BEGIN IMMEDIATE")
            if not _is_of_this_form(db):
                _make(db)
            db.execute("COMMIT")
    except BaseException:  # Ctrl-C too must leave nothing open; it goes on
        db.close()
        raise
    return db


def _is_of_this_form(db: sqlite3.Connection) -> bool:
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'about'").fetchone():
        return False
    row = db.execute("SELECT form FROM about").fetchone()
    return row is not None and row[0] == form()


def _make(db: sqlite3.Connection) -> None:
    """Within a transaction. The numbers of parts go on, so that nobody takes a new one for one that he knows."""
    for table in ("about", "word"):
        db.execute(f"DROP TABLE IF EXISTS {table}")
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'part'").fetchone():
        db.execute("DELETE FROM part")
    for statement in _SCHEMA:
        db.execute(statement.replace("CREATE TABLE part", "CREATE TABLE IF NOT EXISTS part"))
    db.execute("INSERT INTO about VALUES (?, 0, x'', 0)", (form(),))


def _row(version_id: int, words: EntryWords) -> tuple[int, str]:
    head = sorted(map(token, words.head))
    body = sorted(f"{BODY}{token(word)}" for word in words.body)
    return version_id, " ".join((*head, *body, *sorted(words.places)))
