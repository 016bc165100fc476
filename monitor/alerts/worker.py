"""The monitor's end of a sending process: have it forked, ask it, end it."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from monitor.alerts.zygote import Forked, NotForked, Zygote, readable, received
from monitor.ports import Clock

Reply = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer came. `sending`: the message may have gone out before that."""

    why: str
    sending: bool


class Worker:
    """One process, forked when it is first asked and again whenever it has gone. Not for two threads at once.

    `close` may be called from any thread, at any time; what is being asked then is lost at once.
    """

    def __init__(self, zygote: Zygote, *, clock: Clock) -> None:
        self._zygote, self._clock = zygote, clock
        self._process: Forked | None = None
        self._closed = False
        self._state = threading.Lock()
        self._asking = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The process that runs now, if one does."""
        process = self._process
        return process.pid if process is not None and _alive(process.socket) else None

    def ask(self, request: Mapping[str, Any], *, seconds: float) -> Reply | Lost:
        """Put a question and wait for its answer at most so long; then the process is killed."""
        deadline = self._clock.monotonic() + seconds
        with self._asking, self._killed_on_error():
            for _ in range(2):  # once more if it died, or had just ended for want of work, before it began
                reply = self._ask(request, deadline)
                if reply is not None:
                    return reply
        return Lost("the process that sends ends as soon as it begins", sending=False)

    def close(self) -> None:
        """End the process for good; whoever asks now reads the end of its answers, and lets go. Idempotent."""
        with self._state:
            self._closed = True
            if self._process is not None:
                self._kill(self._process)
        with self._asking:
            self._end()

    @contextmanager
    def _killed_on_error(self) -> Iterator[None]:
        """After Ctrl-C, say, its answer must not be there for the next question to read."""
        try:
            yield
        except BaseException:  # Ctrl-C too; it goes on to whoever asked
            self._end()
            raise

    def _ask(self, request: Mapping[str, Any], deadline: float) -> Reply | Lost | None:
        process = self._running(deadline)
        if isinstance(process, NotForked):
            return Lost(process.why, sending=False)
        try:
            process.socket.settimeout(max(deadline - self._clock.monotonic(), 0.001))
            process.socket.sendall(json.dumps(request).encode() + b"\n")
            process.socket.settimeout(None)
        except OSError:  # it is gone, or going
            self._end()
            return None
        return self._answer(process, deadline)

    def _running(self, deadline: float) -> Forked | NotForked:
        if self._process is not None and not _alive(self._process.socket):
            self._end()
        if self._process is None:
            forked = self._zygote.fork(deadline)
            if isinstance(forked, NotForked):
                return forked
            with self._state:
                self._process = forked
                if self._closed:
                    self._kill(forked)
        return self._process

    def _answer(self, process: Forked, deadline: float) -> Reply | Lost | None:
        """None if it went before it began to send: then nothing speaks against asking again."""
        sending = False
        for line in self._lines(process.socket, deadline):
            if line is None:
                self._end()
                return Lost("no end in time", sending=sending)
            try:
                reply = json.loads(line)
            except ValueError:
                break  # half a line of one that was killed, or worse
            if not reply.get("sending"):
                return dict(reply)
            sending = True
        self._end()
        return Lost("the process that sends broke", sending=True) if sending else None

    def _lines(self, ours: socket.socket, deadline: float) -> Iterator[bytes | None]:
        """The lines that come; None when time is up; ends when the process has."""
        pending = b""
        while readable(ours, deadline - self._clock.monotonic()):
            read = received(ours)
            if not read:
                return
            *lines, pending = (pending + read).split(b"\n")
            yield from lines
        yield None

    def _end(self) -> None:
        with self._state:
            if self._process is not None:
                self._kill(self._process)
                self._process.socket.close()
                self._process = None

    def _kill(self, process: Forked) -> None:
        """At once, and however the process hangs. Its socket is shut, not closed: somebody may be reading it."""
        self._zygote.end(process.pid)
        try:
            process.socket.shutdown(socket.SHUT_RDWR)
        except OSError:  # it was the first to go
            return


def _alive(ours: socket.socket) -> bool:
    """Whether the other end is still there."""
    try:
        return ours.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False
