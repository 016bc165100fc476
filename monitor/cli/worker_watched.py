"""What is asked of a worker from outside: counted as it goes, and served."""

from __future__ import annotations

import logging

from monitor.clock import SystemClock
from monitor.cluster.parts import Heard
from monitor.cluster.vitals import WorkerVitals
from monitor.cluster.worker import Worker
from monitor.metrics import Metrics, TimedFetcher
from monitor.model import ArticleReport, Attempt, Delivery, PollReport
from monitor.ports import Fetcher
from monitor.serve import Listen

log = logging.getLogger("monitor")


class Watched:
    """Feeds stand in no label: a fleet may have a hundred thousand, and every worker polls each at some time."""

    def __init__(self, listen: str, hosts: tuple[str, ...], heard: Heard) -> None:
        """Raises UsageError."""
        self._listen, self._hosts, self._heard = Listen.of(listen), hosts, heard
        self._metrics = Metrics(by_feed=False)
        self.heard = Heard(poll=self._polled, delivery=self._tried, article=self._read_article)
        if not self._listen.is_loopback:
            what = (
                "others on the network can read how this monitor does: ids of rules, channels and workers, names of "
                "tasks, and counts"
            )
            log.warning("listen.open", extra={"address": self._listen.host, "what": what})

    def around(self, fetcher: Fetcher) -> Fetcher:
        return TimedFetcher(fetcher, metrics=self._metrics, clock=SystemClock())

    def serve(self, worker: Worker) -> None:
        """Raises UsageError."""
        vitals = WorkerVitals(
            presence=worker.presence,
            database=worker.store.database,
            metrics=self._metrics,
            since_tick=worker.since_tick,
            clock=worker.clock,
        )
        server = vitals.server(self._listen, hosts=self._hosts)
        server.start()
        log.info("listen.started", extra={"address": self._listen.host, "port": server.port})

    def _polled(self, report: PollReport) -> None:
        self._metrics.polled(report)
        self._heard.poll(report)

    def _tried(self, delivery: Delivery, attempt: Attempt) -> None:
        self._metrics.tried(delivery, attempt)
        self._heard.delivery(delivery, attempt)

    def _read_article(self, report: ArticleReport) -> None:
        self._metrics.read_article(report)
        self._heard.article(report)
