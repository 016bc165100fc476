"""The real daemon in a process of its own, watched from the feed that it asks."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from tests.command import Command
from tests.servers import Site

STEPPING = Path(__file__).with_name("stepping_daemon.py")
RULES = """
version: 1
feeds: [{{id: one, url: "{feed}"}}]
rules: [{{id: strikes, all: [غارة], notify: [console]}}]
"""


class Watched:
    """A daemon and the instants at which it asked."""

    def __init__(self, folder: Path, web: Site, *, every: float) -> None:
        """`web` has a feed at /one; `every` is the seconds between two polls of it."""
        self.folder, self.web, self._every = folder, web, every
        self.command = Command(folder)
        self.command.write_rules(RULES.format(feed=web.url("/one")))
        self.begin()

    def begin(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(STEPPING), "rules.yaml", "state", "step", str(self._every)],
            cwd=self.folder, env=self.command.environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def set_clock(self, seconds: float) -> None:
        (self.folder / "step.new").write_text(str(seconds))
        (self.folder / "step.new").replace(self.folder / "step")

    def polls(self) -> int:
        return len(self.web.requests)

    def wait_for_polls(self, more: int, *, within: float) -> float:
        """Until it has asked so many times more; how long that took."""
        begun, wanted = time.monotonic(), self.polls() + more
        while self.polls() < wanted:
            assert time.monotonic() - begun < within, f"no poll for {within} s"
            assert self.process.poll() is None, "the daemon ended"
            time.sleep(0.02)
        return time.monotonic() - begun
