"""A planner, to be killed: `python -m tests.cluster.planner URL NAME`. It plans again and again, and answers for the
feeds that it leased before as a worker would, by the clock of the database.

What it hands out is written in the transaction of the plan: what is not in the table, nobody was given.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from itertools import count
from typing import Any

import psycopg

from monitor.cluster.batches import Lease
from monitor.cluster.plan import plan

LEASE = timedelta(milliseconds=400)
HORIZON = timedelta(milliseconds=300)
NEVER_ANSWERED = 7  # of so many one: its lease ends by itself

HANDED_OUT = """
    CREATE TABLE handed (
        feed_id text NOT NULL, token bigint NOT NULL, host text NOT NULL, worker text NOT NULL,
        planned_us bigint NOT NULL, at_us bigint NOT NULL, answered_us bigint, PRIMARY KEY (feed_id, token)
    )
"""
_CLOCK = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
_HAND_OUT = """
    INSERT INTO handed (feed_id, token, host, worker, planned_us, at_us)
    SELECT feed_id, token, lane, leased_by, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint, %s
    FROM feed_state WHERE feed_id = %s AND token = %s
"""
_ANSWER = f"""
    WITH done AS (
        UPDATE feed_state SET next_poll_us = %s, lease_until_us = NULL, leased_by = NULL
        WHERE feed_id = %s AND token = %s RETURNING feed_id, token
    )
    UPDATE handed SET answered_us = {_CLOCK} FROM done
    WHERE handed.feed_id = done.feed_id AND handed.token = done.token
"""


def main(url: str, worker: str) -> None:
    with psycopg.connect(url, autocommit=True) as db:
        for turn in count():
            given = _plan(db, worker)
            for number, lease in enumerate(given):
                if (turn + number) % NEVER_ANSWERED:
                    db.execute(_ANSWER, (lease.at_us, lease.feed_id, lease.token))


def _plan(db: psycopg.Connection[Any], worker: str) -> list[Lease]:
    with db.transaction():
        done = plan(db, limit=40, lease=LEASE, worker=worker, horizon=HORIZON)
        given = [lease for batch in done.batches for lease in batch.leases]
        for lease in given:
            db.execute(_HAND_OUT, (lease.at_us, lease.feed_id, lease.token))
    return given


if __name__ == "__main__":
    main(*sys.argv[1:])
