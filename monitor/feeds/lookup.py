"""Host names to addresses, each in a thread of its own, so that a dead name server holds up nobody else.

The HTTP library's own resolver has a small pool of threads: with 32 names that do not answer, we measured a healthy
name waiting until its deadline.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from monitor.feeds.urls import IPAddress

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


class Lookups:
    """Starts lookups; each ends in one call of `tell`, from a thread of its own or at once from the caller's."""

    def __init__(self, resolve: Resolve, *, most: int) -> None:
        self._resolve = resolve
        self._room = threading.BoundedSemaphore(most)

    def start(self, names: Sequence[Name], tell: Callable[[Found | NotFound], None]) -> None:
        """Look all names up, and tell their addresses, or of the first that has none. Returns at once."""
        if not names:
            tell({})
        elif self._room.acquire(blocking=False):
            threading.Thread(target=self._run, args=(names, tell), name="monitor-lookup", daemon=True).start()
        else:
            tell(NotFound(names[0][0], "too many names are being looked up"))

    def _run(self, names: Sequence[Name], tell: Callable[[Found | NotFound], None]) -> None:
        try:
            found = self._look_up(names)
        finally:
            self._room.release()
        tell(found)

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
