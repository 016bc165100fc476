"""Looks whether there are new alerts, once for all who wait for them, and only while somebody does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from typing import Final
from weakref import WeakKeyDictionary

from anyio import CapacityLimiter, current_time, move_on_after, to_thread

log = logging.getLogger(__name__)

EVERY: Final = 2.0  # seconds between two looks
MOST: Final = 60  # who may wait at once; a browser has one stream for all its tabs


class TooMany(Exception):
    """As many wait as may."""


class Watcher:
    """Of one event loop, and to be used in it alone. `look` tells where the alerts end, and runs in a
    thread; what it raises is logged, and it is asked again."""

    def __init__(self, look: Callable[[], int], *, every: float | None = None) -> None:
        self._look, self._every = look, EVERY if every is None else every
        self._at: int | None = None
        self._waiting, self._ended = 0, False
        self._turn = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None
        self._limiter = CapacityLimiter(1)  # of its own: pages that take their time do not hold it up

    @property
    def waiting(self) -> int:
        return self._waiting

    def admit(self) -> None:
        """Raises TooMany."""
        if self._waiting >= MOST:
            raise TooMany

    async def cursors(self, *, lasts: float) -> AsyncGenerator[int]:
        """Where the alerts end now, and again whenever that has changed; for so many seconds, or until the server
        ends. To be closed by whoever leaves it before."""
        ends_at = current_time() + lasts
        self._waiting += 1
        self._begin()
        seen: int | None = None
        try:
            while (seen := await self._other_than(seen, ends_at)) is not None:
                yield seen
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._rest()

    async def _other_than(self, seen: int | None, ends_at: float) -> int | None:
        """None at the end. (A limit of time around a `yield` would be another task's, once the stream is left.)"""
        with move_on_after(ends_at - current_time()):
            async with self._turn:
                await self._turn.wait_for(lambda: self._ended or self._at not in (None, seen))
                return None if self._ended else self._at
        return None

    async def end(self) -> None:
        """All who wait are sent home."""
        self._ended = True
        self._rest()
        async with self._turn:
            self._turn.notify_all()

    def _begin(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._watch())

    def _rest(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task, self._at = None, None

    async def _watch(self) -> None:
        while True:
            at = await self._found()
            if at is not None and at != self._at:
                async with self._turn:
                    self._at = at
                    self._turn.notify_all()
            await asyncio.sleep(self._every)

    async def _found(self) -> int | None:
        try:
            return await to_thread.run_sync(self._look, limiter=self._limiter)
        except Exception as error:  # noqa: BLE001 - whatever it is: those who wait would wait for ever
            log.warning("live.no_look", extra={"what": str(error)})
            return None


_WATCHERS: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, Watcher]] = WeakKeyDictionary()


def watcher(look: Callable[[], int]) -> Watcher:
    """That of the running loop, made when first asked for."""
    loop = asyncio.get_running_loop()
    if loop not in _WATCHERS:
        _WATCHERS[loop] = Watcher(look)
    return _WATCHERS[loop]


async def end_streams() -> None:
    """Of the running loop: a stream of events never ends by itself, and a server waits for its answers."""
    found = _WATCHERS.get(asyncio.get_running_loop())
    if found is not None:
        await found.end()
