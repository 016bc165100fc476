"""Starting a child process of ours: the package is found where this process found it, and signals are left to us."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import monitor

if TYPE_CHECKING:
    import subprocess

_BOOT: Final = (
    "import sys, json, importlib\n"
    "module, path, *arguments = sys.argv[1:]\n"
    "sys.path[:] = json.loads(path)\n"
    "importlib.import_module(module).main(*arguments)\n"
)
_ROOT: Final = str(Path(monitor.__file__).resolve().parent.parent)
MOST: Final = 4  # processes side by side for one kind of work
_LEFT_TO_US: Final = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
# What an interpreter may need to start. Nothing else is handed on: the environment holds secrets.
_KEPT: Final = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ")


def start(module: str, *arguments: str, pipe: socket.socket, before: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    """A process that runs `main(*arguments)` of a module of ours, with `pipe` as its standard input.

    It begins a session of its own and has none of our environment's secrets, none of our files and no output.
    `before`: directories that are looked through for modules before ours. Raises OSError if there can be none.
    """
    import subprocess  # most processes start none

    with signals_held():
        return subprocess.Popen(
            command(module, *arguments, before=before),
            stdin=pipe.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=handed_on(),
            start_new_session=True,
        )


def command(module: str, *arguments: str, before: Sequence[str] = ()) -> list[str]:
    """What to start, so that `main(*arguments)` of a module of ours runs. `before`: as in `start`."""
    path = [*before, _ROOT, *(str(Path(each).resolve()) for each in sys.path if each)]
    return [sys.executable, "-I", "-S", "-c", _BOOT, module, json.dumps(path), *arguments]


def handed_on(*more: str) -> dict[str, str]:
    """What a process of ours gets of our environment, and these variables if they are there."""
    return {name: os.environ[name] for name in (*_KEPT, *more) if name in os.environ}


def wanted() -> int:
    """One for each core that we may use, within reason."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST, cores)


@contextmanager
def signals_held() -> Iterator[None]:
    """Start a process that Ctrl-C, SIGTERM and SIGHUP do not reach, from its first instruction on, nor its own forks.

    They go to the whole process group (Ctrl-C) or unit (systemd), but what a child has under way ends when we decide. A
    blocked signal stays blocked in a new process; one that comes to us meanwhile is delivered right after.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _LEFT_TO_US)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
