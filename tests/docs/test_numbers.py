"""Figures that a page gives are those of the code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor import daemon, heartbeat
from monitor.alerts import flow, policy
from monitor.feeds import answer, fetch, rhythm, schedule
from monitor.rules import values, yaml_source
from monitor.store.housekeeping import Retention
from monitor.stories import decide
from tests.docs.markdown import read

MIB = 2**20


def minutes(length: timedelta) -> str:
    return f"{length // timedelta(minutes=1)} minutes"


def hours(length: timedelta) -> str:
    return f"{length // timedelta(hours=1)} hours"


def days(length: timedelta) -> str:
    return f"{length.days} days"


MONDAY, LATER = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 6, tzinfo=UTC)
CLAIMS = [
    ("docs/feeds.md", f"| {fetch.DEADLINE.seconds} s |"),
    ("docs/feeds.md", f"{answer.WIRE_LIMIT // MIB} MiB on the wire, {answer.BODY_LIMIT // MIB} MiB after unpacking"),
    ("docs/feeds.md", f"| redirects | {fetch.MOST_REDIRECTS} |"),
    ("docs/feeds.md", f"at most {fetch.PARALLEL} in\nall"),
    ("docs/feeds.md", f"the shortest is {values.SHORTEST_EVERY.seconds} seconds"),
    ("docs/why/rhythm.md", f"worth **one\nminute**{'' if timedelta(minutes=1) == schedule.UNREAD else '?'}"),
    (
        "docs/why/rhythm.md",
        f"{len(rhythm.seeded([MONDAY, LATER], now=LATER) or b'')} bytes",
    ),
    ("docs/feeds.md", f"more than {'four' if schedule.PATIENCE == 4 else schedule.PATIENCE} times in a row"),
    ("docs/feeds.md", f"at most a {'quarter' if schedule.WINDOW_SHARE == 4 else '?'} of it is new"),
    ("docs/why/at-least-once.md", f"waits {policy.FIRST_DELAY.seconds} seconds"),
    ("docs/why/at-least-once.md", f"up to {minutes(policy.LONGEST_DELAY)}"),
    (
        "docs/why/at-least-once.md",
        f"once more after {policy.DOUBTS[0].seconds} seconds",
    ),
    (
        "docs/why/at-least-once.md",
        f"tries are {hours(policy.DOUBTS[1])[:-1]}, {hours(policy.DOUBTS[2])} and then 12",
    ),
    (
        "docs/why/at-least-once.md",
        f"for {flow.FIRST_REST:.0f} to {flow.LONGEST_REST:.0f}\nseconds",
    ),
    ("docs/why/at-least-once.md", f"After {hours(policy.GIVE_UP_AFTER)} the delivery is dead"),
    ("docs/tutorial.md", f"for {hours(policy.GIVE_UP_AFTER)}"),
    ("docs/reference/commands.md", f"given up after {hours(policy.GIVE_UP_AFTER)}"),
    ("docs/why/dedup.md", f"within {hours(decide.STORY_WINDOW)}"),
    ("docs/reference/files.md", f"every {daemon.BEAT.seconds} seconds"),
    ("docs/reference/files.md", f"older than {heartbeat.FRESH.seconds} seconds is stale"),
    ("docs/reference/files.md", f"Entries for {days(Retention().entries)}"),
    ("docs/reference/files.md", f"alerts for {days(Retention().alerts)}"),
    ("docs/reference/commands.md", f"`run` ends with {daemon.EXIT_FROZEN}"),
    ("SECURITY.md", f"{yaml_source.MAX_BYTES // MIB} MiB, depth {yaml_source.MAX_DEPTH}"),
]


@pytest.mark.parametrize(("page", "claim"), CLAIMS, ids=[f"{page}: {claim}" for page, claim in CLAIMS])
def test_a_page_gives_the_figure_of_the_code(page: str, claim: str) -> None:
    assert claim in read(page)


@pytest.mark.parametrize("length", [schedule.LONGEST_BACK_OFF, schedule.LONGEST_RETRY_AFTER, policy.LONGEST_WISH])
def test_what_is_called_an_hour_is_one(length: timedelta) -> None:
    assert length == timedelta(hours=1)


def test_what_is_called_a_day_and_a_fifth_is_so() -> None:
    assert timedelta(days=1) == schedule.LONGEST_GONE
    assert schedule.BUSY_SHARE == 5
    assert timedelta(minutes=1) == schedule.SHORTEST
    assert daemon.STOP_WITHIN < 10
