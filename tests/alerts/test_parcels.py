"""What goes alone, together, or later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.bursts import Crowd
from monitor.alerts.parcels import ALONE_AFTER, Plan, plan
from monitor.model import Delivery, Hold, Recipient, Severity, Wait
from tests.alerts.made import NOW, a_delivery

LATER = Wait(hold=Hold.QUIET_HOURS, until=NOW + timedelta(hours=1))


def made(
    id: int, hold: Hold | None = None, *, severity=Severity.HIGH, key: str = "only", attempts: int = 0, number: int = 1
) -> Delivery:
    """`number`: of the alert in its story; all are of one story and rule."""
    given = a_delivery(severity=severity, attempts=attempts, number=number)
    return replace(given, id=id, hold=hold, recipient=Recipient(channel_id="desk", key=key))


def planned(*waiting: Delivery, crowd: Crowd | None = None, fails: bool = False, waits: frozenset[int] = frozenset()):
    return plan(
        waiting,
        now=NOW,
        wait=lambda each: LATER if each.id in waits else None,
        fails=lambda _key: fails,
        crowd=lambda _key, _critical, count: crowd if count else None,
    )


def shape(found: Plan) -> tuple[list[list[int]], dict[int, Hold]]:
    """Ids by parcel; what is held, and why."""
    parcels = [[each.id for each in parcel.deliveries] for parcel in found.parcels]
    return parcels, {delivery.id: wait.hold for delivery, wait in found.held}


Q, D, B, C = Hold.QUIET_HOURS, Hold.DIGEST, Hold.BURST, Severity.CRITICAL


@pytest.mark.parametrize(
    ("found", "expected", "because"),
    [
        (planned(made(1), made(2)), ([[1], [2]], {}), "each alone"),
        (planned(made(1, Q), made(2), made(3, D)), ([[1, 3], [2]], {}), "what waited for a time goes as one"),
        (planned(made(1, Hold.THROTTLE), made(2, Hold.THROTTLE)), ([[1], [2]], {}), "a throttle gathers nothing"),
        (planned(made(1), made(2), waits=frozenset({2})), ([[1]], {2: Q}), "what waits still is held"),
        (planned(made(1), made(2, severity=C)), ([[2], [1]], {}), "critical ones first"),
        (planned(made(1), made(2, D), made(3), crowd=Crowd(0)), ([[1, 2, 3]], {}), "all in a crowd go as one"),
        (planned(made(1), made(2, severity=C), crowd=Crowd(0)), ([[2], [1]], {}), "but what is critical by itself"),
        (planned(made(1), made(2, D), made(3), crowd=Crowd(9)), ([[2]], {1: B, 3: B}),
         "a crowd waits, the digest does not"),
        (planned(made(1, B), made(2, B), made(3)), ([[1, 2], [3]], {}), "the rest of a burst, when it is over"),
        (planned(made(1, D), made(2, D), fails=True), ([[1], [2]], {}), "one finds out whether it is well again"),
        (planned(made(1, D), made(2, D), made(3, D, attempts=ALONE_AFTER)), ([[3], [1, 2]], {}),
         "what failed so often in company goes alone"),
        (planned(made(1, D, key="a"), made(2, D, key="b"), made(3, D, key="a")), ([[1, 3], [2]], {}),
         "recipients do not share a message"),
        (planned(made(1, number=5), made(2), made(3, severity=C, number=2)), ([[2], [3], [1]], {}),
         "what a critical one follows goes before it"),
        (planned(made(1), made(2, severity=C, number=2), made(3, key="b"), fails=True), ([[1], [2], [3]], {}),
         "also one by one"),
        (planned(made(1), made(2, severity=C, number=2), crowd=Crowd(0)), ([[1, 2]], {}), "also in a crowd"),
        (planned(made(1, Q), made(2, severity=C, number=2), waits=frozenset({1})), ([[2]], {1: Q}),
         "but nobody is woken by it"),
    ],
)  # fmt: skip
def test_what_is_due_becomes_messages(found, expected, because):
    assert shape(found) == expected, because


deliveries = st.lists(
    st.builds(
        made, st.just(0), st.sampled_from([None, *Hold]), severity=st.sampled_from(Severity),
        key=st.sampled_from("ab"), attempts=st.integers(0, 5),
    ),
    max_size=30,
)  # fmt: skip


@given(
    deliveries,
    st.none() | st.builds(Crowd, st.sampled_from([0.0, 5.0])),
    st.booleans(),
    st.frozensets(st.integers(0, 29)),
)
def test_nothing_is_left_out_or_told_twice_and_what_is_critical_stands_alone(drawn, crowd, fails, waits):
    waiting = [replace(each, id=number) for number, each in enumerate(drawn)]
    found = planned(*waiting, crowd=crowd, fails=fails, waits=waits)
    parcels, held = shape(found)
    assert sorted([*held, *(each for parcel in parcels for each in parcel)]) == [each.id for each in waiting]
    for parcel in found.parcels:
        assert len({each.recipient for each in parcel.deliveries}) == 1
        assert {each.alert.severity is C for each in parcel.deliveries} == {parcel.critical}
    assert [parcel.critical for parcel in found.parcels] == sorted((p.critical for p in found.parcels), reverse=True)
