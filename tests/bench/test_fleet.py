"""The plan of a fleet, with costs that are fixed: what must hold whatever a machine measures."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from bench import fleet_costs, fleet_hosts, fleet_rhythm, fleet_sums
from bench.fleet_costs import Cost, Costs
from bench.fleet_hosts import Hosts, Law
from bench.fleet_rhythm import NEW, OUTCOMES, Habits, Sample, Series
from bench.fleet_states import Written
from bench.fleet_sums import Given, Plan
from bench.fleet_told import Findings, as_json, tables
from bench.polling import DAY, HOUR, MONDAY

HOURLY = Series(
    feeds={"hourly": [MONDAY + n * HOUR for n in range(1, 24 * 42)]},
    edits=0.0,
    edited_after=[HOUR / 2],
    origin="made up",
)
ALWAYS = Habits(no_304=0.0, redated=0.0, fails=0.0)
LAW = Law(2.5, "made up")
HOSTS = fleet_hosts.drawn(LAW, 20_000, seed=5)
WRITTEN = Written(entry=1000.0, matched=5000.0, feed=2000.0, alerts=0.5)
KINDS = ("new", "matched", "none new", "unchanged")
WHATS = ("take in", "transaction", "server", "log")
NAMES = (
    "fetch, 304", "fetch, 200", "connection", "TLS handshake", "hash of a body", "parse, some new", "parse, none new",
    "delivery", "job: worker", "job: server", "job: by the clock", "job: log",
    *(f"{store}: {what}, {kind}" for store in ("SQLite", "PostgreSQL") for what in WHATS for kind in KINDS),
)  # fmt: skip
COSTS: Costs = {name: fleet_costs.assumed(100.0, "µs", "fixed") for name in NAMES}


@pytest.fixture(scope="module")
def sample() -> Sample:
    habits = Habits(no_304=0.5, redated=0.5, fails=0.05)
    lived = fleet_rhythm.sample(replace(HOURLY, edits=0.2), 6, every=None, habits=habits, seed=3, learning=2, days=2)
    assert min(lived.polls.values()) > 0, "each outcome is there"
    return lived


def planned(feeds: int, sample: Sample, *, costs: Costs = COSTS, given: Given | None = None) -> Plan:
    return fleet_sums.plan(feeds, sample, HOSTS, costs, WRITTEN, 0.01, given or Given(), origin="fixed")


def test_polls_are_the_sum_of_their_outcomes(sample: Sample) -> None:
    rates = fleet_sums.rates(10_000, sample, 0.01, 0.5)
    lived = sum(sum(life.by_hour) for life in sample.lives)
    assert rates.all == pytest.approx(sum(rates.polls.values()))
    assert rates.all * 2 * DAY / 10_000 * len(sample.lives) == pytest.approx(lived)
    assert sum(planned(10_000, sample).of(outcome) for outcome in OUTCOMES) == pytest.approx(100)
    assert rates.parsed + rates.unchanged + rates.polls["failed"] == pytest.approx(rates.all)


def test_every_entry_that_is_published_is_found_by_one_poll() -> None:
    lived = fleet_rhythm.sample(HOURLY, 2, every=None, habits=ALWAYS, seed=1, learning=1, days=2)
    found = [sum(life.new_by_hour) for life in lived.lives]
    assert all(abs(each - 48) <= 1 for each in found)
    assert [life.polls[NEW] for life in lived.lives] == found


@pytest.mark.parametrize(
    ("habits", "unchanged"),
    [
        (ALWAYS, "unchanged, 304"),
        (replace(ALWAYS, no_304=1.0), "unchanged, 200"),
        (replace(ALWAYS, no_304=1.0, redated=1.0), "changed, none new"),
    ],
)
def test_a_server_answers_by_what_came_since_it_was_asked_last(habits: Habits, unchanged: str) -> None:
    server = fleet_rhythm.Server([100.0, 100.0, 900.0], [300.0], habits, Random(1))
    assert server.asked(50.0) == (NEW, 0)  # what it is asked first is read, whatever it is
    server.asked_before = True
    told = [server.asked(at) for at in (100.0, 299.0, 300.0, 301.0, 1000.0)]
    assert told == [(NEW, 2), (unchanged, 0), ("changed, none new", 0), (unchanged, 0), (NEW, 1)]


def test_who_is_asked_less_often_is_polled_less_and_told_as_much() -> None:
    fast, slow = (
        fleet_rhythm.sample(HOURLY, 2, every=timedelta(minutes=every), habits=ALWAYS, seed=1, learning=1, days=1)
        for every in (5, 30)
    )
    assert fast.every_poll > 2 * slow.every_poll
    assert fast.entries == pytest.approx(slow.entries, rel=0.1)


def test_twice_the_feeds_are_twice_the_polls_and_all_that_follows_from_them(sample: Sample) -> None:
    one, two = planned(50_000, sample), planned(100_000, sample)
    for name in ("polls", "entries", "transactions", "log written", "cores of workers", "cores of PostgreSQL"):
        assert two.of(name) == pytest.approx(2 * one.of(name)), name
    assert {limit.name: limit.holds_to for limit in one.limits} == pytest.approx(
        {limit.name: limit.holds_to for limit in two.limits}
    )


def test_cores_are_counted_for_each_thing_that_costs(sample: Sample) -> None:
    dear: Cost = fleet_costs.assumed(200.0, "µs", "fixed")
    whole = planned(10_000, sample).of("cores of workers")
    counted = [name for name in COSTS if ": " not in name or name.startswith("PostgreSQL: take in")] + ["job: worker"]
    more = [planned(10_000, sample, costs={**COSTS, name: dear}).of("cores of workers") - whole for name in counted]
    assert min(more) > 0
    assert sum(more) == pytest.approx(whole)


@pytest.mark.parametrize(("latency", "by"), [(0.01, "processes by CPU"), (30.0, "processes by fetches")])
def test_workers_are_as_many_as_the_scarcer_of_processor_and_fetches_needs(
    sample: Sample, latency: float, by: str
) -> None:
    plan = planned(1_000_000, sample, given=Given(latency=latency))
    assert plan.of("worker processes") - 1 < plan.of(by) <= plan.of("worker processes")
    assert plan.of("connections") == 18 * plan.of("worker processes")


def test_drawn_hosts_have_all_the_feeds_and_are_the_same_for_a_seed() -> None:
    assert HOSTS.count == sum(HOSTS.feeds) == 20_000
    assert HOSTS.feeds == fleet_hosts.drawn(LAW, 20_000, seed=5).feeds
    assert HOSTS.feeds != fleet_hosts.drawn(LAW, 20_000, seed=6).feeds
    ones = sum(feeds == 1 for feeds in HOSTS.feeds) / len(HOSTS.feeds)
    assert ones == pytest.approx(1 / fleet_hosts.zeta(LAW.exponent), abs=0.02)


def test_the_exponent_that_hosts_were_drawn_by_is_found_again() -> None:
    assert fleet_hosts.fitted(HOSTS.feeds[100:]) > LAW.exponent, "without the large ones it is steeper"
    assert fleet_hosts.fitted(HOSTS.feeds) == pytest.approx(LAW.exponent, abs=0.1)


def test_shards_add_up_to_the_fleet_and_a_host_stays_where_it_is() -> None:
    found = fleet_hosts.shards(HOSTS, 0.001)
    assert [sum(each.feeds) for each in found] == [20_000] * len(fleet_hosts.SHARDS)
    assert [len(each.feeds) for each in found] == list(fleet_hosts.SHARDS)
    assert all(each.largest >= 1 and each.moves == pytest.approx(0.5, abs=0.1) for each in found)
    assert fleet_hosts.shard_of("host-1.example", 8) % 4 == fleet_hosts.shard_of("host-1.example", 4)


@pytest.mark.parametrize(
    ("feeds", "crowded", "lost", "wait"),
    [([1000, 5], 1, 9.0, 1000.0), ([100, 5], 0, 0.0, 100.0), ([50, 50], 0, 0.0, 100.0)],
)
def test_a_lane_carries_a_request_a_second(feeds: list[int], crowded: int, lost: float, wait: float) -> None:
    found = fleet_hosts.lanes(Hosts(feeds), 0.01)
    assert (found.hosts, found.lost, found.its_wait) == (crowded, lost, wait)


@pytest.mark.parametrize(("times", "needed"), [(0.9, 1), (1.5, 2), (2.0, 4), (10_000, None)])
def test_shards_are_as_many_as_the_largest_of_them_needs(sample: Sample, times: float, needed: int | None) -> None:
    """Two of a fleet twice as large as holds are too few, for one of them is larger than the other."""
    found = fleet_hosts.shards(HOSTS, sample.every_poll)
    holds_to = min(limit.holds_to for limit in planned(1_000_000, sample).limits if limit.mended_by == "shards")
    assert fleet_sums.shards_needed(planned(int(times * holds_to), sample), found) == needed


def test_an_event_is_told_at_most_once_in_each_shard_and_by_each_newsroom() -> None:
    assert fleet_hosts.told_by(1, 8, seed=1) == 1
    assert 1 < fleet_hosts.told_by(2, 2, seed=1) < 2
    assert fleet_hosts.told_by(30, 4, seed=1) <= 4


def test_what_is_told_names_every_cost_size_and_limit_with_its_origin(sample: Sample) -> None:
    plans = [planned(feeds, sample) for feeds in (10_000, 20_000)]
    found = Findings(
        costs=COSTS, plans=plans, shards=[fleet_hosts.shards(HOSTS, sample.every_poll)] * 2,
        told_by=[[1.0] * 5] * 4, other=[("every: auto", 3.0, 0.1)], given=Given(), notes=["a note"],
    )  # fmt: skip
    told = "\n".join(tables(found))
    for name in (*COSTS, "10,000", "20,000", *(limit.name for limit in plans[0].limits), "fixed", "assumed"):
        assert name in told
    assert json.loads(as_json(found))["plans"][1]["feeds"] == 20_000


def test_what_breaks_first_holds_to_the_fewest_feeds(sample: Sample) -> None:
    plan = planned(10_000_000, sample)
    assert [limit.holds_to for limit in plan.limits] == sorted(limit.holds_to for limit in plan.limits)
    slow = fleet_costs.assumed(5e7, "µs", "fixed")
    jammed = planned(10_000_000, sample, costs={**COSTS, "PostgreSQL: transaction, matched": slow})
    assert jammed.limits[0].name == "one decision about stories at a time"
