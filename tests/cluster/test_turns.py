"""Workers that send to the same channels: at one pace, each alert once, and none waits for a worker that is gone."""

from __future__ import annotations

import gc
import logging
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import psycopg
import pytest
from psycopg_pool import PoolClosed

from monitor.alerts.account import Account
from monitor.clock import SystemClock
from monitor.cluster.turns import CHANNELS, LONGEST, FleetTurns
from monitor.errors import StateError
from monitor.model import Channel, Delivery, DeliveryStatus, NotSent, Rate, Recipient, Secret, SendResult, Severity
from monitor.outbound import DeliverLoop
from monitor.pipeline import Pipeline
from monitor.store import Reader
from monitor.store.postgres.now import server_now
from monitor.store.postgres.store import PostgresStore, open_postgres
from monitor.store.sql import Connection
from monitor.store.turn_rows import Taken, TurnRows
from tests.store.builders import tell
from tests.store.postgres import meanwhile
from tests.turning import LEASE, turn_rows
from tests.world import NOW, FakeClock, FakeSender, PlainParser, World, item, rule

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
TELEGRAM = Secret("tgram://123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/42")
MACHINE = Secret("cloudevents+https://hook.example/x")  # which gets each alert by itself, however many there are
BOUND = 30  # seconds that a test waits for what happens at once


CLOSED_LATER: list[FleetTurns] = []


@pytest.fixture(autouse=True)
def _closes() -> Iterator[None]:
    yield
    while CLOSED_LATER:
        CLOSED_LATER.pop().close()


class Elsewhere:
    """The time on another machine: its monotonic clock began when it did, its wall clock may be wrong."""

    def __init__(self, here: FakeClock, *, up_for: float, wrong_by: timedelta) -> None:
        self._here, self._up_for, self._wrong_by = here, up_for, wrong_by

    def now(self) -> datetime:
        return self._here.now() + self._wrong_by

    def monotonic(self) -> float:
        return self._here.monotonic() + self._up_for


