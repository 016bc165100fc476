"""The address of a PostgreSQL database, shown without its password."""

from __future__ import annotations

from collections.abc import Mapping

from psycopg.conninfo import conninfo_to_dict

from monitor.errors import StateError
from monitor.hidden import hide

VARIABLE = "MONITOR_DATABASE_URL"
SCHEMES = ("postgresql://", "postgres://")


def read(url: str) -> str:
    """How errors name the database: host, port and name. From here on nothing shows its password.

    Raises StateError where the address is none.
    """
    try:
        told = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    except Exception:  # noqa: BLE001 - whatever it says may quote the address
        told = {}
    if not told or not url.startswith(SCHEMES) or _holds_password(url, told):
        raise StateError(
            f"{VARIABLE} is no address of a PostgreSQL database. Write postgresql://user:password@host:port/name, "
            "with special characters of the password percent-encoded, and behind a '?' only what libpq knows."
        )
    hide(value for name, value in told.items() if name in ("password", "sslpassword"))
    return _named(told)


def _holds_password(url: str, told: Mapping[str, str]) -> bool:
    """Whether a part that is shown may have some of it: the password ends at the first '@', and at a '/' before that
    there was none. Sockets of the kernel's own have a host that begins with '@'."""
    path = url.partition("://")[2].partition("?")[0].partition("/")[2]
    return "@" in path or any("@" in told.get(name, "")[1:] for name in ("host", "hostaddr", "port"))


def _named(told: Mapping[str, str]) -> str:
    host, port = told.get("host", "the local socket"), told.get("port", "").strip(",")  # of several
    return f"the PostgreSQL database {told.get('dbname', '')} on {host}{':' + port if port else ''}".replace("  ", " ")
