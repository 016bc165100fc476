"""The monitor's end of the process that sending processes are forked from: start it, have it fork, end it."""

from __future__ import annotations

import itertools
import os
import selectors
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import monitor
from monitor.ports import Clock
from monitor.processes import handed_on, signals_held

# The package is found where this process found it, installed or not. Nothing else stands in the arguments.
_BOOT: Final = (
    "import sys\n"
    "root, idle = sys.argv[1:]\n"
    "root in sys.path or sys.path.insert(0, root)\n"
    "from monitor.alerts.forking import main\n"
    "main(float(idle))\n"
)
_ROOT: Final = str(Path(monitor.__file__).resolve().parent.parent)
# Who is asked through which proxy, and whose certificates are trusted. Of the rest nothing is handed on: there are the
# addresses of all channels.
_PROXIES: Final = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_FOR_SENDING: Final = (
    *("HOME", "TMPDIR", "PYTHONPATH", "PYTHONHOME", "PYTHONUTF8"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    *_PROXIES,
    *(name.upper() for name in _PROXIES),
)
STUCK: Final = 60.0  # seconds without an answer after which it is ended and started again; it only ever forks
LAST_MOMENT: Final = 2.0  # seconds that it has to end its processes and itself


@dataclass(frozen=True, slots=True)
class Forked:
    """A process that sends, and our end of the socket on which it answers."""

    pid: int
    socket: socket.socket


@dataclass(frozen=True, slots=True)
class NotForked:
    why: str


LATE: Final = NotForked("no end in time")
CLOSED: Final = NotForked("the monitor is shutting down")
NEVER: Final = NotForked("the process that sends does not start; is Apprise installed?")


class Zygote:
    """One process, started when something is first to be sent and again whenever it has gone. Thread-safe."""

    def __init__(self, *, clock: Clock, idle: float) -> None:
        """`idle`: seconds without a request after which a forked process ends by itself. It itself stays."""
        self._clock, self._idle = clock, idle
        self._turn = threading.Lock()  # for who has something forked: the answers of two must not be mixed up
        self._state = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._numbers = itertools.count(1)
        self._pending = b""
        self._silent_since: float | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process that runs now, if one does."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def fork(self, deadline: float) -> Forked | NotForked:
        """A new process that sends, at the latest by `deadline` (monotonic)."""
        if not self._turn.acquire(timeout=max(deadline - self._clock.monotonic(), 0)):
            return LATE
        try:
            for _ in range(2):  # once more if it had gone
                forked = self._fork(deadline)
                if forked is not None:
                    return forked
            return NEVER
        finally:
            self._turn.release()

    def end(self, pid: int) -> None:
        """Kill a process that was forked; without effect if it has gone."""
        with self._state:
            self._say(f"end {pid}\n")

    def close(self) -> None:
        """End it and everything that it forked, for good. Idempotent."""
        with self._state:
            self._closed = True
            if self._process is None or self._control is None:
                return
            self._say("close 0\n")  # else it lets its processes end what they have under way
            _shut(self._control)
            try:
                self._process.wait(LAST_MOMENT)
            except subprocess.TimeoutExpired:
                self._kill()
        with self._turn:  # which ends now, for whoever has it reads the end
            self._control.close()

    def _fork(self, deadline: float) -> Forked | NotForked | None:
        """None if the process is not there, or no more."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                number = next(self._numbers)
                control = self._ask(number, theirs)
            if control is None:
                return CLOSED
            answer = self._answer(control, number, deadline)
        except BaseException:  # Ctrl-C too: the process, if it comes to be, sees the other end closed
            ours.close()
            raise
        if isinstance(answer, int):
            return Forked(answer, ours)
        ours.close()
        return answer

    def _ask(self, number: int, theirs: socket.socket) -> socket.socket | None:
        """The socket on which the answer will come; None once we are closed."""
        with self._state:
            if self._closed:
                return None
            if self.pid is None:
                self._start()
            self._silent_since = self._silent_since or self._clock.monotonic()
            self._say(f"fork {number}\n", theirs)
            return self._control

    def _say(self, line: str, *sockets: socket.socket) -> None:
        """What cannot be said any more is noticed where the answer is missed."""
        if self._control is not None:
            try:
                socket.send_fds(self._control, [line.encode()], [each.fileno() for each in sockets])
            except OSError:
                return

    def _answer(self, control: socket.socket, number: int, deadline: float) -> int | NotForked | None:
        """The pid. What answers a question that somebody gave up is passed over: its process sees that, and ends."""
        while True:
            line = self._line(control, deadline)
            if line is None:
                self._kill()  # it may have closed its end and hang
                return CLOSED if self._closed else None
            if line == b"":
                return self._late()
            self._silent_since = None
            answered, pid = map(int, line.split())
            if answered == number:
                return pid

    def _line(self, control: socket.socket, deadline: float) -> bytes | None:
        """The next line; None if it has gone, b'' when time is up."""
        while b"\n" not in self._pending:
            if not readable(control, deadline - self._clock.monotonic()):
                return b""
            read = received(control)
            if not read:
                return None
            self._pending += read
        line, _, self._pending = self._pending.partition(b"\n")
        return line

    def _late(self) -> NotForked:
        since = self._silent_since
        if since is not None and self._clock.monotonic() - since > STUCK:
            self._kill()
        return LATE

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _start(self) -> None:
        if self._control is not None:
            self._control.close()
        self._pending, self._silent_since = b"", None
        self._control, theirs = socket.socketpair()
        with theirs, signals_held():
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _BOOT, _ROOT, str(self._idle)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=handed_on(*_FOR_SENDING),
            )


# --- sockets


def readable(ours: socket.socket, seconds: float) -> bool:
    """Whether something, or the end, comes within the time. (Unlike `select`, also for descriptors above 1,023.)"""
    if seconds <= 0 or ours.fileno() < 0:
        return False
    with selectors.DefaultSelector() as selector:
        selector.register(ours, selectors.EVENT_READ)
        return bool(selector.select(seconds))


def received(ours: socket.socket) -> bytes:
    """What has come; b'' at the end, however it came about."""
    try:
        return os.read(ours.fileno(), 1 << 16)
    except OSError:
        return b""


def _shut(ours: socket.socket) -> None:
    try:
        ours.shutdown(socket.SHUT_RDWR)  # wakes whoever reads it, and is seen at the other end
    except OSError:
        return
