"""Starts daemons and hears of everything that they leave behind: orphans become this process's children.

    python -m tests.faults.storm_host FOLDER warm|fresh [PROGRAM ARGUMENT…]

`warm`: it has imported what the daemon imports, and forks: the same `monitor run`, without the time that Python needs
to begin. `fresh`: each is a new interpreter that runs PROGRAM. Both run in FOLDER and write their log there; the
variable STORM_LIFE of their environment counts them. Each line of standard input asks for something: `start` → that
number, and the process id; `ended` → its status, or None while it runs; `orphans` → the processes that live and are not
the daemon's.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36  # prctl(2)
LOG = "log"
NUMBER = "STORM_LIFE"


class Host:
    def __init__(self, folder: Path, run: Callable[[], None]) -> None:
        self._folder, self._run = folder, run
        self._daemon: int | None = None
        self._status: int | None = None
        self._life = 0

    def start(self) -> tuple[int, int]:
        """In a process group of its own, as a terminal or a service manager would have it."""
        self._life += 1
        pid = os.fork()
        if pid == 0:
            try:
                os.environ[NUMBER] = str(self._life)
                os.setpgid(0, 0)
                os.chdir(self._folder)
                out = os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                for descriptor, target in ((os.open(os.devnull, os.O_RDONLY), 0), (out, 1), (out, 2)):
                    os.dup2(descriptor, target)
                self._run()
            finally:
                os._exit(99)
        self._daemon, self._status = pid, None
        return self._life, pid

    def ended(self) -> int | None:
        if self._status is None and self._daemon is not None:
            pid, status = os.waitpid(self._daemon, os.WNOHANG)
            self._status = os.waitstatus_to_exitcode(status) if pid else None
        return self._status

    def orphans(self) -> list[int]:
        return [pid for pid in children(os.getpid()) if pid != self._daemon and not _buried(pid)]


def children(parent: int) -> list[int]:
    """By /proc: the fourth field of a process's stat, after its name in brackets, which may hold anything."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_bytes()
            except OSError:  # gone meanwhile
                continue
            if int(stat[stat.rindex(b")") + 1 :].split()[1]) == parent:
                found.append(int(entry.name))
    return found


def _buried(pid: int) -> bool:
    """Whether it had ended, and is now forgotten."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return True


def end_all() -> None:
    """Also where who asked was killed. What loses its parent becomes ours, so that none can hide."""
    while left := children(os.getpid()):
        for pid in left:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def run_warm() -> None:
    from monitor.cli.group import cli

    cli.main(["run"], prog_name="monitor")


def import_all() -> None:
    import yaml  # noqa: F401

    import monitor.alerts.bursts
    import monitor.cli.group
    import monitor.cli.run
    import monitor.rules.build
    import monitor.rules.matcher
    import monitor.rules.read

    # Here each alert must come as a message of its own, to be counted; `tests/alerts/test_bursts.py` has the crowds.
    monitor.alerts.bursts.MOST = 1_000_000  # type: ignore[misc]


def main(folder: Path, how: str, program: Sequence[str]) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1):
        raise OSError(ctypes.get_errno(), "no orphan would be seen")
    if how == "warm":
        import_all()
    host = Host(folder, run_warm if how == "warm" else lambda: os.execvp(program[0], list(program)))
    for line in sys.stdin:
        print(json.dumps(getattr(host, line.strip())()), flush=True)
    end_all()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
