"""The one clock that a fleet has: that of the database."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from monitor.store import codec
from monitor.store.sql import Connection

_NOW: Final = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"


def now(db: Connection) -> datetime:
    """What it shows at this moment, within a transaction too."""
    return codec.instant(int(db.execute(_NOW).fetchone()[0]))
