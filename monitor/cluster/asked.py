"""The fleet, for whoever may have no library for it: nothing is imported before it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.errors import StateError
from monitor.store.read import Reader
from monitor.store.which import database_url

if TYPE_CHECKING:
    from monitor.cluster.overview import Overview


def fleet_of(reader: Reader) -> Overview | None:
    """None where the state is not in a database that workers share. Raises StateError."""
    if database_url() is None:
        return None
    try:
        from monitor.cluster.overview import overview
        from monitor.store.postgres.database import PostgresDatabase
    except ImportError as error:
        raise StateError(
            f"{error.name} is not installed, without which workers cannot be told of. Run: pip install "
            "'monitor[cluster]'"
        ) from error
    return overview(reader.database) if isinstance(reader.database, PostgresDatabase) else None
