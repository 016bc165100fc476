"""What a fleet of 100,000, a million or ten million feeds needs, what of it breaks first, and what shards give.

    python -m bench.fleet [--feeds 100000 1000000 10000000] [--every auto] [--sample 210] [--seed 7] [--json]

Costs are measured first, on this machine, in this run, with the project's own code; how often real feeds have something
new is taken from ../shared/data, and when each is asked is asked of `feeds.schedule`: 210 feeds are lived through for
two weeks, of which the second counts, and stand for all. Hosts are drawn one by one, so many as the fleet has. The
rest is arithmetic (`fleet_sums`), and what nobody can measure here is assumed, and marked so.

A processor of this machine is the unit of every core. Times by the clock suffer from whatever else runs; nothing of
this is a promise for another machine. Nothing larger than one machine was run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bench import fleet_costs, fleet_hosts, fleet_rhythm, fleet_states
from bench.fleet_costs import Cost, Costs
from bench.fleet_rhythm import NEW, Habits, Sample, Series
from bench.fleet_states import NOW, News, Written
from bench.fleet_sums import Given, plan
from bench.fleet_told import Findings, as_json, tables
from tests.postgres import NoPostgres
from tests.world import FakeClock

SIZES = (100_000, 1_000_000, 10_000_000)
OTHERS = (timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=30), None)
OTHER_SAMPLE = 21

Say = Callable[[str], None]


def costs(polls: int, say: Say) -> tuple[Costs, Written, News]:
    """Everything that is measured. Raises NoPostgres where there is no server."""
    from bench import fleet_postgres

    found = dict[str, Cost]()
    say("fetching, parsing, delivering")
    for some in fleet_costs.all_costs():
        found |= some
    say("judging every article")
    setup = fleet_states.setup_of_starter_rules(FakeClock(NOW))
    judged, news = fleet_states.judging(setup)
    found |= judged
    say("taking in, on SQLite")
    with tempfile.TemporaryDirectory() as folder, fleet_states.sqlite(Path(folder)) as (store, server):
        some, written = fleet_states.storing("SQLite", store, server, setup, FakeClock(NOW), news, polls)
        found |= some
    say("jobs, and taking in, on PostgreSQL")
    with fleet_postgres.server() as running:
        found |= fleet_postgres.jobs(running)
        with fleet_postgres.postgres(running) as (postgres, server):
            some, _ = fleet_states.storing("PostgreSQL", postgres, server, setup, FakeClock(NOW), news, polls)
            found |= some
    return found, written, news


def others(of: Series, habits: Habits, seed: int) -> list[tuple[str, float, float]]:
    """How much it matters how feeds are asked, and how busy they are, in a smaller sample."""
    found = []
    for quiet in (1.0, 0.01):
        for every in OTHERS:
            lived = fleet_rhythm.sample(of, OTHER_SAMPLE, every=every, habits=replace(habits, quiet=quiet), seed=seed)
            busy = "as busy as recorded" if quiet == 1.0 else "quieter, down to a hundredth (assumed)"
            found.append(
                (f"every: {lived.every}, {busy}", 3600 * lived.every_poll, lived.polls[NEW] / lived.every_poll)
            )
    return found


def findings(asked: argparse.Namespace, say: Say) -> Findings:
    given, habits = Given(latency=asked.latency, told=asked.told), Habits(quiet=asked.quiet)
    measured, written, news = costs(asked.polls, say)
    say(f"living {asked.sample} feeds through")
    recorded = fleet_rhythm.series()
    lived = fleet_rhythm.sample(recorded, asked.sample, every=asked.every, habits=habits, seed=asked.seed)
    other = others(recorded, habits, asked.seed)
    say("drawing hosts")
    law = fleet_hosts.law()
    plans, shards = [], []
    share, origin = (news.share, news.origin) if asked.matched is None else (asked.matched, "assumed")
    for feeds in asked.feeds:
        hosts = fleet_hosts.drawn(law, feeds, seed=asked.seed)
        plans.append(plan(feeds, lived, hosts, measured, written, share, given, origin=origin))
        shards.append(fleet_hosts.shards(hosts, lived.every_poll))
    told_by = [
        [fleet_hosts.told_by(voices, number, seed=asked.seed) for number in fleet_hosts.SHARDS]
        for voices in fleet_hosts.VOICES
    ]
    return Findings(
        costs=measured, plans=plans, shards=shards, told_by=told_by, other=other, given=given,
        notes=_notes(lived, recorded, habits, law, news, written),
    )  # fmt: skip


def _notes(
    lived: Sample, recorded: Series, habits: Habits, law: fleet_hosts.Law, news: News, written: Written
) -> Sequence[str]:
    return [
        f"feeds: {len(lived.lives)} lived through, every: {lived.every}, {3600 * lived.every_poll:.2f} polls an hour "
        f"(standard error {100 * lived.error():.0f} %), standing for all; publications {recorded.origin}",
        f"edits: {100 * recorded.edits:.1f} of 100 entries ({recorded.origin})",
        f"assumed: {habits.no_304:.0%} of servers never answer 304, {habits.redated:.0%} of these change the document "
        f"each time, {habits.fails:.0%} of polls fail; all newsrooms wake and sleep together",
        f"hosts: feeds of a host by a power law of exponent {law.exponent:.2f} ({law.origin}); giants are extrapolated",
        f"matched: {news.share:.2%} of entries ({news.origin}; starter rules), {written.alerts:.0%} of these told",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--every", type=_every, default=None, help="minutes, or auto (which is usual here)")
    parser.add_argument("--quiet", type=float, default=1.0, help="of recorded entries a feed has this share at least")
    parser.add_argument("--sample", type=int, default=210, help="feeds that are lived through")
    parser.add_argument("--polls", type=int, default=400, help="that each store takes in, of each kind")
    parser.add_argument("--latency", type=float, default=1.5, help="seconds until a server has answered")
    parser.add_argument("--told", type=float, default=2.0, help="recipients of an alert")
    parser.add_argument("--matched", type=float, help="share of entries that a rule matches, instead of what is found")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    try:
        found = findings(asked, lambda what: print(f"… {what}", file=sys.stderr, flush=True))
    except NoPostgres as trouble:
        sys.exit(str(trouble))
    print(as_json(found) if asked.json else "\n".join(tables(found)))


def _every(told: str) -> timedelta | None:
    return None if told == "auto" else timedelta(minutes=float(told))


if __name__ == "__main__":
    main()
