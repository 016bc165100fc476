"""Who runs the poll and deliver loops on a state directory: one process at a time."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor.errors import StateError, StateLocked
from monitor.store import place

DAEMON, WORKER = "monitor run", "monitor worker"  # what those who stay call themselves

_TRIES, _PAUSE = 10, 0.02  # `holder` takes the lock for an instant to look; who acquires must not trip over it


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who has the lock; `host` matters where the directory, or the database, is shared. `started_at` None: not for our
    eyes."""

    pid: int
    host: str
    command: str
    started_at: datetime | None

    def __str__(self) -> str:
        where = "" if self.host == socket.gethostname() else f" on {self.host}"
        since = f" since {self.started_at:%Y-%m-%d %H:%M:%S} UTC" if self.started_at else ""
        return f"pid {self.pid}{where} ({self.command}){since}"


class PollLock:
    """A lock that the kernel gives up when its process ends, however it ends.

    It is `flock` on `poll.lock`. A child made by fork without exec would share it: start children with exec. The file
    stays, because removing it would let two processes lock two files of one name. Windows is not a target.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def acquire(cls, directory: Path, *, command: str, now: datetime) -> PollLock:
        """Raises StateLocked if another process, or another holder in this one, has it. `now` is when it began."""
        place.prepare(directory)
        descriptor = _open(directory)
        try:
            _take(descriptor, directory, command, now)
        except BaseException:  # also Ctrl-C must not leave the descriptor open, and with it the lock
            os.close(descriptor)
            raise
        return cls(descriptor)

    def release(self) -> None:
        """Idempotent."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):  # the note of who held it; the lock itself goes with the descriptor
                os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> PollLock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def holder(directory: Path) -> Holder | None:
    """Who has the lock now; None if nobody has, or nobody can tell who."""
    with contextlib.suppress(OSError), _reading(directory) as descriptor:
        if not _locked(descriptor, fcntl.LOCK_SH, tries=1):
            return _read(descriptor)
    return None


@contextlib.contextmanager
def _reading(directory: Path) -> Iterator[int]:
    descriptor = os.open(directory / place.POLL_LOCK, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _open(directory: Path) -> int:
    try:
        return os.open(directory / place.POLL_LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StateError(
            f"{directory / place.POLL_LOCK} cannot be written: {error.strerror}. "
            "Give this user write permission on the state directory."
        ) from error


def _take(descriptor: int, directory: Path, command: str, now: datetime) -> None:
    try:
        if not _locked(descriptor, fcntl.LOCK_EX, tries=_TRIES):
            raise StateLocked(directory, _told(descriptor))
    except OSError as error:
        raise StateError(
            f"{directory / place.POLL_LOCK} cannot be locked: {error.strerror}. Put the state on a local disk."
        ) from error
    with contextlib.suppress(OSError):  # only the note of who holds it: a full disk does not keep us from watching
        _write(descriptor, command, now)


def _locked(descriptor: int, how: int, *, tries: int) -> bool:
    for left in reversed(range(tries)):
        try:
            fcntl.flock(descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if left:
                time.sleep(_PAUSE)
        else:
            return True
    return False


def _write(descriptor: int, command: str, now: datetime) -> None:
    told = {"pid": os.getpid(), "host": socket.gethostname(), "command": command, "started_at": now.isoformat()}
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(told).encode(), 0)


def _read(descriptor: int) -> Holder | None:
    """None while the holder has not written yet, or if it wrote something else."""
    try:
        told = json.loads(os.pread(descriptor, 4096, 0))
        started_at = datetime.fromisoformat(told["started_at"])
        return Holder(pid=told["pid"], host=told["host"], command=told["command"], started_at=started_at)
    except (ValueError, KeyError, TypeError):
        return None


def _told(descriptor: int) -> str:
    return str(_read(descriptor) or "another process")
