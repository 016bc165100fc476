"""The real daemon under a wall clock that is set, and stopped for a while: the longest time without a poll.

    python -m bench.clock [--every 30] [--stopped 60]

Each row is a fault, after it two polls; what is allowed is the interval and ten seconds. A process that is stopped
cannot ask: there the time counts from when it goes on. `tests/faults/test_clock.py` is the short form.
"""

from __future__ import annotations

import argparse
import signal
import tempfile
import time
from pathlib import Path

from tests.faults.watched import Watched
from tests.servers import site
from tests.world import NOW, item, rss

GRACE = 10.0
STEPS = {"an hour forward": 3600, "an hour back": -3600, "a day forward": 86400, "a day back": -86400}


def longest(watched: Watched, *, every: float, polls: int = 2) -> float:
    """Seconds until each of the next polls; raises where one does not come in twice the time that it may take."""
    return max(watched.wait_for_polls(1, within=2 * (every + GRACE)) for _ in range(polls))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=float, default=30, help="seconds between two polls")
    parser.add_argument("--stopped", type=float, default=60, help="seconds")
    asked = parser.parse_args()
    print(f"{'fault':<24} {'longest':>9} {'allowed':>9}   seconds without a poll")
    with site() as web, tempfile.TemporaryDirectory() as folder:
        web.pages["/one"] = rss(*(item(f"خبر رقم {n}", n=n, at=NOW) for n in range(12)))
        watched = Watched(Path(folder), web, every=asked.every)
        try:
            watched.wait_for_polls(2, within=120)
            wrong = 0.0
            for name, step in STEPS.items():
                wrong += step
                watched.set_clock(wrong)
                row(name, longest(watched, every=asked.every), asked.every)
            watched.process.send_signal(signal.SIGSTOP)
            time.sleep(asked.stopped)
            watched.process.send_signal(signal.SIGCONT)
            row(f"stopped for {asked.stopped:g} s", longest(watched, every=asked.every), asked.every)
        finally:
            watched.kill()


def row(name: str, seconds: float, every: float) -> None:
    print(
        f"{name:<24} {seconds:>9.1f} {every + GRACE:>9.1f}{'' if seconds <= every + GRACE else '   TOO LONG'}",
        flush=True,
    )


if __name__ == "__main__":
    main()
