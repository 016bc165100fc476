"""A daemon that is killed at random moments, again and again, while feeds publish and channels listen."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from monitor import heartbeat
from tests.command import Command
from tests.faults.storm_host import NUMBER, children
from tests.faults.storm_press import CHANNELS, LIFE, Press, press
from tests.support import ROOT

FEEDS = 16
MONITOR = (sys.executable, "-m", "monitor", "run")
HURRY = timedelta(minutes=1)
PATIENCE = 30.0  # seconds for what a killer waits for
CALM = 180.0  # seconds for what is owed to arrive, and for a daemon to begin or to end: for a machine that is busy
KINDS = {"daemon": 75, "group": 10, "children": 6, "told to end": 5, "stopped": 4}  # and how often, in a hundred
FATAL = ("daemon", "group")  # each of them is one kill of the daemon
LEGITIMATE = {  # what a state directory may hold
    "ballast", "cache", "heartbeat.json", "links.key", "monitor.db", "monitor.db-shm", "monitor.db-wal", "monitor.id",
    "poll.lock", "receipts",
}  # fmt: skip


def rules(port: int) -> str:
    """Nothing grows too old to be told, even where the clock is set by a day."""
    feeds = "\n".join(
        f'  - {{id: f{n}, url: "http://127.0.0.1:{port}/f{n}", allow_private: true}}' for n in range(FEEDS)
    )
    query = f"+{LIFE}=${{{NUMBER}}}"
    channels = "\n".join(
        f'  {name}: {{url: "json://127.0.0.1:{port}/{name}?{query}", language: en}}' for name in CHANNELS
    )
    return f"""
version: 1
defaults: {{notify: [{", ".join(CHANNELS)}], every: 30s, max_age: 30d}}
feeds:
{feeds}
rules:
  - id: strikes
    title: غارات
    all: [غارة]
