"""`monitor worker`: one of any number of like workers on one database.

It has no work of its own. Ticks, the same for all, become jobs, each once; jobs go to whoever is free. What a worker
has in hand when it dies is taken up by another within seconds.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TextIO

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from monitor import __version__
from monitor.alerts.receipts import Receipts
from monitor.cluster import published
from monitor.cluster.clock import LOOK_EVERY as CLOCK_EVERY
from monitor.cluster.clock import FleetClock
from monitor.cluster.jobs.clockwatch import ClockWatch
from monitor.cluster.jobs.connection import listens
from monitor.cluster.jobs.engine import Engine
from monitor.cluster.jobs.schema import install
from monitor.cluster.jobs.ticks import Ticks
from monitor.cluster.parts import FETCHES, Heard, Parts, rules_folder
from monitor.cluster.planning import Planning
from monitor.cluster.polling import BatchPolls
from monitor.cluster.presence import Presence, Self, both
from monitor.cluster.rules_watch import LOOK_EVERY as RULES_EVERY
from monitor.cluster.rules_watch import InForce, RulesWatch
from monitor.cluster.tasks import BATCHES, TICKS, House, queues
from monitor.compiled import Shelf
from monitor.config import Config
from monitor.errors import StateError, StateLocked
from monitor.links import Links
from monitor.model import Alert
from monitor.model.rules_versions import PublishedRules
from monitor.ports import Clock, Fetcher
from monitor.prepared import compile_setup
from monitor.reload import OF_THE_RULES, weak_spots
from monitor.setup import Setup
from monitor.store import place
from monitor.store.lock import WORKER
from monitor.store.postgres.failures import explained
from monitor.store.postgres.fleet_lock import FleetLock
from monitor.store.postgres.link_key import shared_link_key
from monitor.store.postgres.now import server_now
from monitor.store.postgres.store import PostgresStore, open_postgres
from monitor.store.rules_rows import RulesVersions
from monitor.store.worker_rows import Workers
from monitor.unheard import record_unheard
from monitor.vitals import ALIVE

log = logging.getLogger(__name__)

CONNECTIONS: Final = 12  # of the work's own; the engine has five more
WITHOUT_RULES: Final = 0.2  # seconds between two looks whether there are rules
LOOK: Final = 1.0  # seconds
LOOK_AT_LOCK: Final = 5.0  # seconds
EXIT_ERROR, EXIT_LOCKED = 1, 6  # as the command line has them
DRAIN: Final = 25.0  # seconds for what is under way; compose and systemd are told to wait for thirty
ENROL_EVERY: Final = timedelta(minutes=5)  # feeds that moved for good go to the lanes of where they moved to


class Worker:
    """Built, run and ended in one thread; what it does goes on in others."""

    def __init__(
        self,
        url: str,
        state: Path,
        *,
        environ: Mapping[str, str],
        clock: Clock,
        heard: Heard,
        on_config: Callable[[Config], None] = lambda _config: None,
        console: TextIO | None = None,
        batches: int = BATCHES,
        fetches: int = FETCHES,
        around_fetcher: Callable[[Fetcher], Fetcher] = lambda fetcher: fetcher,
    ) -> None:
        """`state` is this machine's own directory: rules as they were laid out, and what is compiled of them.

        Raises StateError where the database cannot be used, and StateLocked where a `monitor run` works on it alone;
        then nothing stays open.
        """
        self.id = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
        self.clock, self._on_config, self._state = clock, on_config, state
        self._link_key: bytes | None = None
        place.prepare(state)
        self.store: PostgresStore = open_postgres(url, now=clock.now(), connections=CONNECTIONS)
        self.store.shared_clock = server_now
        self._ticked_at = clock.monotonic()
        fleet_clock = self._fleet_clock = FleetClock(clock)
        self.presence = Presence(
            Workers(self.store.database, server_now),
            Self(id=self.id, host=socket.gethostname(), pid=os.getpid(), version=__version__),
            clock,
            rules=lambda: (self.rules.number, self.rules.trouble),
            alive=lambda: self.since_tick() < ALIVE,
            state=state,
        )
        try:
            self._lock = FleetLock.acquire(url, shared=True, command=WORKER)
            with explained(self.store.database.place):
                install(url)
            fleet_clock.look(self.store.database)
            receipts = Receipts(state)
            record_unheard(receipts, self.store)
            self.parts = Parts(
                store=self.store, worker=self.id, clock=fleet_clock, environ=environ, zone=UTC,
                heard=both(heard, self.presence), around_fetcher=around_fetcher,
                links_of=self._links_of, receipts=receipts, console=console, fetches=fetches,
            )  # fmt: skip
        except BaseException:
            self.store.close()
            raise
        self._shelf = Shelf(state)
        self.rules = RulesWatch(
            RulesVersions(self.store.database),
            load=lambda version: published.load_whole(version, rules_folder(state), environ=environ),
            compile_=self._compile,
            load_in_need=lambda version: self._in_need(version, environ),
            clock=clock,
            done=self._take_over_at_once,
        )
        self._can_wait = deque[Callable[[], object]]()  # of what new rules asked for, until they are in force
        self._in_force: InForce | None = None
        self.batches = BatchPolls(
            database=self.store.database, polls=self.parts.polls, setup=self._setup_of, clock=clock, worker=self.id
        )
        house = House(store=self.store, parts=self.parts, rules=lambda: self._in_force, clock=fleet_clock)
        self.engine = Engine(
            url,
            self.presence.over(
                queues(
                    plan=self._plan, poll=self.batches.work, deliver=house.deliver,
                    house=house.works(lambda: self.engine), batches=batches,
                )
            ),
            listen=listens(environ),
        )  # fmt: skip
        self._planning = Planning(database=self.store.database, engine=self.engine, worker=self.id)
        self._ticks = Ticks(self.engine, TICKS)
        self._taking = threading.Lock()  # rules over
        self._is_enrolled = False  # of the rules in force, all that the database is to know
        self._to_follow: tuple[str, ...] | None = None  # feeds that they ask anew; None where they are our first
        self._told: str | None = None  # of what was wrong with rules, what operators heard
        self._weak: set[str] = set()  # names of the weak spots that were told
        self._stop = threading.Event()
        self._code = 0
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(8)},  # one that hangs must not keep the others
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    @property
    def in_force(self) -> InForce | None:
        """The rules that it works by; None while there are none."""
        return self._in_force

    @property
    def draining(self) -> bool:
        return self._stop.is_set()

    def since_tick(self) -> float:
        """Seconds since a tick came, which comes each second."""
        return self.clock.monotonic() - self._ticked_at

    def every(self, seconds: float, work: Callable[[], None]) -> None:
        """Have `work` done that often until the end; to be told before `run`."""
        self._scheduler.add_job(_guarded(work), "interval", seconds=seconds)

    def run(self) -> int:
        """Until SIGTERM or SIGINT; the exit code. The caller ends the process with it, at once."""
        self._take_signals()
        self.every(1.0, self._tick)
        self.every(RULES_EVERY.total_seconds(), self.look_at_rules)
        self.every(LOOK_AT_LOCK, self._look_at_lock)
        self.every(CLOCK_EVERY, self._look_at_clock)
        self.every(ENROL_EVERY.total_seconds(), self._enrol)
        self._scheduler.start()
        self.presence.start()
        ClockWatch(self.clock, lambda _step: self._realign()).start()
        log.info("worker.started", extra={"worker": self.id, "database": self.store.database.place})
        self._wait_for_rules()
        if not self._stop.is_set():
            self.engine.start()
            self._ticks.start()
        while not self._stop.wait(LOOK):  # a signal that another thread was given is heard at the next look
            pass
        return self._end()

    def _wait_for_rules(self) -> None:
        """Jobs are for those who know the feeds: taken without rules, they would only be put off."""
        while self._in_force is None and not self._stop.wait(WITHOUT_RULES):
            pass

    def _look_at_lock(self) -> None:
        try:
            self._lock.look()
        except StateLocked as error:  # it came while the database had lost us: two of its kind would end our leases
            log.critical("worker.locked_out", extra={"what": str(error)})
            self._code = EXIT_LOCKED
            self._stop.set()

    def _look_at_clock(self) -> None:
        self._fleet_clock.look(self.store.database)

    def _realign(self) -> None:
        """The wall clock was set: the scheduler sleeps until the time that it had in mind."""
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC))

    def stop(self) -> None:
        """As SIGTERM does."""
        self._stop.set()

    def _links_of(self, alert: Alert) -> Mapping[str, str]:
        """For its message; see `App.links_of`."""
        rules = self._in_force
        if rules is None or rules.config.web is None:
            return {}
        try:
            self._link_key = self._link_key or shared_link_key(self.store.database, self._state)
        except StateError as error:
            self.parts.operations.tell("links", "Messages have no links", str(error))
            return {}
        self.parts.operations.over("links")
        return Links(rules.config.web, self._link_key).of(alert)

    def _tick(self) -> None:
        self._ticked_at = self.clock.monotonic()
        if self.engine.is_broken and not self._stop.is_set():  # without it nothing would be done here, and nobody hear
            log.critical("worker.broken")
            self._code = EXIT_ERROR
            self._stop.set()

    # --- rules

    def look_at_rules(self, wanted: int | None = None) -> None:
        """Take over a newer version, if it is loaded. `wanted`: see `RulesWatch.look`."""
        with self._taking:
            new = self.rules.look(wanted=wanted)
            if new is not None:
                self._take_over(new)
            self._follow()
            self._tell_of_rules()

    def _in_need(self, version: PublishedRules, environ: Mapping[str, str]) -> Config:
        """Without what it has no values for: some channels are better than none."""
        for each in self.presence.others():
            if each.rules_number is not None and not each.rules_trouble:
                raise StateError(f"the worker {each.id} has all that it needs")
        return published.load(version, rules_folder(self._state), environ=environ)

    def _compile(self, config: Config) -> Setup:
        before = None if self._in_force is None else self._in_force.setup
        return compile_setup(config, self.parts.sender, shelf=self._shelf, before=before, later=self._can_wait.append)

    def _take_over_at_once(self) -> None:
        """In the thread of who compiled them: the next look would come half a second later."""
        if not self._stop.is_set():
            _guarded(self.look_at_rules)()
        _guarded(self._do_what_can_wait)()

    def _do_what_can_wait(self) -> None:
        while self._can_wait:
            self._can_wait.popleft()()

    def _setup_of(self, number: int) -> Setup | None:
        """Between batches: whoever planned by another version has seen it already."""
        self.look_at_rules(wanted=number)
        return None if self._in_force is None else self._in_force.setup

    def _take_over(self, new: InForce) -> None:
        config = new.config
        self._on_config(config)
        self.parts.sender.zone, self.parts.sender.templates = config.timezone, config.templates
        self.parts.operations.use(config.channels)
        asked_anew = (*(self._to_follow or ()), *new.asked_anew)
        self._to_follow = asked_anew if self._in_force is not None else None
        self._in_force, self._is_enrolled = replace(new, setup=replace(new.setup, version=new.number)), False
        found = weak_spots(config, self.parts.sender, new.setup.matcher.compiled(), tested=new.tested)
        spots = {trouble: (title, text) for trouble, title, text in found}
        for mended in self._weak - spots.keys():
            self.parts.operations.over(mended)
        if not self.rules.trouble:  # else others go by newer ones
            self.parts.operations.take_back(OF_THE_RULES - spots.keys())
        self._weak = set(spots)
        for trouble, (title, text) in spots.items():
            self.parts.operations.tell(trouble, title, text)

    def _follow(self) -> None:
        """What the rules in force ask of the database; where it does not answer, at the next look again."""
        rules = self._in_force
        if rules is None or self._is_enrolled:
            return
        self._enrol()
        self._planning.follow(rules.number, self._to_follow, rules.config, now=self._fleet_clock.now())
        self._is_enrolled, self._to_follow = True, None

    def _enrol(self) -> None:
        rules = self._in_force
        if rules is not None:
            self._planning.enrol(rules.number, rules.setup)

    def _tell_of_rules(self) -> None:
        """Each machine has its own trouble, for workers differ in what they can load: what one could not use, another's
        success does not mend. The first word of a new worker takes back what one before it on the machine reported."""
        trouble = self.rules.trouble
        if self._in_force is None or trouble == self._told:
            return
        name, self._told = f"published {socket.gethostname()}", trouble
        if trouble:
            title = (
                f"Published rules were refused on {socket.gethostname()}; others are in force there, or a part of them"
            )
            self.parts.operations.tell(name, title, trouble)
        else:
            self.parts.operations.over(name)

    # --- work

    def _plan(self, payload: Mapping[str, Any]) -> None:
        if not self._stop.is_set():
            self._planning.work(payload)

    # --- the end

    def _end(self) -> int:
        """Hand back what was not begun, finish what is under way, let go."""
        log.info("worker.draining", extra={"worker": self.id})
        self.presence.drain()
        deadline = self.clock.monotonic() + DRAIN
        self._ticks.stop()
        self.batches.stop()
        self.parts.stop_to_send()
        drained = self.engine.stop(max(0.0, deadline - self.clock.monotonic()))
        ended = self.parts.close(within=max(1.0, deadline - self.clock.monotonic()))
        self._scheduler.shutdown(wait=False)
        self.presence.end()
        self.store.close()
        self.parts.let_go()
        self._lock.release()
        log.info("worker.ended", extra={"worker": self.id, "drained": drained and ended})
        return self._code

    def _take_signals(self) -> None:
        signal.signal(signal.SIGTERM, lambda *_: self._stop.set())
        signal.signal(signal.SIGINT, lambda *_: self._stop.set())
        signal.signal(signal.SIGHUP, lambda *_: self.rules.load_again())


def _guarded(work: Callable[[], None]) -> Callable[[], None]:
    """A job that raises is told and comes again."""

    def done() -> None:
        try:
            work()
        except StateError as error:
            log.warning("worker.again", extra={"job": work.__name__, "what": str(error)})
        except Exception:  # the others go on
            log.exception("worker.broke", extra={"job": work.__name__})

    return done
