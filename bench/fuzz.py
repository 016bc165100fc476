"""Hostile input for everything that reads what others write, and what came of it.

    python -m bench.fuzz [--inputs 100000] [--seed 1] [--jobs 2] [--only NAME] [--save DIR]

Each target (`tests/faults/fuzz_targets.py`) has a process of its own, so that a crash, a hang or eaten memory is seen
from without. An input is an escape if anything but a declared error comes out, if a law does not hold, if it takes
more than 5 s of work or its process grows over 512 MiB, or if the process dies of it. Inputs are made anew from the
seed, the target's name and a number; those that escaped are saved, as Python reads them. Exit code 1 if any did.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import multiprocessing
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.faults.fuzz_targets import TARGETS, Target

LONGEST = 5.0  # seconds of work for one input
LARGEST = 512  # MiB of one process
STANDSTILL = 120.0  # seconds by the clock without a further input: something waits for ever
ROOM = 2 << 30  # bytes; more than any input may take, and less than would harm the machine
MOST_SHOWN = 20


@dataclass(frozen=True)
class Escape:
    target: str
    number: int
    what: str


@dataclass
class Row:
    """`slowest` in seconds of work, of the input `slowest_at`; `peak` in MiB, of the whole process."""

    target: str
    inputs: int = 0
    slowest: float = 0.0
    slowest_at: int = 0
    peak: int = 0
    escapes: list[Escape] = field(default_factory=list)


class TooSlow(BaseException):
    """Nothing that is tried may catch it."""


def made(seed: int, name: str, number: int, targets: Mapping[str, Target] = TARGETS) -> Any:
    """The input itself, the same each time."""
    return targets[name].make(Random(f"{seed}:{name}:{number}"))


def share(name: str, inputs: int) -> int:
    total = sum(target.share for target in TARGETS.values())
    return max(1, round(inputs * TARGETS[name].share / total))


def run(name: str, seed: int, inputs: int, targets: Mapping[str, Target] = TARGETS) -> Row:
    """Try so many inputs; a process that dies of one is followed by another from the next one on."""
    row = Row(name)
    context = multiprocessing.get_context("fork")
    while row.inputs < inputs:
        at = context.Value("q", row.inputs)
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(name, seed, inputs, at, theirs, targets), daemon=False)
        process.start()
        theirs.close()
        why = _follow(ours, row, at)
        if why is None:
            process.join()
            break
        if process.is_alive():
            process.kill()
        process.join()
        row.escapes.append(Escape(name, at.value, f"{why} (exit {process.exitcode})"))
        row.inputs = at.value + 1
    return row


def _follow(pipe: Any, row: Row, at: Any) -> str | None:
    """Take in what a process tells until it is done: None. Or why it tells no more."""
    last, seen = time.monotonic(), at.value
    while True:
        try:
            if pipe.poll(1.0):
                told = pipe.recv()
                if isinstance(told, Escape):
                    row.escapes.append(told)
                    continue
                row.inputs, slowest, slowest_at, peak = told
                row.slowest, row.slowest_at = max((row.slowest, row.slowest_at), (slowest, slowest_at))
                row.peak = max(row.peak, peak)
                return None
        except EOFError:
            return "the process died"
        if at.value != seen:
            last, seen = time.monotonic(), at.value
        elif time.monotonic() - last > STANDSTILL:
            return "the process stands still"


def _work(name: str, seed: int, inputs: int, at: Any, pipe: Any, targets: Mapping[str, Target]) -> None:
    """In the process."""
    faulthandler.disable()  # a process that dies is an escape and told as one; its stack would only stand in between
    begun_with = _peak()  # what it was forked from may have grown large before
    room = ROOM + (begun_with << 20)
    resource.setrlimit(resource.RLIMIT_DATA, (room, room))
    signal.signal(signal.SIGPROF, _too_slow)
    attempt = targets[name].prepare()
    slowest, slowest_at, highest = 0.0, 0, _peak()
    for number in range(at.value, inputs):
        at.value = number
        given = made(seed, name, number, targets)
        highest = max(highest, _peak())  # what making it took is not what reading it takes
        begun = time.process_time()
        what = _escaped(attempt, given)
        took, now = time.process_time() - begun, _peak()
        if what is None and now > max(begun_with + LARGEST, highest):
            what = f"{now} MiB"
        slowest, slowest_at, highest = *max((slowest, slowest_at), (took, number)), max(highest, now)
        if what is not None:
            pipe.send(Escape(name, number, what))
    pipe.send((inputs, slowest, slowest_at, highest))
    pipe.close()
    os._exit(0)  # whatever threads and children a target has


def _escaped(attempt: Callable[[Any], None], given: Any) -> str | None:
    try:
        with _bounded():
            attempt(given)
    except TooSlow:
        return f"more than {LONGEST:.0f} s"
    except BaseException as error:  # noqa: BLE001 - SystemExit, too, is an escape
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {str(error)[:200]!r} at {Path(place.filename).name}:{place.lineno}"
    return None


@contextlib.contextmanager
def _bounded() -> Iterator[None]:
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _too_slow(*_: object) -> None:
    raise TooSlow


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024  # Linux tells KiB


def run_all(seed: int, inputs: int, *, jobs: int, only: str = "") -> list[Row]:
    names = [name for name in TARGETS if only in name]
    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(lambda name: _told(run(name, seed, share(name, inputs))), names))


def _told(row: Row) -> Row:
    """As it comes: a long run is an hour on a busy machine."""
    print(f"{row.target}: {row.inputs:,} inputs, {len(row.escapes)} escapes", file=sys.stderr, flush=True)
    return row


def table(rows: list[Row]) -> str:
    lines = [
        "| what reads it | inputs | escapes | slowest, s of work | memory of the process, MiB |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.target} | {row.inputs:,} | {len(row.escapes)} | {row.slowest:.2f} | {row.peak} |" for row in rows
    ]
    inputs, escapes = sum(row.inputs for row in rows), sum(len(row.escapes) for row in rows)
    slowest, peak = max(row.slowest for row in rows), max(row.peak for row in rows)
    return "\n".join([*lines, f"| all | {inputs:,} | {escapes} | {slowest:.2f} | {peak} |"])


def save(escape: Escape, seed: int, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{escape.target.replace(' ', '-')}-{seed}-{escape.number}.txt"
    path.write_text(f"{escape.what}\n{made(seed, escape.target, escape.number)!r}\n", "utf-8", "backslashreplace")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="targets with this in their name")
    parser.add_argument("--save", type=Path, default=Path("fuzz-escapes"))
    asked = parser.parse_args()
    begun = time.monotonic()
    rows = run_all(asked.seed, asked.inputs, jobs=asked.jobs, only=asked.only)
    print(table(rows))
    print(f"\nseed {asked.seed}, {time.monotonic() - begun:,.0f} s")
    escapes = [escape for row in rows for escape in row.escapes]
    for escape in escapes[:MOST_SHOWN]:
        print(f"{escape.target} {escape.number}: {escape.what}\n  saved in {save(escape, asked.seed, asked.save)}")
    sys.exit(1 if escapes else 0)


if __name__ == "__main__":
    main()
