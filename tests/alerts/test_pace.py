from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.flow import LONGEST_REST
from monitor.alerts.pace import Pacer, rates_of
from monitor.model import NotSent, Rate, Sent
from tests.alerts.made import NOW, a_channel, a_failure

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
SENT = Sent(sent_at=NOW)
SLACK = "slack://T1AAAAAAA/B1AAAAAAA/CCCCCCCCCCCCCCCCCCCCCCCC"


@dataclass
class Ticking:
    """`Clock` that a test moves."""

    at: float = 1000.0

    def monotonic(self) -> float:
        return self.at

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def pacer(clock: Ticking) -> Pacer:
    return Pacer(clock)


def paced(count: int, per: timedelta, url: str = "json://h.example"):
    return a_channel(url, rate=Rate(count=count, per=per))


@pytest.mark.parametrize(
    ("url", "first", "because"),
    [
        (SLACK, 1, "one a second"),
        ("tgram://123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/42", 1, "one a second to a chat"),
        ("discord://123456789012345678/AAAA", 5, "five in two seconds"),
        (" NTFY://desk", 60, "whatever the address's case"),
        ("mailto://me:secret@mail.example", 60, "what most providers bear"),
        ("json://h.example", 300, "the operator's own receiver"),
        (None, 300, "the console"),
    ],
)
def test_a_service_is_sent_what_it_is_known_to_take(pacer, url, first, because):
    channel = a_channel(url)
    taken = sum(pacer.take(channel, "only") is None for _ in range(300))
    assert taken == first, because


def test_a_group_of_telegram_takes_twenty_a_minute_however_slowly_they_come(pacer, clock):
    channel, sent = a_channel("tgram://123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/42"), 0
    for _ in range(59):
        sent += pacer.take(channel, "only") is None
        clock.at += 1
    assert sent == 20
    clock.at += 2
    assert pacer.take(channel, "only") is None


def test_the_operators_word_counts_more_than_what_is_known(pacer):
    channel = paced(3, MINUTE, SLACK)
    assert [pacer.take(channel, "only") is None for _ in range(4)] == [True, True, True, False]


def test_recipients_have_tokens_of_their_own_but_share_the_operators_rate(pacer):
    known, own = a_channel(SLACK, id="known"), a_channel(SLACK, id="own", rate=Rate(count=1, per=SECOND))
    assert [pacer.take(known, key) is None for key in "ab"] == [True, True]
    assert [pacer.take(own, key) is None for key in "ab"] == [True, False]


def test_a_hold_says_how_long_and_no_longer(pacer, clock):
    channel = paced(1, MINUTE)
    assert pacer.take(channel, "only") is None
    clock.at += 12.5
    hold = pacer.take(channel, "only")
    assert (hold.seconds, hold.reason) == (47.5, "pace")
    assert pacer.hold(channel) == hold
    clock.at += hold.seconds
    assert pacer.hold(channel) is None
    assert pacer.take(channel, "only") is None


def test_a_new_rate_holds_from_the_next_message_on(pacer):
    assert pacer.take(paced(1, MINUTE), "only") is None
    assert pacer.take(paced(1, MINUTE), "only") is not None
    assert pacer.take(paced(2, MINUTE), "only") is None


def test_a_failure_rests_its_recipient_longer_each_time_and_no_other(pacer, clock):
    channel, rests = a_channel("json://h.example"), []
    for _ in range(8):
        assert pacer.take(channel, "a") is None
        pacer.note(channel, "a", a_failure(detail="HTTP 500"))
        hold = pacer.take(channel, "a")
        assert (hold.reason, hold.why) == ("rest", "HTTP 500")
        rests.append(hold.seconds)
        assert pacer.take(channel, "b") is None
        clock.at += hold.seconds
    assert rests == [1, 2, 4, 8, 16, LONGEST_REST, LONGEST_REST, LONGEST_REST]


@pytest.mark.parametrize("result", [SENT, a_failure(permanent=True)])
def test_who_answers_for_good_is_rested_no_more(pacer, result):
    channel = a_channel("json://h.example")
    for each in (a_failure(), result):
        pacer.note(channel, "only", each)
    assert pacer.take(channel, "only") is None


