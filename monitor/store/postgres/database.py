"""A pool of connections, their transactions, and patience with a server that restarts."""

from __future__ import annotations

import contextlib
import logging
import select
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final, TypeVar

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from monitor.errors import StateError, StateUnwritable
from monitor.store.postgres import address
from monitor.store.postgres.bounded import ANSWER, Bounded, answering_within, statement_timeout
from monitor.store.postgres.connection import Connection, prepare
from monitor.store.postgres.failures import explained, is_worth_another_try, refuse_encoding, refused, said, unwritable
from monitor.store.sql import Standing

log = logging.getLogger(__name__)
logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # what it warns of every second, we tell when we give up

# How long a server may be away, or another transaction hold what ours wants: a restart takes seconds.
PATIENCE: Final = timedelta(seconds=30)
CONNECTIONS: Final = 4  # of a process, at most; see docs/howto/scale-out.md for the budget of a fleet
_AGAIN: Final = 0.05  # seconds before another try, the first time; twice as long each time, up to a second
# The pool would try to connect ever more seldom, with pauses of minutes after a long absence. So its tries end soon,
# and begin anew with each call and each slice of a call's patience.
_TRIES: Final = 2.0  # seconds
# Keepalives ask a silent server; what was sent and not answered by the network is the business of the last one.
_CONNECTING: Final[dict[str, Any]] = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
    "client_encoding": "UTF8",
}

_FIRST_LOOK: Final = 0.25  # seconds until who waits for a connection looks whether there will ever be one
_GREETING: Final = 10.0  # seconds for what takes a server no time: whether it is there, how it is to talk
_TRUSTED: Final = 10.0  # seconds after its last use for which a connection is taken to be whole

# A worker that vanished with its network must not hold locks until TCP gives it up, which takes hours. The rest is what
# statements count on and a database or its user may have been given otherwise: whoever decides about stories has to see
# what was committed while it waited for the others, which a snapshot of before would not show. No
# statement of ours is worth compiling: each takes milliseconds, and more rows of `json_each` are expected than come.
_SESSION: Final = """
    SET default_transaction_isolation = 'read committed';
    SET standard_conforming_strings = on;
    SET lock_timeout = '30s';
    SET idle_in_transaction_session_timeout = '60s';
    SET tcp_keepalives_idle = 10;
    SET tcp_keepalives_interval = 5;
    SET tcp_keepalives_count = 3;
    SET client_min_messages = 'warning';
    SET timezone = 'UTC';
    SET jit = off
"""

_SETTLES: Final = 1.0  # seconds that who reads in the order of numbers waits for transactions, which mostly take tenths
_LOOK_AGAIN: Final = 0.02  # seconds

_STANDING: Final = """
    SELECT current_setting('server_version') AS version, pg_database_size(current_database()) AS bytes,
        (SELECT number FROM schema_version) AS schema
"""
# Whoever inserts into a table holds this lock on it from before a number is drawn until the end of the transaction.
_WRITING: Final = """
    SELECT virtualtransaction FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE datname = current_database() AND locktype = 'relation' AND relation = CAST(? AS regclass)
        AND mode = 'RowExclusiveLock' AND granted AND pid <> pg_backend_pid()
"""

_Result = TypeVar("_Result")


class _Pooled(Bounded):
    used_at = float("-inf")  # by the monotonic clock


class _Tries:
    """What became of the last try to connect, which the pool keeps to itself."""

    def __init__(self) -> None:
        self._refusal, self._at = "", float("-inf")

    def refusal(self, since: float) -> str:
        """Why the server will not have us, however often we ask; '' unless it said so after this moment (monotonic)."""
        return self._refusal if self._at > since else ""

    def connections(self) -> type[_Pooled]:
        """A class whose tries are noted here."""

        class Noted(_Pooled):
            @classmethod
            def connect(cls, *args: Any, **kwargs: Any) -> Any:
                try:
                    made = super().connect(*args, **kwargs)
                except psycopg.OperationalError as error:
                    self._refusal, self._at = refused(error), time.monotonic()
                    raise
                self._refusal = ""
                return made

        return Noted


