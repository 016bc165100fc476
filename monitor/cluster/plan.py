"""Which feeds are due, for many planners at once: each is leased to one, with the instant at which it may be asked.

Read, decide, write, in one transaction: the due feeds, locked, which other planners pass over; the lanes of their
hosts, locked in the order of their names, so that no two planners wait for each other; slots (`slots`); both tables.
The caller defers the batches in the same transaction, and nothing in it may wait for another planner's.

A lease is a column: while it runs, the feed is due when it ends (`next_poll_us = lease_until_us`). So a feed whose
worker died is due again by itself, and those under way do not stand before those that are due. The token counts leases:
what a poll brings is written while the feed still has the token that the poll was given, and otherwise not.

The time is the database's, the one clock that a fleet has: those of the workers differ, and slots given out by two
clocks may be any distance apart. A worker measures how far its own is off (`clock_us`) and waits by that. Tests give
`now_us`.

No function in the database: what is decided is decided here, and the statements find each row by an index whatever the
planner of the database believes about the tables (`_by_index`, and `= ANY` beside the join).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from psycopg import Connection
from psycopg.rows import tuple_row

from monitor.cluster.batches import BATCH, Batch, Lease
from monitor.cluster.lanes import GAP
from monitor.cluster.slots import Due, Lane, Placed, Slot, place

# So far ahead slots are given out. A batch waits for its last slot, and a feed whose slot passes must take another one.
HORIZON = timedelta(seconds=30)
_MICROSECOND = timedelta(microseconds=1)

# Not clock_timestamp(): what changes within a statement is compared with no index.
_NOW = "coalesce(%(now)s::bigint, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint)"
_DUE = f"""
    SELECT feed_id, lane, token, leased_by IS NULL AND lease_until_us IS NOT NULL, {_NOW},
        (SELECT value::bigint FROM meta WHERE name = 'planned_rules')
    FROM feed_state
    WHERE lane IS NOT NULL AND next_poll_us <= {_NOW} AND (leased_by IS NULL OR lease_until_us <= {_NOW})
    ORDER BY next_poll_us LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""  # noqa: S608 - ours
_LEASED = f"""
    SELECT feed_id, lane, token, true, {_NOW} FROM feed_state
    WHERE feed_id = ANY(%(ids)s::text[]) AND lane IS NOT NULL AND leased_by IS NOT NULL FOR UPDATE SKIP LOCKED
"""  # noqa: S608 - ours
_LANES = """
    SELECT host, gap_us, free_us, tail_us FROM lane WHERE host = ANY(%(hosts)s::text[]) ORDER BY host FOR UPDATE
"""
_ADD_LANES = """
    INSERT INTO lane (host, free_us, gap_us, tail_us)
    SELECT host, 0, %(gap)s, 0 FROM unnest(%(hosts)s::text[]) AS told (host) ORDER BY host
    ON CONFLICT (host) DO NOTHING
"""
_MOVE_LANES = """
    UPDATE lane SET free_us = told.free_us, tail_us = told.tail_us
    FROM unnest(%(hosts)s::text[], %(free)s::bigint[], %(tail)s::bigint[]) AS told (host, free_us, tail_us)
    WHERE lane.host = told.host AND lane.host = ANY(%(hosts)s::text[])
"""
_MOVE_FEEDS = """
    UPDATE feed_state SET token = told.token, next_poll_us = told.next_us, lease_until_us = told.until_us,
        leased_by = told.leased_by
    FROM unnest(%(ids)s::text[], %(tokens)s::bigint[], %(next)s::bigint[], %(until)s::bigint[], %(leased_by)s::text[])
        AS told (feed_id, token, next_us, until_us, leased_by)
    WHERE feed_state.feed_id = told.feed_id AND feed_state.feed_id = ANY(%(ids)s::text[])
"""
_HAND_BACK = f"""
    WITH mine AS (
        SELECT feed_id FROM feed_state JOIN unnest(%(ids)s::text[], %(tokens)s::bigint[]) AS told (feed_id, token)
            USING (feed_id, token)
        WHERE feed_id = ANY(%(ids)s::text[]) AND leased_by IS NOT NULL FOR UPDATE OF feed_state SKIP LOCKED
    )
    UPDATE feed_state SET next_poll_us = {_NOW}, lease_until_us = NULL, leased_by = NULL
    WHERE feed_id = ANY(ARRAY(SELECT feed_id FROM mine))
"""  # noqa: S608 - ours
_RESERVE = f"""
    INSERT INTO lane AS known (host, free_us, gap_us, tail_us) VALUES (%(host)s, {_NOW} + %(gap)s, %(gap)s, 0)
    ON CONFLICT (host) DO UPDATE SET free_us = greatest(known.free_us, {_NOW}) + known.gap_us
        WHERE %(within)s::bigint IS NULL OR known.free_us <= {_NOW} + %(within)s
    RETURNING free_us - gap_us
"""  # noqa: S608 - ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """`more`: there may be further feeds that are due; the next transaction tells."""

    batches: tuple[Batch, ...]
    more: bool


