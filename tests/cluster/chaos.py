"""Workers that are killed while feeds publish and channels listen, and their database with them: what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from tests.cluster.chaos_fleet import CALM, Fleet, Repeated, fleet
from tests.cluster.made import until
from tests.cluster.newsstand import Newsstand, newsstand
from tests.cluster.timetable import Account, Timetable, timetable
from tests.postgres import Postgres

# Rules refuse `every: 10s` (30s is the least): for the test what was asked is due again so long after it was asked,
# which is the one column that a poll writes for it. What is leased is left alone.
_HURRY: Final = """
    UPDATE feed_state SET next_poll_us = last_polled_us + %(every)s
    WHERE lane IS NOT NULL AND leased_by IS NULL AND lease_until_us IS NULL
        AND next_poll_us > last_polled_us + %(every)s
"""
_BASELINED: Final = "SELECT count(*) FROM feed_state WHERE lane IS NOT NULL AND baselined = 1"
_UNASKED: Final = "SELECT count(*) FROM feed_state WHERE lane IS NOT NULL AND last_polled_us <= %s"
_OWED: Final = "SELECT count(*) FROM delivery WHERE status IN ('pending', 'retrying')"
_TWICE: Final = """
    SELECT (SELECT count(*) - count(DISTINCT title) FROM alert)
        + (SELECT count(*) - count(DISTINCT (alert_id, channel_id, recipient_key)) FROM delivery)
"""
_FAILED: Final = "SELECT count(*) FROM feed_state WHERE failures > 0"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`every`: seconds between two looks at a feed. Strikes are spread over the `seconds` of publishing."""

    feeds: int
    seconds: float
    a_second: float  # publications
    kills: int
    restarts: int
    workers: int = 2
    every: float = 10.0
    seed: int = 1


@dataclass
class Outcome:
    """`in_database`: alerts of one headline, or deliveries of one alert, beyond the first. `looks` in `lasted` seconds
    while feeds published. `late`: seconds from a publication to its first message, of all that were news, sorted.
    `died`: workers that ended by themselves; `ends`: exit codes of those that were told to end."""

    plan: Plan
    account: Account
    published: int
    expected: int
    in_database: int = 0
    looks: int = 0
    lasted: float = 0.0
    died: int = 0
    ends: Sequence[int] = ()
    failed: int = 0
    late: Sequence[float] = ()
    logs: Sequence[str] = field(default=(), repr=False)


def rage(folder: Path, postgres: Postgres, plan: Plan) -> Outcome:
    paper = timetable(plan.feeds, seconds=plan.seconds, a_second=plan.a_second, seed=plan.seed)
    url = postgres.fresh()
    with newsstand(paper.page) as stand, fleet(folder, url) as workers:
        workers.publish(paper.rules(stand.port))
        workers.start(plan.workers)
        until(lambda: workers.ask(_BASELINED)[0][0] == plan.feeds, seconds=CALM)  # what they begin with is silent
        with Repeated(lambda: workers.ask(_HURRY, {"every": round(plan.every * 1_000_000)}), 0.5):
            paper.open()
            looks = len(stand.looks)
            _strike(workers, postgres, stand, paper, plan)
            looks, lasted = len(stand.looks) - looks, time.monotonic() - paper.opened_at
            _settle(workers, stand, paper)
        ends = [workers.end(number)[0] for number in range(plan.workers)]
        return Outcome(
            plan=plan,
            account=Account.of(paper.expected, stand.messages),
            published=len(paper.publications),
            expected=len(paper.expected),
            in_database=workers.ask(_TWICE)[0][0],
            looks=looks,
            lasted=lasted,
            died=workers.died,
            ends=ends,
            failed=workers.ask(_FAILED)[0][0],
            late=_late(paper, stand),
            logs=[workers.log(number) for number in range(plan.workers)],
        )


def _strike(workers: Fleet, postgres: Postgres, stand: Newsstand, paper: Timetable, plan: Plan) -> None:
    """Each strike in a part of the time of its own, at once, or when a message has just come: that is when most is
    under way."""
    rng = Random(plan.seed)
    strikes = ["kill"] * plan.kills + ["restart"] * plan.restarts
    rng.shuffle(strikes)
    for number, kind in enumerate(strikes):
        _sleep_until(paper.opened_at + plan.seconds * (number + rng.uniform(0.1, 0.6)) / len(strikes))
        if rng.random() < 0.5:
            _wait_for_a_message(stand, plan.seconds / len(strikes) / 3)
        if kind == "kill":
            workers.kill(rng.randrange(plan.workers))
        else:
            postgres.restart(immediate=True)
    _sleep_until(paper.closes_at)


def _settle(workers: Fleet, stand: Newsstand, paper: Timetable) -> None:
    """Until all that is due has come, or nothing comes any more; then each feed is asked once more, for what comes too
    much. A backlog takes as long as it takes."""
    now_us = workers.ask("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")[0][0]
    _while_it_shrinks(lambda: len(Account.of(paper.expected, stand.messages).lost))
    _while_it_shrinks(lambda: int(workers.ask(_UNASKED, (now_us,))[0][0]))
    _while_it_shrinks(lambda: int(workers.ask(_OWED)[0][0]))


def _while_it_shrinks(count: Callable[[], int]) -> None:
    least, end = count(), time.monotonic() + CALM
    while least and time.monotonic() < end:
        time.sleep(0.2)
        if (left := count()) < least:
            least, end = left, time.monotonic() + CALM


def _wait_for_a_message(stand: Newsstand, seconds: float) -> None:
    before, end = len(stand.messages), time.monotonic() + seconds
    while len(stand.messages) == before and time.monotonic() < end:
        time.sleep(0.001)


def _sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


def _late(paper: Timetable, stand: Newsstand) -> list[float]:
    told = dict[str, float]()
    for each in stand.messages:
        told.setdefault(f"{each.title}\n{each.text}", each.at)
    first = dict[str, float]()
    for text, at in told.items():
        for headline in Account.headlines(text):
            first[headline] = min(at, first.get(headline, at))
    news = dict[str, float]()
    for publication in paper.publications:
        news.setdefault(publication.headline, paper.opened_at + publication.at)
    return sorted(first[headline] - news[headline] for headline in paper.expected if headline in first)


def iterated(folder: Path, plans: Sequence[Plan]) -> Iterator[Outcome]:
    """Each with a server of its own."""
    for number, plan in enumerate(plans):
        place = folder / str(number)
        place.mkdir()
        with Postgres() as server:
            yield rage(place, server, plan)
