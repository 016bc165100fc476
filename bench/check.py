"""What a whole `monitor check` costs, beside other feed readers that do the same polls in the same run.

    python -m bench.check [--feeds 1000] [--rounds 3] [--only NAME …] [--install-peers | --reader-python FILE]

Every command runs as a process of its own, children included, against one loopback server; the rounds of all commands
are interleaved, and only ratios of medians within one run mean anything. The peers poll and store; `monitor` also
matches every new entry against the shipped rules. A peer that is not there is left out, and the table says so:
newsboat is a program of the system; `--install-peers` puts the `reader` library into an environment of its own, and
`--reader-python` names the interpreter of one that has it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import known
from bench.peers import PEERS, READER, Peer

ROOT = Path(__file__).resolve().parent.parent
SERVER = ROOT.parent / "shared" / "bench" / "feedserver.py"


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds; `cpu` is user and system time of the process and of all that it waited for; MB of the largest."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True, slots=True)
class Work:
    """A thing to do with the feeds. `prepare` runs before each round, `entries` is how many come new with it."""

    name: str
    title: str
    cold: bool = False
    new: int = 0
    latency: float = 0.0
    feeds: int | None = None


WORKS = (
    Work("unchanged", "unchanged (304)"),
    Work("one-new", "one new entry each", new=1),
    Work("cold", "first time", cold=True),
    Work("far", "100 unchanged feeds, each 200 ms away", latency=0.2, feeds=100),
)


def measure(command: Sequence[str], cwd: Path) -> Cost:
    """Raises RuntimeError with what the command printed, if it fails."""
    with tempfile.TemporaryFile() as out:
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=cwd, env=_environ(), stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            out.seek(0)
            raise RuntimeError(f"{command[0]} exited with {process.returncode}: {out.read()[-600:].decode()}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _environ() -> dict[str, str]:
    """An environment as users have it, in which Python keeps what it compiled."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@contextmanager
def served(feeds: int, latency: float) -> Iterator[str]:
    """The loopback server's address, while it runs."""
    command = [sys.executable, str(SERVER), "--feeds", str(feeds), "--latency", str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{process.stdout.readline().split()[1]}"
        finally:
            process.kill()


def ask(base: str, path: str) -> dict[str, int]:
    with urllib.request.urlopen(base + path, timeout=60) as answer:  # our own loopback server
        told: dict[str, int] = json.load(answer)
        return told


class Subject:
    """One command in a folder of its own, from its first poll on."""

    def __init__(self, peer: Peer, folder: Path, urls: Sequence[str]) -> None:
        self.peer, self._folder, self._urls = peer, folder, urls
        self.costs: list[Cost] = []
        self.requests = 0

    def begin(self) -> None:
        """As on the day it is installed: configured, nothing polled."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        self.peer.configure(self._folder, self._urls)

    def run(self) -> Cost:
        return measure(self.peer.command(self._folder), self._folder)


def compare(work: Work, peers: Sequence[Peer], *, feeds: int, rounds: int, folder: Path) -> list[Subject]:
    count = work.feeds or feeds
    with served(count, work.latency) as base:
        urls = [f"{base}/feed/{n}.xml" for n in range(count)]
        subjects = [Subject(peer, folder / work.name / peer.name, urls) for peer in peers]
        for subject in subjects if not work.cold else ():
            subject.begin()
            subject.run()
        for _ in range(rounds):
            if work.new:
                ask(base, f"/_new?k={work.new}")
            for subject in subjects:
                if work.cold:
                    subject.begin()
                ask(base, "/_reset")
                subject.costs.append(subject.run())
                told = ask(base, "/_stats")
                subject.requests = told["r200"] + told["r304"]
    return subjects


def table(work: Work, subjects: Sequence[Subject], count: int) -> Iterator[str]:
    ours = next(subject for subject in subjects if subject.peer.name == "monitor")
    yield f"\n{count:,} feeds, {work.title}"
    yield f"{'':24}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}{'requests':>10}{'wall':>9}{'CPU':>9}   (times monitor's)"
    for subject in subjects:
        wall, cpu, peak = (median(getattr(cost, of) for cost in subject.costs) for of in ("wall", "cpu", "peak"))
        own_wall, own_cpu = (median(getattr(cost, of) for cost in ours.costs) for of in ("wall", "cpu"))
        yield (
            f"{subject.peer.title:24}{wall:9.2f}{cpu:9.2f}{peak:9.0f}{subject.requests:10,}"
            f"{wall / own_wall:8.1f}x{cpu / own_cpu:8.1f}x"
        )


def same_body() -> str:
    """Within this process, for nothing is fetched: the same bytes once more, and what feedparser takes for them."""
    spent = known.measure(known.made("cdata"))
    theirs, ours = spent["feedparser"], spent["unchanged"]
    return (
        f"\nan unchanged body of 50 entries (200), CPU: feedparser.parse {theirs:.1f} ms, monitor {ours:.3f} ms, "
        f"{theirs / ours:.0f}x"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--feeds", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--only", nargs="*", choices=[work.name for work in WORKS])
    options.add_argument("--peers", nargs="*", choices=[peer.name for peer in PEERS])
    options.add_argument("--install-peers", action="store_true")
    options.add_argument("--reader-python", type=Path, help="the interpreter of an environment that has reader")
    given = options.parse_args()
    if not SERVER.exists():
        sys.exit("the loopback server of ../shared/bench is not here, so there is nothing to measure against")
    with tempfile.TemporaryDirectory(prefix="monitor-bench-") as folder:
        if given.reader_python:
            READER.python = str(given.reader_python)
        peers = list(_present(given.peers, given.install_peers, Path(folder)))
        for work in WORKS:
            if given.only and work.name not in given.only:
                continue
            subjects = compare(work, peers, feeds=given.feeds, rounds=given.rounds, folder=Path(folder))
            print("\n".join(table(work, subjects, work.feeds or given.feeds)), flush=True)
    print(same_body())


def _present(wanted: Sequence[str] | None, install: bool, folder: Path) -> Iterator[Peer]:
    for peer in PEERS:
        if wanted and peer.name not in wanted and peer.name != "monitor":
            continue
        if why := peer.missing(folder, install=install):
            print(f"without {peer.title}: {why}")
        else:
            yield peer


if __name__ == "__main__":
    main()
