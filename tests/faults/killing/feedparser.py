"""feedparser, with what nobody would publish a way to do on purpose: a word in a document kills, freezes or fills.

A parsing process finds this module before the real one, which does the rest.
"""

from __future__ import annotations

import ctypes
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path.remove(str(Path(__file__).parent))
del sys.modules["feedparser"]
import feedparser as real  # noqa: E402

sys.modules["feedparser"] = real
_parse = real.parse


def _spin() -> None:
    while True:
        pass


def _fill() -> None:
    kept = []
    while True:
        kept.append(bytearray(1 << 20))


def _raise(error: type[BaseException]) -> None:
    raise error


def _recurse() -> None:
    _recurse()


def _write_to_all(data: bytes, times: int) -> None:
    """To the pipe too, wherever it is."""
    for descriptor in range(3, 16):
        with suppress(OSError):
            for _ in range(times):
                os.write(descriptor, data)


WAYS: dict[bytes, Callable[[], object]] = {
    b"KILL-SEGV": lambda: ctypes.string_at(0),
    b"KILL-ABORT": os.abort,
    b"KILL-KILL": lambda: os.kill(os.getpid(), signal.SIGKILL),
    b"KILL-STOP": lambda: os.kill(os.getpid(), signal.SIGSTOP),
    b"KILL-EXIT-0": lambda: os._exit(0),
    b"KILL-EXIT-3": lambda: os._exit(3),
    b"KILL-SPIN": _spin,
    b"KILL-REGEX": lambda: re.match(r"(a|a?)+$", "a" * 64 + "b"),
    b"KILL-SLEEP": lambda: time.sleep(1000),
    b"KILL-GIL": lambda: ctypes.PyDLL(None).sleep(1000),
    b"KILL-MEMORY": _fill,
    b"KILL-STACK": _recurse,
    b"KILL-QUIT": lambda: _raise(SystemExit),
    b"KILL-INTERRUPT": lambda: _raise(KeyboardInterrupt),
    b"KILL-RAISE": lambda: _raise(AssertionError),
    b"KILL-NONSENSE": lambda: _write_to_all(b"\0\0\0\x02{]", 1) or time.sleep(1000),
    b"KILL-SHORT": lambda: _write_to_all(b"\0\0\xff\xff{}", 1) or os._exit(0),
    b"KILL-FLOOD": lambda: _write_to_all(b"\xff" * 65_536, 1_000) or time.sleep(1000),
}


def _together(body: bytes) -> bool:
    """A document that is too much with all its entries, and not with any of them."""
    return b"TOO-MUCH" in body and body.count(b"<item>") > 1


def parse(file: Any, **options: Any) -> Any:
    body = file.read()
    file.seek(0)
    for word, way in WAYS.items():
        if re.search(re.escape(word) + rb"(?![A-Z0-9-])", body):
            way()
    if _together(body):
        os.abort()
    return _parse(file, **options)


real.parse = parse
