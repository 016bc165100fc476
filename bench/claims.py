"""What it costs to plan a feed, by how many feeds there are: cost at 100,000 rows over that at 1,000.

    python -m bench.claims [--rows 1000 100000] [--limit 100 500] [--planners 1 4] [--rounds 12]

Every feed is due, so the whole table is in the index of what is due. In each round every table in its turn has 1,000
feeds planned (locked, given slots, leased, committed) by so many planners at once, each a process with its share of
them, at most `limit` in a transaction; and then, not timed, answered. A host has five feeds, which are due together, so
that as many lanes are taken in a table of any size. The tables take turns within a round, so the ratio means something
on a busy machine; what is printed is the median of the rounds.

Printed, too: the shortest time between two slots of one host over all rounds, and what it costs to enrol all feeds,
and again when nothing has changed.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from multiprocessing import get_context
from typing import Any

import psycopg

from monitor.cluster.batches import Lease
from monitor.cluster.enrol import sync
from monitor.cluster.plan import plan
from monitor.cluster.pressure import expired, pressure
from monitor.model import Feed, Secret
from monitor.store.postgres.connection import prepare
from monitor.store.postgres.store import open_postgres
from tests.postgres import Postgres

SECOND = 1_000_000
BEGIN = 1_772_600_000 * SECOND
STEP = 20 * SECOND  # between two rounds, by the clock that planners are told
A_ROUND = 1_000  # feeds
FEEDS_OF_A_HOST = 5
LEARNED = b"\x00" * 600  # about what polls leave in a row


@dataclass
class Table:
    rows: int
    url: str
    now_us: int = BEGIN
    enrolled: float = 0.0  # seconds
    enrolled_again: float = 0.0
    slots: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    @property
    def shortest(self) -> float:
        """Seconds."""
        return min(b - a for each in self.slots.values() for a, b in pairwise(sorted(each))) / SECOND


def connected(url: str) -> psycopg.Connection[Any]:
    connection = psycopg.connect(url)
    prepare(connection)
    return connection


def feeds(rows: int) -> Iterator[Feed]:
    for n in range(rows):
        url = f"https://h{n // FEEDS_OF_A_HOST}.example/{n}"
        yield Feed(id=f"f{n}", url=Secret(url), address=url, name="", source="", every=timedelta(minutes=10))


def made(server: Postgres, rows: int) -> Table:
    table = Table(rows, server.fresh())
    open_postgres(table.url, now=datetime.now(UTC)).close()
    all_of_them = list(feeds(rows))
    with connected(table.url) as db:
        begin = time.perf_counter()
        sync(db, 1, all_of_them, now_us=BEGIN)
        table.enrolled = time.perf_counter() - begin
        begin = time.perf_counter()
        sync(db, 1, all_of_them, now_us=BEGIN)
        table.enrolled_again = time.perf_counter() - begin
        # As it is after some polls; hosts in any order, each with its feeds together.
        db.execute(
            "UPDATE feed_state SET entry_marks = %s, next_poll_us = next_poll_us - (hashtext(lane)::bigint & 65535)",
            (LEARNED,),
        )
        db.execute("VACUUM ANALYZE")
    return table


_db: psycopg.Connection[Any] | None = None  # of a planner's process
_of = ""


def ready(url: str) -> psycopg.Connection[Any]:
    global _db, _of
    if _db is None or _of != url:
        if _db is not None:
            _db.close()
        _db, _of = connected(url), url
    return _db


def planned(url: str, now_us: int, limit: int, wanted: int) -> tuple[float, list[Lease]]:
    """In one planner's process: until it has leased so many. Seconds, and what it leased."""
    db = ready(url)
    leases: list[Lease] = []
    begin = time.perf_counter()
    while len(leases) < wanted:
        done = plan(
            db, limit=min(limit, wanted - len(leases)), lease=timedelta(minutes=10), worker="bench", now_us=now_us
        )
        leases += [lease for batch in done.batches for lease in batch.leases]
        if not done.more and not done.batches:
            break
    return time.perf_counter() - begin, leases


def a_round(pool: ProcessPoolExecutor, table: Table, planners: int, limit: int) -> float:
    """Seconds of the planners together, over the feeds that they leased."""
    table.now_us += STEP
    asked = [pool.submit(planned, table.url, table.now_us, limit, A_ROUND // planners) for _ in range(planners)]
    answers = [each.result() for each in asked]
    leases = [lease for _, given in answers for lease in given]
    for lease in leases:
        table.slots[str(int(lease.feed_id[1:]) // FEEDS_OF_A_HOST)].append(lease.at_us)
    answer(table, leases)
    return max(seconds for seconds, _ in answers) / max(len(leases), 1)


def answer(table: Table, leases: Sequence[Lease]) -> None:
    """All feeds stay due, and those that were asked go to the end."""
    with connected(table.url) as db:
        db.execute(
            "UPDATE feed_state SET next_poll_us = %s, lease_until_us = NULL, leased_by = NULL WHERE feed_id = ANY(%s)",
            (table.now_us, [lease.feed_id for lease in leases]),
        )


def measured(tables: Sequence[Table], planners: int, limit: int, rounds: int) -> Mapping[int, float]:
    """By rows: microseconds for each feed."""
    costs: dict[int, list[float]] = defaultdict(list)
    with ProcessPoolExecutor(planners, mp_context=get_context("spawn")) as pool:
        for number in range(rounds + 2):
            for table in tables:
                cost = a_round(pool, table, planners, limit)
                if number >= 2:  # two to warm up
                    costs[table.rows].append(cost)
    return {rows: statistics.median(each) * 1e6 for rows, each in costs.items()}


def seen(table: Table) -> tuple[float, float]:
    """Milliseconds that status takes, and the count of expired leases alone."""
    with connected(table.url) as db:
        begin = time.perf_counter()
        pressure(db, now_us=table.now_us)
        middle = time.perf_counter()
        expired(db, now_us=table.now_us)
        return (middle - begin) * 1e3, (time.perf_counter() - middle) * 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--limit", type=int, nargs="+", default=[100, 500])
    parser.add_argument("--planners", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--rounds", type=int, default=12)
    told = parser.parse_args()
    with Postgres() as server:
        tables = [made(server, rows) for rows in told.rows]
        print(f"{'planners':>8} {'limit':>6}" + "".join(f"{each.rows:>10,} rows" for each in tables) + "   ratio")
        for planners in told.planners:
            for limit in told.limit:
                costs = measured(tables, planners, limit, told.rounds)
                shown = "".join(f"{costs[each.rows]:>12.0f} us" for each in tables)
                ratio = costs[tables[-1].rows] / costs[tables[0].rows]
                print(f"{planners:>8} {limit:>6}{shown}   {ratio:.2f}", flush=True)
        for table in tables:
            status, count = seen(table)
            print(
                f"{table.rows:,} rows: between two slots of a host {table.shortest:g} s or more (the gap is 1 s); "
                f"enrolled in {table.enrolled:.1f} s, again in {table.enrolled_again:.1f} s; "
                f"status {status:.0f} ms, expired leases {count:.0f} ms"
            )


if __name__ == "__main__":
    main()
