"""Child processes for what only a second process can show: kills, races, locks."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# What each child begins with. `die_at(db, n)` kills the process as the connection's n-th statement begins;
# `killed(work)` says whether a fork of the child that does the work was killed.
_PRELUDE = """
import os, signal, sys
from datetime import timedelta
from pathlib import Path
from monitor.store import PollLock, SqliteStore, open_store
from tests.store.builders import *

directory = Path(sys.argv[1])

def die_at(db, n):
    left = [n]
    def count(_statement):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    db.set_trace_callback(count)

def killed(work):
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert status in (0, -signal.SIGKILL), status
    return status != 0
"""


def start(directory: Path, code: str, *arguments: object) -> subprocess.Popen[str]:
    """Run the code in a fresh Python, the state directory being `directory`; `arguments` are sys.argv[2:]."""
    command = [sys.executable, "-c", _PRELUDE + textwrap.dedent(code), str(directory), *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )


def run(directory: Path, code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    with start(directory, code, *arguments) as child:
        out, err = child.communicate(timeout=60)
    return subprocess.CompletedProcess(child.args, child.returncode, out, err)


def first_line(child: subprocess.Popen[str]) -> str:
    """Waits until the child has said something."""
    assert child.stdout is not None
    return child.stdout.readline().strip()


def rest(child: subprocess.Popen[str]) -> str:
    """All that it has said since `first_line`, up to its end. (`communicate` leaves out what was read ahead.)"""
    assert child.stdout is not None
    return child.stdout.read()
