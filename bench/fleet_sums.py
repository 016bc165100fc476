"""What a fleet of a size needs, and what of it breaks first: arithmetic on what was measured. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from bench.fleet_costs import Costs
from bench.fleet_hosts import Hosts, Lanes, Shards, lanes
from bench.fleet_rhythm import FAILED, NEW, NONE_NEW, NOT_MODIFIED, SAME, Sample
from bench.fleet_states import BATCH, Written
from monitor.alerts.pace import LIMITS
from monitor.cluster.jobs.connection import POOL
from monitor.cluster.parts import FETCHES
from monitor.cluster.worker import CONNECTIONS
from monitor.feeds.fetch import PARALLEL
from monitor.store.housekeeping import Retention

STORE: Final = "PostgreSQL"
_DAY: Final = 86400.0
_MB, _GB = 1e6, 1e9
# Of a worker, at most: its work, the engine, the engine's listener, the lock that keeps `monitor run` out.
_CONNECTIONS: Final = CONNECTIONS + POOL + 1 + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Assumed. `latency`: seconds until a server has answered. `tls`: the share of polls that need a new TLS
    connection. `told`: recipients of an alert. `busy`: the share of a processor that is planned with.

    `cores`, `connections`, `disk`: of the PostgreSQL; its default is 100 connections; bytes a second. `jobs`: that
    Procrastinate did a second where it was measured for the choice of engine: two workers and its server on two cores.
    """

    latency: float = 1.5
    tls: float = 0.95
    told: float = 2.0
    busy: float = 0.7
    cores: int = 8
    connections: int = 100
    disk: float = 100e6
    jobs: float = 466.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One of a fleet: on average, unless its unit says that it is of the busiest hour."""

    name: str
    value: float
    unit: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """`use`: how much of it the busiest hour takes; beyond 1 it is broken. `holds_to`: so many feeds, as all of these
    grow with their number. `mended_by`: what moves it: more worker processes, settings, or shards, of which each has
    one of its own."""

    name: str
    use: float
    holds_to: float
    then: str
    mended_by: Literal["processes", "settings", "shards"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    feeds: int
    figures: Sequence[Figure]
    limits: Sequence[Limit]  # the first to break first
    lanes: Lanes
    hosts: int

    def of(self, name: str) -> float:
        return next(figure.value for figure in self.figures if figure.name == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Of the whole fleet, a second, on average."""

    polls: Mapping[str, float]
    entries: float
    matched: float
    alerts: float

    @property
    def all(self) -> float:
        return sum(self.polls.values())

    @property
    def parsed(self) -> float:
        return self.polls[NEW] + self.polls[NONE_NEW]

    @property
    def unchanged(self) -> float:
        return self.polls[NOT_MODIFIED] + self.polls[SAME]

    @property
    def jobs(self) -> float:
        return self.all / BATCH


def rates(feeds: int, sample: Sample, share: float, alerts: float) -> Rates:
    """`share`: of the entries that rules match; `alerts`: of each of these."""
    entries = sample.entries * feeds
    return Rates(
        polls={outcome: each * feeds for outcome, each in sample.polls.items()},
        entries=entries, matched=entries * share, alerts=entries * share * alerts,
    )  # fmt: skip


def plan(
    feeds: int, sample: Sample, hosts: Hosts, costs: Costs, written: Written, share: float, given: Given, *, origin: str
) -> Plan:
    """`origin`: of the share of entries that rules match."""
    all_ = rates(feeds, sample, share, written.alerts)
    needs = _needs(all_, sample.peak, costs, given)
    return Plan(
        feeds=feeds,
        figures=[*_asked(all_, sample, origin), *needs, *_kept(feeds, all_, written)],
        limits=sorted(_limits(feeds, all_, sample.peak, needs, costs, given), key=lambda limit: -limit.use),
        lanes=lanes(hosts, sample.every_poll * sample.peak),
        hosts=len(hosts.feeds),
    )


