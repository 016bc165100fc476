"""The PostgreSQL database that the environment names: asked, never written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from monitor.doctor.findings import Finding, ok, problem, warning
from monitor.errors import StateError
from monitor.ports import Clock
from monitor.store import which

if TYPE_CHECKING:  # with psycopg, which most installations have not
    from monitor.store.postgres.database import PostgresDatabase

OLDEST: Final = 13  # of PostgreSQL's versions: what the statements are tried on
APART: Final = timedelta(seconds=5)  # of two clocks; leases and turns are counted in tens of seconds
_PATIENCE: Final = timedelta(seconds=5)
_ANSWER: Final = 10.0  # seconds
_MIB: Final = 1 << 20
_ABOUT: Final = "database"

_ASKED: Final = """
    SELECT current_setting('server_version') AS version,
        CAST(current_setting('server_version_num') AS integer) AS number,
        current_setting('server_encoding') AS encoding, current_setting('synchronous_commit') AS commits,
        pg_is_in_recovery() AS is_standby,
        current_setting('default_transaction_read_only') AS read_only,
        current_user AS who, pg_database_size(current_database()) AS bytes,
        coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_create,
        CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint) AS now_us
"""


def database(url: str, *, clock: Clock) -> Iterator[Finding]:
    """Does it answer, can it be used, is it of this version, does its clock show our time?"""
    try:
        shared = _opened(url)
    except StateError as error:
        yield problem(_ABOUT, str(error), f"mend {which.VARIABLE}, or unset it to keep the state in its directory")
        return
    try:
        _try_to_connect(url, shared.place)
        yield from _asked(shared, clock)
        yield from _in_use(url)
    except StateError as error:
        yield problem(_ABOUT, str(error), f"look at the server, at the network between, and at {which.VARIABLE}")
    finally:
        shared.close()


def _opened(url: str) -> PostgresDatabase:
    with which.needs_postgres():
        from monitor.store.postgres.database import PostgresDatabase
    return PostgresDatabase(url, connections=1, patience=_PATIENCE, answer=_ANSWER)


def _try_to_connect(url: str, place: str) -> None:
    """A pool tries again and again, and tells at last that it was in vain; who asks once hears why."""
    import psycopg

    from monitor.store.postgres.failures import explained

    with explained(place):
        psycopg.connect(url, connect_timeout=round(_PATIENCE.total_seconds())).close()


def _asked(shared: PostgresDatabase, clock: Clock) -> Iterator[Finding]:
    from monitor.store.postgres.migrate import refuse_newer, shipped, version

    with shared.read() as db:
        asked_at = clock.now()
        found = db.execute(_ASKED).fetchall()[0]
        answered_at = clock.now()
        schema = version(db)
    refuse_newer(schema, shipped(), shared.place)
    yield from _server(found, shared.place)
    yield from _schema(schema, found["bytes"], shared.place, known=shipped()[-1].number)
    yield _clock(datetime.fromtimestamp(found["now_us"] / 1_000_000, UTC), asked_at, answered_at)


def _server(found: Any, place: str) -> Iterator[Finding]:
    shown = found["version"].partition(" ")[0]
    if found["number"] < OLDEST * 10_000:
        yield problem("server", f"{place} is PostgreSQL {shown}", f"update it to {OLDEST} or later")
    else:
        yield ok("server", f"PostgreSQL {shown}, {place.removeprefix('the PostgreSQL ')}")
    if found["is_standby"]:
        yield problem("server", "it is a standby, and takes nothing", f"name the primary in {which.VARIABLE}")
    elif found["read_only"] == "on":
        remedy = f"ALTER DATABASE … RESET default_transaction_read_only, or of its user {found['who']}"
        yield problem("server", "it is set to be read only, and takes nothing", remedy)
    if found["encoding"] != "UTF8":
        remedy = "create a database with ENCODING 'UTF8' TEMPLATE template0, and name that"
        yield problem("server", f"it keeps text as {found['encoding']}, which has not every letter", remedy)
    if not found["may_create"]:
        remedy = "make that user the owner of the database, or GRANT CREATE ON SCHEMA public"
        yield problem("server", f"its user {found['who']} may not create tables in it", remedy)
    if found["commits"] == "off":
        what = "synchronous_commit is off: what the server had not written when it fails is lost, and is sent once more"
        yield warning("server", what, "set it to on, for this database at least")


def _schema(schema: int, size: int, place: str, *, known: int) -> Iterator[Finding]:
    if schema == 0:
        yield ok(_ABOUT, f"nothing is recorded in {place} yet")
        return
    if schema < known:
        what = f"it is of an older version (schema {schema}, this version has {known})"
        yield warning(_ABOUT, what, "the next 'monitor check', 'monitor run' or 'monitor worker' converts it")
    yield ok(_ABOUT, f"it answers, schema {schema}, {size / _MIB:.1f} MiB")


def _in_use(url: str) -> Iterator[Finding]:
    from monitor.store.postgres.fleet_lock import holders

    found = holders(url)
    yield ok("daemon", "; ".join(map(str, found)) if found else "nobody polls on this database now")


def _clock(shown: datetime, asked_at: datetime, answered_at: datetime) -> Finding:
    """Between question and answer the server's may show anything."""
    apart = max(asked_at - shown, shown - answered_at, timedelta())
    if apart <= APART:
        return ok("clock", "the database shows the time of this machine")
    what = f"the database's clock and this machine's are {apart.total_seconds():.0f} seconds apart"
    return warning("clock", what, "let both follow a time server (NTP)")
