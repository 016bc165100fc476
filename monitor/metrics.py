"""What the monitor did and how it stands, as Prometheus reads it: `docs/reference/metrics.md` lists every name.

Counters are of this process; gauges come from what is recorded. Labels are ids of feeds, rules and channels alone:
never an address or a headline, and never more of them than the rules file has. The library is imported for the first
page.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from monitor import __version__
from monitor.model import (
    ArticleReport,
    Attempt,
    Delivery,
    DeliveryStatus,
    FeedState,
    FetchRequest,
    FetchResult,
    NotSent,
    PollReport,
    Sent,
)
from monitor.ports import Clock, Fetcher

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

FETCH_SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60)
LATENCY_SECONDS: Final = (5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400)

# name -> its labels, and what it says
_COUNTERS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "monitor_feed_fetches": (("feed", "outcome"), "Polls by what came of them."),
    "monitor_items": (("feed", "result"), "Entries in the documents that were read."),
    "monitor_articles": (("feed", "outcome"), "Pages of articles that were asked for."),
    "monitor_matches": (("rule",), "Entries that a rule held for, told or not."),
    "monitor_verdicts": (("reason",), "Matches by why they were told, or were not."),
    "monitor_alerts": (("rule", "severity"), "Alerts raised."),
    "monitor_notifications": (("channel", "outcome"), "Tries to deliver an alert to one recipient."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How things stand when a page is asked for. `lag` is in seconds. No `deliveries`: the state cannot be read."""

    rules_at: datetime
    rules_refused: bool
    lag: float
    feeds: Sequence[FeedState] = ()
    deliveries: Mapping[DeliveryStatus, int] | None = None
    held: int = 0
    troubles: int = 0
    free_bytes: int = 0


class _Histogram:
    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def observe(self, value: float) -> None:
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def read(self) -> tuple[list[tuple[str, float]], float]:
        total, buckets = 0, []
        for bound, count in zip((*map(str, map(float, self._bounds)), "+Inf"), self._counts, strict=True):
            total += count
            buckets.append((bound, float(total)))
        return buckets, self._sum


class Metrics:
    """Counts, from any thread."""

    def __init__(self, *, by_feed: bool = True) -> None:
        """`by_feed`: False leaves the feed out of the labels, where there may be a hundred thousand of them."""
        self._by_feed = by_feed
        self._lock = threading.Lock()
        self._counts: dict[str, Counter[tuple[str, ...]]] = {name: Counter() for name in _COUNTERS}
        self._fetches = _Histogram(FETCH_SECONDS)
        self._latencies = _Histogram(LATENCY_SECONDS)

    def polled(self, report: PollReport) -> None:
        """A poll came to its end."""
        known = max(report.window - report.new - report.changed, 0)
        items = {"new": report.new, "changed": report.changed, "duplicate": known}
        with self._lock:
            self._counts["monitor_feed_fetches"][self._feed(report), report.outcome] += 1
            for result, count in items.items():
                self._counts["monitor_items"][self._feed(report), result] += count
            self._judged(report)

    def read_article(self, report: ArticleReport) -> None:
        """An article was read, or a try was in vain."""
        with self._lock:
            self._counts["monitor_articles"][self._feed(report), "unread" if report.error else "read"] += 1
            self._judged(report)

    def _feed(self, report: PollReport | ArticleReport) -> str:
        return report.feed_id if self._by_feed else ""  # to Prometheus, an empty label is none

    def _judged(self, report: PollReport | ArticleReport) -> None:
        for rule_id, count in report.matches.items():
            self._counts["monitor_matches"][(rule_id,)] += count
        for reason, count in report.verdicts.items():
            self._counts["monitor_verdicts"][(reason.name.lower(),)] += count
        for alert in report.alerts:
            self._counts["monitor_alerts"][alert.rule_id, alert.severity.value] += 1

    def tried(self, delivery: Delivery, attempt: Attempt) -> None:
        """A delivery was tried."""
        with self._lock:
            self._counts["monitor_notifications"][delivery.recipient.channel_id, outcome_of(attempt)] += 1
            published_at = delivery.alert.published_at
            if isinstance(attempt.result, Sent) and published_at is not None:
                self._latencies.observe(max((attempt.result.sent_at - published_at).total_seconds(), 0.0))

    def fetched(self, seconds: float) -> None:
        """A fetch came to its end."""
        with self._lock:
            self._fetches.observe(seconds)

    def page(self, standing: Standing) -> bytes:
        """The exposition, in Prometheus' text format 0.0.4."""
        return self.exposition(_gauges(standing))

    def exposition(self, gauges: Iterable[Metric]) -> bytes:
        """What was counted, and these, which are of the moment."""
        from prometheus_client.exposition import generate_latest
        from prometheus_client.registry import Collector

        class All(Collector):
            def collect(_self) -> Iterable[Metric]:
                return metrics

        told = [*gauges, build()]
        with self._lock:
            metrics = [*self._counters(), *self._histograms(), *told]
        return generate_latest(All())

    def _counters(self) -> Iterator[Metric]:
        from prometheus_client.metrics_core import CounterMetricFamily

        for name, (labels, about) in _COUNTERS.items():
            family = CounterMetricFamily(name, about, labels=labels)
            for values, count in sorted(self._counts[name].items()):
                family.add_metric(values, count)
            yield family

    def _histograms(self) -> Iterator[Metric]:
        from prometheus_client.metrics_core import HistogramMetricFamily

        for name, about, histogram in (
            ("monitor_feed_fetch_duration_seconds", "From asking for a feed to its answer.", self._fetches),
            ("monitor_alert_latency_seconds", "From an entry's publication to the delivery sent.", self._latencies),
        ):
            buckets, total = histogram.read()
            yield HistogramMetricFamily(name, about, buckets=buckets, sum_value=total)


