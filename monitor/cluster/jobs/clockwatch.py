"""Somebody set the wall clock: schedulers that wait for a time of day must hear of it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from monitor.drift import Drift
from monitor.ports import Clock

log = logging.getLogger(__name__)

LOOK = 1.0  # seconds, by the monotonic clock


class ClockWatch:
    """Looks from a thread of its own. `on_step` is called there with the step, negative where it was set back."""

    def __init__(self, clock: Clock, on_step: Callable[[timedelta], None], *, look: float = LOOK) -> None:
        self._clock, self._on_step, self._look = clock, on_step, look
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="clock-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def _watch(self) -> None:
        drift = Drift(now=self._clock.now(), monotonic=self._clock.monotonic())
        while not self._stopped.wait(self._look):
            step = drift.step(now=self._clock.now(), monotonic=self._clock.monotonic())
            if step is not None:
                log.warning("clock.set", extra={"seconds": round(step.total_seconds(), 1)})
                self._on_step(step)
