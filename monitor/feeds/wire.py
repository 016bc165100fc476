"""libcurl's multi interface over a selector: many transfers, one thread, and a way to wake it from others."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import pycurl

_EVENTS = {
    pycurl.POLL_IN: selectors.EVENT_READ,
    pycurl.POLL_OUT: selectors.EVENT_WRITE,
    pycurl.POLL_INOUT: selectors.EVENT_READ | selectors.EVENT_WRITE,
}
_READY = {selectors.EVENT_READ: pycurl.CSELECT_IN, selectors.EVENT_WRITE: pycurl.CSELECT_OUT}


@dataclass(frozen=True, slots=True)
class Ended:
    """A transfer that is over. `code` is 0 for a whole answer, else libcurl's error."""

    curl: pycurl.Curl
    code: int
    message: str


class Wire:
    """All methods but `wake` belong to one thread."""

    def __init__(self, *, monotonic: Callable[[], float], connections: int) -> None:
        self._monotonic = monotonic
        self._due: float | None = None  # when libcurl wants to be called although no socket is ready
        self._selector = selectors.DefaultSelector()
        self._bell, self._button = socket.socketpair()
        self._rings = False
        self._bell.setblocking(False)
        self._button.setblocking(False)
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, connections)
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)

    def add(self, curl: pycurl.Curl) -> None:
        self._multi.add_handle(curl)

    def drop(self, curl: pycurl.Curl) -> None:
        """End a transfer, over or not. The handle may then be closed, or used again."""
        self._multi.remove_handle(curl)

    def wait(self, seconds: float | None) -> list[Ended]:
        """Work until something happened or so many seconds passed (None: however long); what is over."""
        ready = self._selector.select(self._patience(seconds))
        for key, events in ready:
            if key.fileobj is self._bell:
                self._silence()
            else:
                self._multi.socket_action(key.fd, sum(flag for event, flag in _READY.items() if events & event))
        if self._due is not None and self._monotonic() >= self._due:
            self._due = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        return self._ended()

    def wake(self) -> None:
        """Make `wait` return. From any thread."""
        if self._rings:
            return
        self._rings = True
        with suppress(OSError):  # it rings already, or it is closed
            self._button.send(b"!")

    def close(self) -> None:
        self._multi.close()
        self._selector.close()
        self._bell.close()
        self._button.close()

    def _patience(self, seconds: float | None) -> float | None:
        if self._due is None:
            return seconds
        left = max(0.0, self._due - self._monotonic())
        return left if seconds is None else min(left, seconds)

    def _ended(self) -> list[Ended]:
        ended: list[Ended] = []
        while True:
            queued, good, bad = self._multi.info_read()
            ended += [Ended(curl, 0, "") for curl in good]
            ended += [Ended(curl, code, message) for curl, code, message in bad]
            if not queued:
                return ended

    def _silence(self) -> None:
        with suppress(BlockingIOError):
            while self._bell.recv(4096):
                pass
        self._rings = False  # before the caller looks what there is to do: who comes later rings again

    def _watch(self, what: int, fd: int, _multi: object, _data: object) -> None:
        if what == pycurl.POLL_REMOVE:
            self._selector.unregister(fd)
        elif fd in self._selector.get_map():
            self._selector.modify(fd, _EVENTS[what])
        else:
            self._selector.register(fd, _EVENTS[what])

    def _set_timer(self, milliseconds: int) -> None:
        self._due = None if milliseconds < 0 else self._monotonic() + milliseconds / 1000
