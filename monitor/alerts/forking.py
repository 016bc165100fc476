"""The process that sending processes are forked from: it holds Apprise and its table of services in memory, once.

Importing them costs most of a second and 50 MB; a fork of what has them costs milliseconds and shares the memory.
The monitor speaks to it in lines, over the socket that is its standard input:

    "fork NUMBER", with a socket  -> "NUMBER PID": a process that answers on that socket (see `child`)
    "end PID"                        kills that process; without effect once it has gone
    "close 0"                        kills them all, and ends it

It has one thread only, never sends anything itself, and ends with the monitor. Where that goes without a word, each of
its processes may end what it has under way (see `child`).
"""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import signal
import socket
import sys
import time
from collections import deque
from typing import Final

from monitor.alerts.receipts import LAST_MESSAGE

PR_SET_PDEATHSIG: Final = 1  # prctl(2)
MOST_SOCKETS: Final = 64  # that one reading may bring
LAST_MESSAGES: Final = LAST_MESSAGE + 2.0  # seconds; something for the way


def main(idle: float) -> None:
    """Serve until the monitor goes. `idle`: seconds without a request after which a forked process ends by itself."""
    control = _take_control()
    _prepare()
    Parent(control, idle).serve()


def _take_control() -> socket.socket:
    """Keep the socket for ourselves: whatever a plugin reads or prints goes nowhere."""
    control = socket.socket(fileno=os.dup(0))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    return control


def _prepare() -> None:
    """Everything that a send needs, loaded before there is anything to fork."""
    logging.disable(logging.CRITICAL)  # Apprise logs whole addresses
    from monitor.alerts import child, service

    service.load()
    child.watch.install()
    gc.collect()
    gc.freeze()  # what a collection touches is copied; nothing of this will ever be garbage


class Parent:
    """Forks, kills, and forgets who has gone. What a pid means is known here only, where its process is waited for."""

    def __init__(self, control: socket.socket, idle: float) -> None:
        self._control, self._idle = control, idle
        self._children: set[int] = set()
        self._sockets: deque[int] = deque()
        signal.signal(signal.SIGCHLD, lambda *_: self._bury())

    def serve(self) -> None:
        pending = b""
        while True:
            read = self._read()
            if not read:
                self._outlive()
            *lines, pending = (pending + read).split(b"\n")
            for line in lines:
                self._obey(*line.decode().split())

    def _read(self) -> bytes:
        """What has come, without the sockets that came with it; b'' at the end."""
        try:
            read, sockets, *_ = socket.recv_fds(self._control, 1 << 16, MOST_SOCKETS)
        except OSError:
            return b""
        self._sockets.extend(sockets)
        return read

    def _obey(self, order: str, argument: str) -> None:
        if order == "fork":
            pid = self._fork(socket.socket(fileno=self._sockets.popleft()))
            self._tell(f"{argument} {pid}\n")
        elif order == "close":
            self._end_all()
        elif int(argument) in self._children:
            os.kill(int(argument), signal.SIGKILL)

    def _tell(self, line: str) -> None:
        try:
            self._control.sendall(line.encode())
        except OSError:  # the monitor has gone
            self._outlive()

    def _fork(self, theirs: socket.socket) -> int:
        us = os.getpid()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})  # one that dies at once is known by then
        try:
            pid = os.fork()
            if pid == 0:
                self._become_child(theirs, us, before)
            self._children.add(pid)
        finally:
            theirs.close()
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return pid

    def _become_child(self, ours: socket.socket, parent: int, mask: set[signal.Signals | int]) -> None:
        """Never returns: what stands above us on the stack is the parent's."""
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            self._control.close()
            for other in self._sockets:  # meant for a process that comes after us: its end must be seen when it ends
                os.close(other)
            _die_with(parent)
            from monitor.alerts.child import serve

            serve(ours, self._idle)
        finally:
            os._exit(1)

    def _bury(self) -> None:
        for pid in tuple(self._children):
            if os.waitpid(pid, os.WNOHANG)[0]:
                self._children.discard(pid)

    def _outlive(self) -> None:
        """The monitor, until the last of our processes has ended: they end with us."""
        deadline = time.monotonic() + LAST_MESSAGES
        while self._children and time.monotonic() < deadline:
            time.sleep(0.02)
        self._end_all()

    def _end_all(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})  # or one is buried before it is killed
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)
        os._exit(0)


def _die_with(parent: int) -> None:
    """Ask the kernel to end us with our parent, also where it is killed and we hang in a library (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)
