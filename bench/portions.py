"""How long others wait while a feed publishes thousands of entries that a rule matches, at once.

    python -m bench.portions [--entries 1000]

One poll of so many on PostgreSQL, and beside it, over connections of its own, polls of another feed that bring one such
entry each: once as one transaction takes all, once by portions (`monitor.portions`). `longest` and `median` are of the
others' polls while the large one lasts.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Sequence
from statistics import median

from monitor import portions
from monitor.store import Reader
from monitor.store.postgres.store import open_postgres
from tests.postgres import Postgres
from tests.world import NOW, World, feed, item

FEEDS = [feed("large"), feed("small")]


def titles(number: int, place: str) -> list[str]:
    return [item(f"غارة على {place} رقم {n}", n=n, at=NOW) for n in range(number)]


def polls(url: str, entries: int) -> tuple[float, Sequence[float]]:
    """Seconds of the large poll, and of each of the others."""
    one, other = (World(feeds=FEEDS, baseline=False, store=open_postgres(url, now=NOW)) for _ in range(2))
    ended, took = threading.Event(), list[float]()

    def ask_again_and_again() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            begun = time.perf_counter()
            other.poll(*titles(number, "الجسر")[-1:], feed_id="small")
            took.append(time.perf_counter() - begun)
            ended.wait(0.05)

    beside = threading.Thread(target=ask_again_and_again)
    beside.start()
    time.sleep(1)
    took.clear()
    begun = time.perf_counter()
    one.poll(*titles(entries, "البلدة"), feed_id="large")
    lasted = time.perf_counter() - begun
    ended.set()
    beside.join()
    assert Reader(one.store.database).totals().alerts >= entries
    for world in (one, other):
        world.store.close()
    return lasted, took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=1000)
    asked = parser.parse_args()
    print(f"{'portions of':>12} {'the poll (s)':>13} {'others: polls':>14} {'median (s)':>11} {'longest (s)':>12}")
    longest = []
    with Postgres() as server:
        for most in (asked.entries, portions.MOST):
            portions.MOST = most  # type: ignore[misc]
            lasted, took = polls(server.fresh(), asked.entries)
            longest.append(max(took))
            print(f"{most:>12,} {lasted:>13.1f} {len(took):>14,} {median(took):>11.2f} {max(took):>12.2f}", flush=True)
    print(f"the longest of the others' polls: {longest[1] / longest[0]:.2f} of what it was")


if __name__ == "__main__":
    main()
