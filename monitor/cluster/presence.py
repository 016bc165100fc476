"""What a worker says of itself, counted as it goes, and its sign of life, in the database and in its state directory.

The sign has a thread of its own, so that nothing the worker does holds it up; and nothing that ails the database ends
it. It is given while the worker is alive by its own account: a process whose ticks have stopped must not seem to be
there because one thread of it still is.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from math import inf
from pathlib import Path
from typing import Final

from monitor import heartbeat
from monitor.cluster.jobs.queues import Payload, Queue, Work
from monitor.cluster.parts import Heard
from monitor.errors import StateError
from monitor.metrics import outcome_of
from monitor.model import ArticleReport, Attempt, Delivery, PollReport
from monitor.model.workers import Stage, Told, WorkerSeen
from monitor.ports import Clock
from monitor.store.worker_rows import Workers

log = logging.getLogger(__name__)

EVERY: Final = 2.0  # seconds
LAST_WORD: Final = 2.0  # seconds that the end of a worker waits for the database
_FORGET: Final = 1800  # signs of life, an hour of them, after which those gone for long are removed again


@dataclass(frozen=True, slots=True, kw_only=True)
class Self:
    """Who the worker is, for as long as it lives. `id`: no two that live have the same."""

    id: str
    host: str
    pid: int
    version: str


@dataclass(slots=True)
class _Counts:
    polls: Counter[str] = field(default_factory=Counter)
    articles: Counter[str] = field(default_factory=Counter)
    deliveries: Counter[str] = field(default_factory=Counter)
    jobs: Counter[str] = field(default_factory=Counter)
    jobs_failed: Counter[str] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)  # jobs under way
    entries: int = 0
    alerts: int = 0
    batches: int = 0
    feeds: int = 0


class Presence:
    """Counts from any thread; `polled`, `read_article` and `delivered` fit the callbacks of `App`, and `Heard`."""

    def __init__(
        self,
        workers: Workers,
        me: Self,
        clock: Clock,
        *,
        rules: Callable[[], tuple[int | None, str]],
        alive: Callable[[], bool] = lambda: True,
        state: Path | None = None,
        every: float = EVERY,
    ) -> None:
        """`rules`: the number of the version worked by, and why that is not the newest. `state`: the directory where
        `monitor status --healthcheck` looks for a sign of life. `every`: seconds."""
        self._workers, self._me, self._clock, self._rules, self._alive = workers, me, clock, rules, alive
        self._state, self._every = state, every
        self._began_at = clock.now()
        self._lock = threading.Lock()
        self._counts = _Counts()
        self._stage: Stage = "working"
        self._ahead = timedelta(0)
        self._is_away = False  # the database, by the last sign
        self._reached_at: float | None = None  # monotonic
        self._ended = threading.Event()
        self._signs = 0
        self._thread = threading.Thread(target=self._live, name="presence", daemon=True)

    def others(self) -> tuple[WorkerSeen, ...]:
        """Who else is alive. Raises StateError."""
        return tuple(
            each.worker for each in self._workers.listed() if not each.is_gone and each.worker.id != self._me.id
        )

    # --- what happens

    def polled(self, report: PollReport) -> None:
        """A poll came to its end."""
        with self._lock:
            self._counts.polls[report.outcome] += 1
            self._counts.entries += report.new
            self._counts.alerts += len(report.alerts)

    def read_article(self, report: ArticleReport) -> None:
        """An article was read, or a try was in vain."""
        with self._lock:
            self._counts.articles["unread" if report.error else "read"] += 1
            self._counts.alerts += len(report.alerts)

    def delivered(self, _delivery: Delivery, attempt: Attempt) -> None:
        """A delivery was tried."""
        with self._lock:
            self._counts.deliveries[outcome_of(attempt)] += 1

    def over(self, queues: Sequence[Queue]) -> tuple[Queue, ...]:
        """The same queues, whose jobs are counted: those under way, and those that ended, good or bad."""
        return tuple(
            replace(queue, tasks={task: self._counted(task, work) for task, work in queue.tasks.items()})
            for queue in queues
        )

    def _counted(self, task: str, work: Work) -> Work:
        def counted(payload: Payload) -> None:
            ended = self._counts.jobs_failed
            self._begins(payload, 1)
            try:
                work(payload)
                ended = self._counts.jobs
            finally:
                self._begins(payload, -1)
                with self._lock:
                    ended[task] += 1

        return counted

    def _begins(self, payload: Payload, step: int) -> None:
        """By what a job is told it has in hand: the feeds of a batch (`Batch.payload`), the channel of deliveries."""
        feeds, channel = payload.get("feeds"), payload.get("channel")
        with self._lock:
            if isinstance(feeds, list):
                self._counts.batches += step
                self._counts.feeds += step * len(feeds)
            if isinstance(channel, str):
                self._counts.channels[channel] += step

    # --- what is said of it

    @property
    def is_draining(self) -> bool:
        return self._stage == "draining"

    @property
    def is_away(self) -> bool:
        """Whether the last sign of life did not reach the database."""
        return self._is_away

    @property
    def unheard_for(self) -> float:
        """Seconds since a sign of life last reached the database; infinite before the first."""
        reached = self._reached_at
        return inf if reached is None else self._clock.monotonic() - reached

    def seen(self) -> WorkerSeen:
        """As the next sign of life has it."""
        number, trouble = self._rules()
        with self._lock:
            told = _told(self._counts, self._ahead)
        return WorkerSeen(
            id=self._me.id,
            host=self._me.host,
            pid=self._me.pid,
            began_at=self._began_at,
            version=self._me.version,
            stage=self._stage,
            rules_number=number,
            rules_trouble=trouble,
            told=told,
        )

    # --- signs of life

    def start(self) -> None:
        """The first sign is given at once, by the thread."""
        self._thread.start()

    def drain(self) -> None:
        """From now on it takes nothing new; said with the next sign of life."""
        self._stage = "draining"

    def end(self) -> None:
        """It ends cleanly and is missed by nobody. Returns soon, also while the database is away. Idempotent."""
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join(LAST_WORD)
        if self._state is not None:
            heartbeat.remove(self._state)
        last = threading.Thread(target=self._say_goodbye, name="presence-end", daemon=True)
        last.start()
        last.join(LAST_WORD)

    def beat(self) -> bool:
        """Whether the sign reached the database. Never raises."""
        try:
            if not self._alive():
                return False
            self._beat_here()
            before = self._clock.now()
            at = self._workers.beat(self.seen())
            self._ahead = before + (self._clock.now() - before) / 2 - at
            if self._signs % _FORGET == 0:
                self._workers.forget()
            self._signs += 1
        except StateError as error:
            self._tell_away(str(error))
            return False
        except Exception:  # whatever it is, the next sign may come through
            if not self._is_away:
                log.exception("presence.broke")
            self._is_away = True
            return False
        self._reached_at = self._clock.monotonic()
        if self._is_away:
            log.warning("presence.back")
        self._is_away = False
        return True

    def _tell_away(self, why: str) -> None:
        if not self._is_away:
            log.warning("presence.away", extra={"what": why})
        self._is_away = True

    def _beat_here(self) -> None:
        """For who restarts the process if it hangs: a database that is away is no reason to."""
        if self._state is None:
            return
        beat = heartbeat.Heartbeat(
            pid=self._me.pid,
            started_at=self._began_at.isoformat(),
            beat_at=self._clock.now().isoformat(),
            version=self._me.version,
        )
        with contextlib.suppress(OSError):
            heartbeat.write(self._state, beat)

    def _live(self) -> None:
        self.beat()
        while not self._ended.wait(self._every):
            self.beat()

    def _say_goodbye(self) -> None:
        try:
            self._workers.end(self._me.id)
        except StateError as error:
            log.warning("presence.not_ended", extra={"what": str(error)})


def _told(counts: _Counts, ahead: timedelta) -> Told:
    return Told(
        polls=dict(counts.polls),
        entries=counts.entries,
        alerts=counts.alerts,
        articles=dict(counts.articles),
        deliveries=dict(counts.deliveries),
        jobs=dict(counts.jobs),
        jobs_failed=dict(counts.jobs_failed),
        batches=counts.batches,
        feeds=counts.feeds,
        channels=tuple(sorted(channel for channel, number in counts.channels.items() if number)),
        clock_ahead=ahead - ahead % timedelta(milliseconds=1),
    )


def both(heard: Heard, presence: Presence) -> Heard:
    """Each is told of everything."""

    def polled(report: PollReport) -> None:
        presence.polled(report)
        heard.poll(report)

    def delivered(delivery: Delivery, attempt: Attempt) -> None:
        presence.delivered(delivery, attempt)
        heard.delivery(delivery, attempt)

    def read_article(report: ArticleReport) -> None:
        presence.read_article(report)
        heard.article(report)

    return Heard(poll=polled, delivery=delivered, article=read_article)
