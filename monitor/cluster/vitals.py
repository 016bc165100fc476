"""Is this worker alive, does it take on work, and its figures: the answers to whoever watches it from outside."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Final

from monitor.cluster.figures import of_fleet, of_worker
from monitor.cluster.overview import Overview, overview
from monitor.cluster.presence import EVERY, Presence
from monitor.errors import StateError
from monitor.metrics import CONTENT_TYPE, Metrics
from monitor.ports import Clock
from monitor.serve import Listen, Page, Server, Site
from monitor.store.sql import Database
from monitor.vitals import TICK, health_of

UNHEARD: Final = 5 * EVERY  # seconds without a sign of life in the database
FRESH: Final = 5.0  # seconds that a look at the fleet is good for, however many ask


class WorkerVitals:
    """From any thread. No page waits for a database that is away: what the signs of life found out is enough."""

    def __init__(
        self,
        *,
        presence: Presence,
        database: Database,
        metrics: Metrics,
        since_tick: Callable[[], float],
        clock: Clock,
    ) -> None:
        """`since_tick`: seconds since a tick came, which comes each second."""
        self._presence, self._database, self._metrics = presence, database, metrics
        self._since_tick, self._clock = since_tick, clock
        self._lock = threading.Lock()
        self._fleet: Overview | None = None
        self._looked_at: float | None = None

    def server(self, listen: Listen, *, hosts: Iterable[str] = (), site: Site | None = None) -> Server:
        """Bound, not started yet. Raises UsageError."""
        pages = {"/readyz": self.readiness, "/metrics": self.figures}
        return Server(listen, pages, at_once={"/healthz": self.health}, site=site, hosts=hosts)

    def health(self) -> Page:
        """200 while ticks come; 503 if none did for half a minute. A database that is away is no reason to restart."""
        return health_of(self._since_tick())

    def readiness(self) -> Page:
        """200 while it takes on work: the database answers, there are rules, and it was not told to end."""
        health = self.health()
        if health.status != 200:
            return health
        why = self._why_not_ready()
        return Page(503, f"not ready: {why}") if why else Page(200, "ready")

    def figures(self) -> Page:
        lag = max(self._since_tick() - TICK, 0.0)
        ready = self.readiness().status == 200
        told = [*of_worker(self._presence.seen(), ready=ready, lag=lag), *of_fleet(self._look())]
        return Page(200, self._metrics.exposition(told), content_type=CONTENT_TYPE)

    def _why_not_ready(self) -> str:
        if self._presence.is_draining:
            return "it ends its work"
        if self._presence.unheard_for > UNHEARD:
            return "the database does not answer; 'monitor doctor' says why"
        if self._presence.seen().rules_number is None:
            return "it has no rules yet: 'monitor rules list' shows what was published, its log what it cannot load"
        return ""

    def _look(self) -> Overview | None:
        """One look at a time; who comes meanwhile gets what it finds."""
        if self._presence.unheard_for > UNHEARD:
            return None
        with self._lock:
            now = self._clock.monotonic()
            if self._looked_at is None or now - self._looked_at > FRESH:
                try:
                    self._fleet = overview(self._database)
                except StateError:
                    self._fleet = None
                self._looked_at = self._clock.monotonic()
            return self._fleet
