"""What waits: quiet hours, digests, bursts, with the real pipeline and store."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from monitor.errors import StateError
from monitor.model import (
    Channel,
    Delivery,
    DeliveryStatus,
    Hold,
    NotSent,
    QuietHours,
    Rate,
    Recipient,
    Rhythm,
    Secret,
    Sent,
    Severity,
)
from monitor.outbound import DeliverLoop
from monitor.store import Reader, SqliteStore, open_store
from tests.world import World, feed, item, rule

TELEGRAM = Secret("tgram://123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/42")
NTFY = Secret("ntfy://desk")
NIGHT = QuietHours(begin=time(22), end=time(6))
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
GRAVE = rule("grave", "خطيرة", severity=Severity.CRITICAL)


def world(*rules, store: SqliteStore | None = None, **channel) -> World:
    made = World(*(rules or (rule(),)), baseline=False, store=store)
    configure(made, **channel)
    return made


def configure(world: World, **channel) -> None:
    """As after a reload."""
    desk = Channel(**{"id": "desk", "url": Secret("json://x"), "language": "ar", **channel})
    world.setup = replace(world.setup, channels={**world.setup.channels, "desk": desk})


def at(world: World, text: str) -> None:
    """Wait until then (UTC)."""
    world.clock.advance(datetime.fromisoformat(text).replace(tzinfo=UTC) - world.clock.now())


def strikes(*numbers: int) -> list[str]:
    """Undated, so that none is too old whenever it comes."""
    return [item(f"غارة رقم {n} على البلدة", n=n, at=None) for n in numbers]


def poll_now(world: World, *items: str, feed_id: str = "one") -> None:
    """`World.poll` takes a minute."""
    world.clock.advance(-MINUTE)
    world.poll(*items, feed_id=feed_id)


def messages(world: World) -> list[list[str]]:
    """What `deliver` sends, a list of titles for each message."""
    alone, together = len(world.sender.sent), len(world.sender.digests)
    world.deliver()
    return [[each.alert.title for each in many] for many in world.sender.digests[together:]] + [
        [each.alert.title] for each in world.sender.sent[alone:]
    ]


def waiting(world: World) -> list[tuple[Hold | None, datetime | None]]:
    records = Reader(world.store.database).deliveries(DeliveryStatus.PENDING, limit=999)
    return [(record.hold, record.next_try_at) for record in records if record.is_held(world.clock.now())]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


SUMMARY = "استهدفت غارة جوية أطراف البلدة فجر اليوم وهرعت سيارات الإسعاف إلى المكان وفق شهود من السكان المحليين"


def told() -> str:
    return item("دوي انفجار قرب السوق الشعبي", n=1, summary=SUMMARY, at=None)


def told_anew() -> str:
    """A version of the same entry, with a headline that is another."""
    return item("خمسة قتلى وحريق كبير شمال المدينة", n=1, summary=SUMMARY, at=None)


# --- quiet hours and digests


def test_what_comes_in_the_night_goes_in_the_morning_as_one_message():
    desk = world(quiet_hours=NIGHT)
    at(desk, "2026-11-22 22:30")
    desk.poll(*strikes(1))
    at(desk, "2026-11-23 03:00")
    desk.poll(*strikes(1, 2))
    assert messages(desk) == []
    assert waiting(desk) == [(Hold.QUIET_HOURS, utc("2026-11-23 06:00"))] * 2
    at(desk, "2026-11-23 05:59:59")
    assert messages(desk) == []
    at(desk, "2026-11-23 06:00")
    assert [sorted(each) for each in messages(desk)] == [["غارة رقم 1 على البلدة", "غارة رقم 2 على البلدة"]]
    assert messages(desk) == []
    assert Reader(desk.store.database).totals().deliveries[DeliveryStatus.SENT] == 2


def test_a_digest_of_one_is_an_ordinary_alert():
    desk = world(digest=Rhythm())
    desk.poll(*strikes(1))
    assert messages(desk) == []
    at(desk, "2026-11-22 13:00")
    desk.deliver()
    assert ([each.alert.title for each in desk.sender.sent], desk.sender.digests) == (["غارة رقم 1 على البلدة"], [])


def test_what_is_critical_or_let_through_passes():
    high, low = rule("high", "غارة", severity=Severity.HIGH), rule("low", "حريق", severity=Severity.LOW)
    desk = world(GRAVE, high, low, quiet_hours=replace(NIGHT, let_through=Severity.HIGH), digest=None)
    at(desk, "2026-11-22 23:00")
    desk.poll(item("حادثة خطيرة عند الجسر", n=1), item("غارة على البلدة", n=2), item("حريق في السوق", n=3))
    assert sorted(title for (title,) in messages(desk)) == ["حادثة خطيرة عند الجسر", "غارة على البلدة"]
    configure(desk, digest=Rhythm(at=time(7)))
    desk.poll(item("حادثة خطيرة عند النهر", n=4), item("غارة على المطار", n=5))
    assert [title for (title,) in messages(desk)] == ["حادثة خطيرة عند النهر"]


def test_a_rules_digest_goes_at_the_channels_own_seven_o_clock():
    desk = world(rule(digest=Rhythm(at=time(7))), zone="Asia/Baghdad")
    desk.poll(*strikes(1, 2))
    assert waiting(desk) == [(Hold.DIGEST, utc("2026-11-23 04:00"))] * 2
    at(desk, "2026-11-23 04:00")
    assert [len(each) for each in messages(desk)] == [2]


def test_quiet_hours_that_began_meanwhile_hold_what_could_not_be_sent():
    desk = world(quiet_hours=NIGHT)
    desk.sender.refuse.add("desk")
    at(desk, "2026-11-22 21:58")
    desk.poll(*strikes(1))
    assert messages(desk) == []
    desk.sender.refuse.clear()
    at(desk, "2026-11-22 22:01")
    assert messages(desk) == []
    assert waiting(desk) == [(Hold.QUIET_HOURS, utc("2026-11-23 06:00"))]
    assert Reader(desk.store.database).undelivered_since(desk.clock.now()) is None
    at(desk, "2026-11-23 06:00")
    assert messages(desk) == [["غارة رقم 1 على البلدة"]]


def test_an_update_that_waited_for_its_throttle_waits_for_the_night_after_that():
    desk = world(rule(throttle=HOUR), quiet_hours=NIGHT)
    at(desk, "2026-11-22 21:30")
    desk.poll(told())
    assert len(messages(desk)) == 1
    at(desk, "2026-11-22 21:40")
    desk.poll(told_anew())
    held = waiting(desk)
    assert [hold for hold, _ in held] == [Hold.THROTTLE], desk.reports[-1]
    at(desk, "2026-11-22 22:45")
    assert messages(desk) == []
    assert waiting(desk) == [(Hold.QUIET_HOURS, utc("2026-11-23 06:00"))]


@pytest.mark.parametrize("then", [{}, {"digest": Rhythm()}])
def test_nothing_stays_held_by_what_a_reload_took_away(then):
    desk = world(digest=Rhythm(at=time(7), weekday=0))
    at(desk, "2026-11-24 12:00")
    desk.poll(*strikes(1, 2))
    assert messages(desk) == []
    configure(desk, **then)
    at(desk, "2026-11-24 13:30")
    desk.store.look_anew(desk.clock.now(), rule_ids=list(desk.setup.rules))
    assert [len(each) for each in messages(desk)] == [2]


def test_a_rules_digest_holds_also_what_is_looked_at_anew_and_what_was_throttled_first():
    daily = rule(throttle=HOUR)
    desk = world(daily)
    desk.poll(told())
    messages(desk)
    desk.poll(told_anew())
    with_digest = replace(daily, digest=Rhythm(at=time(7)))  # as after a reload
    desk.setup = replace(desk.setup, rules={"strikes": with_digest})
    desk.clock.advance(2 * HOUR)
    for _ in range(2):
        assert messages(desk) == []
        assert waiting(desk) == [(Hold.DIGEST, utc("2026-11-23 07:00"))]
        desk.store.look_anew(desk.clock.now(), rule_ids=["strikes"])
    at(desk, "2026-11-23 07:00")
    assert len(messages(desk)) == 1


def test_what_a_rule_that_is_gone_throttled_is_told():
    desk = world(rule(throttle=24 * HOUR))
    desk.poll(told())
    messages(desk)
    desk.poll(told_anew())
    assert [hold for hold, _ in waiting(desk)] == [Hold.THROTTLE], desk.reports[-1]
    desk.store.look_anew(desk.clock.now(), rule_ids=["strikes"])
    assert messages(desk) == []
    desk.store.look_anew(desk.clock.now(), rule_ids=["other"])
    assert len(messages(desk)) == 1


def test_a_digest_at_seven_stays_at_seven_when_the_clock_is_set():
    desk = world(digest=Rhythm(at=time(7)))
    desk.poll(*strikes(1, 2))
    for jump in (timedelta(hours=5), timedelta(hours=-9)):
        desk.clock._now += jump  # the wall clock alone
        desk.store.shift_leases(jump, now=desk.clock.now())
        desk.deliver()
    assert waiting(desk) == [(Hold.DIGEST, utc("2026-11-23 07:00"))] * 2
    at(desk, "2026-11-23 07:00")
    assert [len(each) for each in messages(desk)] == [2]


def test_what_was_decided_by_a_clock_a_year_ahead_goes_with_the_next_digest():
    desk = world(digest=Rhythm(at=time(7)))
    desk.clock._now += timedelta(days=365)
    desk.poll(*strikes(1, 2))
    desk.clock._now -= timedelta(days=365)
    desk.store.take_over(now=desk.clock.now())
    assert messages(desk) == []
    at(desk, "2026-11-23 07:00:01")
    assert [len(each) for each in messages(desk)] == [2]


# --- one message, honest records


def test_a_digest_that_fails_is_tried_again_as_one_and_is_as_old_as_it_is_due():
    desk = world(digest=Rhythm(at=time(7), weekday=0))
    at(desk, "2026-11-24 12:00")
    desk.poll(*strikes(1, 2, 3))
    at(desk, "2026-11-30 07:00")
    desk.sender.refuse.add("desk")
    assert messages(desk) == []
    records = Reader(desk.store.database).deliveries(DeliveryStatus.RETRYING, limit=9)
    assert {record.attempts for record in records} == {1}
    assert len({record.next_try_at for record in records}) == 1
    assert Reader(desk.store.database).undelivered_since(desk.clock.now()) == utc("2026-11-30 07:00")
    for _ in range(30):  # half an hour of it: six days and a half after they were made
        desk.clock.advance(MINUTE)
        desk.deliver()
    desk.sender.refuse.clear()
    told: list[str] = []
    for _ in range(30):
        desk.clock.advance(MINUTE)
        told += [title for message in messages(desk) for title in message]
    assert sorted(told) == [f"غارة رقم {n} على البلدة" for n in (1, 2, 3)]


def test_a_message_that_no_service_takes_as_a_whole_costs_nobody_their_alert():
    desk = world(digest=Rhythm())
    desk.poll(*strikes(1, 2, 3))
    tried = []

    def refuse(_channel: Channel, deliveries: Sequence[Delivery]) -> NotSent:
        tried.append(len(deliveries))
        return NotSent(detail="HTTP 413", permanent=True, failed_at=desk.clock.now())

    desk.sender.send_digest = refuse
    at(desk, "2026-11-22 13:00")
    told: list[str] = []
    for _ in range(120):
        told += [title for message in messages(desk) for title in message]
        desk.clock.advance(10 * SECOND)
    assert sorted(told) == [f"غارة رقم {n} على البلدة" for n in (1, 2, 3)]
    assert 1 <= len(tried) <= 3


def test_what_a_channel_refuses_goes_to_its_fallback_as_one_message():
    desk = world(digest=Rhythm(), fallback="night")
    spare = Channel(id="night", url=Secret("json://y"), language="ar")
    desk.setup = replace(desk.setup, channels={**desk.setup.channels, "night": spare})
    desk.poll(*strikes(1, 2, 3))
    deliver = desk.sender.send_digest

    def send(channel: Channel, deliveries: Sequence[Delivery]):
        if channel.id == "desk":
            return NotSent(detail="gone", permanent=True, refused=True, failed_at=desk.clock.now())
        return deliver(channel, deliveries)

    desk.sender.send_digest = send
    at(desk, "2026-11-22 13:00")
    assert [len(each) for each in messages(desk)] == [3]
    assert {each.recipient.channel_id for each in desk.sender.digests[0]} == {"night"}
    assert Reader(desk.store.database).totals().deliveries[DeliveryStatus.DEAD] == 3


def test_what_of_a_message_cannot_be_recorded_is_recorded_of_none_and_each_may_be_a_repeat():
    desk = world(digest=Rhythm())
    desk.poll(*strikes(1, 2, 3))
    record = desk.store.record_together

    def locked(*_, **__):
        desk.store.record_together = record
        raise StateError("another process keeps it locked")

    desk.store.record_together = locked
    at(desk, "2026-11-22 13:00")
    assert [len(each) for each in messages(desk)] == [3]
    assert messages(desk) == []
    desk.clock.advance(11 * MINUTE)
    assert [len(each) for each in messages(desk)] == [3]
    assert [each.doubts for each in desk.sender.digests[1]] == [1, 1, 1]


def test_a_restart_keeps_what_is_held_and_repeats_nothing(tmp_path: Path):
    first = world(quiet_hours=NIGHT, store=open_store(tmp_path, now=utc("2026-11-22 12:00")))
    at(first, "2026-11-22 23:00")
    first.poll(*strikes(1, 2, 3))
    first.deliver()
    first.store.close()
    with closing(open_store(tmp_path, now=utc("2026-11-23 07:00"))) as store:
        second = world(quiet_hours=NIGHT, store=store)
        at(second, "2026-11-23 05:00")
        store.take_over(now=second.clock.now())
        store.look_anew(second.clock.now(), rule_ids=list(second.setup.rules))
        assert messages(second) == []
        assert waiting(second) == [(Hold.QUIET_HOURS, utc("2026-11-23 06:00"))] * 3
        at(second, "2026-11-23 07:00")
        assert [len(each) for each in messages(second)] == [3]
        assert messages(second) == []


def test_recipients_have_digests_of_their_own():
    desk = world(digest=Rhythm())
    people = tuple(Recipient(channel_id="desk", key=key) for key in ("a", "b"))
    desk.setup = replace(desk.setup, recipients=lambda *_: people)
    desk.poll(*strikes(1, 2))
    at(desk, "2026-11-22 13:00")
    assert [len(each) for each in messages(desk)] == [2, 2]
    assert [{each.recipient.key for each in digest} for digest in desk.sender.digests] == [{"a"}, {"b"}]


# --- bursts


class Log:
    """Everything that arrives, and when."""

    def __init__(self, world: World) -> None:
        self.world, self.messages = world, list[tuple[datetime, list[Delivery]]]()
        world.sender.send = lambda _channel, delivery: self._take([delivery])
        world.sender.send_digest = lambda _channel, deliveries: self._take(list(deliveries))

    def _take(self, deliveries: list[Delivery]) -> Sent:
        self.messages.append((self.world.clock.now(), deliveries))
        return Sent(sent_at=self.world.clock.now())

    def alerts(self) -> list[str]:
        return sorted(each.alert.title for _, many in self.messages for each in many)

    def latest(self, severity: Severity) -> timedelta:
        """How long the alert of this severity waited that waited longest."""
        return max(
            came - each.alert.decided_at
            for came, many in self.messages
            for each in many
            if each.alert.severity is severity
        )


def flood(world: World, log: Log, *, seconds: int, each: int, critical_every: int) -> list[str]:
    """So many alerts a second, told as they come and two minutes on; their titles."""
    world.setup = replace(world.setup, feeds={f"f{n}": feed(f"f{n}") for n in range(seconds)})
    titles: list[str] = []
    for second in range(seconds):
        numbers = range(1 + second * each, 1 + (second + 1) * each)
        batch = [
            f"حادثة خطيرة رقم {n} عند الجسر" if n % critical_every == 0 else f"غارة رقم {n} على البلدة" for n in numbers
        ]
        titles += batch
        poll_now(world, *(item(title, n=n) for title, n in zip(batch, numbers, strict=True)), feed_id=f"f{second}")
        world.deliver()
        world.clock.advance(SECOND)
    for _ in range(130):
        world.clock.advance(SECOND)
        world.deliver()
    return sorted(titles)


@pytest.mark.parametrize(
    ("url", "seconds", "each"),
    [(TELEGRAM, 1, 200), (TELEGRAM, 10, 20), (TELEGRAM, 50, 4), (NTFY, 50, 4), (Secret("json://x"), 50, 4)],
)
def test_two_hundred_alerts_in_a_minute_are_a_few_messages_and_critical_ones_do_not_wait(url, seconds, each):
    desk = world(rule(), GRAVE, url=url)
    log = Log(desk)
    titles = flood(desk, log, seconds=seconds, each=each, critical_every=40)
    assert log.alerts() == titles
    lesser = [many for _, many in log.messages if many[0].alert.severity is not Severity.CRITICAL]
    assert len(lesser) <= 20 + 3
    assert log.latest(Severity.CRITICAL) <= 5 * SECOND
    assert log.latest(Severity.HIGH) <= 62 * SECOND
    for _, many in log.messages:
        assert len({delivery.alert.severity for delivery in many}) == 1, "what is critical stands alone"


def test_a_burst_in_one_poll_is_one_message():
    desk = world(url=TELEGRAM)
    log = Log(desk)
    flood(desk, log, seconds=1, each=200, critical_every=10**6)
    assert [len(many) for _, many in log.messages] == [200]


@pytest.mark.parametrize("url", [TELEGRAM, NTFY])
def test_two_hundred_critical_alerts_are_out_within_a_minute(url):
    desk = world(rule(), GRAVE, url=url)
    log = Log(desk)
    titles = flood(desk, log, seconds=50, each=4, critical_every=1)
    assert log.alerts() == titles
    assert log.latest(Severity.CRITICAL) <= MINUTE
    assert len(log.messages) <= 20 + 4


@pytest.mark.parametrize("url", [TELEGRAM, NTFY])
def test_lesser_alerts_never_use_up_what_a_critical_one_needs(url):
    desk = world(rule(), GRAVE, url=url)
    log = Log(desk)
    for minute in range(8):  # as many as are no burst yet, minute after minute
        desk.setup = replace(desk.setup, feeds={f"f{minute}": feed(f"f{minute}")})
        numbers = range(minute * 100, minute * 100 + 17)
        poll_now(desk, *strikes(*numbers), feed_id=f"f{minute}")
        for second in range(60):
            if second == 30:
                poll_now(desk, item(f"حادثة خطيرة رقم {minute} عند الجسر", n=minute + 5000), feed_id=f"f{minute}")
            desk.deliver()
            desk.clock.advance(SECOND)
    assert log.latest(Severity.CRITICAL) <= 2 * SECOND


def test_one_by_one_they_leave_something_for_a_critical_one_too():
    desk = world(rule(), GRAVE, rate=Rate(count=20, per=MINUTE))
    for numbers in (range(18), [18], [19]):
        desk.clock.advance(SECOND)
        poll_now(desk, *strikes(*numbers))
        desk.deliver()
    assert len(desk.sender.sent) == 18
    desk.clock.advance(SECOND)
    poll_now(desk, item("حادثة خطيرة عند الجسر", n=99))
    assert messages(desk) == [["حادثة خطيرة عند الجسر"]]


def test_a_machine_gets_each_event_however_many_there_are():
    desk = world(url=Secret("cloudevents+https://hook.example/x"))
    desk.poll(*strikes(*range(60)))
    for _ in range(70):
        desk.deliver()
        desk.clock.advance(SECOND)
    assert (len(desk.sender.sent), desk.sender.digests) == (60, [])


def test_a_burst_that_waits_is_told_to_a_caller_that_ends():
    desk = world(url=TELEGRAM)
    desk.poll(*strikes(*range(50)))
    desk.deliver()
    desk.clock.advance(SECOND)
    poll_now(desk, *strikes(*range(100, 150)))
    desk.deliver()
    assert [hold for hold, _ in waiting(desk)] == [Hold.BURST] * 50
    pause = desk.deliveries.next_in()
    assert pause is not None
    assert 50 <= pause <= 60


def test_a_second_process_after_a_burst_loses_nothing():
    desk = world(url=TELEGRAM)
    log = Log(desk)
    desk.poll(*strikes(*range(50)))
    desk.deliver()
    desk.clock.advance(SECOND)
    poll_now(desk, *strikes(*range(100, 150)))
    desk.deliver()
    desk.deliveries = DeliverLoop(pipeline=desk.pipeline, store=desk.store, clock=desk.clock, report=lambda *_: None)
    for _ in range(70):
        desk.clock.advance(SECOND)
        desk.deliver()
    assert len(set(log.alerts())) == len(log.alerts()) == 100
