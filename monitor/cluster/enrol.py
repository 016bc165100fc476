"""The feeds of the rules in force, enrolled: each has a row, and the lane of its host. Feeds of other rules have none.

Any worker may enrol them at any time, also several at once. Rules have numbers, and the newest that was enrolled is
noted: who comes later with older ones changes nothing. A digest of who has which lane is noted when all is done, so to
enrol what is enrolled costs the database nothing. It is worth doing every few minutes, too: it takes feeds that moved
for good to the lanes of where they moved to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg import Connection
from psycopg.rows import tuple_row

from monitor.cluster.lanes import Place, gaps, place_of
from monitor.feeds.moves import BELIEVED
from monitor.model import Feed, FeedState

UNUSED = timedelta(days=1)  # a lane that nobody waits in is kept so long: a host may be asked for pages alone

_NOW = "coalesce(%(now)s::bigint, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint)"
# Whoever gets past this has the row to himself until he commits, and nobody with older rules comes after.
_IN_FORCE = """
    INSERT INTO meta AS known (name, value) VALUES ('planned_rules', %(rules)s::bigint::text)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE known.value::bigint <= excluded.value::bigint
    RETURNING value
"""
_NOTED = "SELECT 1 FROM meta WHERE name = 'planned_feeds' AND value = %(digest)s"
_FORGET = "DELETE FROM meta WHERE name = 'planned_feeds'"
_NOTE = """
    INSERT INTO meta (name, value) VALUES ('planned_feeds', %(digest)s)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""
_MOVED = "SELECT feed_id, moved_to, moved_times FROM feed_state WHERE moved_times >= %(believed)s"
_ADD_LANES = """
    INSERT INTO lane (host, free_us, gap_us, tail_us)
    SELECT host, 0, gap_us, 0 FROM unnest(%(hosts)s::text[], %(gaps)s::bigint[]) AS told (host, gap_us)
    WHERE NOT EXISTS (SELECT FROM lane WHERE lane.host = told.host) ORDER BY host ON CONFLICT (host) DO NOTHING
"""
# In the order in which planners lock them.
_CHANGE_LANES = """
    WITH other AS (
        SELECT lane.host, told.gap_us
        FROM lane JOIN unnest(%(hosts)s::text[], %(gaps)s::bigint[]) AS told (host, gap_us) ON told.host = lane.host
        WHERE lane.gap_us <> told.gap_us ORDER BY lane.host FOR UPDATE OF lane
    )
    UPDATE lane SET gap_us = other.gap_us FROM other WHERE lane.host = other.host
"""
_ADD_FEEDS = f"""
    INSERT INTO feed_state (feed_id, next_poll_us, lane)
    SELECT feed_id, {_NOW}, lane FROM unnest(%(feeds)s::text[], %(lanes)s::text[]) AS told (feed_id, lane)
    WHERE NOT EXISTS (SELECT FROM feed_state WHERE feed_state.feed_id = told.feed_id) ON CONFLICT (feed_id) DO NOTHING
"""  # noqa: S608 - ours
# A row that a poll or a planner has in hand is passed over: who holds one and waits for another would wait for us. The
# answer names those, and the lanes that feeds left.
_MOVE_FEEDS = """
    WITH told AS MATERIALIZED (
        SELECT feed_id, lane FROM unnest(%(feeds)s::text[], %(lanes)s::text[]) AS told (feed_id, lane)
    ), other AS MATERIALIZED (
        SELECT feed_state.feed_id, told.lane, feed_state.lane AS left_lane
        FROM feed_state LEFT JOIN told ON told.feed_id = feed_state.feed_id
        WHERE feed_state.lane IS DISTINCT FROM told.lane
    ), free AS (
        SELECT feed_state.feed_id, told.lane FROM feed_state LEFT JOIN told ON told.feed_id = feed_state.feed_id
        WHERE feed_state.lane IS DISTINCT FROM told.lane FOR UPDATE OF feed_state SKIP LOCKED
    ), moved AS (
        UPDATE feed_state SET lane = free.lane FROM free WHERE feed_state.feed_id = free.feed_id
        RETURNING feed_state.feed_id
    )
    SELECT other.feed_id, other.left_lane, moved.feed_id IS NOT NULL FROM other LEFT JOIN moved USING (feed_id)
"""
_LEAVE = "UPDATE feed_state SET lane = NULL WHERE feed_id = %(feed)s AND lane IS NOT NULL"
# Whoever had the row may have removed it: of a feed that was in no rules for long.
_MOVE_FEED = f"""
    INSERT INTO feed_state (feed_id, next_poll_us, lane) VALUES (%(feed)s, {_NOW}, %(lane)s)
    ON CONFLICT (feed_id) DO UPDATE SET lane = excluded.lane WHERE feed_state.lane IS DISTINCT FROM excluded.lane
"""  # noqa: S608 - ours
# Places in it may belong to feeds that have gone; who still has one keeps it.
_END_QUEUES = """
    WITH ended AS (SELECT host FROM lane WHERE host = ANY(%(hosts)s::text[]) AND tail_us > 0 ORDER BY host FOR UPDATE)
    UPDATE lane SET tail_us = 0 WHERE host = ANY(ARRAY(SELECT host FROM ended))
"""
_PRUNE = f"""
    WITH unused AS (
        SELECT host FROM lane WHERE greatest(free_us, tail_us) < {_NOW} - %(unused)s
            AND NOT EXISTS (SELECT FROM feed_state WHERE feed_state.lane = lane.host)
        ORDER BY host FOR UPDATE SKIP LOCKED
    )
    DELETE FROM lane WHERE host = ANY(ARRAY(SELECT host FROM unused))
"""  # noqa: S608 - ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """`in_force`: False where newer rules were enrolled before, and nothing was changed."""

    in_force: bool
    added: int = 0
    moved: int = 0  # to another lane, or to none


