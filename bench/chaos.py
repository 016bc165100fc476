"""`monitor run`, killed a thousand times while feeds publish and channels listen; also with a full disk, feeds that are
down, channels that refuse, and a wall clock that is set.

    python -m bench.chaos [--kills 1000] [--only plain] [--warm]

Each row is a state of its own; a fault comes and goes between strikes. `received` are alerts, which come alone or,
many at once, in digests; `unnamed` are those that a long digest counts and does not name: the state says which, by the
number that the channel gave the message, and that the state keeps as its answer. Nothing may be lost, and a kill may
repeat one message at most (on a disk that takes nothing: what was sent meanwhile). `tests/faults/test_random_kills.py`
is the short form. `--warm` forks daemons from a process that has imported what they import, which makes a kill twice
as cheap.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median

from tests.faults.passes import is_sound
from tests.faults.storm import FATAL, LEGITIMATE, MONITOR, Storm, storm
from tests.faults.watched import STEPPING

DISK = 40 * 2**20  # bytes of the small disk: the ballast is laid only where there is twice as much
HOUR = 3600
Between = Callable[[Storm, Random], None]


def plain(_storm: Storm, _rng: Random) -> None:
    """Nothing but the kills."""


def feeds_down(raging: Storm, rng: Random) -> None:
    raging.web.is_down = rng.random() < 0.3


def refusals(raging: Storm, rng: Random) -> None:
    raging.web.refusing = rng.choice((0.0, 0.1, 0.5))


def clock(raging: Storm, rng: Random) -> None:
    if rng.random() < 0.2:
        (raging.folder / "step.new").write_text(str(rng.choice((0, HOUR, -HOUR, 24 * HOUR, -24 * HOUR))))
        (raging.folder / "step.new").replace(raging.folder / "step")


def full_disk(raging: Storm, rng: Random) -> None:
    filler = raging.folder / "filler"
    if rng.random() < 0.3:
        _fill(filler)
    else:
        filler.unlink(missing_ok=True)


def _fill(filler: Path) -> None:
    with filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(2**16))


KINDS: dict[str, tuple[Between, float]] = {  # and the part of the kills that each gets
    "plain": (plain, 0.6), "feeds down": (feeds_down, 0.1), "refusals": (refusals, 0.1), "clock": (clock, 0.1),
    "full disk": (full_disk, 0.1),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    kind: str
    raging: Storm
    sound: bool
    strange: set[str]

    def __str__(self) -> str:
        web, account = self.raging.web, self.raging.account
        strikes = " ".join(f"{account.strikes[kind]}" for kind in (*FATAL, "children", "told to end", "stopped"))
        return (
            f"{self.kind:<11} {account.kills:>5} {web.published:>9,} {2 * len(web.expected):>8,} {web.received():>8,}"
            f" {web.messages:>8,} {web.digests:>7} {web.more.total():>7,}"
            f" {len(web.lost()):>4} {web.extra():>5} {web.worst_of_a_life():>5} {web.unmarked():>8}"
            f" {median(account.begun):>6.1f} {max(account.begun):>6.1f} {account.left:>6.2f}"
            f" {_growth(account.memory):>7} {'yes' if self.sound and not self.strange else 'NO':>5}   {strikes}"
            f"{'   ' + ' '.join(sorted(self.strange)) if self.strange else ''}"
            f"{f'   sent by hand {account.hurried}' if account.hurried else ''}"
            f"   exits {dict(account.exits)}"
        )


HEAD = (
    f"{'storm':<11} {'kills':>5} {'published':>9} {'expected':>8} {'received':>8} {'messages':>8}"
    f" {'digests':>7} {'unnamed':>7} {'lost':>4} {'extra':>5} {'/life':>5}"
    f" {'unmarked':>8} {'start':>6} {'worst':>6} {'left':>6} {'memory':>7} {'sound':>5}"
    "   strikes: daemon, group, children, told to end, stopped"
)


def _growth(memory: list[int]) -> str:
    """The largest daemons of the last fifth, against those of the first: each has lived for a moment only."""
    fifth = max(len(memory) // 5, 1)
    return f"{max(memory[-fifth:]) / max(memory[:fifth]) - 1:+.0%}"


def rage(kind: str, kills: int, seed: int, *, warm: bool, within: float) -> Row:
    between, _ = KINDS[kind]
    rng = Random(seed)
    program: tuple[str, ...] = () if warm else MONITOR
    if kind == "clock":
        program = (sys.executable, str(STEPPING), "rules.yaml", "state", "step", "5")
    with small_disk() if kind == "full disk" else folder() as place, storm(place, seed=seed, program=program) as made:
        if kind == "clock":  # what is told again a day later, by the clock, is news
            made.web.repeating = 0.0
        made.rage(kills, between=lambda: between(made, rng), within=within)
        _heal(made)
        made.settle()
        state = place / "state"
        strange = {path.name for path in state.iterdir()} - LEGITIMATE
        return Row(kind, made, is_sound(state), strange)


def _heal(made: Storm) -> None:
    made.web.is_down, made.web.refusing = False, 0.0
    (made.folder / "filler").unlink(missing_ok=True)
    (made.folder / "step").unlink(missing_ok=True)


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


@contextlib.contextmanager
def small_disk() -> Iterator[Path]:
    """Raises CalledProcessError where we may not mount one."""
    with folder() as place:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "none", str(place)], check=True)
        try:
            yield place
        finally:
            subprocess.run(["umount", str(place)], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000, help="in all")
    parser.add_argument("--only", choices=list(KINDS), help="one kind of storm, and all the kills to it")
    parser.add_argument("--warm", action="store_true", help="fork the daemons")
    parser.add_argument("--minutes", type=float, default=600, help="the longest for a storm, however few the kills")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # no disk stays mounted, no daemon runs on
    begun = time.monotonic()
    print(HEAD, flush=True)
    for kind, (_, share) in KINDS.items():
        if asked.only in (None, kind):
            kills = asked.kills if asked.only else round(asked.kills * share)
            if kind == "full disk" and os.geteuid() != 0:
                print(f"{kind:<11} not tried: a small disk can be mounted by root only")
                continue
            print(rage(kind, kills, asked.seed, warm=asked.warm, within=60 * asked.minutes), flush=True)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"in {time.monotonic() - begun:.0f} s, of CPU {children.ru_utime + children.ru_stime:.0f} s")


if __name__ == "__main__":
    main()
