from __future__ import annotations

from collections import Counter
from concurrent.futures import Future
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from threading import Event

import pytest

from monitor.clock import SystemClock
from monitor.errors import StateError
from monitor.feeds import schedule
from monitor.feeds.fetch import CurlFetcher
from monitor.loops import LEASE, PollLoop
from monitor.model import DeliveryStatus, FetchRequest, FetchResult, NotModified, NotSent, Rate, Secret, Sent, Severity
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


class Silent(SlowNetwork):
    """Has nothing new of any feed."""

    def answer(self) -> None:
        for _, future in self.waiting:
            future.set_result(NotModified(fetched_at=self.world.clock.now()))
        self.waiting.clear()


def silent_loop(world: World) -> tuple[PollLoop, Silent]:
    network = Silent(world)
    loop = PollLoop(
        pipeline=world.pipeline, store=world.store, fetcher=network, clock=world.clock, report=world.reports.append
    )
    return loop, network


def test_feeds_without_anything_new_are_recorded_together(monkeypatch):
    world = World(feeds=[feed(f"f{number}") for number in range(100)])
    loop, network = silent_loop(world)
    transactions = list[int]()
    take = world.pipeline.take_unchanged
    monkeypatch.setattr(world.pipeline, "take_unchanged", lambda polls: transactions.append(len(polls)) or take(polls))
    loop.tick(world.setup)
    network.answer()
    assert loop.wait(30)
    assert sum(transactions) == len(world.reports) == 100
    assert len(transactions) < 20
    assert {state.unchanged for state in Reader(world.store.database).feeds()} == {1}
    assert not loop.tick(world.setup), "none is due again at once"


def test_a_feed_without_anything_new_does_not_wait_for_a_slow_one():
    world = World(feeds=[feed("quick"), feed("slow")])
    loop, network = silent_loop(world)
    loop.tick(world.setup)
    slow = network.waiting.pop()
    network.answer()
    loop.wait_for_any(30)
    assert [report.outcome for report in world.reports] == ["unchanged"]
    assert loop.busy
    network.waiting = [slow]
    network.answer()
    assert loop.wait(30)


def test_one_feed_that_breaks_us_does_not_cost_the_others_their_poll(monkeypatch):
    world = World(feeds=[feed("one"), feed("two"), feed("bad")])
    loop, network = silent_loop(world)
    learn = schedule.after_unchanged

    def breaks(asked, *arguments, **more):
        if asked.id == "bad":
            raise ZeroDivisionError
        return learn(asked, *arguments, **more)

    monkeypatch.setattr(schedule, "after_unchanged", breaks)
    loop.tick(world.setup)
    network.answer()
    assert loop.wait(30)
    assert {report.feed_id: report.outcome for report in world.reports} == {
        "one": "unchanged", "two": "unchanged", "bad": "failed",
    }  # fmt: skip


def test_a_feed_that_is_anothers_meanwhile_does_not_cost_the_others_their_poll():
    """As in a fleet, where a worker was held to be dead."""
    world = World(feeds=[feed("one"), feed("two"), feed("theirs")])
    loop, network = silent_loop(world)
    loop.tick(world.setup)
    with world.store.database.write() as db:
        db.execute("UPDATE feed_state SET token = token + 1 WHERE feed_id = 'theirs'")
    network.answer()
    assert loop.wait(30)
    assert sorted(report.feed_id for report in world.reports) == ["one", "two"]


def test_what_had_nothing_new_when_the_loop_stopped_stays_due_and_nobody_waits_for_it():
    world = World(feeds=[feed("one"), feed("two")])
    loop, network = silent_loop(world)
    loop.tick(world.setup)
    loop.stop()
    network.answer()
    assert loop.wait(30)
    assert world.reports == []


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


def test_a_channel_that_takes_one_a_minute_gets_one_a_minute_the_gravest_first():
    world = World(
        rule("r"), rule("grave", "خطيرة", severity=Severity.CRITICAL), baseline=False
    )  # fmt: skip
    slow = replace(world.setup.channels["desk"], rate=Rate(count=1, per=timedelta(minutes=1)))
    world.setup = replace(world.setup, channels={"desk": slow})
    world.poll(item("غارة على البلدة"))
    assert len(world.deliver()) == 1
    world.clock.advance(timedelta(minutes=-1))
    world.poll(*(item(f"غارة رقم {n} على البلدة", n=n) for n in range(2, 5)), item("حادثة خطيرة عند الجسر", n=9))
    told = []
    for _ in range(300):
        told += [(world.clock.now(), title) for title in world.deliver()]
        told += [(world.clock.now(), len(digest)) for digest in world.sender.digests]
        world.sender.digests.clear()
        world.clock.advance(timedelta(seconds=1))
    assert [what for _, what in told] == ["حادثة خطيرة عند الجسر", 3]  # more wait than a minute takes: one message
    assert all(later - earlier >= timedelta(minutes=1) for (earlier, _), (later, _) in pairwise(told))


def test_what_waits_for_its_pace_only_is_told_to_a_caller_that_ends():
    world = World(baseline=False)
    slow = replace(world.setup.channels["desk"], rate=Rate(count=1, per=timedelta(minutes=1)))
    world.setup = replace(world.setup, channels={"desk": slow})
    world.poll(item("غارة على البلدة"))
    assert world.deliveries.next_in() is None
    world.deliver()
    world.clock.advance(timedelta(minutes=-1))
    world.poll(item("غارة على المطار", n=2))
    world.deliver()
    assert world.deliveries.next_in() == 60
    world.clock.advance(timedelta(minutes=1))
    world.deliver()
    assert world.deliveries.next_in() is None


