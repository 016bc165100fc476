"""When a worker calls itself alive and ready, and its figures and the fleet's."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from monitor.cluster import vitals as module
from monitor.cluster.figures import of_fleet
from monitor.cluster.jobs.pressure import TaskPressure
from monitor.cluster.presence import Presence, Self
from monitor.cluster.vitals import FRESH, UNHEARD, WorkerVitals
from monitor.errors import StateError
from monitor.metrics import Metrics
from monitor.model import PollReport
from monitor.serve import Listen
from monitor.store import SqliteStore
from monitor.store.views.fleet import Owed
from monitor.store.worker_rows import Workers
from monitor.vitals import ALIVE
from tests.cluster.fleet import SECOND, overview_of, record
from tests.store.builders import NOW


@dataclass
class Clock:
    passed: float = 0.0

    def now(self):
        return NOW

    def monotonic(self) -> float:
        return self.passed


@dataclass
class Told:
    """A worker whose circumstances a test changes."""

    presence: Presence
    clock: Clock
    late: float = 0.0
    rules: tuple[int | None, str] = (7, "")
    fleet: object = field(default_factory=overview_of)
    looks: int = 0
    vitals: WorkerVitals = field(init=False)

    def overview(self, _database):
        self.looks += 1
        if isinstance(self.fleet, Exception):
            raise self.fleet
        return self.fleet


@pytest.fixture
def worker(monkeypatch):
    store, clock = SqliteStore.in_memory(now=NOW), Clock()
    workers = Workers(store.database, lambda _db: NOW)
    me = Self(id="a-1", host="alpha", pid=1, version="1")
    presence = Presence(workers, me, clock, rules=lambda: made.rules)
    made = Told(presence, clock)
    metrics = Metrics(by_feed=False)
    metrics.polled(PollReport(feed_id="one", outcome="polled"))
    made.vitals = WorkerVitals(
        presence=presence, database=store.database, metrics=metrics, since_tick=lambda: made.late, clock=clock
    )
    monkeypatch.setattr(module, "overview", made.overview)
    presence.beat()
    yield made
    store.close()


def figures(page) -> dict[str, float]:
    return {
        sample.name + "".join(f" {key}={value}" for key, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(page.body.decode())
        for sample in family.samples
    }


def test_it_is_ready_with_rules_and_a_database_that_answers(worker):
    assert (worker.vitals.health().status, worker.vitals.readiness().status) == (200, 200)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda worker: setattr(worker, "rules", (None, "none yet")), "no rules yet"),
        (lambda worker: worker.presence.drain(), "it ends its work"),
        (lambda worker: setattr(worker.clock, "passed", UNHEARD + 0.1), "the database does not answer"),
    ],
)
def test_it_is_alive_and_not_ready(worker, change, why):
    change(worker)
    page = worker.vitals.readiness()
    assert (page.status, worker.vitals.health().status) == (503, 200)
    assert why in page.body
    assert figures(worker.vitals.figures())["monitor_worker_ready"] == 0


def test_a_worker_with_older_rules_is_ready_all_the_same(worker):
    worker.rules = (6, "rules version 7 cannot be used")
    assert worker.vitals.readiness().status == 200
    told = figures(worker.vitals.figures())
    assert (told["monitor_worker_rules_version"], told["monitor_worker_rules_refused"]) == (6, 1)


def test_it_is_not_alive_once_its_ticks_have_stopped(worker):
    worker.late = ALIVE
    assert (worker.vitals.health().status, worker.vitals.readiness().status) == (503, 503)
    assert figures(worker.vitals.figures())["monitor_scheduler_lag_seconds"] == ALIVE - 1


def test_it_is_not_ready_before_its_first_sign_of_life(worker):
    fresh = Presence(worker.presence._workers, worker.presence._me, worker.clock, rules=lambda: (7, ""))
    worker.vitals._presence = fresh
    assert worker.vitals.readiness().status == 503


def test_its_page_has_its_own_counters_and_the_figures_of_the_fleet(worker):
    told = figures(worker.vitals.figures())
    assert told["monitor_feed_fetches_total feed= outcome=polled"] == 1
    assert told["monitor_fleet_readable"] == 1
    assert told["monitor_fleet_workers stage=working"] == 2
    assert told["monitor_fleet_lag_seconds"] == 2


def test_however_many_ask_the_fleet_is_looked_at_every_few_seconds(worker):
    for _ in range(5):
        worker.vitals.figures()
    assert worker.looks == 1
    worker.clock.passed = FRESH + 0.1
    worker.vitals.figures()
    assert worker.looks == 2


def test_a_database_that_is_away_leaves_the_workers_own_figures_and_is_not_waited_for(worker):
    worker.fleet = StateError("away")
    told = figures(worker.vitals.figures())
    assert told["monitor_fleet_readable"] == 0
    assert "monitor_fleet_lag_seconds" not in told
    assert told["monitor_worker_rules_version"] == 7
    worker.clock.passed = UNHEARD + 0.1
    worker.vitals.figures()
    assert worker.looks == 1


def test_the_figures_of_the_fleet_are_those_of_the_overview():
    task = TaskPressure(task="poll", waiting=3, oldest=2 * SECOND, running=4, stalled=1, failed=5)
    fleet = overview_of(
        workers=(
            record("a"),
            record("b", stage="draining", rules_number=6),
            record("c", silent=60 * SECOND),
            record("d", rules_number=None),
        ),
        tasks=(task, replace(task, task="plan", oldest=None)),
        owed={"desk": Owed(pending=1, retrying=2, dead=3)},
    )
    page = Metrics().exposition(of_fleet(fleet))
    told = {
        sample.name + "".join(f" {value}" for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
    }
    expected = {
        "monitor_fleet_workers working": 1,
        "monitor_fleet_workers waiting": 1,
        "monitor_fleet_workers draining": 1,
        "monitor_fleet_workers gone": 1,
        "monitor_fleet_rules_version": 7,
        "monitor_fleet_workers_following": 1,
        "monitor_fleet_feeds_due": 3,
        "monitor_fleet_feeds_leased": 50,
        "monitor_fleet_leases_expired": 0,
        "monitor_fleet_feeds_put_off": 12,
        "monitor_fleet_jobs waiting poll": 3,
        "monitor_fleet_jobs running poll": 4,
        "monitor_fleet_jobs stalled poll": 1,
        "monitor_fleet_jobs failed poll": 5,
        "monitor_fleet_jobs_oldest_seconds poll": 2,
        "monitor_fleet_jobs_oldest_seconds plan": 0,
        "monitor_fleet_deliveries desk pending": 1,
        "monitor_fleet_deliveries desk retrying": 2,
        "monitor_fleet_deliveries desk dead": 3,
        "monitor_fleet_database_connections": 14,
        "monitor_fleet_database_connections_max": 97,
    }
    assert {name: told.get(name) for name in expected} == expected


def test_the_pages_are_served_where_prometheus_asks_for_them(worker):
    from urllib.request import urlopen

    server = worker.vitals.server(Listen.of("127.0.0.1:0"))
    server.start()
    try:
        for path in ("/healthz", "/readyz", "/metrics"):
            with urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=30) as answer:
                assert answer.status == 200
    finally:
        server.stop()
