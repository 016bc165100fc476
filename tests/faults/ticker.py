"""The heartbeat of a process: a thread that ticks, and how long it was ever kept from it."""

from __future__ import annotations

import threading
import time
from types import TracebackType

STEP = 0.02


class Ticker:
    """`gap`: the longest time between two ticks within the `with` block, in seconds."""

    def __init__(self) -> None:
        self.gap = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._tick, daemon=True)

    def _tick(self) -> None:
        last = time.monotonic()
        while not self._stop.wait(STEP):
            now = time.monotonic()
            self.gap, last = max(self.gap, now - last), now

    def __enter__(self) -> Ticker:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
