"""Real `monitor worker` processes on one database, started again when they die, as a service manager would do it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.cluster.made import until
from tests.command import Command

CALM = 120.0  # seconds for what is due to come, on a machine that is busy
END = 60.0  # seconds for a worker that was told to end; it takes 25 at most


class Fleet:
    """In `folder`: the rules file, and for each worker a state and a log of its own."""

    def __init__(
        self,
        folder: Path,
        url: str,
        *,
        options: tuple[str, ...] = (),
        environ: Mapping[str, str] = {},
        before: str = "",
    ) -> None:
        """`before`: what workers run, as Python, before anything of the monitor's is imported."""
        self.folder, self.url, self._options, self._before = folder, url, options, before
        self.command = Command(folder, {**environ, "MONITOR_DATABASE_URL": url})
        self.workers: list[subprocess.Popen[bytes]] = []
        self.died = 0  # workers that ended by themselves
        self._ending: set[int] = set()  # numbers of those that are to stay away
        self._lock = threading.RLock()
        self._closed = threading.Event()
        # When this process ends, be it by kill -9, its end of the pipe closes, and all that is in the group is ended.
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", "cat >/dev/null; kill -9 -$$"], stdin=subprocess.PIPE, process_group=0
        )
        self._supervisor = threading.Thread(target=self._supervise, name="supervisor", daemon=True)

    def publish(self, rules: str) -> None:
        self.command.write_rules(rules)
        done = self.command.run("rules", "publish", "--yes")
        assert done.returncode == 0, done.stderr

    def start(self, number: int) -> None:
        """So many more."""
        with self._lock:
            for _ in range(number):
                self.workers.append(self._started(len(self.workers)))
        if not self._supervisor.is_alive():
            self._supervisor.start()

    def kill(self, number: int) -> None:
        """kill -9; it is started again at once."""
        with self._lock:
            self.workers[number].kill()
            self.workers[number].wait()
            self.workers[number] = self._started(number)

    def end(self, number: int) -> tuple[int, float]:
        """SIGTERM; it stays away. Its exit code, and how many seconds it took."""
        with self._lock:
            self._ending.add(number)
            worker = self.workers[number]
            worker.send_signal(signal.SIGTERM)
        before = time.monotonic()
        return worker.wait(END), time.monotonic() - before

    def log(self, number: int) -> str:
        path = self.folder / f"worker{number}.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def cpu(self, number: int) -> float:
        """Seconds of CPU that the worker and its children have used."""
        return sum(map(_cpu, family(self.workers[number].pid)))

    def ask(self, sql: str, parameters: Any = None) -> list[tuple[Any, ...]]:
        """Again while the server is away."""
        end = time.monotonic() + CALM
        while True:
            try:
                with psycopg.connect(self.url, autocommit=True) as db:
                    cursor = db.execute(sql.encode(), parameters)
                    return cursor.fetchall() if cursor.description else []
            except psycopg.OperationalError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def wait_for(self, sql: str, *, seconds: float = CALM) -> None:
        """Until it answers with true."""
        until(lambda: bool(self.ask(sql)[0][0]), seconds=seconds)

    def close(self) -> None:
        self._closed.set()
        with self._lock:
            for worker in self.workers:
                if worker.poll() is None:
                    worker.kill()
                worker.wait()
        self._guard.communicate()

    def _started(self, number: int) -> subprocess.Popen[bytes]:
        words = ("worker", "--state", str(self.folder / f"state{number}"), *self._options)
        with (self.folder / f"worker{number}.log").open("ab") as log:
            return subprocess.Popen(
                self._words(words), cwd=self.folder, env=self.command.environment(), stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, process_group=self._guard.pid,
            )  # fmt: skip

    def _words(self, words: tuple[str, ...]) -> list[str]:
        if not self._before:
            return self.command.words(words)
        return [sys.executable, "-c", f"{self._before}\nfrom monitor.__main__ import main\nmain()", *words]

    def _supervise(self) -> None:
        while not self._closed.wait(0.2):
            with self._lock:
                for number, worker in enumerate(self.workers):
                    if worker.poll() is not None and number not in self._ending and not self._closed.is_set():
                        self.died += 1
                        self.workers[number] = self._started(number)


@contextmanager
def fleet(folder: Path, url: str, **changes: Any) -> Iterator[Fleet]:
    made = Fleet(folder, url, **changes)
    try:
        yield made
    finally:
        made.close()


class Repeated:
    """Does something every so many seconds in a thread, until the block ends; an error of the database is no end."""

    def __init__(self, work: Callable[[], object], seconds: float) -> None:
        self._work, self._seconds = work, seconds
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closed.wait(self._seconds):
            self._work()


def family(pid: int) -> list[int]:
    """A process and all that it started, by /proc."""
    parents = dict[int, int]()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:  # gone meanwhile
                continue
            parents[int(entry.name)] = int(stat[stat.rindex(")") + 1 :].split()[1])
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found


def _cpu(pid: int) -> float:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0.0
    fields = stat[stat.rindex(")") + 1 :].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
