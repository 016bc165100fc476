"""Receipts: what a sending process writes down when a service has taken a message, in case nobody hears its answer.

A monitor that is killed leaves its messages on their way: they may arrive, and nobody would record it. So each message
has a file, begun by the monitor before it is sent and signed by the process that sends it before it answers. Both lock
the file (flock(2), shared) while they may still act on it; what nobody has locked is left for whoever comes next. Two
lines of JSON:

    {"marks": {"ID": "MARK"}, "begun_at"}      of the monitor, in ISO 8601; see `model.Receipt`
    {"after", "thread", "answer"}              of the process, so many seconds later, when the service has taken it

Where no file can be written (a full disk), messages go without: what is left then may come again.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import re
import secrets
import stat
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from monitor.model import Delivery, Receipt, Sent, mark_of

log = logging.getLogger(__name__)

FOLDER: Final = "receipts"
# For what is under way as the monitor goes. Less than the time after which another worker sends to its channels
# (`cluster.turns.LEASE`, less a sign of life).
LAST_MESSAGE: Final = 5.0  # seconds
LONGEST: Final = 3600.0  # seconds that a file is held whose outcome could not be recorded: the database may be away
STALE: Final = 120.0  # seconds after which who still holds a file of a monitor that is gone is stopped, or hangs
LARGEST: Final = 1 << 20  # bytes; of the 2,000 deliveries that are looked at together, each has some fifty
_NAME: Final = re.compile(r"\d+-[0-9a-f]{8}\.json")  # of the first delivery, and whose no two are the same
_PAUSE: Final = 0.02  # seconds


class Receipts:
    """The monitor's end: of one state directory, safe from any thread."""

    def __init__(self, state: Path) -> None:
        self._folder = state / FOLDER
        self._lock = threading.Lock()
        self._open: dict[int, _Open] = {}  # by delivery; of those in one message the same
        self._told = False

    def begin(self, deliveries: Sequence[Delivery], *, now: datetime) -> str | None:
        """The file for one message, to be ended; None where there can be none."""
        for each in deliveries:
            self.end(each)
        self._let_go_of_old()
        begun = {
            "marks": {str(each.id): mark_of(each) for each in deliveries},
            "begun_at": max(now, *(each.created_at for each in deliveries)).isoformat(),
        }
        try:
            self._prepare()
            made = _Open.new(self._folder / f"{deliveries[0].id}-{secrets.token_hex(4)}.json", begun)
        except OSError as error:
            self._tell_once(error)
            return None
        with self._lock:
            self._open |= {each.id: made for each in deliveries}
        return str(made.path)

    def taken(self, deliveries: Sequence[Delivery]) -> Sent | None:
        """What came of a message of these very deliveries that was begun, and then not ended: nobody heard of it, or it
        could not be recorded. None if it was not taken as far as is known."""
        with self._lock:
            found = self._open.get(deliveries[0].id)
        receipt = None if found is None else _receipt(_look(found.path).text)
        if receipt is None or len(receipt.marks) != len(deliveries) or not all(map(receipt.is_of, deliveries)):
            return None
        return receipt.sent

    def end(self, delivery: Delivery, *, durably: bool = True) -> None:
        """What became of its message is recorded. Not `durably`: in memory only, so that the file stays."""
        with self._lock:
            found = self._open.get(delivery.id)
            self._open = {id: each for id, each in self._open.items() if each is not found}
        if found is not None:
            found.close()
            if durably:
                remove(found.path)

    def left(self, *, within: float) -> Iterator[tuple[Path, Receipt]]:
        """Of messages that were taken, and whose monitor is gone; each to be removed when it is recorded. Who still
        sends gets so many seconds to end."""
        deadline = time.monotonic() + within
        waiting = self._files()
        while True:
            for path in list(waiting):
                seen = _look(path)
                if seen.is_held:
                    continue
                waiting.remove(path)
                receipt = _receipt(seen.text)
                if receipt is not None:
                    yield path, receipt
                elif seen.text is not None:
                    remove(path)
            if time.monotonic() > deadline or all(map(_is_stale, waiting)):
                return
            time.sleep(_PAUSE)

    def _files(self) -> list[Path]:
        """Of ours. Where somebody made the folder lead elsewhere, none is."""
        if self._folder.is_symlink():
            return []
        return sorted(path for path in self._folder.glob("*") if _NAME.fullmatch(path.name))

    def _prepare(self) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if self._folder.is_symlink():
            raise NotADirectoryError(f"{self._folder} leads elsewhere")

    def _let_go_of_old(self) -> None:
        """Whose outcome never came to be recorded here: the file is left for whoever comes next."""
        before = time.monotonic() - LONGEST
        with self._lock:
            old = {each for each in self._open.values() if each.since < before}
            self._open = {id: each for id, each in self._open.items() if each not in old}
        for each in old:
            each.close()

    def _tell_once(self, error: OSError) -> None:
        if not self._told:
            self._told = True
            log.warning("receipts.none", extra={"folder": str(self._folder), "why": error.strerror or str(error)})