@pytest.mark.parametrize(("asked", "given"), [(90, 90), (40_000_000, 3600)])
def test_a_service_that_asks_for_time_gets_it_from_the_whole_channel(pacer, clock, asked, given):
    channel = a_channel(SLACK)
    pacer.note(channel, "a", a_failure(retry_after=timedelta(seconds=asked)))
    clock.at += given - 1
    assert [pacer.take(channel, key).reason for key in "ab"] == ["pause", "pause"]
    assert pacer.hold(channel).reason == "pause"
    assert pacer.hold(a_channel(SLACK, id="other")) is None
    clock.at += 1
    assert pacer.take(channel, "b") is None


def test_no_more_is_claimed_than_may_be_sent(pacer, clock):
    channel = paced(3, MINUTE)
    assert pacer.room(channel, 8) == 8  # nobody is known yet
    pacer.take(channel, "only")
    assert pacer.room(channel, 8) == 2
    pacer.note(channel, "only", a_failure())
    clock.at += LONGEST_REST
    assert pacer.room(channel, 8) == 1  # one to see whether it is well again


@given(
    st.integers(1, 5),
    st.sampled_from([1.0, 7.0, 60.0]),
    st.lists(st.floats(0, 30, allow_nan=False), max_size=60),
)
def test_no_stretch_of_time_sees_more_than_the_rate(count, per, pauses):
    clock = Ticking()
    pacer, channel, taken = Pacer(clock), paced(count, timedelta(seconds=per)), list[float]()
    for pause in pauses:
        clock.at += pause
        hold = pacer.take(channel, "only")
        if hold is None:
            taken.append(clock.at)
        else:
            assert hold.seconds > 0
    assert all(later - earlier >= per for earlier, later in zip(taken, taken[count:], strict=False))


@given(st.lists(st.booleans(), max_size=40))
def test_nothing_is_held_for_ever(outcomes):
    clock = Ticking()
    pacer, channel = Pacer(clock), a_channel(SLACK)
    for sent in outcomes:
        while hold := pacer.take(channel, "only"):
            clock.at += hold.seconds
            assert hold.seconds <= LONGEST_REST
        pacer.note(channel, "only", SENT if sent else NotSent(detail="HTTP 500", failed_at=NOW))


def test_an_address_tells_its_rates_without_apprise():
    assert rates_of(a_channel("jsons://h.example")) == ()
    assert rates_of(a_channel("pover://user@token")) == (Rate(count=60, per=MINUTE),)


TELEGRAM = "tgram://123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/42"


@pytest.mark.parametrize(
    ("channel", "lesser", "all_in_all", "because"),
    [
        (a_channel("ntfy://desk"), 50, 60, "one message every half minute of the five minutes that a token takes"),
        (paced(20, MINUTE), 18, 20, "two a minute"),
        (paced(4, timedelta(hours=1)), 2, 4, "never more than half"),
        (paced(1, MINUTE), 1, 1, "one cannot be halved"),
        (a_channel("discord://1/A"), 5, 5, "who takes more in a moment needs to keep nothing"),
    ],
)
def test_some_of_what_a_service_takes_is_kept_for_critical_alerts(pacer, channel, lesser, all_in_all, because):
    taken = sum(pacer.take(channel, "only", critical=False) is None for _ in range(300))
    assert taken == lesser, because
    taken += sum(pacer.take(channel, "only", critical=True) is None for _ in range(300) if taken < all_in_all)
    assert taken >= all_in_all, because


def test_recipients_that_share_a_rate_each_have_something_kept(pacer):
    channel = paced(40, MINUTE)
    for key in "abcde":
        assert pacer.take(channel, key, critical=False) is None
    taken = sum(pacer.take(channel, "a", critical=False) is None for _ in range(100))
    assert taken == 40 - 2 * 5 - 5


def test_what_is_critical_does_not_wait_for_a_rate_of_hours_but_for_a_minute(pacer, clock):
    channel = paced(1, timedelta(hours=6))
    assert pacer.take(channel, "only", critical=False) is None
    sent = 0
    for _ in range(600):
        sent += pacer.take(channel, "only", critical=True) is None
        clock.at += 1
    assert sent == 10
    assert pacer.take(channel, "only", critical=False) is not None


def test_how_many_may_go_within_a_minute(pacer, clock):
    channel = a_channel(TELEGRAM)
    assert pacer.within_a_minute(channel, "only") == 18
    for _ in range(19):
        pacer.take(channel, "only")
        clock.at += 1
    assert pacer.within_a_minute(channel, "only") == 18, "all of them come back within the minute"
    assert pacer.within_a_minute(paced(2, timedelta(hours=1)), "only") == 1
    assert pacer.within_a_minute(a_channel("json://h.example"), "only") is None
