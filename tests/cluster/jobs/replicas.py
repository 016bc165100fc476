"""Worker processes for tests and benches, and what they told."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from monitor.cluster.jobs.defer import defer
from tests.support import ROOT

PATIENCE = 120  # seconds


@dataclass(frozen=True)
class Told:
    """`what` is up, tick, began or ended; `which` the slot, or the number of the nap."""

    what: str
    which: int
    pid: int
    at: float


class Replicas:
    """In one folder, on one database."""

    def __init__(self, folder: Path, url: str, *, every: float = 1.0) -> None:
        self.folder, self.url = folder, url
        self.processes: list[subprocess.Popen[bytes]] = []
        (folder / "orders.json").write_text(json.dumps({"url": url, "every": every}))
        (folder / "told").touch()

    def start(self, number: int) -> None:
        """Returns when all of them are up."""
        self.processes += [
            subprocess.Popen([sys.executable, "-m", "tests.cluster.jobs.replica", str(self.folder)], cwd=ROOT)
            for _ in range(number)
        ]
        wait_for(lambda: len(self.told("up")) == len(self.processes))

    def told(self, what: str) -> list[Told]:
        lines = [line.split() for line in (self.folder / "told").read_text().splitlines()]
        return [Told(kind, int(which), int(pid), float(at)) for kind, which, pid, at in lines if kind == what]

    def nap(self, seconds: Sequence[float]) -> None:
        """A job each."""
        with psycopg.connect(self.url) as connection:
            jobs = [{"n": n, "seconds": each} for n, each in enumerate(seconds)]
            defer(connection, queue="naps", task="nap", payloads=jobs)

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()


@contextmanager
def replicas(folder: Path, url: str, *, every: float = 1.0) -> Iterator[Replicas]:
    made = Replicas(folder, url, every=every)
    try:
        yield made
    finally:
        made.end()


def wait_for(condition: Callable[[], Any], *, seconds: float = PATIENCE) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it does not come"
        time.sleep(0.02)
