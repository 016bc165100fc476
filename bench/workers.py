"""What another `monitor worker` adds: polls a second of 1, 2 and 4 of them, where each fetch takes a second and a half.

    python -m bench.workers [--workers 1 2 4] [--seconds 40] [--batches 2] [--feeds 1200]

Real processes and real HTTP on loopback; the server answers late, as sites do, so that a worker waits and does not
work. `--batches`: a worker has so many times 25 feeds under way, and no more, or one of them would take all there is.
What was asked is due again at once, so that none is ever idle. `of linear`: against the first row, worker by worker.
`cores`: what the workers and their children used; where all cores of the machine are full, more workers add nothing.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.cluster.chaos_fleet import Fleet, Repeated, fleet
from tests.cluster.made import until
from tests.cluster.newsstand import newsstand
from tests.cluster.timetable import Timetable
from tests.postgres import Postgres

FETCH = 1.5  # seconds
AGAIN = "UPDATE feed_state SET next_poll_us = 0 WHERE lane IS NOT NULL AND leased_by IS NULL AND next_poll_us > 0"
BASELINED = "SELECT count(*) FROM feed_state WHERE baselined = 1"


@dataclass(frozen=True)
class Row:
    workers: int
    looks: float  # a second
    cores: float


def measured(folder: Path, server: Postgres, workers: int, asked: argparse.Namespace) -> Row:
    paper = Timetable(asked.feeds, ())
    options = ("--batches", str(asked.batches))
    with newsstand(paper.page) as stand, fleet(folder, server.fresh(), options=options) as running:
        running.publish(paper.rules(stand.port))
        running.start(workers)
        until(lambda: running.ask(BASELINED)[0][0] == asked.feeds, seconds=600)  # parsed once; from here on unchanged
        stand.delay = FETCH
        with Repeated(lambda: running.ask(AGAIN), 0.5):
            time.sleep(4 * FETCH)
            looks, cpu, since = len(stand.looks), _cpu(running, workers), time.monotonic()
            time.sleep(asked.seconds)
            lasted = time.monotonic() - since
            return Row(workers, (len(stand.looks) - looks) / lasted, (_cpu(running, workers) - cpu) / lasted)


def _cpu(running: Fleet, workers: int) -> float:
    return float(sum(running.cpu(number) for number in range(workers)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument("--batches", type=int, default=2)
    parser.add_argument("--feeds", type=int, default=1200)
    asked = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    print(f"{'workers':>7} {'polls a second':>15} {'of linear':>10} {'cores':>6} of {cores}, load", flush=True)
    first: Row | None = None
    for workers in asked.workers:
        with tempfile.TemporaryDirectory() as folder, Postgres() as server:
            row = measured(Path(folder), server, workers, asked)
        first = first or row
        linear = row.looks / (first.looks / first.workers * workers)
        print(
            f"{workers:>7} {row.looks:>15.1f} {linear:>10.2f} {row.cores:>6.2f}       {os.getloadavg()[0]:.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
