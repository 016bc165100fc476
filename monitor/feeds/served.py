"""The life of a process that reads what strangers wrote: what kills it, freezes it or fills it costs one document, and
nobody else a moment.

It takes requests from its standard input and answers there. It ends by itself, with exit code 0, when it is not asked
for a while or has done enough; and at once when its parent is gone, whatever it does. Anything else that ends it was
the document's doing.
"""

from __future__ import annotations

import fcntl
import gc
import os
import resource
import select
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitor.feeds.speech import REQUEST

MEMORY: Final = 512 << 20  # bytes beyond what the process has before its first document
_GROWN: Final = 128 << 20  # bytes kept after a document by which a process has done enough
_DOCUMENTS: Final = 5_000
_FILES: Final = 64


def serve(answer: Callable[[bytes, bytes], bytes], *, idle: float, cpu: float, ready: Callable[[], None]) -> None:
    """Answer until the parent goes, or `idle` seconds pass without a request; `cpu` seconds of work a document.

    `answer` is given a request's header and body, and what it returns is sent as it is. `ready` imports what reading
    takes, before anything is measured.
    """
    pipe = socket.socket(fileno=os.dup(0))
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.close(nowhere)
    ready()
    gc.freeze()  # what is there now stays: nothing to look through again and again, or to copy in a fork
    fresh = _size()
    _confine(fresh)
    for _ in range(_DOCUMENTS):
        header, body = _next(pipe, idle)
        with _ends_with_parent(pipe), _cpu_limit(cpu):
            reply = answer(header, body)
        pipe.sendall(reply)
        if _size().resident > fresh.resident + _GROWN:
            break
    os._exit(0)


# --- the pipe


def _next(pipe: socket.socket, idle: float) -> tuple[bytes, bytes]:
    """The next request; ends the process if there is none."""
    if not select.select([pipe], [], [], idle)[0]:
        os._exit(0)
    header, body = REQUEST.unpack(_exactly(pipe, REQUEST.size))
    return _exactly(pipe, header), _exactly(pipe, body)


def _exactly(pipe: socket.socket, size: int) -> bytes:
    read = bytearray(size)
    rest = memoryview(read)
    while rest:
        got = pipe.recv_into(rest)
        if not got:
            os._exit(0)  # the parent is gone
        rest = rest[got:]
    return bytes(read)


# --- the walls


@dataclass(frozen=True, slots=True)
class _Size:
    """Bytes of address space, and of memory. Zero where the system does not say."""

    virtual: int
    resident: int


def _size() -> _Size:
    try:
        virtual, resident, *_ = Path("/proc/self/statm").read_text().split()
    except OSError:
        return _Size(0, 0)
    page = resource.getpagesize()
    return _Size(int(virtual) * page, int(resident) * page)


def _confine(fresh: _Size) -> None:
    """So much memory and no more; no file written, no core dumped."""
    most = fresh.virtual + MEMORY
    for limit, wanted in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _FILES),
        *(((resource.RLIMIT_AS, most),) if fresh.virtual else ()),
    ):
        allowed = resource.getrlimit(limit)[1]
        value = wanted if allowed == resource.RLIM_INFINITY else min(wanted, allowed)
        resource.setrlimit(limit, (value, value))


@contextmanager
def _cpu_limit(seconds: float) -> Iterator[None]:
    """Beyond it the system ends the process: SIGPROF is not handled, and no pattern that runs can hold it up."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


@contextmanager
def _ends_with_parent(pipe: socket.socket) -> Iterator[None]:
    """Between request and reply nothing comes through the pipe but its end, upon which the system then ends us: SIGIO
    is not handled. Our own children, of the same process group, go with us."""
    flags = fcntl.fcntl(pipe, fcntl.F_GETFL)
    fcntl.fcntl(pipe, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(pipe, fcntl.F_SETFL, flags | os.O_ASYNC)
    if select.select([pipe], [], [], 0)[0]:
        os._exit(0)  # it went before we listened
    try:
        yield
    finally:
        fcntl.fcntl(pipe, fcntl.F_SETFL, flags)
