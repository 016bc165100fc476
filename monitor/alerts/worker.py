"""The parent's end of a sending process: start it, ask it, end it."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import monitor
from monitor.ports import Clock

# The package is found where this process found it, installed or not. Nothing else stands in the arguments.
_BOOT: Final = (
    "import sys\n"
    "root, idle = sys.argv[1:]\n"
    "root in sys.path or sys.path.insert(0, root)\n"
    "from monitor.alerts.child import main\n"
    "main(float(idle))\n"
)
_ROOT: Final = str(Path(monitor.__file__).resolve().parent.parent)
_LEFT_TO_US: Final = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}

Reply = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer came. `sending`: the message may have gone out before that."""

    why: str
    sending: bool


class Worker:
    """One process, started when it is first asked and again whenever it has gone. Not for two threads at once.

    `close` may be called from any thread, at any time; what is being asked then is lost at once.
    """

    def __init__(self, *, clock: Clock, idle: float) -> None:
        """`idle`: seconds without a request after which the process ends by itself."""
        self._clock, self._idle = clock, idle
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._state = threading.Lock()
        self._asking = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The process that runs now, if one does."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def ask(self, request: Mapping[str, str], *, seconds: float) -> Reply | Lost:
        """Put a question and wait for its answer at most so long; then the process is killed."""
        deadline = self._clock.monotonic() + seconds
        with self._asking, self._killed_on_error():
            for _ in range(2):  # once more if it died, or had just ended for want of work, before it began
                reply = self._ask(request, deadline)
                if reply is not None:
                    return reply
        return Lost("the process that sends does not start; is Apprise installed?", sending=False)

    def close(self) -> None:
        """End the process for good. Idempotent."""
        with self._state:
            self._closed = True
            process = self._process
        if process is not None:
            process.kill()  # whoever asks now reads the end of its answers, and lets go
            process.wait()
        with self._asking:
            self._drop()

    @contextmanager
    def _killed_on_error(self) -> Iterator[None]:
        """After Ctrl-C, say, its answer must not be there for the next question to read."""
        try:
            yield
        except BaseException:  # Ctrl-C too; it goes on to whoever asked
            if self._process is not None:
                self._process.kill()
                self._process.wait()
            raise

    def _ask(self, request: Mapping[str, str], deadline: float) -> Reply | Lost | None:
        process = self._running()
        if process is None:
            return Lost("the monitor is shutting down", sending=False)
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
        except OSError:  # the pipe is broken: it is gone, or going
            return self._gone(process, sending=False)
        return self._answer(process, deadline)

    def _running(self) -> subprocess.Popen[bytes] | None:
        with self._state:
            if self._closed:
                return None
            if self._process is None or self._process.poll() is not None:
                self._drop()
                self._process = _start(self._idle)
            return self._process

    def _answer(self, process: subprocess.Popen[bytes], deadline: float) -> Reply | Lost | None:
        assert process.stdout is not None
        sending = False
        for line in _lines(process.stdout, self._clock, deadline):
            if line is None:
                process.kill()
                process.wait()
                return Lost("no end in time", sending=sending)
            reply = json.loads(line)
            if not reply.get("sending"):
                return dict(reply)
            sending = True
        return self._gone(process, sending=sending)

    def _gone(self, process: subprocess.Popen[bytes], *, sending: bool) -> Lost | None:
        """None if it went before it began to send: then nothing speaks against asking again."""
        process.wait()
        return Lost("the process that sends broke", sending=True) if sending else None

    def _drop(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout) if self._process else ():
            _close(pipe)


def _start(idle: float) -> subprocess.Popen[bytes]:
    with _signals_held():
        return subprocess.Popen(
            [sys.executable, "-P", "-c", _BOOT, _ROOT, str(idle)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )


@contextmanager
def _signals_held() -> Iterator[None]:
    """Start a process that Ctrl-C, SIGTERM and SIGHUP do not reach, from its first instruction on.

    They go to the whole process group (Ctrl-C) or unit (systemd), but what is being sent ends when we decide. A
    blocked signal stays blocked in a new process; one that comes to us meanwhile is delivered right after.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _LEFT_TO_US)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _lines(stream: IO[bytes], clock: Clock, deadline: float) -> Iterator[bytes | None]:
    """The lines that come; None when time is up; ends with the stream."""
    pending = b""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while True:
            left = deadline - clock.monotonic()
            if left <= 0 or not selector.select(left):
                yield None
                return
            read = os.read(stream.fileno(), 1 << 16)
            if not read:
                return
            *lines, pending = (pending + read).split(b"\n")
            yield from lines


def _close(pipe: IO[bytes] | None) -> None:
    if pipe is not None:
        try:
            pipe.close()
        except OSError:  # what could not be written to it is lost with it
            return
