"""The jobs of the engine: what each task does, in which queue, and how often it comes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from monitor.cluster.jobs.engine import Engine
from monitor.cluster.jobs.queues import Queue
from monitor.cluster.jobs.ticks import Tick
from monitor.cluster.parts import Parts
from monitor.cluster.planning import POLL
from monitor.cluster.pressure import lag
from monitor.cluster.rules_watch import InForce
from monitor.cluster.set_back import mend
from monitor.cluster.turns import CHANNELS
from monitor.ports import Clock
from monitor.silences import Silences
from monitor.store import tidy
from monitor.store.postgres.store import PostgresStore
from monitor.store.rules_rows import is_outdated
from monitor.store.watch_rows import watches

log = logging.getLogger(__name__)

Payload = Mapping[str, Any]
Work = Callable[[Payload], None]

PLAN: Final = "plan"
DELIVER: Final = "deliver"
SWEEP: Final = "sweep"
CHAINS: Final = "chains"
ARTICLES: Final = "articles"
LOOK: Final = "look"
ALIVE: Final = "alive"
TIDY: Final = "tidy"

BATCHES: Final = 16  # that a worker polls at a time: 400 feeds, most of which wait for their hosts
SECOND: Final = timedelta(seconds=1)
LATE_AFTER: Final = timedelta(minutes=3)  # feeds that are due, before the heartbeat says so
TICKS: Final[Mapping[str, Tick]] = {
    PLAN: Tick(every=SECOND),
    SWEEP: Tick(every=SECOND),
    CHAINS: Tick(every=SECOND),
    ARTICLES: Tick(every=2 * SECOND),
    ALIVE: Tick(every=5 * SECOND),
    LOOK: Tick(every=30 * SECOND),
    TIDY: Tick(every=timedelta(hours=6)),
}


def queues(*, plan: Work, poll: Work, deliver: Work, house: Mapping[str, Work], batches: int) -> tuple[Queue, ...]:
    """What must not wait for other work has a queue, and threads, of its own."""
    return (
        Queue(name=PLAN, at_once=1, tasks={PLAN: plan}),
        Queue(name=SWEEP, at_once=1, tasks={SWEEP: house[SWEEP]}),  # alerts do not wait for feeds
        Queue(name=POLL, at_once=batches, tasks={POLL: poll}),
        Queue(name=DELIVER, at_once=CHANNELS, tasks={DELIVER: deliver}),
        Queue(name="soon", at_once=2, tasks={name: house[name] for name in (CHAINS, ARTICLES, ALIVE)}),
        Queue(name=LOOK, at_once=1, tasks={LOOK: house[LOOK]}),
        Queue(name=TIDY, at_once=1, tasks={TIDY: house[TIDY]}),  # it may take long, and silences are told by looks
    )


class House:
    """What one worker at a time does for all, whoever comes first to a slot."""

    def __init__(
        self, *, store: PostgresStore, parts: Parts, rules: Callable[[], InForce | None], clock: Clock
    ) -> None:
        """`rules`: those in force here; None while there are none."""
        self._store, self._parts, self._rules, self._clock = store, parts, rules, clock

    def works(self, engine: Callable[[], Engine]) -> Mapping[str, Work]:
        """By task."""
        return {
            SWEEP: lambda _: self._sweep(engine()),
            CHAINS: self._with_rules(lambda rules: self._parts.chains.tick(rules.setup)),
            ARTICLES: self._with_rules(lambda rules: self._parts.articles.tick(rules.setup)),
            ALIVE: self._with_rules(self._beat),
            LOOK: self._with_rules(self._look),
            TIDY: lambda _: self._tidy(),
        }

    def deliver(self, payload: Payload) -> None:
        """Send what is due to a channel, in turn; nothing while another worker does."""
        rules, channel = self._rules(), str(payload["channel"])
        if rules is not None and not self._leaves_to_others(rules, channel):
            self._parts.deliveries.serve(rules.setup, channel)

    def _leaves_to_others(self, rules: InForce, channel: str) -> bool:
        """A channel of newer rules, which to us is none: what is due to it would count as tried in vain."""
        if channel in rules.setup.channels:
            return False
        with self._store.database.read() as db:
            return is_outdated(db, rules.number)

    def _with_rules(self, work: Callable[[InForce], object]) -> Work:
        def done(_payload: Payload) -> None:
            rules = self._rules()
            if rules is not None:
                work(rules)

        return done

    def _sweep(self, engine: Engine) -> None:
        """A job for each channel for which something is due, unless one waits already."""
        due = self._parts.deliveries.due()
        if not due:
            return
        with self._store.database.write() as db:
            engine.defer(
                db.raw, DELIVER, [{"channel": each} for each in due],
                queueing_lock=lambda payload: f"{DELIVER}:{payload['channel']}",
            )  # fmt: skip

    def _beat(self, rules: InForce) -> None:
        """Where feeds wait to be asked, all the jobs but those of polls may go their way, and none would tell."""
        if rules.config.beacon is None:
            return
        with self._store.database.read() as db:
            late = lag(db.raw)
        minutes = late // timedelta(minutes=1)
        why = f"feeds are due for {minutes} minutes, and nobody asks them" if late >= LATE_AFTER else ""
        self._parts.lookout.beat_if_due(rules.config, ticking=why)

    def _look(self, rules: InForce) -> None:
        """As `App.look_after_itself`."""
        self._store.database.do(mend)
        try:
            self._parts.lookout.send_canaries(rules.config)
            if rules.config.watching or watches(self._store.database):
                Silences(store=self._store, clock=self._clock).look(rules.setup, rules.config.watching)
        finally:
            self._parts.lookout.look(rules.config, rules.setup.rules)

    def _tidy(self) -> None:
        removed = tidy(self._store, now=self._clock.now())
        log.info("state.tidied", extra={"entries": removed.entries, "alerts": removed.alerts})
