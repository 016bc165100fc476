"""A PostgreSQL server of one's own, for tests and benches; see `server.Postgres`."""

from .binaries import NoPostgres
from .server import Postgres

__all__ = ["NoPostgres", "Postgres"]
