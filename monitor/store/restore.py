"""Bring a backup back, so that a kill at any moment leaves either the old state or the new one."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path

from monitor.errors import StateDamaged, StateError
from monitor.model import DeliveryStatus
from monitor.store import place
from monitor.store.backup import copy_to, flush
from monitor.store.database import Database, connect, connect_in_memory, connect_to_read, explained
from monitor.store.inspect import inspect
from monitor.store.lock import PollLock
from monitor.store.migrate import migrate, shipped, version
from monitor.store.opening import alone, open_store
from monitor.store.read import Reader

_RESTORING = "monitor.db.restoring"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """`waiting` deliveries were still to be sent as the backup was made. `kept` is what was there before, if any."""

    entries: int
    alerts: int
    waiting: int
    last_polled_at: datetime | None
    kept: Path | None


def restore(state_dir: Path, backup: Path, *, now: datetime, baseline: bool) -> Restored:
    """Put the backup in the place of the state, which is kept beside it.

    `baseline`: what the feeds hold when they are read next is taken as known. Raises StateLocked while somebody polls,
    StateDamaged for a backup that is not sound, StateError.
    """
    _refuse_itself(state_dir, backup)
    _refuse_unsound(backup)
    with PollLock.acquire(state_dir, command="monitor db restore", now=now), alone(state_dir):
        fresh = state_dir / _RESTORING
        with explained(str(backup)), contextlib.closing(connect_to_read(backup)) as source:
            copy_to(source, fresh, of=str(backup))
        _prepare(fresh, baseline=baseline)
        kept = _set_aside(state_dir, now)
        fresh.replace(state_dir / place.DATABASE)
        flush(state_dir)
    store = open_store(state_dir, now=now)
    try:
        return account(Reader(store.database), kept)
    finally:
        store.close()


def rehearse(state_dir: Path, backup: Path) -> Restored:
    """All of a restore that can go wrong, in memory: nothing is changed."""
    _refuse_itself(state_dir, backup)
    _refuse_unsound(backup)
    with explained(str(backup)), contextlib.closing(connect_to_read(backup)) as source:
        db = connect_in_memory()
        source.backup(db)
        migrate(db, shipped())
        with contextlib.closing(db):
            return account(Reader(Database(db, str(backup))), kept=None)


def _refuse_itself(state_dir: Path, backup: Path) -> None:
    path = state_dir / place.DATABASE
    if path.exists() and backup.exists() and path.samefile(backup):
        raise StateError(f"{backup} is the state itself. Name the backup that is to take its place.")


def _refuse_unsound(backup: Path) -> None:
    findings = inspect(backup)
    if findings:
        raise StateDamaged(f"{backup} is not sound: {findings[0].what}. Nothing was changed. Try an older backup.")
    with explained(str(backup)), contextlib.closing(connect_to_read(backup)) as db:
        if (
            version(db) == 0
            or db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'delivery'").fetchone()[0] == 0
        ):
            raise StateError(f"{backup} is no backup of monitor. Nothing was changed.")
        if db.execute("SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchone()[0]:
            raise StateError(f"{backup} holds orders of somebody else to the database. Nothing was changed.")


def _prepare(path: Path, *, baseline: bool) -> None:
    """Bring it to this version's schema before it takes the state's place.

    With `baseline` also validators go, or a feed that did not change would not be read, and have its baseline later.
    """
    with explained(str(path)), contextlib.closing(connect(path)) as db:
        migrate(db, shipped())
        if baseline:
            db.execute(
                "UPDATE feed_state SET baselined = 0, validators_url = NULL, body_hash = NULL, entry_marks = NULL"
            )


def _set_aside(state_dir: Path, now: datetime) -> Path | None:
    """Give what is there a second name, and its log too: SQLite would apply it to the file that comes in its place."""
    path = state_dir / place.DATABASE
    _empty_log(path)
    kept = _new_name(state_dir, f"monitor-before-restore-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    there = [
        path.with_name(path.name + ending) for ending in ("", "-wal") if path.with_name(path.name + ending).exists()
    ]
    for each in there:
        os.link(each, kept.with_name(each.name.replace(path.name, kept.name, 1)))
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    return kept if there else None


def _new_name(directory: Path, stem: str) -> Path:
    names = chain([f"{stem}.db"], (f"{stem}-{n}.db" for n in count(2)))
    return next(directory / name for name in names if not (directory / name).exists())


def _empty_log(path: Path) -> None:
    """So that nothing is missing if we are killed when the log has gone. A damaged database has nothing to lose."""
    if place.has_content(path):
        with contextlib.suppress(sqlite3.Error), contextlib.closing(connect(path)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def account(reader: Reader, kept: Path | None) -> Restored:
    """What the state holds."""
    totals = reader.totals()
    waiting: Sequence[DeliveryStatus] = (DeliveryStatus.PENDING, DeliveryStatus.RETRYING)
    return Restored(
        entries=totals.entries,
        alerts=totals.alerts,
        waiting=sum(totals.deliveries[status] for status in waiting),
        last_polled_at=reader.last_polled_at(),
        kept=kept,
    )
