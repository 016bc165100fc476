"""The tables that planners work on."""

from __future__ import annotations

from typing import Any

import psycopg

TABLES = """
    CREATE TABLE meta (name text COLLATE "C" PRIMARY KEY, value text COLLATE "C" NOT NULL);
    CREATE TABLE feed_state (
        feed_id text COLLATE "C" PRIMARY KEY, next_poll_us bigint NOT NULL, lease_until_us bigint,
        last_polled_us bigint, moved_to text COLLATE "C", moved_times bigint NOT NULL DEFAULT 0, rhythm bytea,
        token bigint NOT NULL DEFAULT 0, leased_by text COLLATE "C", lane text COLLATE "C"
    );
    CREATE INDEX feed_due ON feed_state (next_poll_us) WHERE lane IS NOT NULL;
    CREATE TABLE lane (
        host text COLLATE "C" PRIMARY KEY, free_us bigint NOT NULL, gap_us bigint NOT NULL, tail_us bigint NOT NULL
    );
"""


def laid_out(url: str) -> psycopg.Connection[Any]:
    """A connection to a database that has them from now on."""
    db = psycopg.connect(url, autocommit=True)
    db.execute(TABLES)
    return db
