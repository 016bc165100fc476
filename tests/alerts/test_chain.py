"""Who is told next of an alert that nobody has acknowledged."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.chain import OVER, step
from monitor.model import Chain, ChainStep, ChainTold, DeliveryStatus, Recipient, Severity

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE, QUARTER = timedelta(minutes=1), timedelta(minutes=15)
PENDING, RETRYING, SENT, DEAD, REPLACED, ENDED = DeliveryStatus
PHONE, CHIEF = Recipient(channel_id="phone", key="p"), Recipient(channel_id="chief", key="c")
THERE = {"phone": (PHONE,), "chief": (CHIEF,)}


def told(status=SENT, *, channel="desk", due=NOW, sent=NOW, by_chain=False):
    return ChainTold(
        channel_id=channel, status=status, due_at=due, sent_at=sent if status is SENT else None, by_chain=by_chain
    )


def chain(*deliveries, channels=("phone", "chief"), due=NOW + QUARTER):
    return Chain(
        alert_id="1.1",
        severity=Severity.HIGH,
        decided_at=NOW,
        channels=channels,
        every=QUARTER,
        due_at=due,
        told=deliveries,
    )


def tell(who, *, at, left=(), since=NOW):
    return ChainStep(tell=(who,), since=since, left=left, due_at=at + QUARTER if left else None)


HELD = told(PENDING, channel="mail", due=NOW + 8 * timedelta(hours=1))
CALLED = told(channel="phone", sent=NOW + 16 * MINUTE, by_chain=True)


@pytest.mark.parametrize(
    ("waiting", "minutes", "expected"),
    [
        (chain(told()), 14, ChainStep(left=("phone", "chief"), due_at=NOW + QUARTER)),
        (chain(told()), 15, tell(PHONE, at=NOW + QUARTER, left=("chief",))),
        # who was told later has as much time
        (chain(told(sent=NOW + 4 * MINUTE)), 15, ChainStep(left=("phone", "chief"), due_at=NOW + 19 * MINUTE)),
        (chain(told(), HELD), 15, tell(PHONE, at=NOW + QUARTER, left=("chief",))),
        # nobody is late with what nobody was told yet
        (chain(HELD), 15, ChainStep(left=("phone", "chief"), due_at=HELD.due_at + QUARTER)),
        (chain(told(PENDING)), 15, tell(PHONE, at=NOW + QUARTER, left=("chief",))),
        # a service that does not answer makes the next channel needed all the more
        (chain(told(RETRYING, due=NOW + 60 * MINUTE)), 15, tell(PHONE, at=NOW + QUARTER, left=("chief",))),
        (chain(told(DEAD)), 15, tell(PHONE, at=NOW + QUARTER, left=("chief",))),
        (chain(), 15, tell(PHONE, at=NOW + QUARTER, left=("chief",))),
        # the next step
        (
            chain(told(), CALLED, channels=("chief",), due=NOW + 30 * MINUTE),
            30,
            tell(CHIEF, at=NOW + 30 * MINUTE),
        ),
        # what was told some other way (a fallback), or is not there, is passed over
        (chain(told(), told(channel="phone")), 15, tell(CHIEF, at=NOW + QUARTER)),
        (chain(told(), channels=("gone", "chief")), 15, tell(CHIEF, at=NOW + QUARTER)),
        (chain(told(), channels=("gone",)), 15, OVER),
        (chain(told(), told(channel="phone"), channels=("phone",)), 15, OVER),
        # a later alert took its place, or somebody muted it
        (chain(told(REPLACED)), 15, OVER),
        (chain(told(ENDED), told(REPLACED, channel="mail")), 15, OVER),
    ],
)  # fmt: skip
def test_the_next_channel_is_told_when_its_time_has_come(waiting, minutes, expected):
    assert step(waiting, THERE, now=NOW + minutes * MINUTE) == expected


_STATUSES = st.sampled_from((PENDING, RETRYING, SENT, DEAD))
_BEFORE = st.lists(st.tuples(st.sampled_from(("desk", "mail", "phone")), _STATUSES), max_size=4)


@given(
    before=_BEFORE,
    then=st.lists(st.sampled_from(("phone", "chief", "gone", "desk")), unique=True, min_size=1),
    becomes=st.lists(_STATUSES, min_size=4, max_size=4),
)
def test_whatever_becomes_of_its_messages_a_chain_ends_and_tells_each_channel_once(before, then, becomes):
    """Each that can be told and was not told before, in their order, a step apart at least."""
    there = {each: (Recipient(channel_id=each, key="only"),) for each in ("phone", "chief", "desk")}
    waiting = chain(*(told(status, channel=channel) for channel, status in before), channels=tuple(then))
    now, at = NOW, dict[str, datetime]()
    for _ in range(20):
        done = step(waiting, there, now=now)
        for to in done.tell:
            assert to.channel_id not in at
            at[to.channel_id] = now
            later = told(becomes[len(at) - 1], channel=to.channel_id, due=now, sent=now, by_chain=True)
            waiting = replace(waiting, told=(*waiting.told, later))
        if done.due_at is None:
            break
        assert done.due_at > now
        waiting = replace(waiting, channels=done.left, due_at=done.due_at)
        now = done.due_at
    else:
        pytest.fail("it never ends")
    known = {channel for channel, _ in before}
    assert list(at) == [each for each in then if each in there and each not in known]
    times = list(at.values())
    assert all(later - earlier >= QUARTER for earlier, later in pairwise(times))