channels:
{channels}
"""


@dataclass
class Account:
    """`begun`: seconds from the start of a daemon to its first sign of life, of those that lived to give one.
    `left`: how long the last process of a dead daemon lived on. `hurried`: messages of which nobody knew
    twice whether they had arrived. `memory`: KiB of each daemon, when it was struck."""

    strikes: Counter[str] = field(default_factory=Counter)
    begun: list[float] = field(default_factory=list)
    left: float = 0.0
    hurried: int = 0
    memory: list[int] = field(default_factory=list)
    exits: Counter[int] = field(default_factory=Counter)

    @property
    def kills(self) -> int:
        return sum(self.strikes[kind] for kind in FATAL)


class Storm:
    """One state, one daemon after the other."""

    def __init__(self, folder: Path, web: Press, host: subprocess.Popen[str], rng: Random) -> None:
        self.folder, self.web, self.account = folder, web, Account()
        self._host, self._rng = host, rng
        self._died: dict[int, float] = {}  # orphans, and since when
        self._pid = self._life = self._started = 0
        self._beat = True
        self.command = Command(folder, environ={NUMBER: "0"})
        self.command.write_rules(rules(web.port))
        self.command.check("--all")  # what feeds hold at first is not announced
        web.is_open = True

    def begin(self) -> None:
        (self.folder / "state" / heartbeat.FILE).unlink(missing_ok=True)
        self._beat = False
        (self._life, self._pid), self._started = self._ask("start"), time.monotonic()

    def rage(self, kills: int, *, between: Callable[[], None] = lambda: None, within: float = float("inf")) -> None:
        """Until the daemon was killed so often, or seconds are up. `between` is called before each strike."""
        end = time.monotonic() + within
        while self.account.kills < kills and time.monotonic() < end:
            between()
            self._wait_for_a_moment()
            self._strike(self._rng.choices(list(KINDS), list(KINDS.values()))[0])

    def settle(self) -> None:
        """One last life in peace, until what is owed has come; then it is told to end."""
        self.web.is_open = False
        left, end = len(self.web.lost()), time.monotonic() + CALM
        while left and time.monotonic() < end:
            self._sleep(2)
            self._read_account()
            before, left = left, len(self.web.lost())
            if left < before:
                end = time.monotonic() + CALM  # a backlog takes as long as it takes
            elif left:
                self._hurry()
        os.kill(self._pid, signal.SIGTERM)
        self._wait_for_the_end()
        end = time.monotonic() + CALM
        while self._orphans() and time.monotonic() < end:
            time.sleep(0.05)

    def _read_account(self) -> None:
        sent = json.loads(self.command.run("deliveries", "--json", "--status", "sent", "--limit", "100000").stdout)
        self.web.sent = {
            (each["title"], each["channel"]): int(found[1])
            for each in sent
            if (found := re.search(r"\bid: (\d+)", each["answer"] or ""))
        }

    def _hurry(self) -> None:
        """What may have arrived twice already is repeated only after hours: here the operator has it sent."""
        waiting = json.loads(self.command.run("deliveries", "--json", "--status", "retrying").stdout)
        late = [each for each in waiting if datetime.fromisoformat(each["next_try_at"]) > datetime.now(UTC) + HURRY]
        for each in late:
            self.command.run("deliveries", "--resend", str(each["id"]))
            self.web.by_hand.add((each["title"], each["channel"]))
        self.account.hurried += len(late)

    # --- moments

    def _wait_for_a_moment(self) -> None:
        """At once, or after a feed was looked at, a message came, or it gave a sign of life: whatever the
        machine's pace, all that a daemon does is struck."""
        match self._rng.randrange(4):
            case 0:
                self._sleep(self._rng.uniform(0, 0.3))
            case 1:
                self._wait_until_more(lambda: self.web.looks)
                self._sleep(self._rng.uniform(0, 0.2))
            case 2:
                self._wait_until_more(self.web.received)
                self._sleep(self._rng.uniform(0, 0.4))
            case _:
                self._wait_until_more(lambda: len(self.account.begun))
                self._sleep(self._rng.uniform(0, 2))

    def _wait_until_more(self, count: Callable[[], int]) -> None:
        before, end = count(), time.monotonic() + PATIENCE
        while count() == before and time.monotonic() < end:
            self._sleep(0.01)

    def _sleep(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._look()
            time.sleep(min(0.02, left))
        self._look()

    def _look(self) -> None:
        if not self._beat:
            beat = heartbeat.read(self.folder / "state")
            if beat is not None and beat.pid == self._pid:
                self._beat = True
                self.account.begun.append(time.monotonic() - self._started)

    # --- strikes

    def _strike(self, kind: str) -> None:
        self.account.strikes[kind] += 1
        self.account.memory.append(_memory_kib(self._pid))
        match kind:
            case "daemon":
                self._end_with(lambda: os.kill(self._pid, signal.SIGKILL))
            case "group":
                self._end_with(lambda: os.killpg(self._pid, signal.SIGKILL))
            case "children":
                self._kill_children()
            case "told to end":
                self._end_with(lambda: os.kill(self._pid, signal.SIGTERM))
            case _:
                os.kill(self._pid, signal.SIGSTOP)
                time.sleep(self._rng.uniform(0.2, 1))
                os.kill(self._pid, signal.SIGCONT)

    def _kill_children(self) -> None:
        """It lives on; what its children had under way may have arrived."""
        for pid in _descendants(self._pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.web.orphaned[self._life] += 1

    def _end_with(self, strike: Callable[[], None]) -> None:
        strike()
        self._wait_for_the_end()
        self._orphans()
        self.begin()

    def _wait_for_the_end(self) -> None:
        end = time.monotonic() + CALM
        while (status := self._ask("ended")) is None:
            assert time.monotonic() < end, "it does not end"
            time.sleep(0.005)
        self.account.exits[status] += 1

    def _orphans(self) -> list[int]:
        now = time.monotonic()
        alive = self._ask("orphans")
        self._died = {pid: self._died.get(pid, now) for pid in alive}
        self.account.left = max([self.account.left, *(now - since for since in self._died.values())])
        return list(alive)

    def _ask(self, what: str) -> Any:
        assert self._host.stdin is not None
        assert self._host.stdout is not None
        self._host.stdin.write(what + "\n")
        self._host.stdin.flush()
        return json.loads(self._host.stdout.readline())


def _descendants(pid: int) -> list[int]:
    found = children(pid)
    return found + [each for child in found for each in _descendants(child)]


def _memory_kib(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1])
    return 0


@contextmanager
def storm(folder: Path, *, seed: int, program: Sequence[str] = ()) -> Iterator[Storm]:
    """`program` is what runs as the daemon; without one, forks of a process that is warm."""
    how = ("fresh", *program) if program else ("warm",)
    command = [sys.executable, "-m", "tests.faults.storm_host", str(folder), *how]
    environ = Command(folder).environment()
    with (
        press(seed) as web,
        subprocess.Popen(
            command, cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as host,
    ):
        try:
            made = Storm(folder, web, host, Random(seed))
            made.begin()
            yield made
        finally:
            assert host.stdin is not None
            host.stdin.close()
            host.wait(60)
