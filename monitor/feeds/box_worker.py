"""The monitor's end of a process that reads what strangers wrote: start it, ask it, end it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic

from monitor import processes
from monitor.feeds.speech import REPLY, Answer, Nonsense, Question, Speech
from monitor.ports import Clock


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer came; the process is gone."""

    why: str


class BoxWorker(Generic[Question, Answer]):
    """One process, started when it is first asked and again whenever it has gone. Not for two threads at once.

    `close` may be called from any thread, at any time; what is being asked then is lost at once.
    """

    def __init__(
        self, speech: Speech[Question, Answer], *, clock: Clock, idle: float, cpu: float, before: Sequence[str] = ()
    ) -> None:
        """`idle`: seconds without a request after which the process ends by itself. `cpu`: seconds of work that it has
        for a document. `before`: see `processes.start`."""
        self._speech, self._clock, self._before = speech, clock, before
        self._arguments = (str(idle), str(cpu))
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: socket.socket | None = None
        self._closed = False
        self._state = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The process that runs now, if one does."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def ask(self, request: Question, *, seconds: float) -> Answer | Lost:
        """Have a document read, at most so long; then the process is killed."""
        deadline = self._clock.monotonic() + seconds
        try:
            for _ in range(2):  # once more if it had just ended for want of work
                reply = self._ask(request, deadline)
                if reply is not None:
                    return reply
        except BaseException:  # after Ctrl-C its answer must not be there for the next question to read
            self._end()
            raise
        return self._unstarted()

    def close(self) -> None:
        """End the process for good. Idempotent."""
        with self._state:
            self._closed = True
            process = self._process
        if process is not None:
            _kill(process)  # whoever asks now reads the end of its answers

    def _ask(self, request: Question, deadline: float) -> Answer | Lost | None:
        try:
            pipe = self._running()
            for piece in self._speech.pack(request):
                pipe.settimeout(self._left(deadline))
                pipe.sendall(piece)
            size = REPLY.unpack(self._read(pipe, REPLY.size, deadline))[0]
            if size > self._speech.largest:
                raise Nonsense
            return self._speech.unpack(self._read(pipe, size, deadline), request)
        except TimeoutError:
            self._end()
            return Lost("it takes too long")
        except Nonsense:
            self._end()
            return Lost("it answers nonsense")
        except OSError:  # the pipe broke, or there can be no process
            return self._gone()

    def _running(self) -> socket.socket:
        with self._state:
            if self._closed:
                raise BrokenPipeError
            if self._process is None or self._pipe is None or self._process.poll() is not None:
                self._drop()
                self._pipe, theirs = socket.socketpair()
                with theirs:
                    child = self._speech.child
                    self._process = processes.start(child, *self._arguments, pipe=theirs, before=self._before)
            return self._pipe

    def _left(self, deadline: float) -> float:
        """Seconds; never none at all, so that an answer that is there is read even after we ourselves stood still."""
        return max(0.001, deadline - self._clock.monotonic())

    def _read(self, pipe: socket.socket, size: int, deadline: float) -> bytearray:
        read = bytearray(size)
        rest = memoryview(read)
        while rest:
            pipe.settimeout(self._left(deadline))
            got = pipe.recv_into(rest)
            if not got:
                raise BrokenPipeError
            rest = rest[got:]
        return read

    def _gone(self) -> Lost | None:
        """None if it ended in peace: then nothing speaks against asking again."""
        if self._closed:
            return Lost("the monitor is shutting down")
        code = self._end(in_peace=True)
        if code == 0:
            return None
        return Lost(f"it dies ({_named(code)})") if code < 0 else self._unstarted()

    def _unstarted(self) -> Lost:
        return Lost(f"it does not start; is {self._speech.needs} installed?")

    def _end(self, *, in_peace: bool = False) -> int:
        """The exit code; a negative one is a signal. `in_peace`: it closed its pipe, so it is about to end anyway."""
        with self._state:
            process, self._process = self._process, None
            self._drop()
        if process is None:
            return 1
        if in_peace:
            with suppress(subprocess.TimeoutExpired):
                return process.wait(1.0)
        _kill(process)
        return process.wait()

    def _drop(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None


def _kill(process: subprocess.Popen[bytes]) -> None:
    """And its children with it: it leads a process group of its own."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _named(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
