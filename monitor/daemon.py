"""`monitor run`: APScheduler ticks, signals, reload, heartbeat, watchdog.

The scheduler only ticks: *when a feed is due is a column*. Each tick hands its work to the loops and returns at once.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from monitor import __version__, heartbeat
from monitor.app import App
from monitor.drift import Drift
from monitor.errors import StateError, StateLocked, StateUnwritable

log = logging.getLogger(__name__)

TICK = timedelta(seconds=1)
RELOAD_LOOK = timedelta(seconds=2)
BEAT = timedelta(seconds=5)
LOOK_AFTER_ITSELF = timedelta(seconds=30)
SAY_ALIVE = timedelta(seconds=5)  # a look at whether it is time; `heartbeat.every` says when
LATE_TICK = 10  # looks of the watchdog without a tick, before the heartbeat address hears that ticks are late
STEP_TOLD = timedelta(minutes=1)  # of the wall clock; operators hear of it
HOUSEKEEPING = timedelta(hours=6)
LOOK = 1.0  # seconds between two looks of the watchdog
FROZEN = (
    30  # looks without a tick after which the watchdog ends the process; looks, so that a suspended machine wakes up
)
STOP_WITHIN = 8.0  # seconds for what is under way, of the 10 that a service manager gives
STOP_AT_LAST = 9.5  # seconds; everything that matters is on disk at any moment
EXIT_FROZEN = 70  # EX_SOFTWARE of sysexits.h: a supervisor restarts us


class Daemon:
    """Runs an `App` until told to stop. Signals and the scheduler only set flags or hand over work."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._stop = threading.Event()
        self._reload = threading.Event()
        self._broken = threading.Event()
        self._started_at = app.clock.now()
        self._ticks = 0
        self._ticked_at = app.clock.monotonic()
        self._steps: deque[timedelta] = deque()  # of the wall clock, that the store has not heard of
        self._looks_without_tick = 0
        self._looking = threading.Lock()
        self._without_state: set[str] = set()  # jobs that could not write the state the last time
        self._drift = Drift(now=self._started_at, monotonic=app.clock.monotonic())
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(8)},  # more than jobs: one that waits for a network delays no tick
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def run(self) -> int:
        """Until SIGTERM, SIGINT or a frozen tick; the exit code. The caller ends the process with it, at once:
        after a frozen tick threads may hold anything, and nothing is closed.
        """
        self._take_signals()
        threading.excepthook = self._thread_died
        self._schedule()
        self._scheduler.start()
        heartbeat.notify_systemd("READY=1")
        log.info("run.started", extra=self._app.summary())
        code = self._watch()
        if code == 0:
            self._end()
        return code

    def _schedule(self) -> None:
        at_once = datetime.now(UTC)  # the scheduler's own clock, which it compares this with
        for job, every in (
            (self._tick, TICK),
            (self._look_for_changes, RELOAD_LOOK),
            (self._beat, BEAT),
            (self._look_after_state, BEAT),
            (self._keep_house, HOUSEKEEPING),
            (self._say_alive, SAY_ALIVE),
        ):
            self._scheduler.add_job(
                self._guarded(job), "interval", seconds=every.total_seconds(), next_run_time=at_once, name=job.__name__
            )

        self._scheduler.add_job(  # later, when the loops have begun: what lasted when we ended may be mended
            self._guarded(self._look_after_itself), "interval", seconds=LOOK_AFTER_ITSELF.total_seconds(),
            name=self._look_after_itself.__name__,
        )  # fmt: skip

    # --- ticks

    def _tick(self) -> None:
        """A tick that fails is told, and comes again; only one that does not return freezes the process.

        It looks at the clocks itself: what it claimed by a time that was just set would be put off by the step.
        """
        try:
            self._look_at_clocks()
            while self._steps:
                self._app.store.shift_leases(self._steps[0], now=self._app.clock.now())
                self._steps.popleft()
            self._app.tick()
        finally:
            self._ticks += 1
            self._ticked_at = self._app.clock.monotonic()

    def since_tick(self) -> float:
        """Seconds since a tick last came to its end, or since the start. From any thread."""
        return self._app.clock.monotonic() - self._ticked_at

    def _look_for_changes(self) -> None:
        asked = self._reload.is_set()
        self._reload.clear()
        self._app.reload_if_changed(asked=asked)

    def _beat(self) -> None:
        if not self._app.store.in_place():
            saved = self._app.store.rescue()
            log.critical("state.gone", extra={"state": str(self._app.state), "saved": str(saved or "nowhere")})
            self._broken.set()
            return
        now = self._app.clock.now()
        beat = heartbeat.Heartbeat(
            pid=os.getpid(),
            started_at=self._started_at.isoformat(),
            beat_at=now.isoformat(),
            version=__version__,
            rules_at=self._app.rules_at.isoformat(),
            rules_refused=self._app.rules_refused,
        )
        if self._looks_without_tick < FROZEN:
            heartbeat.notify_systemd("WATCHDOG=1")  # first: a full disk is no reason to be restarted
            heartbeat.write(self._app.state, beat)

    def _look_after_state(self) -> None:
        """Where another process has taken the right to poll meanwhile, ours ends at once."""
        try:
            self._app.look_after_state()
        except StateLocked as error:
            log.critical("right.lost", extra={"what": str(error)})
            self._broken.set()

    def _keep_house(self) -> None:
        self._app.keep_house()

    def _look_after_itself(self) -> None:
        self._app.look_after_itself()

    def _say_alive(self) -> None:
        late = self._looks_without_tick
        self._app.say_alive(ticking=f"no tick for {late} seconds" if late >= LATE_TICK else "")

    # --- watching, and the end

    def _watch(self) -> int:
        ticks = self._ticks
        while not self._stop.wait(LOOK):
            self._look_at_clocks()
            self._looks_without_tick = self._looks_without_tick + 1 if self._ticks == ticks else 0
            ticks = self._ticks
            if self._broken.is_set() or self._looks_without_tick >= FROZEN:
                log.critical("run.broken", extra={"looks_without_tick": self._looks_without_tick})
                return EXIT_FROZEN
        return 0

    def _look_at_clocks(self) -> None:
        """The watchdog looks too, because it waits by the monotonic clock: after the wall clock was set back, the
        scheduler sleeps until the time comes again that it had in mind."""
        with self._looking:
            step = self._drift.step(now=self._app.clock.now(), monotonic=self._app.clock.monotonic())
        if step is None:
            return
        log.warning("clock.set", extra={"seconds": round(step.total_seconds(), 1)})
        self._steps.append(step)
        if abs(step) >= STEP_TOLD:
            text = f"It was set by {step.total_seconds():+.0f} seconds. Times in alerts may have been wrong before."
            self._app.operations.tell("clock", "The clock of this machine was set", text, passes=True)
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC))

    def _end(self) -> None:
        last_resort = threading.Timer(STOP_AT_LAST, os._exit, [0])  # a database that is locked, a thread that hangs
        last_resort.daemon = True
        last_resort.start()
        heartbeat.notify_systemd("STOPPING=1")
        log.info("run.stopping")
        self._scheduler.shutdown(wait=False)
        self._app.close(within=STOP_WITHIN)
        heartbeat.remove(self._app.state)
        log.info("run.stopped")

    def _take_signals(self) -> None:
        def stop(_signal: int, _frame: FrameType | None) -> None:
            self._stop.set()

        def reload(_signal: int, _frame: FrameType | None) -> None:
            self._reload.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        signal.signal(signal.SIGHUP, reload)

    def _thread_died(self, args: threading.ExceptHookArgs) -> None:
        """A thread of ours, the scheduler's perhaps, ended by an error that nobody expected: better a clean restart."""
        log.critical(
            "thread.died",
            exc_info=(args.exc_type, args.exc_value, args.exc_traceback) if args.exc_value else None,
            extra={"thread": args.thread.name if args.thread else "?"},
        )
        self._broken.set()

    def _guarded(self, job: Callable[[], None]) -> Callable[[], None]:
        """A tick that raises is told and comes again; the schedule must not end with it."""
        name = job.__name__.strip("_")

        def tick() -> None:
            try:
                job()
            except StateUnwritable:  # the store gave something up for it, which is told; the next tick does it again
                log.warning("tick.again", extra={"tick": name})
            except StateError as error:
                self._without_state.add(name)
                self._app.operations.tell("state", "The state cannot be written", str(error))
            except Exception:  # one of the two loops that must go on
                log.exception("tick.broke", extra={"tick": name})
            else:
                self._wrote(name)

        return tick

    def _wrote(self, job: str) -> None:
        """The trouble is over when each job that had it is through: others may have nothing to write."""
        if job in self._without_state:
            self._without_state.discard(job)
            if not self._without_state:
                self._app.operations.over("state")