class Service(FakeSender):
    """Notes when each message came; `then` happens while one is under way."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.came: list[datetime] = []
        self.then: Callable[[Delivery], None] = lambda _: None

    def send(self, channel: Channel, delivery: Delivery) -> SendResult:
        self.came.append(self.clock.now())
        result = super().send(channel, delivery)
        self.then(delivery)
        return result

    def send_digest(self, channel: Channel, deliveries: Sequence[Delivery]) -> SendResult:
        self.came.append(self.clock.now())
        return super().send_digest(channel, deliveries)


class Worker:
    def __init__(
        self,
        world: World,
        name: str,
        *,
        up_for: float = 0.0,
        wrong_by: timedelta = timedelta(0),
        store: PostgresStore | None = None,
        now: Callable[[Connection], datetime] | None = None,
    ) -> None:
        clock, store = Elsewhere(world.clock, up_for=up_for, wrong_by=wrong_by), store or world.store
        self.world = world
        self.rows = TurnRows(store.database, now, lease=LEASE) if now else turn_rows(store, world.clock)
        self.turns = FleetTurns(self.rows, name, clock, sign_every=3600)
        pipeline = Pipeline(
            store=store, parser=PlainParser(), sender=world.sender, clock=clock, rng=Random(1)
        )  # fmt: skip
        self.loop = DeliverLoop(
            pipeline=pipeline, store=store, clock=clock, report=lambda *_: None, channels=CHANNELS,
            turns=self.turns,
        )  # fmt: skip

        CLOSED_LATER.append(self.turns)

    def tick(self) -> None:
        self.loop.tick(self.world.setup)

    def end(self) -> None:
        assert self.loop.wait(BOUND)
        assert self.loop.trouble is None

    def deliver(self) -> None:
        self.tick()
        self.end()


def world(store: PostgresStore | None = None, **channel: object) -> World:
    made = World(rule(), baseline=False, services=Service, store=store)
    desk = Channel(**{"id": "desk", "url": Secret("json://x"), "language": "ar", **channel})
    made.setup = replace(made.setup, channels={"desk": desk})
    return made


def strike(made: World, *numbers: int) -> None:
    made.clock.advance(-MINUTE)  # which a poll takes
    made.poll(*(item(f"غارة رقم {n} على البلدة", n=n, at=None) for n in numbers))


def alerts(made: World) -> list[str]:
    """All that were sent, as often as they were."""
    return [each.alert.title for message in [*made.sender.digests, made.sender.sent] for each in message]


def most_within(came: Sequence[datetime], span: timedelta) -> int:
    return max(sum(begin <= at < begin + span for at in came) for begin in came)


@pytest.fixture
def pair() -> tuple[World, Worker, Worker]:
    made = world()
    return made, Worker(made, "a"), Worker(made, "b", up_for=86_400.125)


# --- one pace


def test_two_workers_send_to_a_channel_just_when_one_would_have():
    def came(names: str) -> list[datetime]:
        made = world(url=MACHINE, rate=Rate(count=5, per=MINUTE))
        workers = [Worker(made, name, up_for=n * 1000.5) for n, name in enumerate(names)]
        strike(made, *range(14))
        for second in range(330):
            for worker in workers[second % len(workers) :] + workers[: second % len(workers)]:
                worker.tick()
            for worker in workers:
                worker.end()
            made.clock.advance(SECOND)
        assert sorted(set(alerts(made))) == sorted(alerts(made))
        return made.sender.came

    alone, together = came("a"), came("ab")
    assert len(alone) == 14
    assert together == alone


@pytest.mark.parametrize("wrong_by", [timedelta(seconds=-8), timedelta(seconds=8)])
def test_a_worker_whose_clock_is_wrong_keeps_the_pace_too(wrong_by):
    made = world(url=MACHINE, rate=Rate(count=4, per=MINUTE))
    workers = [Worker(made, "a"), Worker(made, "b", up_for=77.25, wrong_by=wrong_by)]
    strike(made, *range(8))
    for second in range(300):
        workers[second // 7 % 2].deliver()
        made.clock.advance(SECOND)
    assert len(alerts(made)) == 8
    assert most_within(made.sender.came, MINUTE) <= 4


def test_a_pause_that_a_service_asked_of_one_worker_holds_for_the_other(pair):
    made, first, second = pair
    strike(made, 1, 2)
    made.sender.send = lambda *_: NotSent(
        detail="HTTP 429", failed_at=made.clock.now(), retry_after=timedelta(minutes=20)
    )
    first.deliver()
    del made.sender.send
    strike(made, 3)
    second.deliver()
    assert Reader(made.store.database).totals().deliveries[DeliveryStatus.PENDING] == 1, "it was not even looked at"
    for _ in range(19):
        made.clock.advance(MINUTE)
        second.deliver()
    assert alerts(made) == []
    for _ in range(60):
        made.clock.advance(MINUTE)
        second.deliver()
    assert len(alerts(made)) == 3


def test_many_at_once_are_gathered_once_by_whichever_worker_and_not_again_within_a_minute():
    made = world(url=TELEGRAM)
    workers = [Worker(made, "a"), Worker(made, "b", up_for=500.0), Worker(made, "c", up_for=1e6)]
    for round_of, begin in enumerate((0, 100)):
        strike(made, *range(begin, begin + 50))
        for worker in workers[round_of:] + workers[:round_of]:
            worker.tick()
        for worker in workers:
            worker.end()
        made.clock.advance(SECOND)
    assert [len(each) for each in made.sender.digests] == [50]
    for second in range(70):
        workers[second % 3].deliver()
        made.clock.advance(SECOND)
    assert [len(each) for each in made.sender.digests] == [50, 50]
    assert len(set(alerts(made))) == len(alerts(made)) == 100
    assert made.sender.came[1] - made.sender.came[0] >= MINUTE - SECOND


# --- one at a time


def test_while_one_sends_no_other_does(pair):
    made, first, second = pair
    strike(made, 1, 2, 3)
    made.sender.then = lambda _: second.deliver()
    first.deliver()
    assert [each.doubts for each in made.sender.sent] == [0, 0, 0]
    assert Reader(made.store.database).totals().deliveries[DeliveryStatus.SENT] == 3
    assert first.rows.take("desk", "c") is not None, "it was given back"


def test_many_workers_at_once_on_a_server_send_each_alert_once(postgres_url):
    with ExitStack() as stack:
        stores = [open_postgres(postgres_url, now=NOW) for _ in range(6)]
        for store in stores:
            stack.callback(store.close)
        made = world(stores[0], url=MACHINE)
        tell(stores[0], "غارة", seen_at=made.clock.now())
        strike(made, *range(40))
        workers = [Worker(made, f"w{n}", store=store, now=server_now) for n, store in enumerate(stores)]

        def send_all(worker: Worker) -> None:
            until(lambda: (worker.deliver(), not stores[0].channels_due(made.clock.now()))[1])

        threads = [threading.Thread(target=send_all, args=(worker,)) for worker in workers]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        until(lambda: Reader(stores[0].database).totals().deliveries[DeliveryStatus.SENT] == 41)
        assert {each.doubts for each in made.sender.sent} == {0}
        assert len(made.sender.sent) == len({each.id for each in made.sender.sent}) == 41


def test_the_time_of_the_server_is_that_of_the_moment(postgres_url):
    with closing(open_postgres(postgres_url, now=NOW)) as store, store.database.write() as db:
        before = SystemClock().now()
        first, second = server_now(db), server_now(db)
        assert before <= first < second <= SystemClock().now()


def test_a_worker_serves_so_many_channels_at_a_time_and_takes_no_turn_before(monkeypatch):
    made = world()
    ids = [f"desk{n}" for n in range(CHANNELS + 4)]
    channels = {each: Channel(id=each, url=Secret("json://x"), language="ar") for each in ids}
    made.setup = replace(made.setup, channels=channels)
    tell(made.store, "غارة", *(Recipient(channel_id=each, key="only") for each in ids), seen_at=made.clock.now())
    worker, go_on, under_way = Worker(made, "a"), threading.Event(), list[str]()

    def wait(delivery: Delivery) -> None:
        under_way.append(delivery.recipient.channel_id)
        assert go_on.wait(BOUND)

    made.sender.then = wait
    worker.tick()
    until(lambda: len(under_way) == CHANNELS)
    with made.store.database.read() as db:
        held = {row[0] for row in db.execute("SELECT channel_id FROM channel_turn WHERE worker IS NOT NULL")}
    assert held == set(under_way)
    go_on.set()
    worker.end()
    assert sorted(under_way) == sorted(ids)


def test_a_channel_is_served_while_the_caller_waits():
    made = world(url=MACHINE, rate=Rate(count=1, per=MINUTE))
    worker = Worker(made, "a")
    strike(made, 1, 2)
    assert worker.loop.serve(made.setup, "desk")
    assert len(alerts(made)) == 1
    assert not worker.loop.serve(made.setup, "desk"), "it may not be sent to before a minute has passed"
    made.clock.advance(MINUTE)
    assert worker.loop.serve(made.setup, "desk")
    assert len(alerts(made)) == 2


def test_what_was_for_a_channel_that_is_gone_is_given_up_in_a_turn_too(pair):
    made, first, _ = pair
    strike(made, 1)
    made.setup = replace(made.setup, channels={})
    first.deliver()
    [record] = Reader(made.store.database).deliveries(DeliveryStatus.RETRYING, limit=9)
    assert "not configured" in record.last_error


# --- a worker that is gone, or slow


@pytest.fixture
def stuck(pair) -> Iterator[tuple[World, Worker, Worker]]:
    """The first worker has claimed three deliveries; one of them is with the service, and it gives no sign of life."""
    made, first, second = pair
    strike(made, 1, 2, 3)
    go_on, arrived = threading.Event(), threading.Event()

    def hang(_: Delivery) -> None:
        made.sender.then = lambda _: None
        arrived.set()
        assert go_on.wait(BOUND)

    made.sender.then = hang
    first.tick()
    assert arrived.wait(BOUND)
    first.go_on = go_on.set
    yield made, first, second
    go_on.set()
    first.end()


def test_the_channel_of_a_worker_that_was_killed_is_served_when_its_turn_ends(stuck):
    made, _first, second = stuck
    made.clock.advance(LEASE - timedelta(microseconds=1))
    second.deliver()
    assert len(alerts(made)) == 1
    made.clock.advance(timedelta(microseconds=1))
    second.deliver()
    assert [each.doubts for each in made.sender.sent] == [0, 1, 0, 0]
    assert made.sender.sent[1].id == made.sender.sent[0].id
    assert len(set(alerts(made))) == 3
    assert Reader(made.store.database).totals().deliveries[DeliveryStatus.SENT] == 3


def test_a_worker_that_comes_to_itself_after_another_took_its_turn_sends_nothing_more(stuck, caplog):
    made, first, second = stuck
    made.clock.advance(LEASE)
    made.sender.then = lambda _: (setattr(made.sender, "then", lambda _: None), first.go_on(), first.end())
    with caplog.at_level(logging.WARNING):
        second.deliver()
    assert len(alerts(made)) == 4, "the repeat of what was under way, and the two that were not"
    assert len(set(alerts(made))) == 3
    assert [each.message for each in caplog.records] == ["turn.lost"]
    assert Reader(made.store.database).totals().deliveries[DeliveryStatus.SENT] == 3


class Lost:
    """`turns.Turns` of one whose turns are lost as soon as it has them."""

    def take(self, _channel_id: str, _account: Account) -> Lost:
        return self

    def left(self) -> Sequence[str]:
        return ()

    def claim(self, *_: object, **__: object) -> list[Delivery]:
        return []

    def keeps(self) -> bool:
        return False

    def end(self, *, broke: bool) -> None:
        assert not broke


def test_who_lost_its_turn_ends_whatever_is_still_due():
    """One alone at first, and many together behind it."""
    made = world(url=TELEGRAM)
    grave = rule("grave", "خطيرة", severity=Severity.CRITICAL)
    made.use(rule(), grave, feeds=made.setup.feeds.values())
    made.setup = replace(made.setup, channels={"desk": replace(made.setup.channels["desk"], url=TELEGRAM)})
    made.poll(item("حادثة خطيرة عند الجسر", n=99, at=None), *(item(f"غارة رقم {n}", n=n, at=None) for n in range(30)))
    loop = DeliverLoop(
        pipeline=made.pipeline, store=made.store, clock=made.clock, report=lambda *_: None, turns=Lost()
    )  # fmt: skip
    assert loop.tick(made.setup) == ["desk"]
    assert loop.wait(BOUND)
    assert loop.trouble is None
    assert alerts(made) == []


def test_a_worker_that_breaks_after_another_took_its_turn_lets_go_of_nothing(stuck):
    made, first, second = stuck
    record, due = made.store.record, list[Delivery]()

    def fails(*_: object, **__: object) -> None:
        made.store.record = record
        raise StateError("the database is away")

    def late(_: Delivery) -> None:
        made.sender.then = lambda _: None
        made.store.record = fails
        first.go_on()
        assert first.loop.wait(BOUND)
        due.extend(made.store.waiting(made.clock.now(), channel_id="desk", limit=9))

    made.clock.advance(LEASE)
    made.sender.then = late
    second.deliver()
    assert isinstance(first.loop.trouble, StateError)
    first.loop.trouble = None
    assert due == [], "the other had claimed them"


@pytest.mark.parametrize("url", [MACHINE, TELEGRAM], ids=["alone", "gathered"])
def test_what_a_killed_worker_sent_counts_for_the_pace(url):
    made = world(url=url, rate=Rate(count=1, per=MINUTE))
    first, second = Worker(made, "a"), Worker(made, "b", up_for=9.0)
    strike(made, 1, 2)
    first.rows.give_back = lambda *_: True  # it did not come to that
    first.deliver()
    strike(made, 3)
    begun = made.clock.now()
    for _ in range(70):
        second.deliver()
        made.clock.advance(SECOND)
    assert [at - begun for at in made.sender.came] == [timedelta(0), MINUTE]


@pytest.mark.parametrize("numbers", [(1,), (1, 2)])
def test_what_could_not_be_recorded_is_tried_again_at_once_and_said_to_be_a_repeat(pair, numbers):
    made, first, second = pair
    strike(made, *numbers)
    record = made.store.record

    def fails(*_: object, **__: object) -> None:
        made.store.record = record
        raise StateError("the database is away")

    made.store.record = fails
    first.tick()
    assert first.loop.wait(BOUND)
    assert isinstance(first.loop.trouble, StateError)
    second.deliver()
    assert [each.doubts for each in made.sender.sent] == [0, 1, 0][: len(numbers) + 1]


def test_a_turn_that_could_not_be_given_back_is_taken_by_its_own_worker_at_once_and_by_others_after_its_lease(pair):
    made, first, second = pair
    strike(made, 1)

    def fails(*_: object) -> bool:
        del first.rows.give_back
        raise StateError("the database is away")

    first.rows.give_back = fails
    first.tick()
    assert first.loop.wait(BOUND)
    assert isinstance(first.loop.trouble, StateError)
    first.turns.sign()  # which keeps it no longer
    strike(made, 2)
    second.deliver()
    assert len(alerts(made)) == 1
    first.tick()
    assert first.loop.wait(BOUND)
    assert len(alerts(made)) == 2


# --- signs of life


def until(true: Callable[[], bool]) -> None:
    """Wait for it."""
    ends = time.monotonic() + BOUND
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.001)


def turns(rows: TurnRows, clock: FakeClock, *, sign_every: float = 3600) -> FleetTurns:
    made = FleetTurns(rows, "a", clock, sign_every=sign_every)
    CLOSED_LATER.append(made)
    return made


def test_a_message_that_takes_long_does_not_cost_the_turn():
    made = world()
    rows, account = turn_rows(made.store, made.clock), Account(made.clock)
    kept = turns(rows, made.clock, sign_every=0.001)
    assert kept.take("desk", account) is not None
    for _ in range(6):
        made.clock.advance(LEASE - SECOND)
        ends = made.clock.now() + LEASE
        until(lambda ends=ends: runs_until(made) == ends)
        assert rows.take("desk", "b") is None
    kept.close()
    made.clock.advance(LEASE)
    assert rows.take("desk", "b") is not None


def runs_until(made: World) -> datetime:
    with made.store.database.read() as db:
        [(us,)] = db.execute("SELECT until_us FROM channel_turn")
    return datetime.fromtimestamp(0, tz=made.clock.now().tzinfo) + timedelta(microseconds=us)


def test_who_hangs_for_ever_does_not_keep_its_turn_for_ever():
    made = world()
    rows = turn_rows(made.store, made.clock)
    kept = turns(rows, made.clock)
    had = kept.take("desk", Account(made.clock))
    made.clock.advance(timedelta(seconds=LONGEST))
    kept.sign()
    assert rows.take("desk", "b") is None
    made.clock.advance(LEASE)
    kept.sign()
    assert rows.take("desk", "b") is not None
    assert not had.keeps()


def test_a_turn_that_was_given_back_is_signed_for_no_more(caplog):
    made = world()
    rows = turn_rows(made.store, made.clock)
    kept = turns(rows, made.clock)
    had, keep_all = [kept.take("desk", Account(made.clock))], rows.keep_all
    gone = weakref.ref(had[0])

    def late(turns: Iterable[Taken]) -> list[Taken]:
        had.pop().end(broke=False)
        assert rows.take("desk", "b") is not None
        return keep_all(turns)

    rows.keep_all = late
    kept.sign()
    assert not caplog.records, "it was not lost"
    gc.collect()
    assert gone() is None


def test_a_database_that_is_away_for_a_moment_costs_no_turn(caplog):
    made = world()
    rows = turn_rows(made.store, made.clock)
    kept = turns(rows, made.clock)
    had = [kept.take(each, Account(made.clock)) for each in ("desk", "field")]
    keep_all, failures = rows.keep_all, iter([StateError("the database is away"), RuntimeError("a bug")])

    def fails(_: object) -> list[Taken]:
        raise next(failures)

    rows.keep_all = fails
    with caplog.at_level(logging.WARNING):
        kept.sign()
        kept.sign()
    assert [each.message for each in caplog.records] == ["turn.not_kept"] * 2
    rows.keep_all = keep_all
    made.clock.advance(LEASE - SECOND)
    kept.sign()
    made.clock.advance(LEASE - SECOND)
    assert [each.keeps() for each in had] == [True, True]


def test_a_channel_whose_deliveries_are_locked_costs_no_turn_of_its_worker(postgres_url, caplog):
    ids = ("desk", "field", "night")
    with closing(open_postgres(postgres_url, now=NOW)) as store, closing(open_postgres(postgres_url, now=NOW)) as other:
        made = world(store)
        tell(store, "غارة", *(Recipient(channel_id=each, key="only") for each in ids), seen_at=made.clock.now())
        kept, others = turns(turn_rows(store, made.clock), made.clock), turn_rows(other, made.clock)
        had = {each: kept.take(each, Account(made.clock)) for each in ids}
        with ThreadPoolExecutor(1) as pool:
            with psycopg.connect(postgres_url) as holder:
                holder.execute("UPDATE delivery SET attempts = attempts WHERE channel_id = 'desk'")
                claimed = meanwhile.begin(
                    pool, other, lambda: had["desk"].claim(made.clock.now(), limit=1, lease=timedelta(hours=1))
                )
                assert not claimed.done()
                for _ in range(2):
                    made.clock.advance(LEASE - SECOND)
                    kept.sign()
                assert [others.take(each, "b") for each in ("field", "night")] == [None, None]
            assert len(claimed.result()) == 1
        assert [each.keeps() for each in had.values()] == [True] * 3
        assert not caplog.records


def test_closing_is_done_twice_without_harm_and_ends_the_thread():
    made = world()
    kept = turns(turn_rows(made.store, made.clock), made.clock, sign_every=0.001)
    kept.take("desk", Account(made.clock))
    kept.close()
    kept.close()
    assert "turns" not in {each.name for each in threading.enumerate()}


def test_closing_waits_for_no_database_and_what_is_under_way_ends_without_a_word(caplog):
    made = world()
    rows = turn_rows(made.store, made.clock)
    kept, asked, answers = turns(rows, made.clock, sign_every=0.001), threading.Event(), threading.Event()

    def hang(_: object) -> list[Taken]:
        asked.set()
        answers.wait()
        raise PoolClosed("the pool 'monitor' is already closed")

    rows.keep_all = hang
    kept.take("desk", Account(made.clock))
    assert asked.wait(BOUND)
    closing_it = threading.Thread(target=kept.close, daemon=True)
    closing_it.start()
    closing_it.join(BOUND)
    waited_on = closing_it.is_alive()
    with caplog.at_level(logging.WARNING):
        answers.set()
        until(lambda: "turns" not in {each.name for each in threading.enumerate()})
    assert not waited_on
    assert not caplog.records