def sync(db: Connection[Any], rules: int, feeds: Iterable[Feed], *, now_us: int | None = None) -> Enrolled:
    """`rules`: the number of the rules that these feeds are all of. New feeds are due at once.

    In transactions of its own: `db` is in none.
    """
    wanted = list(feeds)
    moved = _moved(db)
    places = {feed.id: place_of(feed, moved.get(feed.id)) for feed in wanted}
    digest = _digest(places)
    with db.transaction():
        if not _is_in_force(db, rules):
            return Enrolled(in_force=False)
        if _rows(db, _NOTED, {"digest": digest}):
            return Enrolled(in_force=True)
        db.execute(_FORGET)
        _keep_lanes(db, places.values())
        added = db.execute(_ADD_FEEDS, {**_columns(places), "now": now_us}).rowcount
        rows = _rows(db, _MOVE_FEEDS, _columns(places))
        _end_queues(db, (row[1] for row in rows))
    for feed_id in (row[0] for row in rows if not row[2]):
        _move_in_turn(db, rules, feed_id, places.get(feed_id), now_us)
    with db.transaction():
        if _is_in_force(db, rules):
            db.execute(_NOTE, {"digest": digest})
    return Enrolled(in_force=True, added=added, moved=len(rows))


def prune(db: Connection[Any], *, now_us: int | None = None) -> int:
    """Remove lanes that nobody has used for long, of pages' hosts for the most part; how many."""
    return db.execute(_PRUNE, {"now": now_us, "unused": UNUSED // timedelta(microseconds=1)}).rowcount


def _move_in_turn(db: Connection[Any], rules: int, feed_id: str, place: Place | None, now_us: int | None) -> None:
    """Waits for whoever has the row, who waits for nobody that waits for this."""
    with db.transaction():
        if not _is_in_force(db, rules):
            return
        if place is None:
            db.execute(_LEAVE, {"feed": feed_id})
        else:
            db.execute(_MOVE_FEED, {"feed": feed_id, "lane": place.host, "now": now_us})


def _is_in_force(db: Connection[Any], rules: int) -> bool:
    return db.execute(_IN_FORCE, {"rules": rules}).rowcount == 1


def _digest(places: Mapping[str, Place]) -> str:
    lines = sorted(f"{feed}\n{place.host}\n{place.gap}" for feed, place in places.items())
    return hashlib.blake2b("\n\n".join(lines).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _moved(db: Connection[Any]) -> Mapping[str, FeedState]:
    """What is to be known of feeds that moved for good, by feed."""
    now = datetime.fromtimestamp(0, UTC)  # of no matter for where a feed is
    return {
        feed: FeedState(feed_id=feed, next_poll_at=now, moved_to=to, moved_times=times)
        for feed, to, times in _rows(db, _MOVED, {"believed": BELIEVED})
    }


def _keep_lanes(db: Connection[Any], places: Iterable[Place]) -> None:
    by_host = gaps(places)
    told = {"hosts": list(by_host), "gaps": [gap // timedelta(microseconds=1) for gap in by_host.values()]}
    db.execute(_ADD_LANES, told)
    db.execute(_CHANGE_LANES, told)


def _end_queues(db: Connection[Any], left: Iterable[str | None]) -> None:
    hosts = sorted({host for host in left if host is not None})
    if hosts:
        db.execute(_END_QUEUES, {"hosts": hosts})


def _columns(places: Mapping[str, Place]) -> dict[str, object]:
    return {"feeds": list(places), "lanes": [place.host for place in places.values()]}


def _rows(db: Connection[Any], statement: str, told: Mapping[str, object]) -> list[tuple[Any, ...]]:
    with db.cursor(row_factory=tuple_row) as cursor:
        return cursor.execute(statement, told).fetchall()
