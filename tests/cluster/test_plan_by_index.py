"""The statements of a planner find their rows by an index, whatever the database believes about its tables: with a
guess gone wrong each plan would read all feeds there are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from monitor.cluster import plan as statements
from monitor.store.postgres.connection import prepare
from tests.cluster.made import LEASE, NOW, SECOND
from tests.postgres import Postgres
from tests.store.conftest import with_schema

ROWS, HOSTS = 20_000, 4_000
FILL = f"""
    INSERT INTO lane (host, free_us, gap_us, tail_us)
    SELECT 'h' || n, 0, {SECOND}, 0 FROM generate_series(0, {HOSTS - 1}) AS n;
    INSERT INTO feed_state (feed_id, next_poll_us, lane, entry_marks)
    SELECT 'f' || n, {NOW} - n, 'h' || n % {HOSTS}, decode(repeat('00', 600), 'hex')
    FROM generate_series(0, {ROWS - 1}) AS n
"""
# What was believed of the tables when they were looked at last.
BELIEFS = {
    "nothing": [FILL],
    "that they are empty": ["ANALYZE feed_state, lane", FILL],
    "the truth": [FILL, "ANALYZE feed_state, lane"],
    "that nothing is due": [FILL.replace(f"{NOW} - n", f"{NOW} + n + 1"), "ANALYZE feed_state, lane",
                            "UPDATE feed_state SET next_poll_us = next_poll_us - 1000000000"],
}  # fmt: skip


@pytest.fixture(scope="module", params=BELIEFS.values(), ids=BELIEFS.keys())
def filled(request: pytest.FixtureRequest, postgres: Postgres) -> Iterator[Connection[Any]]:
    url = postgres.fresh(with_schema)
    with psycopg.connect(url) as connection:
        prepare(connection)
        for table in ("feed_state", "lane"):
            connection.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = false)")
        for each in request.param:
            connection.execute(each)
        yield connection
    postgres.drop(url)


class Explaining(psycopg.ClientCursor[Any]):
    """Keeps how each statement is gone about, before it is."""

    plans: dict[str, Any]

    def execute(self, query: Any, params: Any = None, **told: Any) -> Any:
        names = [name for name, text in vars(statements).items() if text == query and name.startswith("_")]
        if names:
            with psycopg.ClientCursor(self.connection, row_factory=psycopg.rows.tuple_row) as cursor:
                row = cursor.execute("EXPLAIN (FORMAT JSON) " + query, params).fetchone()
            assert row is not None
            self.plans[names[0]] = row[0] if isinstance(row[0], list) else json.loads(row[0])
        return super().execute(query, params, **told)


def read_whole(node: Any) -> list[str]:
    """The tables that a plan reads from one end to the other."""
    if isinstance(node, list):
        return [table for each in node for table in read_whole(each)]
    if not isinstance(node, dict) or "Node Type" not in node:
        return read_whole(list(node.values())) if isinstance(node, dict) else []
    by_condition = node.get("Node Type") == "Bitmap Heap Scan" or "Index Cond" in node  # a bitmap's index has its own
    here = (
        [node["Relation Name"]] if "Scan" in node["Node Type"] and "Relation Name" in node and not by_condition else []
    )
    return [*here, *(table for value in node.values() for table in read_whole(value))]


@pytest.mark.parametrize("limit", [25, 500])
def test_a_plan_reads_no_table_whole(filled: Connection[Any], limit: int) -> None:
    Explaining.plans = {}
    with filled.transaction(force_rollback=True):
        filled.cursor_factory = Explaining
        done = statements.plan(filled, limit=limit, lease=LEASE, worker="w", now_us=NOW)
        leases = [lease for batch in done.batches for lease in batch.leases]
        assert len(leases) == limit
        statements.renew(filled, leases, lease=LEASE, worker="w", now_us=NOW)
        statements.hand_back(filled, leases, now_us=NOW)
    filled.cursor_factory = psycopg.ClientCursor
    asked = {"_DUE", "_LANES", "_MOVE_FEEDS", "_MOVE_LANES", "_LEASED", "_HAND_BACK"}
    assert Explaining.plans.keys() == asked
    found = {name: {*read_whole(plan)} & {"feed_state", "lane"} for name, plan in Explaining.plans.items()}
    assert not any(found.values()), found
