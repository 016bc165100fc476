"""Another machine goes on at a channel as the one before would have."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.account import UNKNOWN, Account
from monitor.alerts.bursts import EVERY
from monitor.alerts.flow import LONGEST_REST
from monitor.alerts.pace import FORGOTTEN_AFTER, LONGEST_PAUSE
from monitor.alerts.zero import Zero
from monitor.model import Channel, Rate, Sent
from tests.alerts.made import NOW, a_channel, a_failure

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TELEGRAM = a_channel("tgram://123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/42")
OWN_RATE = a_channel("slack://T1AAAAAAA/B1AAAAAAA/CCCCCCCCCCCCCCCCCCCCCCCC", rate=Rate(count=4, per=MINUTE))
WEBHOOK = a_channel("json://h.example")
SLOW = a_channel("json://h.example", rate=Rate(count=1, per=6 * HOUR))
SENT = Sent(sent_at=NOW)
KEYS = ("a", "b")


@dataclass
class Machine:
    """Its monotonic clock begins anywhere, its wall clock may be wrong."""

    monotonic_at: float = 1000.0
    wrong_by: timedelta = timedelta(0)
    passed: float = 0.0

    def __post_init__(self) -> None:
        self.account = Account(self)

    def monotonic(self) -> float:
        return self.monotonic_at + self.passed

    def now(self) -> datetime:
        return NOW + self.wrong_by + timedelta(seconds=self.passed)

    @property
    def zero(self) -> Zero:
        return Zero.of(self.now(), self.monotonic())

    def hands_over(self, other: Machine) -> Machine:
        other.passed = self.passed
        other.account.load("desk", self.account.dump("desk", self.zero), other.zero)
        return other


Step = Callable[[Machine, Channel], object]


def pause(seconds: float) -> Step:
    def step(on: Machine, channel: Channel) -> None:
        on.passed += seconds

    return step


def send(key: str, critical: bool, result: object) -> Step:
    def step(on: Machine, channel: Channel) -> object:
        hold = on.account.pacer.take(channel, key, critical=critical)
        if hold is None:
            on.account.pacer.note(channel, key, result)
        return hold

    return step


def tell(key: str, critical: bool, alerts: int, gathered: bool) -> Step:
    def step(on: Machine, channel: Channel) -> None:
        on.account.bursts.note("desk", key, critical=critical, alerts=alerts, gathered=gathered)

    return step


def look(on: Machine, channel: Channel) -> object:
    """Everything that may be asked of a channel."""
    pacer, bursts = on.account.pacer, on.account.bursts
    return [
        (pacer.hold(channel), pacer.room(channel, 8)),
        [(pacer.fails(channel, key), pacer.within_a_minute(channel, key)) for key in KEYS],
        [
            bursts.crowd("desk", key, critical=critical, waiting=waiting, room=room)
            for key in KEYS
            for critical in (False, True)
            for waiting in (1, 15)
            for room in (None, 9)
        ],
    ]


# In parts of a second that both clocks can tell exactly, so that what is compared is the account.
_PAUSES = st.integers(0, 64 * 150).map(lambda n: n / 64)
_RESULTS = st.sampled_from(
    [SENT, SENT, a_failure(), a_failure(permanent=True), a_failure(retry_after=timedelta(seconds=40))]
)
_STEPS = st.lists(
    st.one_of(
        st.builds(pause, _PAUSES),
        st.builds(send, st.sampled_from(KEYS), st.booleans(), _RESULTS),
        st.builds(tell, st.sampled_from(KEYS), st.booleans(), st.integers(1, 30), st.booleans()),
    ),
    max_size=25,
)


def answers(on: Machine, channel: Channel, steps: Sequence[Step]) -> list[object]:
    return [(step(on, channel), look(on, channel)) for step in steps]


@given(
    st.sampled_from([TELEGRAM, OWN_RATE, WEBHOOK, SLOW]),
    _STEPS,
    _STEPS,
    st.integers(0, 64 * 10**6).map(lambda n: n / 64),
)
def test_who_takes_over_decides_as_the_one_before_would_have(channel, before, after, monotonic_at):
    first = Machine()
    answers(first, channel, before)
    second = first.hands_over(Machine(monotonic_at))
    assert answers(second, channel, after) == answers(first, channel, after)


@given(_STEPS)
def test_handing_over_to_and_fro_changes_nothing(steps):
    first, second = Machine(), Machine(0.015625)
    answers(first, TELEGRAM, steps)
    told = first.account.dump("desk", first.zero)
    for _ in range(50):
        first.hands_over(second).hands_over(first)
    assert first.account.dump("desk", first.zero) == told


@pytest.mark.parametrize(
    ("channel", "step", "longest"),
    [
        (TELEGRAM, send("a", False, SENT), 1),
        (OWN_RATE, send("a", False, SENT), 60),
        (SLOW, send("a", False, SENT), 6 * 3600),
        (WEBHOOK, send("a", False, a_failure()), LONGEST_REST),
        (WEBHOOK, send("a", False, a_failure(retry_after=HOUR)), LONGEST_PAUSE),
    ],
)
@pytest.mark.parametrize("ahead", [timedelta(seconds=7), timedelta(days=400)])
def test_a_clock_that_is_ahead_holds_a_channel_up_no_longer_than_its_rate_or_pause(channel, step, longest, ahead):
    first = Machine(wrong_by=ahead)
    for _ in range(4):
        step(first, channel)
    second = first.hands_over(Machine())
    hold = second.account.pacer.take(channel, "a", critical=False)
    assert hold is not None
    assert hold.seconds <= longest


@pytest.mark.parametrize("ahead", [timedelta(seconds=7), timedelta(days=400)])
def test_a_clock_that_is_ahead_holds_a_burst_up_no_longer_than_it_waits_anyway(ahead):
    first = Machine(wrong_by=ahead)
    tell("a", False, 50, True)(first, TELEGRAM)
    second = first.hands_over(Machine())
    assert second.account.bursts.crowd("desk", "a", critical=False, waiting=1, room=None).seconds == EVERY


def test_what_is_known_of_other_channels_stays():
    first, second = Machine(), Machine()
    other = a_channel(None, id="other", rate=Rate(count=1, per=MINUTE))
    second.account.pacer.take(other, "a")
    second.account.bursts.note("other", "a", critical=False, alerts=50, gathered=True)
    first.hands_over(second)
    assert second.account.pacer.hold(other) is not None
    assert second.account.bursts.crowd("other", "a", critical=False, waiting=1, room=None) is not None


def test_what_was_known_here_gives_way_to_what_is_known_now():
    first, second = Machine(), Machine()
    send("a", False, a_failure(retry_after=HOUR))(second, TELEGRAM)
    tell("a", False, 50, True)(second, TELEGRAM)
    first.hands_over(second)
    assert look(second, TELEGRAM) == look(Machine(), TELEGRAM)


def test_a_new_rate_holds_also_for_what_is_handed_over():
    first = Machine()
    first.account.pacer.take(OWN_RATE, "a")
    second = first.hands_over(Machine())
    changed = a_channel("json://h.example", rate=Rate(count=1, per=MINUTE))
    assert second.account.pacer.take(changed, "a") is None
    assert second.account.pacer.take(changed, "a") is not None


def test_recipients_that_are_there_no_more_are_forgotten():
    machine = Machine()
    machine.account.pacer.take(OWN_RATE, "a")
    machine.passed += FORGOTTEN_AFTER
    machine.account.pacer.take(OWN_RATE, "b")
    assert list(json.loads(machine.account.dump("desk", machine.zero))["pace"]["flows"]) == ["b"]


UNREADABLE = [
    "", "nonsense", "[1]", "7", '{"pace":{}}', '{"pace":7,"bursts":[]}', '{"pace":null,"bursts":null}',
    '{"pace":{"rates":[[1,1]],"whole":[],"flows":{"a":{}},"pause":null},"bursts":[]}',
    '{"pace":{"rates":[],"whole":[[1]],"flows":{},"pause":null},"bursts":[]}',
    '{"pace":{"rates":[],"whole":[],"flows":{},"pause":[]},"bursts":[]}',
    '{"pace":{"rates":[],"whole":[],"flows":{},"pause":null},"bursts":[{"key":"a"}]}',
]  # fmt: skip


@pytest.mark.parametrize("told", UNREADABLE)
def test_what_cannot_be_read_is_as_if_nothing_had_been_sent(told, caplog):
    machine = Machine()
    machine.account.pacer.take(TELEGRAM, "a")
    with caplog.at_level(logging.WARNING):
        machine.account.load("desk", told, machine.zero)
    assert [each.message for each in caplog.records] == ["account.unreadable"]
    assert look(machine, TELEGRAM) == look(Machine(), TELEGRAM)


def test_nothing_known_is_no_trouble(caplog):
    machine = Machine()
    with caplog.at_level(logging.WARNING):
        machine.account.load("desk", UNKNOWN, machine.zero)
    assert not caplog.records


def test_an_account_is_ascii_whatever_a_service_said():
    machine = Machine()
    machine.account.pacer.take(TELEGRAM, "a")
    machine.account.pacer.note(TELEGRAM, "a", a_failure(detail="محظور\ud800\x00", retry_after=MINUTE))
    told = machine.account.dump("desk", machine.zero)
    assert told.isascii()
    assert "\x00" not in told
    assert machine.hands_over(Machine()).account.pacer.hold(TELEGRAM).why == "محظور\ud800\x00"


def test_an_instant_is_that_of_the_shared_clock():
    zero = Zero.of(datetime(2026, 3, 4, tzinfo=UTC), 12.5)
    assert zero.instant(13.5) - zero.instant(12.5) == 1_000_000
    assert datetime.fromtimestamp(zero.instant(12.5) / 1e6, UTC) == datetime(2026, 3, 4, tzinfo=UTC)
