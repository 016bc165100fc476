"""How far the plan is behind: what is due and not leased, what is leased, which hosts cannot keep up. For status and
metrics. `pressure` reads the table of feeds once, `expired` only what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from psycopg import Connection
from psycopg.rows import tuple_row

HOSTS = 10

_NOW = "coalesce(%(now)s::bigint, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint)"
_FEEDS = f"""
    SELECT count(*) FILTER (WHERE next_poll_us <= {_NOW} AND (leased_by IS NULL OR lease_until_us <= {_NOW})),
        coalesce({_NOW} - min(next_poll_us) FILTER (
            WHERE next_poll_us <= {_NOW} AND (leased_by IS NULL OR lease_until_us <= {_NOW})
        ), 0),
        count(*) FILTER (WHERE leased_by IS NOT NULL AND lease_until_us > {_NOW}),
        count(*) FILTER (WHERE leased_by IS NOT NULL AND lease_until_us <= {_NOW}),
        count(*) FILTER (WHERE leased_by IS NULL AND lease_until_us IS NOT NULL)
    FROM feed_state WHERE lane IS NOT NULL AND (next_poll_us <= {_NOW} OR lease_until_us IS NOT NULL)
"""  # noqa: S608 - ours
_BUSIEST = f"""
    SELECT host, greatest(free_us, tail_us) - {_NOW}, gap_us FROM lane
    WHERE gap_us > 0 AND greatest(free_us, tail_us) - {_NOW} > gap_us
    ORDER BY 2 DESC, host LIMIT %(hosts)s
"""  # noqa: S608 - ours
_EXPIRED = f"""
    SELECT count(*) FROM feed_state
    WHERE lane IS NOT NULL AND next_poll_us <= {_NOW} AND leased_by IS NOT NULL AND lease_until_us <= {_NOW}
"""  # noqa: S608 - ours
_LAG = f"SELECT {_NOW} - next_poll_us FROM feed_state WHERE lane IS NOT NULL ORDER BY next_poll_us LIMIT 1"  # noqa: S608 - ours


@dataclass(frozen=True, slots=True)
class Crowd:
    """A host at which somebody waits: so many requests are planned, the last of them in `wait`."""

    host: str
    waiting: int
    wait: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressure:
    """`due`: feeds that could be leased now; `lag`: of the one that is due for longest. `expired`: those of them whose
    last lease ended without an answer. `put_off`: feeds in the queues of hosts that have more than they may be asked
    for."""

    due: int
    lag: timedelta
    leased: int
    expired: int
    put_off: int
    crowds: tuple[Crowd, ...]  # the longest wait first, `HOSTS` at most


def pressure(db: Connection[Any], *, now_us: int | None = None) -> Pressure:
    with db.cursor(row_factory=tuple_row) as cursor:
        feeds = cursor.execute(_FEEDS, {"now": now_us}).fetchone()
        busiest = cursor.execute(_BUSIEST, {"now": now_us, "hosts": HOSTS}).fetchall()
    assert feeds is not None
    due, lag_us, leased, expired_, put_off = feeds
    return Pressure(
        due=due,
        lag=timedelta(microseconds=lag_us),
        leased=leased,
        expired=expired_,
        put_off=put_off,
        crowds=tuple(
            Crowd(host, waiting=-(-wait_us // gap_us), wait=timedelta(microseconds=wait_us))
            for host, wait_us, gap_us in busiest
        ),
    )


def lag(db: Connection[Any], *, now_us: int | None = None) -> timedelta:
    """Since when the feed is due that is due for longest: by the index alone, for while a feed is leased it is due when
    its lease ends."""
    with db.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_LAG, {"now": now_us}).fetchone()
    return timedelta(microseconds=max(row[0], 0)) if row is not None else timedelta(0)


def expired(db: Connection[Any], *, now_us: int | None = None) -> int:
    """Leases that ended without an answer, and were not given anew since: their feeds are due by themselves."""
    with db.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_EXPIRED, {"now": now_us}).fetchone()
    assert row is not None
    return int(row[0])