def test_a_service_that_asks_for_time_is_left_in_peace_by_all_alerts():
    world = World(baseline=False)
    tried = []

    def send(_channel, delivery):
        tried.append(delivery.alert.title)
        return NotSent(detail="HTTP 429", retry_after=timedelta(minutes=10), failed_at=world.clock.now())

    world.sender.send = send
    world.poll(item("غارة أولى على البلدة"))
    world.deliver()
    for n in range(5):
        world.poll(item(f"غارة رقم {n} على البلدة", n=n + 2))
        world.deliver()
    assert len(tried) == 1
    world.clock.advance(timedelta(minutes=5))
    world.deliver()
    assert len(tried) == 2


def test_what_was_not_tried_counts_as_no_try():
    world = World(baseline=False)
    world.sender.refuse.add("desk")
    world.poll(*(item(f"غارة رقم {n} على البلدة", n=n) for n in range(6)))
    world.deliver()
    waiting = Reader(world.store.database).deliveries(DeliveryStatus.RETRYING, limit=9)
    assert sorted(each.attempts for each in waiting) == [0, 0, 0, 0, 0, 1]
    assert {each.last_error for each in waiting} == {"refused"}


def test_what_was_claimed_when_the_loop_stopped_is_due_again():
    world = World(baseline=False)
    deliver = world.sender.send

    def send(channel, delivery):
        world.deliveries.stop()
        return deliver(channel, delivery)

    world.sender.send = send
    world.poll(*(item(f"غارة رقم {n} على البلدة", n=n) for n in range(4)))
    world.deliver()
    assert len(world.sender.sent) == 1
    assert world.store.channels_due(world.clock.now()) == ["desk"]
    assert len(world.store.claim_deliveries(world.clock.now(), limit=9, lease=timedelta(minutes=1))) == 3


def test_a_poisoned_alert_at_the_head_of_the_queue_blocks_none_of_a_hundred():
    world = World(baseline=False)
    arrived = list[str]()

    def send(_channel, *deliveries):
        if any("رقم 0 " in delivery.alert.title for delivery in deliveries):
            return NotSent(detail="HTTP 400", failed_at=world.clock.now())
        arrived.extend(delivery.alert.title for delivery in deliveries)
        return Sent(sent_at=world.clock.now())

    world.sender.send = send
    world.sender.send_digest = lambda channel, deliveries: send(channel, *deliveries)
    world.poll(*(item(f"غارة رقم {n} على البلدة", n=n) for n in range(101)))
    for _ in range(180):
        world.deliver()
        world.clock.advance(timedelta(seconds=1))
    assert sorted(arrived) == sorted(f"غارة رقم {n} على البلدة" for n in range(1, 101))


def test_a_day_without_any_channel_loses_nothing_and_repeats_nothing():
    world = World(rule("r", notify=["desk", "field", "mail"]), baseline=False)
    world.sender.refuse |= {"desk", "field", "mail"}
    told = []
    for hour in range(24):
        told += world.poll(item(f"غارة رقم {hour} على البلدة", n=hour, at=world.clock.now()))
        for _ in range(12):
            world.deliver()
            world.clock.advance(timedelta(minutes=5))
    assert (len(told), world.sender.sent) == (24, [])
    world.sender.refuse.clear()
    for _ in range(20):
        world.deliver()
        world.clock.advance(timedelta(minutes=1))
    sent = [*world.sender.sent, *(each for digest in world.sender.digests for each in digest)]
    arrived = Counter((each.recipient.channel_id, each.alert.title) for each in sent)
    assert arrived == {(channel, title): 1 for channel in ("desk", "field", "mail") for title in told}


def test_a_feed_that_cannot_even_be_asked_is_told_and_stops_no_other():
    world = World(feeds=[feed("one"), feed("two")])
    loop, network = slow_loop(world, lost=(lost := list[Exception]()).append)
    ask = network.submit

    def submit(request):
        if request.feed.id == "one":
            raise RuntimeError("a bug")
        return ask(request)

    network.submit = submit
    assert loop.tick(world.setup) == ["one", "two"]
    assert [request.feed.id for request, _ in network.waiting] == ["two"]
    network.answer()
    assert loop.wait(30)
    assert [str(error) for error in lost] == ["a bug"]


def test_what_stands_behind_a_delivery_that_broke_need_not_wait_for_its_lease():
    """And the one whose outcome nobody knows says, when its lease has run out, that it may be a repeat."""
    world = World(baseline=False)
    world.poll(item("غارة على الجسر", n=1), item("غارة على المطار", n=2))
    record = world.store.record

    def locked(*_, **__):
        world.store.record = record
        raise StateError("another process keeps it locked")

    world.store.record = locked
    world.deliver()
    first, second = (each.alert.title for each in world.sender.sent)
    assert first != second
    world.clock.advance(timedelta(minutes=11))
    world.deliver()
    assert [(each.alert.title, each.doubts) for each in world.sender.sent[2:]] == [(first, 1)]


def test_whatever_breaks_what_is_gathered_the_next_polls_are_gathered_too(caplog):
    world = World()
    world.poll(item())

    def breaks(*_, **__):
        raise RuntimeError("a bug")

    loop, network = slow_loop(world, lost=breaks)
    loop._record = breaks
    for _ in range(2):
        loop.tick(world.setup, every=True)
        network.waiting[0][1].set_result(NotModified(fetched_at=world.clock.now()))
        network.waiting.clear()
        assert loop.wait(30)
        world.clock.advance(LEASE)
    assert caplog.messages.count("polls.lost") == 2
