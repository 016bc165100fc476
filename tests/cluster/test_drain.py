"""A worker that is told to end in the midst of its batches."""

from __future__ import annotations

from pathlib import Path

from tests.cluster.chaos_fleet import fleet
from tests.cluster.made import until
from tests.cluster.newsstand import newsstand
from tests.postgres import Postgres
from tests.world import item, rss

FEEDS = 60
LONGEST = 30.0  # seconds that a worker may take to end
RULES = """
version: 1
defaults: {{every: 30s, notify: [desk]}}
feeds:
{feeds}
rules:
  - {{id: any, title: غارات, all: [غارة]}}
channels:
  desk: {{url: "json://127.0.0.1:{port}/desk", language: en}}
"""
LEASED = "SELECT count(*) FROM feed_state WHERE leased_by IS NOT NULL"
UNASKED = "SELECT count(*) FROM feed_state WHERE lane IS NOT NULL AND last_polled_us IS NULL"
ASKED = "SELECT count(*) FROM feed_state WHERE leased_by IS NULL AND last_polled_us IS NOT NULL"
JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'poll' AND status IN ('todo', 'doing')"


def rules(port: int, gap_hosts: int) -> str:
    feeds = "\n".join(
        f'  - {{id: f{n}, url: "http://127.0.0.{1 + n % gap_hosts}:{port}/f{n}", allow_private: true}}'
        for n in range(FEEDS)
    )
    return RULES.format(feeds=feeds, port=port)


def test_a_worker_that_is_told_to_end_hands_back_what_it_had_not_begun(tmp_path: Path, postgres: Postgres) -> None:
    """Its feeds wait for their slots, a second apart: another worker polls the rest of them at once, not when a lease
    ends."""
    url = postgres.fresh()
    with newsstand(lambda path: rss(item("خبر أول", n=int(path[2:])))) as stand, fleet(tmp_path, url) as workers:
        workers.publish(rules(stand.port, 2))
        workers.start(1)
        until(lambda: workers.ask(ASKED) == [(FEEDS,)], seconds=120)
        # As if the hosts were other people's: their turns lie a second apart.
        workers.ask("UPDATE lane SET gap_us = 1000000")
        workers.ask("UPDATE feed_state SET last_polled_us = NULL, next_poll_us = 0 WHERE lane IS NOT NULL")
        until(lambda: 5 <= workers.ask(UNASKED)[0][0] < FEEDS, seconds=120)
        code, seconds = workers.end(0)
        left = workers.ask(UNASKED)[0][0]
        assert (code, workers.died) == (0, 0)
        assert seconds <= LONGEST
        assert left > 5, "it polled everything before it ended"
        assert workers.ask(LEASED) == [(0,)], "a feed waits for the end of a lease that nobody uses"
        assert workers.ask(JOBS) == [(0,)]
        workers.ask("UPDATE lane SET gap_us = 0, free_us = 0, tail_us = 0")
        workers.start(1)
        until(lambda: workers.ask(UNASKED) == [(0,)], seconds=120)
        assert "Traceback" not in workers.log(0) + workers.log(1)