def plan(
    db: Connection[Any],
    *,
    limit: int,
    lease: timedelta,
    worker: str,
    batch: int = BATCH,
    horizon: timedelta = HORIZON,
    now_us: int | None = None,
) -> Planned:
    """Look at `limit` of the feeds that are due, longest due first. They are leased, each until `lease` after its slot;
    those at hosts that have no slot to give before the `horizon` are put off.

    The transaction is the caller's, READ COMMITTED; without one it has its own.
    """
    with db.transaction(), db.cursor(row_factory=tuple_row) as cursor, _by_index(cursor):
        rows = cursor.execute(_DUE, {"now": now_us, "limit": limit}).fetchall()
        if not rows:
            return Planned(batches=(), more=False)
        due = [Due(feed_id=row[0], host=row[1], token=row[2], returns=bool(row[3])) for row in rows]
        placed = _placed(cursor, due, now_us=rows[0][4], horizon=horizon)
        leases = _leased(placed.given, again=1)
        _write(cursor, placed, leases, worker=worker, lease=lease, horizon=horizon)
    in_turn = sorted(leases, key=lambda each: each.at_us)
    together = (tuple(in_turn[at : at + batch]) for at in range(0, len(in_turn), batch))
    return Planned(batches=tuple(Batch(rows[0][5] or 0, each) for each in together), more=len(rows) == limit)


def renew(
    db: Connection[Any],
    leases: Sequence[Lease],
    *,
    lease: timedelta,
    worker: str,
    horizon: timedelta = HORIZON,
    now_us: int | None = None,
) -> list[Lease]:
    """New slots for feeds whose slots passed before they were asked (`batches.is_late`), under the same tokens.

    Those that are missing in the answer must not be asked: another has them, or they were put off.
    """
    tokens = {each.feed_id: each.token for each in leases}
    with db.transaction(), db.cursor(row_factory=tuple_row) as cursor, _by_index(cursor):
        rows = cursor.execute(_LEASED, {"now": now_us, "ids": list(tokens)}).fetchall()
        mine = [
            Due(feed_id=row[0], host=row[1], token=row[2], returns=bool(row[3]))
            for row in rows
            if tokens[row[0]] == row[2]
        ]
        if not mine:
            return []
        placed = _placed(cursor, mine, now_us=rows[0][4], horizon=horizon)
        renewed = _leased(placed.given, again=0)
        _write(cursor, placed, renewed, worker=worker, lease=lease, horizon=horizon)
    return sorted(renewed, key=lambda each: each.at_us)


def hand_back(db: Connection[Any], leases: Sequence[Lease], *, now_us: int | None = None) -> int:
    """Feeds that will not be asked after all are due at once, for whoever comes; how many of them were still leased."""
    told = {"now": now_us, "ids": [each.feed_id for each in leases], "tokens": [each.token for each in leases]}
    return db.execute(_HAND_BACK, told).rowcount


def reserve(
    db: Connection[Any],
    host: str,
    *,
    within: timedelta | None = None,
    gap: timedelta = GAP,
    now_us: int | None = None,
) -> int | None:
    """When the host may be asked for one thing more, a page: the slot is taken. None, and nothing taken, if that is not
    `within` so long. `gap`: of a host that is not known yet.

    To be committed at once: until then no planner gets by.
    """
    told = {"host": host, "gap": _us(gap), "now": now_us, "within": None if within is None else _us(within)}
    with db.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_RESERVE, told).fetchone()
    return None if row is None else int(row[0])


def clock_us(db: Connection[Any]) -> int:
    """What the clock of the database shows."""
    with db.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint").fetchone()
    assert row is not None
    return int(row[0])


@contextlib.contextmanager
def _by_index(cursor: Any) -> Iterator[None]:
    """Within a transaction: no table is read whole. A batch is so large that the database would rather do that with a
    table of some ten thousand rows; then what a feed costs grows with it."""
    cursor.execute("SET LOCAL enable_seqscan = off")
    yield
    cursor.execute("SET LOCAL enable_seqscan TO DEFAULT")


def _placed(cursor: Any, due: Sequence[Due], *, now_us: int, horizon: timedelta) -> Placed:
    lanes = _lanes(cursor, {each.host for each in due})
    return place(due, lanes, now_us=now_us, horizon_us=_us(horizon))


def _lanes(cursor: Any, hosts: set[str]) -> dict[str, Lane]:
    """Locked until the transaction ends."""
    while True:
        rows = cursor.execute(_LANES, {"hosts": sorted(hosts)}).fetchall()
        if len(rows) == len(hosts):
            return {row[0]: Lane(host=row[0], gap_us=row[1], free_us=row[2], tail_us=row[3]) for row in rows}
        # Rare: a lane that nobody had used for long was removed just when a feed came to it.
        missing = hosts - {row[0] for row in rows}
        cursor.execute(_ADD_LANES, {"hosts": sorted(missing), "gap": _us(GAP)})


def _leased(given: Iterable[Slot], *, again: int) -> list[Lease]:
    return [Lease(each.due.feed_id, each.due.token + again, each.at_us) for each in given]


def _write(
    cursor: Any, placed: Placed, leases: Sequence[Lease], *, worker: str, lease: timedelta, horizon: timedelta
) -> None:
    """A feed that is put off comes back half a horizon before its place, so that a planner that is late costs no slot;
    its place stands where the end of a lease does, with no worker."""
    ends = [(each.feed_id, each.token, each.at_us + _us(lease), each.at_us + _us(lease), worker) for each in leases]
    early = _us(horizon) // 2
    places = [(each.due.feed_id, each.due.token, each.at_us - early, each.at_us, None) for each in placed.put_off]
    columns = zip(("ids", "tokens", "next", "until", "leased_by"), zip(*ends, *places, strict=True), strict=True)
    told = {name: list(column) for name, column in columns}
    cursor.execute(_MOVE_FEEDS, told)
    lanes = {
        "hosts": [each.host for each in placed.lanes],
        "free": [each.free_us for each in placed.lanes],
        "tail": [each.tail_us for each in placed.lanes],
    }
    cursor.execute(_MOVE_LANES, lanes)


def _us(duration: timedelta) -> int:
    return duration // _MICROSECOND
