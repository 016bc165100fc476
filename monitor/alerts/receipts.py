"""Receipts: what a sending process writes down when a service has taken a message, in case nobody hears its answer.

A monitor that is killed leaves its messages on their way: they may arrive, and nobody would record it. So each message
has a file, begun by the monitor before it is sent and signed by the process that sends it before it answers. Both lock
the file (flock(2), shared) while they may still act on it; what nobody has locked is left for whoever comes next. Two
lines of JSON:

    {"marks": {"ID": "MARK"}, "begun_us"}      of the monitor; see `model.Receipt`
    {"after_us", "thread", "answer"}           of the process, when the service has taken it

Where no file can be written (a full disk), messages go without: what is left then may come again.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from monitor.model import Delivery, Receipt, Sent, mark_of

FOLDER: Final = "receipts"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_PAUSE: Final = 0.02  # seconds


class Receipts:
    """The monitor's end: of one state directory, safe from any thread."""

    def __init__(self, state: Path) -> None:
        self._folder = state / FOLDER
        self._lock = threading.Lock()
        self._open: dict[int, _Open] = {}  # by delivery; of those in one message the same

    def begin(self, deliveries: Sequence[Delivery], *, now: datetime) -> str | None:
        """The file for one message, to be ended; None where there can be none."""
        for each in deliveries:
            self.end(each)
        begun = {
            "marks": {str(each.id): mark_of(each) for each in deliveries},
            "begun_us": (max(now, *(each.created_at for each in deliveries)) - _EPOCH) // _MICROSECOND,
        }
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            made = _Open.new(self._folder / f"{deliveries[0].id}.json", begun)
        except OSError:
            return None
        with self._lock:
            self._open |= {each.id: made for each in deliveries}
        return str(made.path)

    def taken(self, deliveries: Sequence[Delivery]) -> Sent | None:
        """What came of a message of these very deliveries that was begun, and then not ended: it could not be recorded.
        None if it was not taken as far as is known."""
        with self._lock:
            found = self._open.get(deliveries[0].id)
        receipt = None if found is None else _read(found.path)
        if receipt is None or len(receipt.marks) != len(deliveries) or not all(map(receipt.is_of, deliveries)):
            return None
        return receipt.sent

    def end(self, delivery: Delivery) -> None:
        """What became of its message is recorded."""
        with self._lock:
            found = self._open.get(delivery.id)
            self._open = {id: each for id, each in self._open.items() if each is not found}
        if found is not None:
            found.remove()

    def left(self, *, within: float) -> Iterator[Receipt]:
        """Of messages that were taken, and whose monitor is gone. Who still sends gets so many seconds to end.

        A file is removed when the caller asks for the next, which says that this one is recorded.
        """
        deadline = time.monotonic() + within
        waiting = sorted(self._folder.glob("*.json"))
        while True:
            for path in [path for path in waiting if not _is_held(path)]:
                waiting.remove(path)
                receipt = _read(path)
                if receipt is not None:
                    yield receipt
                with contextlib.suppress(OSError):  # no file of ours, or a disk that takes nothing: recorded already
                    path.unlink(missing_ok=True)
            if not waiting or time.monotonic() > deadline:
                return
            time.sleep(_PAUSE)


@dataclass(frozen=True, slots=True, eq=False)
class _Open:
    """A file that we hold."""

    path: Path
    descriptor: int

    @classmethod
    def new(cls, path: Path, begun: Mapping[str, Any]) -> _Open:
        """Raises OSError."""
        path.unlink(missing_ok=True)
        made = cls(path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600))
        try:
            fcntl.flock(made.descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            _write(made.descriptor, begun)
        except BaseException:  # Ctrl-C too
            made.remove()
            raise
        return made

    def remove(self) -> None:
        with contextlib.suppress(OSError):  # a disk that takes nothing more: whoever comes next finds it recorded
            self.path.unlink(missing_ok=True)
        os.close(self.descriptor)


class Stub:
    """The sending process's end of a file, held until the block ends."""

    def __init__(self, path: str | None) -> None:
        self._begun, self._descriptor = time.monotonic(), None if path is None else _held(path)

    def __enter__(self) -> Stub:
        return self

    def __exit__(self, *_: object) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)

    def sign(self, reply: Mapping[str, Any]) -> None:
        """If it says that the message was taken."""
        if self._descriptor is not None and reply.get("sent"):
            after_us = round((time.monotonic() - self._begun) * 1_000_000)
            told = {"after_us": after_us, "thread": reply.get("thread"), "answer": reply.get("answer")}
            with contextlib.suppress(OSError):  # a full disk: the answer itself may still be heard
                _write(self._descriptor, told)


def _held(path: str) -> int | None:
    """None where it is gone: whoever began it has given it up."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _is_held(path: Path) -> bool:
    """By a process that lives."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _write(descriptor: int, told: Mapping[str, Any]) -> None:
    line = json.dumps(told).encode() + b"\n"
    if os.write(descriptor, line) < len(line):
        raise OSError("the disk is full")


def _read(path: Path) -> Receipt | None:
    """None where nobody signed it, or not to the end."""
    try:
        begun, signed = (json.loads(line) for line in path.read_bytes().splitlines())
        at = _EPOCH + begun["begun_us"] * _MICROSECOND
        marks = {int(id): str(mark) for id, mark in begun["marks"].items()}
        sent = Sent(
            sent_at=at + signed["after_us"] * _MICROSECOND,
            thread=signed["thread"] if len(marks) == 1 else None,  # as where the answer is heard; see `send_digest`
            answer=signed["answer"] or "",
        )
        return Receipt(marks=marks, begun_at=at, sent=sent)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
