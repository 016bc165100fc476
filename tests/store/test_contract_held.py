"""What every store promises about deliveries that wait."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.model import Delivery, DeliveryStatus, Hold, NotSent, Outcome, Recipient, Sent, Wait
from monitor.store import Reader, SqliteStore

from .builders import DAY, DESK, FIELD, HOUR, MINUTE, NOW, alert, item, tell, verdict

REFUSED = NotSent(detail="HTTP 500 from hooks.example", failed_at=NOW)
MORNING = Wait(hold=Hold.QUIET_HOURS, until=NOW + 8 * HOUR)


def held(store: SqliteStore, title: str = "غارة", *, wait: Wait = MORNING, to: Recipient = DESK) -> None:
    with store.ingest() as tx:
        entry_id, story_id, number = tx.write(item(title, verdicts=[verdict()]), seen_at=NOW)
        assert story_id is not None
        assert tx.alert(entry_id, alert(story_id, number), [to], waits={to.channel_id: wait})


def claim(store: SqliteStore, *, at=NOW, together: bool = False, ids: list[int] | None = None) -> list[Delivery]:
    return store.claim_deliveries(at, limit=99, lease=2 * MINUTE, channel_id="desk", ids=ids, together=together)


def test_each_channel_waits_for_its_own(store: SqliteStore) -> None:
    with store.ingest() as tx:
        entry_id, story_id, number = tx.write(item("غارة", verdicts=[verdict()]), seen_at=NOW)
        assert story_id is not None
        assert tx.alert(entry_id, alert(story_id, number), [DESK, FIELD], waits={"desk": MORNING})
    (at_once,) = store.claim_deliveries(NOW, limit=9, lease=MINUTE)
    assert (at_once.recipient, at_once.hold) == (FIELD, None)
    (waited,) = store.claim_deliveries(MORNING.until, limit=9, lease=MINUTE, channel_id="desk")
    assert (waited.recipient, waited.hold, waited.due_at) == (DESK, Hold.QUIET_HOURS, MORNING.until)


def test_looking_at_what_waits_leases_nothing(store: SqliteStore) -> None:
    tell(store)
    (seen,) = store.waiting(NOW, channel_id="desk", limit=9)
    (claimed,) = claim(store)
    assert seen == claimed
    assert store.waiting(NOW, channel_id="desk", limit=9) == []


def test_only_those_named_are_claimed(store: SqliteStore) -> None:
    for n in range(3):
        tell(store, f"غارة {n}", DESK)
    first, second, third = (each.id for each in store.waiting(NOW, channel_id="desk", limit=9))
    assert [each.id for each in claim(store, ids=[third, first])] == [first, third]
    assert [each.id for each in claim(store)] == [second]


def test_what_is_held_is_no_failure_and_keeps_its_attempts(store: SqliteStore) -> None:
    tell(store)
    (tried,) = claim(store)
    store.record(tried, REFUSED, retry_at=NOW + MINUTE)
    (again,) = store.waiting(NOW + MINUTE, channel_id="desk", limit=9)
    store.hold([(again, MORNING)])
    reader = Reader(store.database)
    assert reader.held(NOW + MINUTE) == 1
    assert reader.undelivered_since(NOW + MINUTE) is None
    (record,) = reader.deliveries(DeliveryStatus.PENDING, limit=9)
    assert (record.attempts, record.hold, record.next_try_at) == (1, Hold.QUIET_HOURS, MORNING.until)
    assert record.is_held(NOW + MINUTE)
    assert not record.is_held(MORNING.until)


def test_what_somebody_sends_right_now_is_not_held(store: SqliteStore) -> None:
    tell(store)
    (seen,) = store.waiting(NOW, channel_id="desk", limit=9)
    claim(store)
    store.hold([(seen, MORNING)])
    assert Reader(store.database).held(NOW) == 0


def test_what_waited_is_as_old_as_it_is_due(store: SqliteStore) -> None:
    held(store, wait=Wait(hold=Hold.DIGEST, until=NOW + 7 * DAY))
    (due,) = claim(store, at=NOW + 7 * DAY)
    store.record(due, REFUSED, retry_at=NOW + 7 * DAY + MINUTE)
    (again,) = claim(store, at=NOW + 7 * DAY + MINUTE)
    assert again.created_at == NOW + 7 * DAY
    assert again.alert.decided_at == NOW
    assert Reader(store.database).undelivered_since(NOW + 7 * DAY + MINUTE) == NOW + 7 * DAY


def test_a_failed_one_is_not_counted_as_held(store: SqliteStore) -> None:
    held(store)
    (due,) = claim(store, at=MORNING.until)
    store.record(due, REFUSED, retry_at=MORNING.until + HOUR)
    assert Reader(store.database).held(MORNING.until) == 0


def test_what_goes_in_one_message_is_recorded_of_all(store: SqliteStore) -> None:
    for n in range(4):
        held(store, f"غارة {n}")
    sent, retried, dead, passed = claim(store, at=MORNING.until, together=True)
    store.record_together(
        [
            Outcome(delivery=sent, result=Sent(sent_at=MORNING.until)),
            Outcome(delivery=retried, result=REFUSED, retry_at=MORNING.until + MINUTE),
            Outcome(delivery=dead, result=REFUSED),
            Outcome(delivery=passed, result=REFUSED, instead=(FIELD,)),
        ],
        now=MORNING.until,
    )
    counts = Reader(store.database).totals().deliveries
    assert {status.value: count for status, count in counts.items() if count} == {
        "sent": 1, "retrying": 1, "dead": 2, "pending": 1,
    }  # fmt: skip
    (instead,) = store.claim_deliveries(MORNING.until, limit=9, lease=MINUTE, channel_id="field")
    assert (instead.recipient, instead.hold, instead.stands_in_for) == (FIELD, Hold.QUIET_HOURS, "desk")


def test_after_a_crash_each_alert_of_a_message_may_have_arrived(store: SqliteStore) -> None:
    for n in range(3):
        held(store, f"غارة {n}")
    tell(store, "حريق", DESK)
    together = [each.id for each in store.waiting(MORNING.until, channel_id="desk", limit=9) if each.hold]
    claim(store, at=MORNING.until, ids=together, together=True)
    store.take_over(now=MORNING.until)
    doubts = {each.id: each.doubts for each in claim(store, at=MORNING.until + MINUTE)}
    assert sorted(doubts.values()) == [0, 1, 1, 1]
    assert {doubts[each] for each in together} == {1}


@pytest.mark.parametrize("jump", [timedelta(hours=-5), timedelta(hours=3)])
def test_a_time_of_the_day_stays_when_the_clock_is_set_and_a_length_of_time_goes_with_it(
    store: SqliteStore, jump: timedelta
) -> None:
    holds = (Hold.QUIET_HOURS, Hold.DIGEST, Hold.THROTTLE, Hold.BURST)
    for hold in holds:
        held(store, f"غارة {hold.name}", wait=Wait(hold=hold, until=NOW + 8 * HOUR))
    store.shift_leases(jump, now=NOW + jump)
    records = Reader(store.database).deliveries(DeliveryStatus.PENDING, limit=9)
    moved = {record.hold: record.next_try_at - (NOW + 8 * HOUR) for record in records if record.next_try_at}
    assert moved == {
        Hold.QUIET_HOURS: timedelta(0), Hold.DIGEST: timedelta(0), Hold.THROTTLE: jump, Hold.BURST: jump,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("hold", "rule_ids", "is_due"),
    [
        (Hold.QUIET_HOURS, ["strike"], True),
        (Hold.DIGEST, ["strike"], True),
        (Hold.BURST, [], False),
        (Hold.THROTTLE, ["strike", "fire"], False),
        (Hold.THROTTLE, ["fire"], True),
    ],
)
def test_what_is_held_can_be_looked_at_anew(store: SqliteStore, hold: Hold, rule_ids: list[str], is_due: bool) -> None:
    held(store, wait=Wait(hold=hold, until=NOW + DAY))
    rule_id = Reader(store.database).alerts(limit=1)[0].rule_id
    store.look_anew(NOW + MINUTE, rule_ids=[rule_id if each == "strike" else each for each in rule_ids])
    found = store.waiting(NOW + MINUTE, channel_id="desk", limit=9)
    assert [each.hold for each in found] == ([hold] if is_due else [])


def test_several_are_put_off_together(store: SqliteStore) -> None:
    for n in range(3):
        held(store, f"غارة {n}")
    store.put_off(store.waiting(MORNING.until, channel_id="desk", limit=9), until=MORNING.until + MINUTE)
    assert store.waiting(MORNING.until, channel_id="desk", limit=9) == []
    assert len(store.waiting(MORNING.until + MINUTE, channel_id="desk", limit=9)) == 3


def test_what_is_held_does_not_count_as_undelivered_at_its_channel(store: SqliteStore) -> None:
    from monitor.store.trouble_rows import TroubleRows

    held(store)
    rows = TroubleRows(store.database)
    assert rows.sends(now=NOW + HOUR, canary_rule="monitor:canary", given_up_over=DAY) == {}
    late = rows.sends(now=MORNING.until + HOUR, canary_rule="monitor:canary", given_up_over=DAY)
    assert late["desk"].waiting_since == MORNING.until
