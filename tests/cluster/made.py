"""Builders with valid defaults, and what a test looks at."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg

from monitor.cluster.batches import Lease
from monitor.cluster.enrol import sync
from monitor.cluster.plan import Planned, plan
from monitor.model import Feed, Secret
from tests.world import item, rss

SECOND = 1_000_000
NOW = 1_772_600_000 * SECOND  # microseconds
LEASE = timedelta(minutes=10)


def feed(feed_id: str, url: str = "", **changes: Any) -> Feed:
    url = url or f"https://{feed_id}.example/feed"
    told: dict[str, Any] = {"id": feed_id, "url": Secret(url), "address": url, "name": feed_id, "source": feed_id}
    return Feed(**{**told, "every": timedelta(minutes=10), **changes})


def enrolled(db: psycopg.Connection[Any], *feeds: Feed, rules: int = 1, now_us: int = NOW) -> None:
    sync(db, rules, feeds, now_us=now_us)


def at_one_host(count: int, host: str = "giant.example") -> list[Feed]:
    return [feed(f"{host}-{n:04}", f"https://{host}/{n}") for n in range(count)]


def planned(db: psycopg.Connection[Any], *, now_us: int | None = NOW, limit: int = 500, **changes: Any) -> Planned:
    return plan(db, now_us=now_us, limit=limit, **{"lease": LEASE, "worker": "w1", **changes})


def leases(done: Planned) -> list[Lease]:
    return [lease for batch in done.batches for lease in batch.leases]


def answered(db: psycopg.Connection[Any], lease: Lease, *, next_us: int) -> bool:
    """Write as a poll does that brought nothing; whether the lease was good."""
    return (
        db.execute(
            "UPDATE feed_state SET next_poll_us = %s, lease_until_us = NULL, leased_by = NULL "
            "WHERE feed_id = %s AND token = %s",
            (next_us, lease.feed_id, lease.token),
        ).rowcount
        == 1
    )


def columns(db: psycopg.Connection[Any], feed_id: str) -> tuple[Any, ...]:
    """next_poll_us, lease_until_us, leased_by, token, lane."""
    row = db.execute(
        "SELECT next_poll_us, lease_until_us, leased_by, token, lane FROM feed_state WHERE feed_id = %s", (feed_id,)
    ).fetchone()
    assert row is not None
    return row


def until(holds: Callable[[], bool], *, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.02)


def edition(path: str, headline: str, *, is_out: bool) -> bytes:
    """Of the feed /f<number>: what it held from the beginning, and above that, once it `is_out`, the news."""
    number = int(path.removeprefix("/f"))
    news = item(headline.format(number), n=number, at=None)
    return rss(*[news] * is_out, item("خبر أول", n=1000 + number, at=None))
