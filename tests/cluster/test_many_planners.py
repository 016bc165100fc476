"""Four planners at once on one server, and some of them killed: what they hand out together."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from psycopg import Connection

from tests.cluster.made import at_one_host, enrolled, until
from tests.cluster.planner import HANDED_OUT, LEASE
from tests.support import ROOT

HOSTS, FEEDS, GAP_US = 50, 6, 20_000
LEASE_US = LEASE // timedelta(microseconds=1)
ENOUGH = 4_000  # slots


@contextlib.contextmanager
def planners(url: str, *names: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    running: list[subprocess.Popen[bytes]] = []
    try:
        for name in names:
            command = [sys.executable, "-m", "tests.cluster.planner", url, name]
            running.append(subprocess.Popen(command, cwd=ROOT))
        yield running
    finally:
        for each in running:
            each.kill()
        for each in running:
            each.wait(timeout=60)


def handed(db: Connection[Any], columns: str = "count(*)", where: str = "true") -> list[tuple[Any, ...]]:
    return db.execute(f"SELECT {columns} FROM handed WHERE {where}").fetchall()


@pytest.fixture
def ready(db: Connection[Any]) -> Connection[Any]:
    enrolled(db, *(each for n in range(HOSTS) for each in at_one_host(FEEDS, f"h{n:02}.example")), now_us=0)
    db.execute("UPDATE lane SET gap_us = %s", (GAP_US,))
    db.execute(HANDED_OUT)
    return db


def test_four_planners_beside_killed_ones_keep_every_gap_and_lease_no_feed_twice_at_once(
    ready: Connection[Any], plan_url: str
) -> None:
    with planners(plan_url, "w1", "w2", "w3", "w4", "w5", "w6") as running:
        until(lambda: len(handed(ready, "DISTINCT worker")) == 6)
        for victim in running[:2]:
            before = handed(ready)[0][0]
            until(lambda before=before: handed(ready)[0][0] > before + 50)
            victim.kill()
        until(lambda: handed(ready)[0][0] >= ENOUGH)
        assert all(each.poll() is None for each in running[2:]), "a planner broke"

    slots = defaultdict(list)
    for host, at_us in handed(ready, "host, at_us"):
        slots[host].append(at_us)
    assert len(slots) == HOSTS
    gaps = [later - earlier for each in slots.values() for earlier, later in pairwise(sorted(each))]
    assert min(gaps) >= GAP_US

    leases = defaultdict(list)
    for feed, token, planned_us, at_us, answered_us in handed(ready, "feed_id, token, planned_us, at_us, answered_us"):
        leases[feed].append((token, planned_us, at_us + LEASE_US, answered_us))
    turns = [pair for each in leases.values() for pair in pairwise(sorted(each))]
    assert all(after == before + 1 for (before, *_), (after, *_) in turns)
    assert all(begun >= min(ended, answered or ended) for (_, _, ended, answered), (_, begun, *_) in turns)
    assert any(answered is None for (*_, answered), _ in turns), "no lease that ended by itself was given again"
