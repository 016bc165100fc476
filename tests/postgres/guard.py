"""Sees to it that no server and no folder stays behind, however the process ends that started it."""

from __future__ import annotations

import subprocess
from pathlib import Path

# The other end of its standard input is open in the process that started it and in no other: programs that this one
# starts do not inherit it. It ends with that process, be it by kill -9. That a process is the server is known by where
# it works: its number may be another's by now.
_SCRIPT = """
cat >/dev/null
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ] && [ "/proc/$pid/cwd" -ef "$1/data" ]; then
    kill -QUIT "$pid"
    kill -CONT "$pid"
    while [ "/proc/$pid/cwd" -ef "$1/data" ]; do sleep 0.1; done
fi
rm -rf "$1"
"""


class Guard:
    """Once this process has ended, or `release` is called, stops the server whose data are in `folder` and removes the
    folder. A session of its own: Ctrl-C in a terminal does not reach it."""

    def __init__(self, folder: Path) -> None:
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", _SCRIPT, "guard", folder],
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def release(self) -> None:
        """Returns when all is gone."""
        self._shell.communicate(timeout=60)
