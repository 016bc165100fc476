from __future__ import annotations

from concurrent.futures import Future
from contextlib import closing
from datetime import timedelta
from threading import Event

import pytest

from monitor.clock import SystemClock
from monitor.feeds.fetch import CurlFetcher
from monitor.loops import PollLoop
from monitor.model import DeliveryStatus, FetchRequest, FetchResult, NotSent, Secret
from monitor.store import Reader
from tests.feeds.loopback import answer, serve
from tests.world import STRIKE, World, feed, item, rss, rule


class SlowNetwork:
    """Answers when told to."""

    def __init__(self, world: World) -> None:
        self.world, self.waiting = world, list[tuple[FetchRequest, Future[FetchResult]]]()

    def submit(self, request: FetchRequest) -> Future[FetchResult]:
        self.waiting.append((request, Future()))
        return self.waiting[-1][1]

    def answer(self) -> None:
        for request, future in self.waiting:
            future.set_result(self.world.network.submit(request).result())
        self.waiting.clear()

    def close(self) -> None:
        pass


def slow_loop(world: World, **more) -> tuple[PollLoop, SlowNetwork]:
    network = SlowNetwork(world)
    loop = PollLoop(
        pipeline=world.pipeline, store=world.store, fetcher=network, clock=world.clock,
        report=world.reports.append, **more,
    )  # fmt: skip
    return loop, network


def test_a_tick_returns_while_feeds_are_fetched_and_asks_none_twice():
    world = World(feeds=[feed("one"), feed("two")])
    loop, network = slow_loop(world)
    assert sorted(loop.tick(world.setup)) == ["one", "two"]
    assert loop.tick(world.setup, every=True) == []
    assert len(network.waiting) == 2
    network.answer()
    assert loop.wait(30)
    assert not loop.busy


def test_a_caller_that_comes_seldom_takes_what_is_almost_due():
    world = World()
    world.poll(item())
    due = Reader(world.store.database).feeds()[0].next_poll_at
    world.clock.advance(due - world.clock.now() - timedelta(seconds=2))
    assert world.polls.tick(world.setup) == []
    assert world.polls.tick(world.setup, ahead=timedelta(seconds=30)) == ["one"]
    assert world.polls.wait(30)


def test_no_more_feeds_are_under_way_than_the_capacity():
    world = World(feeds=[feed(f"f{n}") for n in range(10)])
    loop, network = slow_loop(world, capacity=4)
    assert len(loop.tick(world.setup)) == 4
    assert loop.tick(world.setup) == []
    network.answer()
    loop.wait(30)
    assert len(loop.tick(world.setup)) == 4


def test_a_stopped_loop_begins_nothing_and_records_nothing_of_what_was_under_way():
    world = World()
    loop, network = slow_loop(world)
    loop.tick(world.setup)
    loop.stop()
    network.answer()
    assert loop.wait(30)
    assert loop.tick(world.setup, every=True) == []
    assert world.reports == []


def test_a_feed_that_moved_for_good_is_asked_where_it_is_until_that_fails():
    moved = {"/old": answer(301, location="/new"), "/new": answer(200, rss(item()))}
    back = {"/old": answer(200, rss(item())), "/new": answer(404)}
    with serve(moved) as server, closing(CurlFetcher(clock=SystemClock())) as fetcher:
        address = server.url("/old")
        world = World(feeds=[feed(url=Secret(address), address=address)])
        world.polls = PollLoop(
            pipeline=world.pipeline, store=world.store, fetcher=fetcher, clock=world.clock, report=world.reports.append
        )
        for _ in range(5):
            world.poll()
        server.scripts = back
        for _ in range(2):
            world.poll()
    assert [report.outcome for report in world.reports] == ["polled", *["unchanged"] * 6]
    assert server.paths() == [*["/old", "/new"] * 3, "/new", "/new", "/new", "/old", "/old"]


def test_a_report_that_raises_does_not_end_the_loop(caplog):
    world = World()
    network = SlowNetwork(world)

    def breaks(_report):
        raise RuntimeError("a bug")

    loop = PollLoop(
        pipeline=world.pipeline, store=world.store, fetcher=network, clock=world.clock, report=breaks
    )  # fmt: skip
    loop.tick(world.setup)
    network.answer()
    assert loop.wait(30)
    assert "poll.lost" in caplog.messages


@pytest.mark.parametrize("slow_channel", ["desk", "aaa"])
def test_a_channel_that_hangs_holds_back_no_other(slow_channel):
    release, others = Event(), Event()
    world = World(rule("r", notify=["desk", "aaa"]), baseline=False)
    deliver = world.sender.send

    def send(channel, delivery):
        if channel.id == slow_channel:
            release.wait(30)
        else:
            others.set()
        return deliver(channel, delivery)

    world.sender.send = send
    world.network.pages["one"] = rss(item())
    world.polls.tick(world.setup)
    world.polls.wait(30)
    world.deliveries.tick(world.setup)
    assert others.wait(30)
    release.set()
    assert world.deliveries.wait(30)
    assert [delivery.alert.title for delivery in world.sender.sent] == [STRIKE, STRIKE]


def test_a_recipient_that_cannot_be_reached_is_tried_once_and_not_for_each_of_its_alerts():
    world = World(baseline=False)
    tried = []

    def send(channel, delivery):
        tried.append(delivery.alert.title)
        return NotSent(detail="too slow", ambiguous=True, failed_at=world.clock.now())

    world.sender.send = send
    world.poll(*(item(f"غارة رقم {n} على البلدة", n=n) for n in range(6)))
    assert world.deliver() == []
    assert len(tried) == 1
    totals = Reader(world.store.database).totals()
    assert totals.deliveries[DeliveryStatus.RETRYING] == 6


def test_a_message_that_is_refused_for_good_holds_back_no_other():
    world = World(baseline=False)
    deliver = world.sender.send

    def send(channel, delivery):
        if "رقم 0" in delivery.alert.title:
            return NotSent(detail="too long", permanent=True, failed_at=world.clock.now())
        return deliver(channel, delivery)

    world.sender.send = send
    world.poll(*(item(f"غارة رقم {n} على البلدة", n=n) for n in range(3)))
    assert len(world.deliver()) == 2
