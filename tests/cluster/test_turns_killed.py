"""A worker that is really killed, on a real server: another takes its channels over, and what it had on its way is
known all the same."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from monitor.clock import SystemClock
from monitor.cluster.turns import CHANNELS, FleetTurns
from monitor.model import Channel, Delivery, DeliveryStatus, SendResult
from monitor.outbound import DeliverLoop
from monitor.store import Reader
from monitor.store.postgres.now import server_now
from monitor.store.postgres.store import PostgresStore, open_postgres
from monitor.store.turn_rows import TurnRows
from tests.cluster.chaos_fleet import fleet
from tests.cluster.made import until
from tests.cluster.newsstand import newsstand
from tests.cluster.timetable import Account, Publication, Timetable, word
from tests.store.builders import DESK, tell
from tests.world import FakeSender, World

LEASE = timedelta(seconds=5)
BOUND = 60  # seconds


class Stuck(FakeSender):
    """Says that it has a message, and never ends."""

    def send(self, channel: Channel, delivery: Delivery) -> SendResult:
        print(delivery.id, flush=True)
        time.sleep(3600)
        raise AssertionError


def loop(store: PostgresStore, name: str, sender: type[FakeSender]) -> tuple[World, DeliverLoop]:
    """A worker by the real time, that gives its signs of life."""
    clock = SystemClock()
    made = World(store=store, clock=clock, services=sender)
    turns = FleetTurns(TurnRows(store.database, server_now, lease=LEASE), name, clock, sign_every=0.2)
    return made, DeliverLoop(
        pipeline=made.pipeline, store=store, clock=clock, report=lambda *_: None, channels=8, turns=turns
    )


def test_what_a_killed_worker_had_under_way_is_sent_again_as_a_possible_repeat_and_the_rest_once(postgres_url):
    with closing(open_postgres(postgres_url, now=SystemClock().now())) as store:
        for title in ("أ", "ب", "ج"):
            tell(store, title, DESK, seen_at=SystemClock().now())
        made, deliveries = loop(store, "b", FakeSender)
        with then_killed(postgres_url) as child:
            under_way = int(child.stdout.readline())
            deliveries.tick(made.setup)
            assert deliveries.wait(BOUND)
            assert made.sender.sent == []
        ends = time.monotonic() + BOUND
        while Reader(store.database).totals().deliveries[DeliveryStatus.SENT] < 3:
            assert time.monotonic() < ends
            deliveries.tick(made.setup)
            assert deliveries.wait(BOUND)
        assert deliveries.trouble is None
        assert [each.doubts for each in made.sender.sent] == [1, 0, 0]
        assert made.sender.sent[0].id == under_way


def test_all_that_a_killed_worker_was_sending_comes_once_and_is_known(postgres_url, tmp_path):
    """It is started again at once, as a service manager does it."""
    headlines = [f"غارة {word(n)} {word(100 + n)} {word(200 + n)} {word(300 + n)}" for n in range(CHANNELS)]
    paper = Timetable(CHANNELS, [Publication(n, 0.0, n, each, n) for n, each in enumerate(headlines)])
    with newsstand(paper.page, slow=1.0) as stand, fleet(tmp_path, postgres_url) as workers:
        workers.publish(paper.rules(stand.port))
        workers.start(1)
        workers.wait_for(f"SELECT count(*) = {CHANNELS} FROM feed_state WHERE lane IS NOT NULL AND baselined = 1")
        paper.open()
        workers.ask("UPDATE feed_state SET next_poll_us = 0")
        until(lambda: len(stand.messages) >= CHANNELS / 2, seconds=BOUND)
        workers.kill(0)
        workers.wait_for(f"SELECT count(*) = {CHANNELS} FROM delivery WHERE status = 'sent'")
    account = Account.of(paper.expected, stand.messages)
    assert (account.lost, account.unasked, account.repeats) == ([], [], 0)


@contextmanager
def then_killed(url: str) -> Iterator[subprocess.Popen[str]]:
    root = Path(__file__).parents[2]
    told = {**os.environ, "TURNS_URL": url}
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root, env=told) as child:
        try:
            yield child
        finally:
            child.kill()


if __name__ == "__main__":
    its_world, its_deliveries = loop(open_postgres(os.environ["TURNS_URL"], now=SystemClock().now()), "a", Stuck)
    its_deliveries.tick(its_world.setup)
    its_deliveries.wait()