class PostgresDatabase:
    """`sql.Database`. Safe from any thread; each has a connection of its own meanwhile, and who reads within a
    transaction reads in it."""

    def __init__(
        self, url: str, *, connections: int = CONNECTIONS, patience: timedelta = PATIENCE, answer: float = ANSWER
    ) -> None:
        """Opens nothing yet. `answer`: seconds without a word after which a server is given up (`bounded`).

        Raises StateError where `url` is no address.
        """
        self.url, self.place = url, address.read(url)
        self._patience, self._answer = patience.total_seconds(), answer
        self._mine = threading.local()
        self._tries = _Tries()
        self._pool = ConnectionPool(
            url,
            kwargs=dict(_CONNECTING),
            min_size=0,
            max_size=connections,
            open=False,
            configure=self._configure,
            connection_class=self._tries.connections(),
            check=_check,
            timeout=self._patience,
            reconnect_timeout=_TRIES,
            name="monitor",
        )

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """Each statement sees one moment."""
        with explained(self.place), self._connection() as connection:
            yield connection

    def session(self) -> contextlib.AbstractContextManager[Connection]:
        """For what begins transactions of its own, one after the other."""
        return self.read()

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction; all or nothing. Raises StateUnwritable where the same once more may succeed: others wrote
        what ours had read, or the server restarted, and then it may have been stored all the same."""
        with explained(self.place), self._connection() as connection:
            if connection.in_transaction:
                raise RuntimeError("a transaction within a transaction")
            try:
                with connection.raw.transaction():
                    yield connection
            except psycopg.Error as error:
                if is_worth_another_try(error):
                    raise unwritable(self.place, error) from error
                raise

    def do(self, work: Callable[[Connection], _Result], /) -> _Result:
        """In one transaction, and again while that may succeed, for as long as our patience lasts."""
        end, pause = time.monotonic() + self._patience, _AGAIN
        while True:
            try:
                with self.write() as db:
                    return work(db)
            except StateUnwritable as error:
                if time.monotonic() > end:
                    raise StateError(f"{error}. It was tried for {self._patience:.0f} seconds.") from error
                log.info("database.again", extra={"what": str(error)})
                time.sleep(pause)
                pause = min(2 * pause, 1.0)

    def standing(self) -> Standing:
        with self.read() as db:
            found = db.execute(_STANDING).fetchall()[0]
        return Standing(
            software=f"PostgreSQL {found['version'].partition(' ')[0]}", bytes=found["bytes"], schema=found["schema"]
        )

    def settled(self, table: str) -> bool:
        """Numbers are drawn in order, and transactions end in any: a lower one may be seen later than a higher one."""
        end = time.monotonic() + _SETTLES
        begun = self._writing(table)
        while begun:
            if time.monotonic() > end:
                return False
            time.sleep(_LOOK_AGAIN)
            begun &= self._writing(table)
        return True

    def _writing(self, table: str) -> set[str]:
        with self.read() as db:
            return {row[0] for row in db.execute(_WRITING, (table,))}

    @contextlib.contextmanager
    def holding(self, kind: int, name: str) -> Iterator[None]:
        """A lock of this kind and name, in all processes; what is read and written meanwhile goes over its connection.
        Two names may share one. Raises StateUnwritable where the connection ended, and the lock with it: who begins
        anew, from outside, gets both."""
        with explained(self.place), self._connection() as db:
            try:
                with explained(self.place), _locked(db, kind, name):
                    yield
            except StateError as error:
                if db.raw.closed:
                    raise StateUnwritable(str(error)) from error
                raise

    @contextlib.contextmanager
    def trying(self, kind: int, name: str) -> Iterator[bool]:
        """As `holding`, without waiting for it: False where another has the lock."""
        with explained(self.place), self._connection() as db:
            told = (kind, name)
            had = bool(db.execute("SELECT pg_try_advisory_lock(?, hashtext(?))", told).fetchall()[0][0])
            try:
                yield had
            finally:
                if had:
                    with contextlib.suppress(psycopg.Error):
                        db.execute("SELECT pg_advisory_unlock(?, hashtext(?))", told)

    @contextlib.contextmanager
    def _connection(self) -> Iterator[Connection]:
        mine: Connection | None = getattr(self._mine, "connection", None)
        if mine is not None:
            if mine.raw.closed:  # not worth another try, of which each would get the same
                raise StateError(f"{self.place}: the connection ended, and with it what was locked over it.")
            yield mine
            return
        with self._connected() as raw:
            self._mine.connection = Connection(raw)
            try:
                yield self._mine.connection
            finally:
                self._mine.connection = None

    @contextlib.contextmanager
    def _connected(self) -> Iterator[_Pooled]:
        self._pool.open()
        raw = self._obtained()
        try:
            refuse_encoding(raw, self.place)
            yield raw
        finally:
            raw.used_at = time.monotonic()
            self._pool.putconn(raw)

    def _obtained(self) -> _Pooled:
        """Raises StateError when our patience ends, and at once where it would be in vain."""
        begun, pause = time.monotonic(), _FIRST_LOOK
        while True:
            left = begun + self._patience - time.monotonic()
            try:
                return self._pool.getconn(timeout=max(min(left, pause), 0.01))
            except PoolTimeout as error:
                if why := self._tries.refusal(since=begun):
                    raise StateError(f"{self.place}: {why}") from error
                if left <= pause:
                    raise StateError(self._unreached()) from error
                pause = min(2 * pause, 2 * _TRIES)

    def _unreached(self) -> str:
        """The pool keeps to itself why it has no connection: one more is asked for."""
        try:
            psycopg.connect(self.url, **{**_CONNECTING, "connect_timeout": 3}).close()
        except psycopg.Error as error:
            why = said(error)
            return f"{self.place} cannot be reached ({why}). See that the server runs, and lets this machine in."
        return f"{self.place} answers, but what goes on here took all connections for {self._patience:.0f} seconds."

    def _configure(self, connection: _Pooled) -> None:
        connection.answers_within = min(self._answer, _GREETING)
        prepare(connection)
        for statement in _SESSION.split(";"):
            connection.execute(statement.strip().encode())
        connection.execute(b"SET " + statement_timeout(self._answer))
        connection.answers_within = self._answer

    def close(self) -> None:
        """Waits for what is under way, a few seconds. Idempotent."""
        self._pool.close(timeout=5)


@contextlib.contextmanager
def _locked(db: Connection, kind: int, name: str) -> Iterator[None]:
    told = (kind, name)
    db.execute("SELECT pg_advisory_lock(?, hashtext(?))", told)
    try:
        yield
    finally:
        with contextlib.suppress(psycopg.Error):  # the connection is gone, and the lock with it
            db.execute("SELECT pg_advisory_unlock(?, hashtext(?))", told)


def _check(connection: _Pooled) -> None:
    """Asks the server only where it may be gone: a way there before each transaction was a fifth of an idle poll's. A
    server that ends says so, and a socket that nobody listens to any more tells it; one whose network is gone says
    nothing, which was to be found out after a time anyway."""
    heard = select.poll()  # and not `select`, which knows the first 1024 files of a process
    heard.register(connection.fileno(), select.POLLIN)
    if heard.poll(0) or time.monotonic() - connection.used_at > _TRUSTED:
        with answering_within(connection, min(connection.answers_within, _GREETING)):
            ConnectionPool.check_connection(connection)