def _asked(all_: Rates, sample: Sample, origin: str) -> list[Figure]:
    lived = f"schedule on publications {sample.origin}"
    shares = [
        Figure(
            name=outcome, value=100 * each / all_.all, unit="% of polls", origin=_OUTCOME_ORIGINS.get(outcome, lived)
        )
        for outcome, each in all_.polls.items()
    ]
    return [
        Figure(name="polls", value=all_.all, unit="/s", origin=lived),
        *shares,
        Figure(name="peak hour", value=sample.peak, unit="× average", origin=lived),
        Figure(name="parses", value=all_.parsed, unit="/s", origin=lived),
        Figure(name="entries", value=all_.entries, unit="/s", origin=sample.origin),
        Figure(name="matched entries", value=all_.matched, unit="/s", origin=origin),
        Figure(name="alerts", value=all_.alerts, unit="/s", origin="pipeline on matched articles"),
        Figure(name=f"jobs of {BATCH}", value=all_.jobs, unit="/s", origin="from the polls"),
    ]


_OUTCOME_ORIGINS: Final = {
    NOT_MODIFIED: "the rest", SAME: "servers without 304: assumed", NONE_NEW: "edits from data, redated: assumed",
    FAILED: "assumed",
}  # fmt: skip


def worker_cpu(all_: Rates, costs: Costs, given: Given, store: str = STORE) -> Mapping[str, float]:
    """Seconds of processor in a second, by what it is spent on."""

    def mean(name: str) -> float:
        return costs[name].mean / 1e6

    secure = given.tls * (mean("connection") + mean("TLS handshake"))
    asked = all_.polls[NOT_MODIFIED] * mean("fetch, 304") + (all_.parsed + all_.polls[SAME]) * mean("fetch, 200")
    failed = all_.polls[FAILED] * (mean("fetch, 304") + mean(f"{store}: take in, none new"))
    plain = (all_.entries - all_.matched) * mean(f"{store}: take in, new")
    return {
        "TLS": all_.all * secure,
        "fetching": asked + failed + (all_.polls[SAME] + all_.parsed) * mean("hash of a body"),
        "parsing": all_.polls[NEW] * mean("parse, some new") + all_.polls[NONE_NEW] * mean("parse, none new"),
        "taking in": plain + all_.matched * mean(f"{store}: take in, matched")
        + all_.polls[NONE_NEW] * mean(f"{store}: take in, none new")
        + all_.unchanged * mean(f"{store}: take in, unchanged"),
        "jobs": all_.jobs * mean("job: worker"),
        "delivering": all_.alerts * given.told * mean("delivery"),
    }  # fmt: skip


def of_server(all_: Rates, costs: Costs, what: str, job: str) -> float:
    """In a second, what the store's server spends or writes: `what` of each poll, `job` of each job."""

    def mean(kind: str) -> float:
        return costs[f"{STORE}: {what}, {kind}"].mean

    polls = (
        (all_.entries - all_.matched) * mean("new")
        + all_.matched * mean("matched")
        + (all_.polls[NONE_NEW] + all_.polls[FAILED]) * mean("none new")
        + all_.unchanged * mean("unchanged")
    )
    return polls + all_.jobs * costs[job].mean


def _needs(all_: Rates, peak: float, costs: Costs, given: Given) -> list[Figure]:
    spent = worker_cpu(all_, costs, given)
    cores, in_flight = sum(spent.values()), all_.all * given.latency
    writes = all_.parsed + all_.polls[FAILED] + all_.unchanged / BATCH + 4 * all_.jobs + 2 * given.told * all_.alerts
    server = of_server(all_, costs, "server", "job: server") / 1e6
    log = of_server(all_, costs, "log", "job: log")
    by_cpu, by_flight = cores * peak / given.busy, in_flight * peak / FETCHES
    processes = max(2, math.ceil(max(by_cpu, by_flight)))
    return [
        Figure(name="in-flight fetches", value=in_flight, unit="", origin=f"{given.latency:g} s an answer: assumed"),
        Figure(name="transactions", value=writes, unit="/s", origin="polls, jobs (4 each), deliveries (2 each)"),
        Figure(name="log written", value=log / _MB, unit="MB/s", origin="measured"),
        *(Figure(name=f"cores, {what}", value=each, unit="", origin="measured") for what, each in spent.items()),
        Figure(name="cores of workers", value=cores, unit="", origin="measured"),
        Figure(name="cores of PostgreSQL", value=server, unit="", origin="measured"),
        Figure(name="processes by CPU", value=by_cpu, unit="at peak", origin=f"{given.busy:.0%} busy: assumed"),
        Figure(name="processes by fetches", value=by_flight, unit="at peak", origin=f"{FETCHES} at once each"),
        Figure(name="worker processes", value=processes, unit="at peak", origin="the larger of the two"),
        Figure(name="connections", value=1.0 * _CONNECTIONS * processes, unit="", origin=f"{_CONNECTIONS} each"),
    ]


