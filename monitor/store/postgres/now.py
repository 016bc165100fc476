"""The time of the server, which all that are connected to it share."""

from __future__ import annotations

from datetime import datetime

from monitor.store import codec
from monitor.store.sql import Connection


def server_now(db: Connection) -> datetime:
    """Of this moment, also within a transaction that began long ago."""
    row = db.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now_us").fetchone()
    return codec.instant(row["now_us"])
