"""What the database server tells of itself to anybody who may connect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from psycopg import Connection
from psycopg.rows import tuple_row

Replication = Literal["none", "asynchronous", "synchronous", "hidden"]

# Sums of the statistics: whose the other connections are, not everybody may see.
_SERVER = """
    SELECT current_setting('server_version'),
        pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on',
        (SELECT coalesce(sum(numbackends), 0)::bigint FROM pg_stat_database),
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
        (SELECT count(*) FROM pg_stat_replication), (SELECT count(sync_state) FROM pg_stat_replication),
        (SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')),
        current_setting('synchronous_commit')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerState:
    """`connections_most`: that others than superusers may have. `replication`: whether what is committed is on a second
    machine, too; 'hidden' where our user may not see that (grant it pg_monitor). `is_standby`: or it is set to be
    read only."""

    version: str
    connections: int
    connections_most: int
    replication: Replication
    is_standby: bool


def server_state(db: Connection[Any]) -> ServerState:
    with db.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_SERVER).fetchone()
    assert row is not None
    version, standby, connections, most, standbys, shown, in_step, commit = row
    return ServerState(
        version=version.partition(" ")[0],
        connections=connections,
        connections_most=most,
        replication=_replication(standbys, shown, in_step, commit),
        is_standby=bool(standby),
    )


def _replication(standbys: int, shown: int, in_step: int, commit: str) -> Replication:
    if not standbys:
        return "none"
    if not shown:
        return "hidden"
    return "synchronous" if in_step and commit not in ("off", "local") else "asynchronous"
