"""Room kept for bad times: a file that is given up when the disk is full, so that there is something left to write in.

What it frees lasts long: an ordinary poll needs less than a kilobyte for each new entry.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

FILE = "ballast"
SIZE = 16 * 2**20
_PROBE = ".room"
_LEAST = 2**20  # bytes; with less, what is written next may not fit


def lay(directory: Path, *, size: int = SIZE) -> bool:
    """Lay the ballast if it is not there; False where that would leave less room than it takes itself."""
    if is_laid(directory):
        return True
    return free(directory) >= 2 * size and _allocate(directory / FILE, size, keep=True)


def drop(directory: Path) -> bool:
    """Give the room back. False if there was none to give."""
    try:
        (directory / FILE).unlink()
    except OSError:
        return False
    return True


def is_laid(directory: Path) -> bool:
    return (directory / FILE).exists()


def free(directory: Path) -> int:
    """Bytes that this user may still write; 0 where nobody can tell."""
    try:
        found = os.statvfs(directory)
    except OSError:
        return 0
    return found.f_bavail * found.f_frsize


def shortage(directory: Path) -> str:
    """What keeps the directory from taking writes, as far as it can be seen without writing; '' if nothing."""
    try:
        found = os.statvfs(directory)
    except OSError as error:
        return f"{directory} cannot be looked at: {error.strerror}"
    if found.f_flag & os.ST_RDONLY:
        return f"the file system of {directory} is read-only: look at the system's log for disk errors"
    if found.f_bavail * found.f_frsize < _LEAST:
        return f"the disk of {directory} is full: make room on it"
    return ""


def has_room(directory: Path, size: int) -> bool:
    """Whether so many bytes can be written now. Tried out: a quota, a read-only or a broken disk show only then."""
    return _allocate(directory / _PROBE, size, keep=False)


def _allocate(path: Path, size: int, *, keep: bool) -> bool:
    """For real, not as a hole: blocks that are only promised are gone when they are needed."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return False
    done = False
    try:
        os.posix_fallocate(descriptor, 0, size)
        os.pwrite(descriptor, b"\0", 0)
        os.fdatasync(descriptor)  # as SQLite does
        done = True
    except OSError:
        pass
    finally:
        os.close(descriptor)
        if not (keep and done):
            with contextlib.suppress(OSError):
                path.unlink()
    return done
