"""Is the daemon alive, is it ready, and its figures: the answers to whoever watches it from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from monitor.config import Config
from monitor.errors import StateError
from monitor.feeds.schedule import AUTO_BOUNDS
from monitor.metrics import CONTENT_TYPE, Metrics, Standing
from monitor.ports import Clock
from monitor.serve import Listen, Page, Server, Site
from monitor.store import ballast
from monitor.store.read import Reader
from monitor.store.which import open_reader

ALIVE: Final = 30.0  # seconds without a tick: then the watchdog ends the process, too
TICK: Final = 1.0
PASSES: Final = 2  # shortest intervals within which a poll must have come to its end
SHORTEST: Final = timedelta(minutes=1)  # a feed may be asked more often; a pass that is a little late is no alarm


class Vitals:
    """`config`, `rules` (when they were read, and whether a later file was refused) and `since_tick` (seconds) tell how
    things are now. Reads the state over a connection of its own, which waits for nobody. From any thread."""

    def __init__(
        self,
        *,
        state: Path,
        config: Callable[[], Config],
        rules: Callable[[], tuple[datetime, bool]],
        since_tick: Callable[[], float],
        metrics: Metrics,
        clock: Clock,
    ) -> None:
        self._state, self._config, self._rules, self._since_tick = state, config, rules, since_tick
        self._metrics, self._clock = metrics, clock

    def server(self, listen: Listen, *, hosts: Iterable[str] = (), site: Site | None = None) -> Server:
        """Bound, not started yet. Raises UsageError."""
        pages = {"/readyz": self.readiness, "/metrics": self.figures}
        return Server(listen, pages, at_once={"/healthz": self.health}, site=site, hosts=hosts)

    def health(self) -> Page:
        """200 while ticks come; 503 if none did for half a minute."""
        return health_of(self._since_tick())

    def readiness(self) -> Page:
        """200 if the state can be read, there are rules, and feeds are polled."""
        health = self.health()
        if health.status != 200:
            return health
        try:
            why = self._why_not_ready()
        except StateError:
            why = "the state cannot be read; 'monitor doctor' says why"
        return Page(503, f"not ready: {why}") if why else Page(200, "ready")

    def figures(self) -> Page:
        return Page(200, self._metrics.page(self._standing()), content_type=CONTENT_TYPE)

    def _why_not_ready(self) -> str:
        config = self._config()
        if not config.rules or not config.feeds:
            return "there are no rules or no feeds"
        reader = self._reader()
        if reader is None:
            return "nothing is recorded yet"
        with reader:
            last = reader.last_polled_at()
        every = min(AUTO_BOUNDS[1] if feed.auto else feed.every for feed in config.feeds)
        allowed = PASSES * max(every, SHORTEST)
        passed = None if last is None else self._clock.now() - last
        if passed is None:
            return "no feed was polled yet"
        if passed > allowed:
            return (
                f"no feed was polled for {passed.total_seconds():.0f} seconds, {allowed.total_seconds():.0f} are usual"
            )
        return ""

    def _standing(self) -> Standing:
        rules_at, refused = self._rules()
        lag = max(self._since_tick() - TICK, 0.0)
        try:
            reader = self._reader()
            if reader is None:
                return Standing(rules_at=rules_at, rules_refused=refused, lag=lag)
            known = {feed.id for feed in self._config().feeds}
            with reader:
                return Standing(
                    rules_at=rules_at,
                    rules_refused=refused,
                    lag=lag,
                    feeds=[state for state in reader.feeds() if state.feed_id in known],
                    deliveries=reader.totals().deliveries,
                    held=reader.held(self._clock.now()),
                    troubles=sum(trouble.lasts for trouble in reader.troubles().values()),
                    free_bytes=ballast.free(self._state),
                )
        except StateError:
            return Standing(rules_at=rules_at, rules_refused=refused, lag=lag)

    def _reader(self) -> Reader | None:
        return open_reader(self._state)


def health_of(since_tick: float) -> Page:
    """What `/healthz` answers, so many seconds after the last tick."""
    return Page(200, "alive") if since_tick < ALIVE else Page(503, f"no tick for {since_tick:.0f} seconds")
