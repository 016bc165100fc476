"""Rules that are published while workers poll."""

from __future__ import annotations

from pathlib import Path

from tests.cluster.chaos_fleet import fleet
from tests.cluster.made import until
from tests.cluster.newsstand import newsstand
from tests.cluster.timetable import word
from tests.postgres import Postgres
from tests.world import item, rss

FEEDS = 30  # more than one batch
BASELINED = "SELECT count(*) FROM feed_state WHERE baselined = 1"
DUE = "UPDATE feed_state SET next_poll_us = 0 WHERE lane IS NOT NULL"
FOLLOW = "SELECT count(*) FROM worker WHERE rules_number = %s AND rules_trouble IS NULL"
ALERTS = "SELECT title, rule_id FROM alert"
RULES = """
version: 1
defaults: {{every: 1h, max_age: 30d, notify: [desk]}}
feeds:
{feeds}
rules:
  - {{id: {rule}, title: غارات, all: [غارة], tests: [{{match: غارة على جسر}}]}}
channels:
  desk: {{url: "json://127.0.0.1:{port}/desk", language: en}}
"""


def rules(rule: str, port: int) -> str:
    feeds = "\n".join(
        f'  - {{id: f{n}, url: "http://127.0.0.{1 + n}:{port}/f{n}", allow_private: true}}' for n in range(FEEDS)
    )
    return RULES.format(feeds=feeds, rule=rule, port=port)


def headline(edition: int, feed: int) -> str:
    """Each of an event of its own."""
    return " ".join(["غارة", *(word(10_000 + 3 * (edition * FEEDS + feed) + n) for n in range(3))])


def headlines(edition: int) -> set[str]:
    return {headline(edition, feed) for feed in range(FEEDS)}


def test_two_workers_finish_what_they_began_by_the_old_rules_and_go_on_by_the_new_ones(
    tmp_path: Path, postgres: Postgres
) -> None:
    editions = 0

    def page(path: str) -> bytes:
        feed = int(path.removeprefix("/f"))
        told = [item(headline(each, feed), n=each * FEEDS + feed, at=None) for each in range(editions)]
        return rss(*reversed(told), item("خبر أول", n=10**6 + feed, at=None))

    with newsstand(page) as stand, fleet(tmp_path, postgres.fresh()) as workers:
        workers.publish(rules("old", stand.port))
        workers.start(2)
        until(lambda: workers.ask(BASELINED) == [(FEEDS,)], seconds=120)
        until(lambda: workers.ask(FOLLOW, (1,)) == [(2,)], seconds=120)
        editions, stand.holds = 1, True
        workers.ask(DUE)
        until(lambda: len(stand.held) == FEEDS, seconds=120)
        workers.publish(rules("new", stand.port))
        until(lambda: workers.ask(FOLLOW, (2,)) == [(2,)], seconds=120)
        stand.holds = False
        until(lambda: len(workers.ask(ALERTS)) == FEEDS, seconds=120)
        assert dict(workers.ask(ALERTS)) == dict.fromkeys(headlines(0), "old")
        editions = 2
        workers.ask(DUE)
        until(lambda: len(workers.ask(ALERTS)) == 2 * FEEDS, seconds=120)
        assert dict(workers.ask(ALERTS)) == {
            **dict.fromkeys(headlines(0), "old"), **dict.fromkeys(headlines(1), "new"),
        }  # fmt: skip
        assert workers.died == 0
        assert "Traceback" not in workers.log(0) + workers.log(1)
