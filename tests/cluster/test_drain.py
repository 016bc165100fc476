"""A worker that is told to end in the midst of its batches, or of a channel: others go on at once, though leases last
an hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.cluster.chaos_fleet import Fleet, fleet
from tests.cluster.made import edition, until
from tests.cluster.newsstand import newsstand
from tests.postgres import Postgres
from tests.world import item, rss

FEEDS = 60
ALERTS = 12
LONGEST = 30.0  # seconds that a worker may take to end
SOON = 120.0  # seconds, on a machine that is busy
# What lies so far ahead is else taken for the work of a clock that was set back since, and mended within minutes.
AN_HOUR = """
from datetime import timedelta
from monitor.cluster import polling, set_back, turns
polling.LEASE = turns.LEASE = timedelta(hours=1)
set_back.AHEAD = set_back.PAST = timedelta(hours=2)
"""
RULES = """
version: 1
defaults: {{every: 30s, notify: [desk]}}
feeds:
{feeds}
rules:
  - {{id: any, title: غارات, all: [غارة], throttle: 0s}}
channels:
  desk: {{url: "json://127.0.0.1:{port}/desk", language: en}}
"""
LEASED = "SELECT count(*) FROM feed_state WHERE leased_by IS NOT NULL"
UNASKED = "SELECT count(*) FROM feed_state WHERE lane IS NOT NULL AND last_polled_us IS NULL"
ASKED = "SELECT count(*) FROM feed_state WHERE leased_by IS NULL AND last_polled_us IS NOT NULL"
BASELINED = "SELECT count(*) FROM feed_state WHERE baselined = 1"
HAS_TURN = "SELECT count(*) FROM channel_turn WHERE worker LIKE %(worker)s"
HAS_FEEDS = "SELECT coalesce(max((told::json->>'feeds')::int), 0) FROM worker WHERE id LIKE %(worker)s"


def rules(port: int, feeds: int) -> str:
    told = "\n".join(
        f'  - {{id: f{n}, url: "http://127.0.0.{1 + n % 2}:{port}/f{n}", allow_private: true}}' for n in range(feeds)
    )
    return RULES.format(feeds=told, port=port)


def asked(workers: Fleet, sql: str, number: int) -> int:
    """`number`: of the worker that this is about."""
    return int(workers.ask(sql, {"worker": f"%-{workers.workers[number].pid}-%"})[0][0])


def one_of(workers: Fleet, holds: Callable[[int], bool]) -> int:
    """The first worker of which it holds, as soon as there is one."""
    found: list[int] = []
    until(lambda: bool(found.extend(n for n in (0, 1) if holds(n)) or found), seconds=SOON)
    return found[0]


def test_what_a_worker_had_not_begun_as_it_was_told_to_end_is_asked_by_another(
    tmp_path: Path, postgres: Postgres
) -> None:
    url = postgres.fresh()
    page = lambda path: rss(item("خبر أول", n=int(path[2:])))  # noqa: E731
    with newsstand(page) as stand, fleet(tmp_path, url, before=AN_HOUR) as workers:
        workers.publish(rules(stand.port, FEEDS))
        workers.start(2)
        until(lambda: workers.ask(ASKED) == [(FEEDS,)], seconds=SOON)
        # As if the hosts were other people's: their turns lie a second apart.
        workers.ask("UPDATE lane SET gap_us = 1000000")
        workers.ask("UPDATE feed_state SET last_polled_us = NULL, next_poll_us = 0 WHERE lane IS NOT NULL")
        ending = one_of(workers, lambda number: asked(workers, HAS_FEEDS, number) > 5)
        code, seconds = workers.end(ending)
        assert (code, workers.died) == (0, 0)
        assert seconds <= LONGEST
        assert workers.ask(UNASKED)[0][0] > 5, "everything was polled before it ended"
        workers.ask("UPDATE lane SET gap_us = 0, free_us = 0, tail_us = 0")
        until(lambda: workers.ask(UNASKED) == workers.ask(LEASED) == [(0,)], seconds=SOON)
        assert "Traceback" not in workers.log(0) + workers.log(1)


def test_what_a_worker_had_not_sent_as_it_was_told_to_end_is_sent_by_another(
    tmp_path: Path, postgres: Postgres
) -> None:
    url, happened = postgres.fresh(), list[bool]()

    def page(path: str) -> bytes:
        return edition(path, "غارة على البلدة رقم {}", is_out=bool(happened))

    with newsstand(page, slow=0.5) as stand, fleet(tmp_path, url, before=AN_HOUR) as workers:
        workers.publish(rules(stand.port, ALERTS))
        workers.start(2)
        until(lambda: workers.ask(BASELINED) == [(ALERTS,)], seconds=SOON)
        happened.append(True)
        workers.ask("UPDATE feed_state SET next_poll_us = 0 WHERE lane IS NOT NULL")
        until(lambda: bool(stand.messages), seconds=SOON)
        ending = one_of(workers, lambda number: asked(workers, HAS_TURN, number) == 1)
        code, _ = workers.end(ending)
        assert code == 0
        [(alerts,)] = workers.ask("SELECT count(*) FROM alert")
        assert len(stand.messages) < alerts, "everything was sent before it ended"
        workers.wait_for("SELECT bool_and(status = 'sent') FROM delivery", seconds=SOON)
        assert set(Counter(message.text for message in stand.messages).values()) == {1}
