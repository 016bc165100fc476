"""Pages of articles, asked for in the lanes that feeds wait in: all workers together ask a host one thing at a time."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future
from datetime import timedelta
from typing import Final

from monitor.cluster.lanes import gap_of
from monitor.cluster.plan import clock_us, reserve
from monitor.errors import StateError
from monitor.feeds.request import plan
from monitor.feeds.urls import BadAddress
from monitor.model import FetchRequest, FetchResult
from monitor.ports import Fetcher
from monitor.store.postgres.database import PostgresDatabase

log = logging.getLogger(__name__)

# Longer than any queue that a lane has (`plan.HORIZON`): whoever is told to wait longer is let go then.
LONGEST: Final = timedelta(minutes=2)
_SECOND: Final = 1_000_000


class InLanes:
    """`ports.Fetcher`: pages wait for their slots; feeds are asked at once, for theirs were given out with the plan."""

    def __init__(self, fetcher: Fetcher, database: PostgresDatabase) -> None:
        self._fetcher, self._database = fetcher, database
        self._waiting: set[threading.Timer] = set()
        self._lock = threading.Lock()

    def submit(self, request: FetchRequest) -> Future[FetchResult]:
        seconds = self._wait_of(request) if request.page is not None else 0.0
        return self._fetcher.submit(request) if seconds <= 0 else self._later(seconds, request)

    def close(self) -> None:
        """What waits ends at once, as `FetchFailed`: the fetcher is closed."""
        self._fetcher.close()
        with self._lock:
            waiting = list(self._waiting)
        for timer in waiting:
            timer.cancel()
            timer.function()

    def _wait_of(self, request: FetchRequest) -> float:
        """Seconds until the host may be asked; the slot is taken."""
        try:
            ready = plan(request)
        except BadAddress:  # asking fails, which is to be recorded
            return 0.0
        try:
            with self._database.write() as db:
                at_us = reserve(db.raw, ready.start.host, gap=gap_of(ready.at_once(ready.start)))
                now_us = clock_us(db.raw)
        except StateError as error:  # what it brings could not be stored either
            log.warning("page.unplanned", extra={"what": str(error)})
            return 0.0
        return min(((at_us or now_us) - now_us) / _SECOND, LONGEST.total_seconds())

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