def outcome_of(attempt: Attempt) -> str:
    """`sent`, `failed` (tried again), `passed_on` (to the fallback) or `dead` (given up)."""
    if not isinstance(attempt.result, NotSent):
        return "sent"
    if attempt.passed_to is not None:
        return "passed_on"
    return "dead" if attempt.dead else "failed"


def _gauges(standing: Standing) -> Iterator[Metric]:
    yield gauge(
        "monitor_rules_load_success", "1 if the rules file as it is now is in force.", not standing.rules_refused
    )
    yield gauge("monitor_rules_load_timestamp_seconds", "When the rules in force were read.", standing.rules_at)
    yield gauge("monitor_scheduler_lag_seconds", "How late the tick is that comes each second.", standing.lag)
    yield gauge("monitor_state_readable", "1 if the state can be read.", standing.deliveries is not None)
    if standing.deliveries is not None:
        waiting = standing.deliveries[DeliveryStatus.PENDING] + standing.deliveries[DeliveryStatus.RETRYING]
        queue = waiting - standing.held
        yield gauge("monitor_notification_queue_length", "Deliveries that wait to be sent.", queue)
        held = "Deliveries that are held: for quiet hours, a digest, a throttle."
        yield gauge("monitor_notification_held", held, standing.held)
        dead = standing.deliveries[DeliveryStatus.DEAD]
        yield gauge("monitor_notification_dead", "Deliveries that were given up.", dead)
        yield gauge("monitor_troubles", "What is wrong with the monitor now; its status tells what.", standing.troubles)
        yield gauge("monitor_state_free_bytes", "Room left where the state is.", standing.free_bytes)
        yield from _feed_gauges(standing.feeds)


def _feed_gauges(feeds: Sequence[FeedState]) -> Iterator[Metric]:
    success = family("monitor_feed_last_success_timestamp_seconds", "When a feed was last read.", ("feed",))
    newest = family("monitor_feed_newest_item_timestamp_seconds", "When its newest entry was published.", ("feed",))
    failures = family("monitor_feed_failures", "Polls that failed since the last that did not.", ("feed",))
    for state in feeds:
        if state.last_success_at is not None:
            success.add_metric((state.feed_id,), state.last_success_at.timestamp())
        if state.newest_at is not None:
            newest.add_metric((state.feed_id,), state.newest_at.timestamp())
        failures.add_metric((state.feed_id,), state.failures)
    yield from (success, newest, failures)


def build() -> Metric:
    made = family("monitor_build_info", "1; its labels tell the version.", ("version",))
    made.add_metric((__version__,), 1)
    found: Metric = made
    return found


def family(name: str, about: str, labels: tuple[str, ...]) -> Any:
    from prometheus_client.metrics_core import GaugeMetricFamily

    return GaugeMetricFamily(name, about, labels=labels)


def gauge(name: str, about: str, value: float | datetime) -> Metric:
    from prometheus_client.metrics_core import GaugeMetricFamily

    return GaugeMetricFamily(name, about, value=value.timestamp() if isinstance(value, datetime) else float(value))


class TimedFetcher:
    """A `Fetcher` that times another. From the order to the answer: the wait for the host's turn is in it."""

    def __init__(self, fetcher: Fetcher, *, metrics: Metrics, clock: Clock) -> None:
        self._fetcher, self._metrics, self._clock = fetcher, metrics, clock

    def submit(self, request: FetchRequest) -> Future[FetchResult]:
        begun = self._clock.monotonic()
        future = self._fetcher.submit(request)
        future.add_done_callback(lambda _: self._metrics.fetched(self._clock.monotonic() - begun))
        return future

    def close(self) -> None:
        self._fetcher.close()
