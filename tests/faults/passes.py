"""Passes of `warm`, one by one, with strace holding on to each and doing something to one of its system calls."""

from __future__ import annotations

import compileall
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from monitor.store import open_store
from monitor.store.inspect import inspect
from tests.faults.warm import CHANNELS
from tests.servers import Site, site
from tests.support import ROOT, needs
from tests.world import item, rss

HEADLINES = tuple(
    f"غارة جوية على أطراف البلدة {place}" for place in ("الأولى", "الثانية", "الثالثة", "الرابعة", "الخامسة", "السادسة")
)
WRITES = ("write", "pwrite64", "fdatasync", "fsync", "ftruncate", "fallocate")
CALLS = (*WRITES, "openat", "unlink", "rename", "connect", "sendto", "recvfrom")
Point = tuple[str, int]  # a system call, and which of its calls


@dataclass(frozen=True, slots=True)
class Ended:
    """`told`: what the pass acknowledged, in order."""

    status: int
    told: tuple[str, ...]


class Passes:
    """A feed that holds six alerts for two channels, a webhook, and a state that knows the feed's baseline."""

    headlines = HEADLINES  # of the alerts
    asked: Mapping[str, str] = MappingProxyType({})  # of each pass, beside what every one is

    def __init__(self, folder: Path, web: Site, warm: subprocess.Popen[str]) -> None:
        self._folder, self.web, self._warm = folder, web, warm
        self._strace = needs("strace")
        self.base = folder / "base"
        self.show("هدوء")
        assert self.run(self.base).status == 0
        self.show("هدوء", *self.headlines)

    def show(self, *titles: str) -> None:
        now = datetime.now(UTC)
        self.web.pages["/feed"] = rss(*(item(title, n=n, at=now) for n, title in enumerate(titles)))

    def fresh(self) -> Path:
        """A copy of the state as it was before the alerts came, and a webhook that has heard nothing."""
        state = self._folder / "state"
        shutil.rmtree(state, ignore_errors=True)
        shutil.copytree(self.base, state)
        self.web.received.clear()
        return state

    def everything(self) -> list[tuple[str, str]]:
        return everything(self.headlines)

    def received(self) -> Counter[tuple[str, str]]:
        return Counter((each["alert"], each["channel"]) for each in self.web.received)

    def run(self, state: Path, *options: str, **asked: str) -> Ended:
        """One pass, under strace with these options if there are any."""
        told = self._folder / "told"
        told.unlink(missing_ok=True)
        line = {"state": str(state), "feed": self.web.url("/feed"), "hook": self.web.url("/hook"), "told": str(told)}
        assert self._warm.stdin is not None
        self._warm.stdin.write(json.dumps(line | {**self.asked, **asked}) + "\n")
        self._warm.stdin.flush()
        pid = int(self._answer())
        tracer = self._attach(pid, options) if options else None
        os.kill(pid, signal.SIGCONT)
        status = int(self._answer())
        if tracer:
            tracer.communicate(timeout=60)
        return Ended(status, tuple(told.read_text().splitlines()) if told.exists() else ())

    def points(self, calls: Sequence[str] = CALLS) -> list[Point]:
        """Every call of these that an undisturbed pass makes."""
        log = self._folder / "calls"
        ended = self.run(self.fresh(), "-e", f"trace={','.join(f'?{each}' for each in calls)}", "-o", str(log))
        assert ended.told[-1] == "done"
        assert self.received() == Counter(self.everything())
        names = Counter(re.findall(r"^(\w+)\(", log.read_text(), flags=re.MULTILINE))
        return [(name, n) for name in calls for n in range(1, names[name] + 1)]

    def _attach(self, pid: int, options: Sequence[str]) -> subprocess.Popen[str]:
        log = () if "-o" in options else ("-o", "/dev/null")
        tracer = subprocess.Popen(
            [self._strace, "-p", str(pid), *log, *options], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        assert tracer.stderr is not None
        attached = tracer.stderr.readline()
        assert "attached" in attached, attached
        return tracer

    def _answer(self) -> str:
        assert self._warm.stdout is not None
        return self._warm.stdout.readline()


@contextmanager
def passes(folder: Path) -> Iterator[Passes]:
    with warmed() as (web, warm):
        yield Passes(folder, web, warm)


@contextmanager
def warmed(*options: str) -> Iterator[tuple[Site, subprocess.Popen[str]]]:
    """A site, and a process that forks for passes."""
    needs("strace")
    # An import opens one file where the module is compiled, and two where it is not; processes of other tests compile
    # some meanwhile. A pass has to make the calls that were counted.
    compileall.compile_dir(ROOT / "monitor", quiet=1)
    command = [sys.executable, "-m", "tests.faults.warm", *options]
    with (
        site() as web,
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as warm,
    ):
        try:
            yield web, warm
        finally:
            assert warm.stdin is not None
            warm.stdin.close()
            warm.wait(60)


def everything(headlines: Sequence[str] = HEADLINES) -> list[tuple[str, str]]:
    return [(title, channel) for title in headlines for channel in CHANNELS]


def recorded_as_sent(state: Path) -> set[int]:
    store = open_store(state, now=datetime.now(UTC))
    try:
        with store.database.read() as db:
            return {row[0] for row in db.execute("SELECT id FROM delivery WHERE status = 'sent'").fetchall()}
    finally:
        store.close()


def is_sound(state: Path) -> bool:
    return inspect(state / "monitor.db") == []