@dataclass(frozen=True, slots=True, eq=False)
class _Open:
    """A file that we hold. `since`: by the monotonic clock."""

    path: Path
    descriptor: int
    since: float

    @classmethod
    def new(cls, path: Path, begun: Mapping[str, Any]) -> _Open:
        """Raises OSError."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        made = cls(path, descriptor, time.monotonic())
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            _write(descriptor, begun)
        except BaseException:  # Ctrl-C too must leave no litter; it goes on to whoever asked
            made.close()
            remove(path)
            raise
        return made

    def close(self) -> None:
        _close(self.descriptor)


class Stub:
    """The sending process's end of a file, held until the block ends. It raises nothing."""

    def __init__(self, path: str | None) -> None:
        self._begun, self._descriptor = time.monotonic(), None if path is None else _held(path)

    def __enter__(self) -> Stub:
        return self

    def __exit__(self, *_: object) -> None:
        if self._descriptor is not None:
            _close(self._descriptor)

    def sign(self, reply: Mapping[str, Any]) -> None:
        """If it says that the message was taken."""
        if self._descriptor is not None and reply.get("sent"):
            after = time.monotonic() - self._begun
            told = {"after": after, "thread": reply.get("thread"), "answer": reply.get("answer")}
            with contextlib.suppress(OSError):  # a full disk: the answer itself may still be heard
                _write(self._descriptor, told)


def _held(path: str) -> int | None:
    """None where it is gone: somebody has removed it."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        _close(descriptor)
        return None
    return descriptor


@dataclass(frozen=True, slots=True)
class _Seen:
    """`text`: None where it is no file, or none of ours to read."""

    text: bytes | None
    is_held: bool = False  # by a process that lives


def _look(path: Path) -> _Seen:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError:
        return _Seen(None)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return _Seen(None)
        text = os.read(descriptor, LARGEST)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return _Seen(text, is_held=True)
        os.lseek(descriptor, 0, os.SEEK_SET)
        return _Seen(os.read(descriptor, LARGEST))
    except OSError:
        return _Seen(None)
    finally:
        _close(descriptor)


def _is_stale(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > STALE
    except OSError:
        return True


def _write(descriptor: int, told: Mapping[str, Any]) -> None:
    line = json.dumps(told).encode() + b"\n"
    if os.write(descriptor, line) < len(line):
        raise OSError("the disk is full")


def _close(descriptor: int) -> None:
    with contextlib.suppress(OSError):  # some file systems say only now what they did not write
        os.close(descriptor)


def remove(path: Path) -> None:
    """What came of it is recorded. Raises nothing."""
    with contextlib.suppress(OSError):  # a disk that takes nothing more: whoever comes next finds it recorded
        path.unlink(missing_ok=True)


def _receipt(text: bytes | None) -> Receipt | None:
    """None where nobody signed it, or not to the end."""
    if not text:
        return None
    try:
        begun, signed = (json.loads(line) for line in text.splitlines())
        at = datetime.fromisoformat(begun["begun_at"]).astimezone(UTC)
        marks = {int(id): str(mark) for id, mark in begun["marks"].items()}
        sent = Sent(
            sent_at=at + timedelta(seconds=signed["after"]),
            thread=signed["thread"] if len(marks) == 1 else None,  # as where the answer is heard; see `send_digest`
            answer=signed["answer"] or "",
        )
        return Receipt(marks=marks, begun_at=at, sent=sent)
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError):
        return None
