"""Connections that wait for the server's answer so long, and no longer.

A server whose processes, disk or machine stand still keeps its connections: the kernel takes what it is sent, and
answers keepalives. Nothing but the time tells it from one that is busy. Who gives it up closes the connection, and does
not know what became of the statement: it may still be done, as where a connection is lost.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import Any, Final, TypeVar

import psycopg
from psycopg.abc import PQGen

# Longer than a statement of ours takes, with its wait for a lock of others (`database._SESSION`).
ANSWER: Final = 75.0  # seconds
READING: Final = 600.0  # seconds, for who only reads, maybe much: pages, searches, exports
LONG: Final = 3600.0  # seconds, for what goes through all that is recorded: migrations, copies, `db check`
# Of these the server has so much for a statement. It says that it ended one, and knows then that nothing is stored.
SERVERS_SHARE: Final = 0.8

_Result = TypeVar("_Result")


class Silent(psycopg.OperationalError):
    """The server takes what it is sent, and does not answer."""


class Bounded(psycopg.Connection[Any]):
    answers_within: float = ANSWER  # seconds without a word

    def wait(self, gen: PQGen[_Result], *told: Any, **more: Any) -> _Result:
        try:
            return super().wait(_within(gen, self.answers_within), *told, **more)
        except Silent:
            self.close()
            raise


class AsyncBounded(psycopg.AsyncConnection[Any]):
    answers_within: float = ANSWER  # seconds without a word

    async def wait(self, gen: PQGen[_Result], *told: Any, **more: Any) -> _Result:
        try:
            return await super().wait(_within(gen, self.answers_within), *told, **more)
        except Silent:
            await self.close()
            raise


def statement_timeout(answers_within: float) -> bytes:
    """As a setting of a session's, which a transaction may have for itself."""
    return f"statement_timeout = {round(answers_within * SERVERS_SHARE * 1000)}".encode()


@contextlib.contextmanager
def answering_within(raw: psycopg.Connection[Any], seconds: float) -> Iterator[None]:
    """Another bound, in the block, for our wait; the server's own stays as it is. Of a connection without bounds
    nothing changes."""
    if not isinstance(raw, Bounded):
        yield
        return
    before, raw.answers_within = raw.answers_within, seconds
    try:
        yield
    finally:
        raw.answers_within = before


def at_leisure(raw: psycopg.Connection[Any]) -> contextlib.AbstractContextManager[None]:
    """What is done in the block, and in this transaction, may take `LONG`."""
    raw.execute(b"SET LOCAL " + statement_timeout(LONG))
    return answering_within(raw, LONG)


def _within(steps: PQGen[_Result], seconds: float) -> PQGen[_Result]:
    """The same steps. psycopg comes by ten times a second, also where nothing was heard."""
    end = time.monotonic() + seconds
    try:
        wanted = next(steps)
        while True:
            ready = yield wanted
            now = time.monotonic()
            if ready:
                end = now + seconds
            wanted = steps.send(ready)
            if now > end:  # after the step: it takes what had come
                raise Silent(f"it has not answered for {seconds:.0f} seconds")
    except StopIteration as over:
        result: _Result = over.value
        return result
