"""A worker's polls, made by hand: `python -m tests.cluster.reporter URL PART OF`.

At each line of standard input it polls its part of the feeds, all of which tell of one event, and says so; the line is
the number of wordings in which they tell it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from monitor.language import Rule
from monitor.model import Severity
from monitor.store.postgres.store import open_postgres
from monitor.store.sql_store import SqlStore
from tests.world import NOW, ScriptedReading, World, feed, item, rss, rule

FEEDS = 80
WORDINGS = (
    "غارة على حي هرابش عند الفجر وأنباء عن إصابات قتل 3",
    "مصدر طبي يؤكد أن غارة هرابش أودت بحياة عائلة قتل 3",
    "طائرات تشن غارة على هرابش ومقتل مدنيين قتل 3",
)
RULES: Mapping[int, tuple[Rule, ...]] = {  # by the number of wordings, copies being no second source
    1: (rule("any"),),
    3: (
        rule("told-twice", min_sources=2, severity=Severity.MEDIUM),
        rule("told-thrice", min_sources=3, severity=Severity.CRITICAL),
    ),
}


def world(wordings: int, store: SqlStore | None = None) -> World:
    feeds = [feed(f"f{number}") for number in range(FEEDS)]
    return World(*RULES[wordings], feeds=feeds, baseline=False, reading=ScriptedReading(), store=store)


def poll(made: World, numbers: Sequence[int], *, wordings: int) -> None:
    """All at once."""
    for number in numbers:
        made.network.pages[f"f{number}"] = rss(item(WORDINGS[number % wordings], n=number, at=NOW))
    made.polls.tick(made.setup, [made.setup.feeds[f"f{number}"] for number in numbers], every=True)
    assert made.polls.wait(120)
    assert made.polls.trouble is None, made.polls.trouble


def main(url: str, part: str, of: str) -> None:
    store = open_postgres(url, now=NOW)
    made = {wordings: world(wordings, store) for wordings in RULES}
    print("ready", flush=True)
    for line in sys.stdin:
        poll(made[int(line)], range(int(part), FEEDS, int(of)), wordings=int(line))
        print("polled", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
