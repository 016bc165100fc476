"""Pages of articles, asked for in the lanes that feeds wait in: all workers together ask a host one thing at a time.

Feeds go first. Whatever number of pages waits, they take slots near at hand only, and the rest of what is planned ahead
is left to feeds; else these would be put off as long as there are pages.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future
from typing import Final

from monitor.cluster.lanes import gap_of
from monitor.cluster.plan import HORIZON, clock_us, reserve
from monitor.errors import StateError
from monitor.feeds.request import plan
from monitor.feeds.urls import BadAddress
from monitor.model import FetchRequest, FetchResult
from monitor.ports import Fetcher
from monitor.store.postgres.database import PostgresDatabase

log = logging.getLogger(__name__)

WITHIN: Final = HORIZON / 3  # a page has its slot, or none
_SECOND: Final = 1_000_000


class InLanes:
    """`ports.Fetcher`: pages wait for their slots; feeds are asked at once, for theirs were given out with the plan."""

    def __init__(self, fetcher: Fetcher, database: PostgresDatabase) -> None:
        self._fetcher, self._database = fetcher, database
        self._waiting: set[threading.Timer] = set()
        self._lock = threading.Lock()

    def submit(self, request: FetchRequest) -> Future[FetchResult]:
        """A page whose host has no slot to give soon is not asked for, and comes back cancelled."""
        seconds = self._wait_of(request) if request.page is not None else 0.0
        if seconds is None:
            return _not_asked()
        return self._fetcher.submit(request) if seconds <= 0 else self._later(seconds, request)

    def close(self) -> None:
        """What waits ends at once, as `FetchFailed`: the fetcher is closed."""
        self._fetcher.close()
        with self._lock:
            waiting = list(self._waiting)
        for timer in waiting:
            timer.cancel()
            timer.function()

    def _wait_of(self, request: FetchRequest) -> float | None:
        """Seconds until the host may be asked; the slot is taken. None where there is none soon."""
        try:
            ready = plan(request)
        except BadAddress:  # asking fails, which is to be recorded
            return 0.0
        try:
            with self._database.write() as db:
                at_us = reserve(db.raw, ready.start.host, within=WITHIN, gap=gap_of(ready.at_once(ready.start)))
                now_us = clock_us(db.raw)
        except StateError as error:  # what it brings could not be stored either
            log.warning("page.unplanned", extra={"what": str(error)})
            return 0.0
        return None if at_us is None else (at_us - now_us) / _SECOND

    def _later(self, seconds: float, request: FetchRequest) -> Future[FetchResult]:
        promised: Future[FetchResult] = Future()

        def ask() -> None:
            with self._lock:
                if timer not in self._waiting:  # its time came, and the end as well
                    return
                self._waiting.discard(timer)
            if promised.set_running_or_notify_cancel():
                self._fetcher.submit(request).add_done_callback(lambda done: promised.set_result(done.result()))

        timer = threading.Timer(seconds, ask)
        timer.daemon = True
        with self._lock:
            self._waiting.add(timer)
        timer.start()
        return promised


def _not_asked() -> Future[FetchResult]:
    promised: Future[FetchResult] = Future()
    promised.cancel()
    return promised
