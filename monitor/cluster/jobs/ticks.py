"""The clock of the fleet: each replica ticks by itself, and whoever comes first defers the slot."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from monitor.clock import SystemClock
from monitor.cluster.jobs.clockwatch import ClockWatch
from monitor.cluster.jobs.connection import EngineAway
from monitor.cluster.jobs.queues import REAP
from monitor.cluster.jobs.reaper import EVERY
from monitor.cluster.jobs.slots import Slots, Taken
from monitor.ports import Clock

log = logging.getLogger(__name__)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Slotted(Protocol):
    def defer_come(self, task: str, *, every_us: int, since_us: int | None, one_waits: bool) -> Slots | Taken: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """How often a task is deferred.

    `one_waits`: not while a job of a slot before still waits; for work that looks at all there is. Without it every
    slot has its job, those too that passed while the database was away for some seconds.
    """

    every: timedelta
    one_waits: bool = True


class Aligned(BaseTrigger):  # type: ignore[misc]
    """Multiples of the interval since 1970, the same for all replicas. Cron begins anew each minute: it cannot say
    "every 7 seconds", nor "four times a second"."""

    def __init__(self, every: timedelta) -> None:
        self.every = every

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """The next one after `now`; one that passed comes with it."""
        after = now if previous is None else max(previous, now - self.every)
        return _EPOCH + ((after - _EPOCH) // self.every + 1) * self.every


class Ticks:
    """Which slot has come the database says, so that a replica whose clock is off neither fires early nor twice: it
    only asks early, or late."""

    def __init__(self, engine: Slotted, ticks: Mapping[str, Tick], *, clock: Clock | None = None) -> None:
        self._engine = engine
        self._clock_watch = ClockWatch(clock or SystemClock(), lambda _step: self.realign())
        self._ticks = {**ticks, REAP: Tick(every=timedelta(seconds=EVERY))}
        self._newest: dict[str, int] = {}  # slot of each task that is known to be deferred
        self._away: set[str] = set()  # tasks whose last tick found no database
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(len(self._ticks))},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def start(self) -> None:
        for task, tick in self._ticks.items():
            self._scheduler.add_job(self._tick, Aligned(tick.every), args=(task, tick), id=task)
        self._scheduler.start()
        self._clock_watch.start()

    def stop(self) -> None:
        """Nothing more is deferred here; a tick under way ends by itself. Of no effect before `start`."""
        self._clock_watch.stop()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def realign(self) -> None:
        """After the wall clock was set: the scheduler sleeps until the time that it had in mind."""
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC))

    def _tick(self, task: str, tick: Tick) -> None:
        """One that fails is told, once, and comes again."""
        try:
            every_us = tick.every // timedelta(microseconds=1)
            told = self._engine.defer_come(
                task, every_us=every_us, since_us=self._newest.get(task), one_waits=tick.one_waits
            )
        except EngineAway as error:
            if not self._away:  # the engine warns of it
                log.info("tick.away", extra={"task": task, "why": str(error)})
            self._away.add(task)
        except Exception:  # the next one may do better, and the others go on
            log.exception("tick.broke", extra={"task": task})
        else:
            self._away.discard(task)
            if isinstance(told, Slots):
                self._newest[task] = told.newest_us
