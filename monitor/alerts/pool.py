"""Sending processes for whoever needs one: as many as there are messages on their way, and no more."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from monitor.alerts.worker import Lost, Reply, Worker
from monitor.alerts.zygote import Zygote
from monitor.ports import Clock


class Pool:
    """Hands each question to a process of its own; one that has answered takes the next question. Thread-safe."""

    def __init__(self, *, clock: Clock, idle: float) -> None:
        """`idle`: seconds without a question after which a process ends by itself; where it was forked from stays."""
        self._clock = clock
        self._zygote = Zygote(clock=clock, idle=idle)
        self._state = threading.Lock()
        self._free: list[Worker] = []  # the last used is used first, so that the others may end
        self._all: list[Worker] = []
        self._closed = False

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that send now, or could at once."""
        return tuple(worker.pid for worker in self._all if worker.pid is not None)

    def ask(self, request: Mapping[str, Any], *, seconds: float) -> Reply | Lost:
        """See `Worker.ask`."""
        with self._worker() as worker:
            return worker.ask(request, seconds=seconds)

    def close(self) -> None:
        """End every process; what is being asked is lost at once. Idempotent."""
        with self._state:
            self._closed = True
            workers = list(self._all)
        self._zygote.close()
        for worker in workers:
            worker.close()

    @contextmanager
    def _worker(self) -> Iterator[Worker]:
        worker = self._take()
        try:
            yield worker
        finally:
            with self._state:
                self._free.append(worker)

    def _take(self) -> Worker:
        with self._state:
            if self._free:
                return self._free.pop()
            worker = Worker(self._zygote, clock=self._clock)
            self._all.append(worker)
            if self._closed:
                worker.close()
            return worker
