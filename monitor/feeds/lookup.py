"""Host names to addresses, each in a thread that does nothing else, so that a dead name server holds up nobody else.

The HTTP library's own resolver has a small pool of threads: with 32 names that do not answer, we measured a healthy
name waiting until its deadline.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from queue import Empty, SimpleQueue

from monitor.feeds.urls import IPAddress

_IDLE_SECONDS = 10.0
Name = tuple[str, int]  # host and port
Resolve = Callable[[str, int], list[IPAddress]]
Found = Mapping[Name, Sequence[IPAddress]]


@dataclass(frozen=True, slots=True)
class NotFound:
    host: str
    why: str


def system_resolve(host: str, port: int) -> list[IPAddress]:
    """The system's answer, in its order of preference. Raises OSError."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(str(address[0]).partition("%")[0]) for *_, address in answers))


@dataclass(frozen=True, slots=True)
class _Job:
    names: Sequence[Name]
    tell: Callable[[Found | NotFound], None]


class Lookups:
    """Starts lookups; each ends in one call of `tell`, from a thread of its own or at once from the caller's.

    No lookup waits for another: it is given to a thread that has nothing to do, or else to a new one, up to `most`.
    Threads are kept for a while, for to start one costs more than the rest of a poll.
    """

    def __init__(self, resolve: Resolve, *, most: int) -> None:
        self._resolve, self._most = resolve, most
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._idle = 0  # of them, those to whom no job was given; a job that is put has its thread already
        self._closed = False

    def start(self, names: Sequence[Name], tell: Callable[[Found | NotFound], None]) -> None:
        """Look all names up, and tell their addresses, or of the first that has none. Returns at once."""
        if not names:
            tell({})
        elif not self._give(_Job(names, tell)):
            tell(NotFound(names[0][0], "too many names are being looked up"))

    def close(self) -> None:
        """Let idle threads end; those that still look up end after it. Idempotent."""
        with self._lock:
            self._closed = True
            for _ in range(self._idle):
                self._jobs.put(None)
            self._idle = 0

    def _give(self, job: _Job) -> bool:
        with self._lock:
            if self._idle:
                self._idle -= 1
                self._jobs.put(job)
                return True
            if self._threads == self._most:
                return False
            self._threads += 1
        threading.Thread(target=self._work, args=(job,), name="monitor-lookup", daemon=True).start()
        return True

    def _work(self, job: _Job | None) -> None:
        try:
            while job is not None:
                job.tell(self._look_up(job.names))
                job = self._next()
        finally:
            with self._lock:
                self._threads -= 1

    def _next(self) -> _Job | None:
        """What to do next; None: end."""
        with self._lock:
            if self._closed:
                return None
            self._idle += 1
        while True:
            try:
                return self._jobs.get(timeout=_IDLE_SECONDS)
            except Empty:
                with self._lock:
                    if self._idle:  # else a job was given to this thread, or to one like it, this very moment
                        self._idle -= 1
                        return None

    def _look_up(self, names: Sequence[Name]) -> Found | NotFound:
        found: dict[Name, Sequence[IPAddress]] = {}
        for host, port in names:
            try:
                found[host, port] = self._resolve(host, port)
            except (OSError, UnicodeError) as error:  # UnicodeError: a label that the resolver's own IDNA refuses
                why = error.strerror if isinstance(error, OSError) and error.strerror else "the name was not found"
                return NotFound(host, why)
            if not found[host, port]:
                return NotFound(host, "the name has no address")
        return found
