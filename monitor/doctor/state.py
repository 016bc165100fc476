"""The state directory and its database: read, never written."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from monitor.alerts import receipts
from monitor.doctor.findings import Finding, ok, problem, warning
from monitor.errors import StateError
from monitor.store import ballast, place
from monitor.store.database import check as quick_check
from monitor.store.database import connect_to_read, explained
from monitor.store.lock import holder
from monitor.store.migrate import refuse_newer, shipped, version

MIB: Final = 1 << 20
LOW, LITTLE = 32 * MIB, 256 * MIB  # free bytes: twice the ballast; and what a busy month may need
FEW_FILES: Final = 1_000
_GONE_AT_REBOOT = frozenset({"tmpfs", "ramfs"})
_DIRECTORY, _DATABASE, _RIGHTS = "state directory", "database", "give this user write permission on it"


def directory(state: Path) -> Iterator[Finding]:
    """Is it there, ours, writable, roomy, and on a disk that can carry it?"""
    if not state.exists():
        yield from _to_be_made(state)
        return
    if not state.is_dir():
        yield problem(_DIRECTORY, f"{state} is no directory", "name another with --state")
        return
    yield from _rights(state)
    yield from _receipts(state / receipts.FOLDER)
    yield from _disk(state)
    if place.has_content(state / place.DATABASE) and not ballast.is_laid(state):
        remedy = f"make room: 'monitor run' keeps {ballast.SIZE // MIB} MiB in reserve, as soon as there is twice that"
        yield warning("ballast", "no room is kept for the day when the disk is full", remedy)


def _to_be_made(state: Path) -> Iterator[Finding]:
    parent = next(each for each in state.absolute().parents if each.exists())
    if os.access(parent, os.W_OK | os.X_OK):
        yield ok(_DIRECTORY, f"{state} is not there yet; the first check or run makes it")
        yield from _disk(parent)
    else:
        yield problem(_DIRECTORY, f"{state} is not there, and {parent} cannot be written", _RIGHTS)


def _rights(state: Path) -> Iterator[Finding]:
    found = state.stat()
    paths = [state, *(path for path in (state / place.DATABASE, state / place.POLL_LOCK) if path.exists())]
    for path in (path for path in paths if not os.access(path, os.R_OK | os.W_OK)):
        yield problem(_DIRECTORY, f"{path} cannot be written by this user", f"{_RIGHTS}, or run as its owner")
    if found.st_uid != os.geteuid():
        remedy = f"run monitor as that user (sudo -u '#{found.st_uid}'), or give it the directory with chown"
        yield warning(_DIRECTORY, f"{state} belongs to user {found.st_uid}, and this is user {os.geteuid()}", remedy)
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        yield warning(_DIRECTORY, f"others on this machine can write {state}", f"chmod go-w {state}")
    else:
        yield ok(_DIRECTORY, f"{state} is there")


def _receipts(folder: Path) -> Iterator[Finding]:
    """Nothing while all is well, and before the first message makes it."""
    risk = "what is being sent as the monitor is killed may come twice"
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        remedy = "take away what lies there: the next message makes the directory anew"
        yield warning("receipts", f"{folder} is no directory of its own: {risk}", remedy)
    elif folder.exists() and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield warning("receipts", f"{folder} cannot be written by this user: {risk}", f"{_RIGHTS}, or run as its owner")


def _disk(path: Path) -> Iterator[Finding]:
    kind = place.file_system(path)
    if place.network_file_system(path):
        what = f"{path} is on a network file system ({kind}): two machines that use it at once can destroy the state"
        yield warning("file system", what, "put the state on a local disk")
    elif kind in _GONE_AT_REBOOT:
        yield warning("file system", f"{path} is in memory ({kind}): gone at the next reboot", "put it on a disk")
    else:
        yield ok("file system", kind or "of a kind that nobody tells")
    found = os.statvfs(path)
    if found.f_flag & os.ST_RDONLY:
        yield problem("disk", f"{path} is on a disk that is mounted read-only", "look in the system's log for why")
    free = ballast.free(path)
    remedy = "make room, or move the state to another disk with --state"
    if free < LOW:
        yield problem("disk", f"{free // MIB} MiB are free", remedy)
    elif free < LITTLE:
        yield warning("disk", f"{free // MIB} MiB are free", remedy)
    elif found.f_files and found.f_favail < FEW_FILES:
        yield warning("disk", f"only {found.f_favail} more files can be made on it (inodes)", "remove files there")
    else:
        yield ok("disk", f"{free // MIB:,} MiB are free")


def database(state: Path, *, now: datetime) -> Iterator[Finding]:
    """Is it sound and of this version, and who uses it?"""
    path = state / place.DATABASE
    try:
        if not place.has_content(path):
            yield ok(_DATABASE, "nothing is recorded yet")
            return
        with explained(str(path)), contextlib.closing(connect_to_read(path)) as db:
            refuse_newer(db, shipped(), str(path))
            quick_check(db, str(path))
            found, known = version(db), shipped()[-1].number
            last = db.execute("SELECT max(last_polled_us) FROM feed_state").fetchone()[0] if found else None
    except StateError as error:
        yield problem(
            _DATABASE,
            str(error),
            "'monitor db check' looks at every page; 'monitor db restore' puts a backup in its place",
        )
        return
    if found < known:
        what = f"it is of an older version (schema {found}, this version has {known})"
        yield warning(_DATABASE, what, "the next 'monitor check' or 'monitor run' keeps a copy, and converts it")
    size = sum(each.stat().st_size for each in (path, path.with_name(path.name + "-wal")) if each.exists())
    yield ok(_DATABASE, f"sound, schema {found}, {size / MIB:.1f} MiB")
    if last is not None and last / 1_000_000 > now.timestamp() + 60:
        ahead = int(last / 1_000_000 - now.timestamp())
        remedy = "look with 'date -u' which is right; feeds are asked again at once when the daemon starts"
        yield problem(
            "clock", f"the last poll is recorded {ahead} seconds in the future: the clock was set back", remedy
        )
    yield _in_use(state)


def _in_use(state: Path) -> Finding:
    who = holder(state)
    if who is None:
        return ok("daemon", "nobody polls on this state now")
    return ok("daemon", str(who))
