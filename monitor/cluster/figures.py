"""The fleet, and one worker of it, as Prometheus reads them: `docs/reference/metrics.md` lists every name.

Every worker tells the figures of the whole fleet, so that whichever is asked knows them; they all begin with
`monitor_fleet_`, and are not to be added up over workers: `max` is right, `sum` is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from monitor.cluster.overview import Overview
from monitor.metrics import family, gauge
from monitor.model.workers import WorkerSeen

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

_SAME = "Of the fleet, the same from every worker: max, not sum."


def of_worker(seen: WorkerSeen, *, ready: bool, lag: float) -> Iterator[Metric]:
    """`lag`: seconds by which its tick is late that comes each second."""
    told = seen.told
    yield gauge("monitor_worker_ready", "1 while the worker takes on work.", ready)
    yield gauge("monitor_worker_draining", "1 while it ends its work.", seen.stage == "draining")
    yield gauge("monitor_worker_began_timestamp_seconds", "When it was started.", seen.began_at)
    yield gauge("monitor_worker_rules_version", "The rules version it works by; 0 for none.", seen.rules_number or 0)
    refused = "1 if it does not work by the newest rules because it cannot."
    yield gauge("monitor_worker_rules_refused", refused, bool(seen.rules_trouble))
    ahead = "How far its clock is ahead of the database's."
    yield gauge("monitor_worker_clock_ahead_seconds", ahead, told.clock_ahead.total_seconds())
    yield gauge("monitor_worker_batches", "Batches of feeds that it has in hand.", told.batches)
    yield gauge("monitor_worker_feeds", "Feeds in these batches.", told.feeds)
    yield gauge("monitor_worker_channels", "Channels that it sends to at the moment.", len(told.channels))
    jobs = _counter("monitor_worker_jobs", "Jobs that came to their end, by task and result.", ("task", "result"))
    for result, counts in (("done", told.jobs), ("failed", told.jobs_failed)):
        for task, count in sorted(counts.items()):
            jobs.add_metric((task, result), count)
    yield jobs
    yield gauge("monitor_scheduler_lag_seconds", "How late the tick is that comes each second.", lag)


def of_fleet(fleet: Overview | None) -> Iterator[Metric]:
    """None: the database cannot be asked now."""
    yield gauge("monitor_fleet_readable", f"1 if the database answers. {_SAME}", fleet is not None)
    if fleet is None:
        return
    yield from _workers(fleet)
    yield from _feeds(fleet)
    yield from _jobs(fleet)
    yield from _deliveries(fleet)
    server = fleet.server
    yield gauge("monitor_fleet_database_connections", f"Connections taken. {_SAME}", server.connections)
    most = f"Connections that there may be. {_SAME}"
    yield gauge("monitor_fleet_database_connections_max", most, server.connections_most)


def _workers(fleet: Overview) -> Iterator[Metric]:
    workers = family("monitor_fleet_workers", f"Workers by stage. {_SAME}", ("stage",))
    stages = Counter(
        "waiting" if each.worker.stage == "working" and each.worker.rules_number is None else each.worker.stage
        for each in fleet.alive
    )
    for stage in ("working", "waiting", "draining"):
        workers.add_metric((stage,), stages[stage])
    workers.add_metric(("gone",), len(fleet.gone))
    yield workers
    number = 0 if fleet.rules is None else fleet.rules.number
    yield gauge("monitor_fleet_rules_version", f"The rules version in force; 0 for none. {_SAME}", number)
    following = f"Workers alive that work by it. {_SAME}"
    yield gauge("monitor_fleet_workers_following", following, fleet.following)


def _feeds(fleet: Overview) -> Iterator[Metric]:
    feeds = fleet.feeds
    yield gauge("monitor_fleet_feeds_due", f"Feeds that are due, in nobody's hands. {_SAME}", feeds.due)
    yield gauge("monitor_fleet_lag_seconds", f"How long the first has been due. {_SAME}", feeds.lag.total_seconds())
    yield gauge("monitor_fleet_feeds_leased", f"Feeds in the hands of workers. {_SAME}", feeds.leased)
    yield gauge("monitor_fleet_leases_expired", f"Feeds due whose lease had no answer. {_SAME}", feeds.expired)
    yield gauge("monitor_fleet_feeds_put_off", f"Feeds that wait for their hosts. {_SAME}", feeds.put_off)


def _jobs(fleet: Overview) -> Iterator[Metric]:
    jobs = family("monitor_fleet_jobs", f"Jobs in the queue. {_SAME}", ("task", "state"))
    oldest = family("monitor_fleet_jobs_oldest_seconds", f"How long the first waits. {_SAME}", ("task",))
    for each in fleet.tasks:
        counts = {
            "waiting": each.waiting, "running": each.running, "stalled": each.stalled, "failed": each.failed
        }  # fmt: skip
        for state, count in counts.items():
            jobs.add_metric((each.task, state), count)
        oldest.add_metric((each.task,), 0 if each.oldest is None else each.oldest.total_seconds())
    yield from (jobs, oldest)


def _deliveries(fleet: Overview) -> Iterator[Metric]:
    deliveries = family("monitor_fleet_deliveries", f"Deliveries not arrived. {_SAME}", ("channel", "status"))
    for channel, owed in fleet.owed.items():
        for status, count in (("pending", owed.pending), ("retrying", owed.retrying), ("dead", owed.dead)):
            deliveries.add_metric((channel, status), count)
    yield deliveries


def _counter(name: str, about: str, labels: tuple[str, ...]) -> Any:
    from prometheus_client.metrics_core import CounterMetricFamily

    return CounterMetricFamily(name, about, labels=labels)