def _kept(feeds: int, all_: Rates, written: Written) -> list[Figure]:
    keep = Retention()
    entries, alerts = (kept / timedelta(days=1) for kept in (keep.entries, keep.alerts))
    size = all_.entries * _DAY * entries * written.entry + all_.matched * _DAY * alerts * written.matched
    return [
        Figure(name="entries a day", value=all_.entries * _DAY, unit="rows", origin="from the entries"),
        Figure(name="alerts a day", value=all_.alerts * _DAY, unit="rows", origin="from the alerts"),
        Figure(name="entries kept", value=all_.entries * _DAY * entries, unit="rows", origin=f"{entries:.0f} days"),
        Figure(name="alerts kept", value=all_.alerts * _DAY * alerts, unit="rows", origin=f"{alerts:.0f} days"),
        Figure(
            name="on disk, all kept", value=(size + feeds * written.feed) / _GB, unit="GB", origin="measured on SQLite"
        ),
    ]


def _mended_by(then: str) -> Literal["processes", "settings", "shards"]:
    if then.startswith("more processes"):
        return "processes"
    return "shards" if "shards" in then else "settings"


def shards_needed(plan: Plan, found: Sequence[Shards]) -> int | None:
    """The fewest of `found` of which the largest breaks nothing that a shard has; 1 if none are needed, None if these
    are too few."""
    uses = max(limit.use for limit in plan.limits if limit.mended_by == "shards")
    if uses <= 1:
        return 1
    return next((each.number for each in found if uses * each.polls / each.number <= 1), None)


def _limits(feeds: int, all_: Rates, peak: float, needs: Sequence[Figure], costs: Costs, given: Given) -> list[Limit]:
    of = {figure.name: figure.value for figure in needs}
    by_flight, by_cpu = of["processes by fetches"], of["processes by CPU"]
    alone = worker_cpu(all_, costs, given, "SQLite")
    one_process = sum(alone[what] for what in ("TLS", "fetching", "taking in"))  # all else has processes of its own
    decision = costs[f"{STORE}: transaction, matched"].median / 1e6
    group = max(rate.per.total_seconds() / rate.count for rate in LIMITS["tgram"])
    used = {
        "one process on SQLite, its own CPU": (one_process * peak / given.busy, "more processes, on PostgreSQL"),
        f"{PARALLEL} fetches at once of `monitor run`": (by_flight * FETCHES / PARALLEL, "more processes: workers"),
        f"{FETCHES} fetches at once of one worker": (by_flight, "more processes, or more fetches in each"),
        f"{given.connections} connections of PostgreSQL": (
            _CONNECTIONS * max(by_cpu, by_flight) / given.connections, "more of them, a pooler, larger workers"),
        f"{given.cores} cores of PostgreSQL": (
            of["cores of PostgreSQL"] * peak / (given.busy * given.cores), "a larger server, then shards"),
        "one decision about stories at a time": (all_.matched * peak * decision, "shards: see below what they lose"),
        f"{given.jobs:g} jobs a second of the engine": (all_.jobs * peak / given.jobs, "larger batches, shards"),
        "a Telegram group, told everything": (all_.alerts * peak * group, "digests, channels by topic"),
        f"{given.disk / _MB:.0f} MB/s of log": (of["log written"] * _MB * peak / given.disk, "a faster disk, shards"),
    }  # fmt: skip
    return [
        Limit(name=name, use=use, holds_to=feeds / use if use else math.inf, then=then, mended_by=_mended_by(then))
        for name, (use, then) in used.items()
    ]
