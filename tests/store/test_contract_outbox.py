"""What every store promises about deliveries."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.model import Delivery, DeliveryStatus, NotSent, Reason, Recipient, Sent, Severity, Span
from monitor.ports import Store
from monitor.store import Reader, SqliteStore

from .builders import DAY, DESK, FIELD, HOUR, MINUTE, NOW, alert, item, tell, verdict

REFUSED = NotSent(detail="HTTP 500 from hooks.example", failed_at=NOW)


def claim(store: Store, channel_id: str | None = None, *, at: datetime = NOW, limit: int = 10) -> list[Delivery]:
    return store.claim_deliveries(at, channel_id=channel_id, limit=limit, lease=2 * MINUTE)


def statuses(store: SqliteStore) -> dict[DeliveryStatus, int]:
    counts = Reader(store.database).totals().deliveries
    return {status: count for status, count in counts.items() if count}


@pytest.mark.parametrize(
    ("title", "summary", "link"),
    [
        ("غَارَةٌ على &quot;الجسر&quot; <b>القديم</b>", "", None),
        ("🛑 עזה / درعا / Deir ez‑Zor", "سطر\nثان\tوثالث\u2067", "https://local.example/?q=جسر"),
        ("", "بلا عنوان", "https://local.example/2"),
    ],
)
def test_a_claimed_delivery_carries_the_alert_as_it_was_decided(
    store: Store, title: str, summary: str, link: str | None
) -> None:
    spans = (
        Span(field="title", start=0, end=3, clause="event strike"),
        Span(field="body", start=1, end=9, clause="مطار"),
    )
    with store.ingest() as tx:
        entry_id, story_id, number = tx.write(item(title, verdicts=[verdict()]), seen_at=NOW)
        assert story_id is not None
        decided = replace(
            alert(story_id, number),
            title=title, summary=summary, link=link, spans=spans, published_at=None,
            rule_title={"": "غارات قرب الجسر"}, severity=Severity.CRITICAL, reason=Reason.UPDATED,
        )  # fmt: skip
        tx.alert(entry_id, decided, [Recipient(channel_id="telegram", key="a1b2")])
    (delivery,) = claim(store)
    assert delivery.alert == decided
    assert delivery.recipient == Recipient(channel_id="telegram", key="a1b2")
    assert (delivery.attempts, delivery.created_at) == (0, NOW)


def test_each_recipient_has_a_delivery(store: Store) -> None:
    tell(store, "قصف", DESK, FIELD)
    assert [delivery.recipient for delivery in claim(store)] == [DESK, FIELD]


def test_a_leased_delivery_is_not_handed_out_before_the_lease_ends(store: Store) -> None:
    tell(store)
    (first,) = claim(store)
    assert claim(store, at=NOW + 2 * MINUTE - timedelta(microseconds=1)) == []
    (again,) = claim(store, at=NOW + 2 * MINUTE)
    assert again.id == first.id
    assert again.attempts == 0


def test_the_oldest_due_comes_first_and_the_limit_holds(store: Store) -> None:
    young, old = tell(store, "ب", seen_at=NOW - MINUTE), tell(store, "أ", seen_at=NOW - HOUR)
    assert [delivery.alert.id for delivery in claim(store, limit=1)] == [old.id]
    assert [delivery.alert.id for delivery in claim(store, limit=1)] == [young.id]


def test_what_was_sent_is_not_handed_out_again(store: SqliteStore) -> None:
    tell(store)
    (delivery,) = claim(store)
    store.record(delivery, Sent(sent_at=NOW), retry_at=None)
    assert claim(store, at=NOW + 400 * DAY) == []
    assert statuses(store) == {DeliveryStatus.SENT: 1}


def test_what_was_not_sent_is_tried_again_when_told(store: SqliteStore) -> None:
    tell(store)
    (delivery,) = claim(store)
    store.record(delivery, REFUSED, retry_at=NOW + MINUTE)
    assert statuses(store) == {DeliveryStatus.RETRYING: 1}
    assert claim(store, at=NOW + MINUTE - timedelta(microseconds=1)) == []
    (again,) = claim(store, at=NOW + MINUTE)
    assert (again.id, again.attempts, again.created_at) == (delivery.id, 1, NOW)


def test_without_a_next_try_it_is_dead(store: SqliteStore) -> None:
    tell(store)
    (delivery,) = claim(store)
    store.record(delivery, REFUSED, retry_at=None)
    assert claim(store, at=NOW + 400 * DAY) == []
    assert statuses(store) == {DeliveryStatus.DEAD: 1}


def test_one_that_always_fails_holds_up_no_other(store: Store) -> None:
    poisoned = tell(store, "سم", seen_at=NOW - DAY)
    for n in range(30):
        tell(store, f"خبر {n}")
    sent = 0
    for minute in range(40):
        for delivery in claim(store, at=NOW + minute * MINUTE, limit=1):
            at = NOW + minute * MINUTE
            if delivery.alert.id == poisoned.id:
                store.record(delivery, REFUSED, retry_at=at + 5 * MINUTE)
            else:
                store.record(delivery, Sent(sent_at=at), retry_at=None)
                sent += 1
    assert sent == 30


def test_a_late_failure_does_not_undo_what_another_sent(store: SqliteStore) -> None:
    tell(store)
    (slow,) = claim(store)
    (quick,) = claim(store, at=NOW + HOUR)
    store.record(quick, Sent(sent_at=NOW + HOUR), retry_at=None)
    store.record(slow, REFUSED, retry_at=NOW + 2 * HOUR)
    assert statuses(store) == {DeliveryStatus.SENT: 1}
    assert claim(store, at=NOW + DAY) == []


def test_a_late_failure_does_not_undo_anothers_later_one(store: SqliteStore) -> None:
    tell(store)
    (slow,) = claim(store)
    (quick,) = claim(store, at=NOW + HOUR)
    store.record(quick, REFUSED, retry_at=NOW + 2 * HOUR)
    store.record(slow, REFUSED, retry_at=None)
    assert statuses(store) == {DeliveryStatus.RETRYING: 1}


def test_a_late_success_counts(store: SqliteStore) -> None:
    tell(store)
    (slow,) = claim(store)
    (quick,) = claim(store, at=NOW + HOUR)
    store.record(quick, REFUSED, retry_at=None)
    store.record(slow, Sent(sent_at=NOW + HOUR), retry_at=None)
    assert statuses(store) == {DeliveryStatus.SENT: 1}


def test_the_first_success_is_the_one_that_is_remembered(store: SqliteStore) -> None:
    tell(store)
    (slow,) = claim(store)
    (quick,) = claim(store, at=NOW + HOUR)
    store.record(quick, Sent(sent_at=NOW + HOUR), retry_at=None)
    store.record(slow, Sent(sent_at=NOW + DAY), retry_at=None)
    (sent,) = Reader(store.database).deliveries(DeliveryStatus.SENT, limit=9)
    assert sent.sent_at == NOW + HOUR


def test_a_dead_delivery_begins_anew_when_resent(store: SqliteStore) -> None:
    tell(store, "قصف", DESK, FIELD)
    for delivery in claim(store):
        store.record(delivery, REFUSED, retry_at=None)
    assert store.resend(now=NOW + 9 * DAY) == 2
    again = claim(store, at=NOW + 9 * DAY)
    assert [delivery.recipient for delivery in again] == [DESK, FIELD]
    assert {(delivery.attempts, delivery.created_at) for delivery in again} == {(0, NOW + 9 * DAY)}


def test_named_deliveries_alone_are_resent(store: SqliteStore) -> None:
    tell(store, "قصف", DESK, FIELD)
    dead, sent = claim(store)
    store.record(dead, REFUSED, retry_at=None)
    store.record(sent, Sent(sent_at=NOW), retry_at=None)
    assert store.resend([sent.id, sent.id, 999], now=NOW) == 1
    assert [delivery.id for delivery in claim(store)] == [sent.id]


def test_what_is_being_sent_is_not_resent(store: SqliteStore) -> None:
    tell(store)
    (delivery,) = claim(store)
    assert store.resend([delivery.id], now=NOW + MINUTE) == 0
    assert store.resend([delivery.id], now=NOW + 2 * MINUTE) == 1


def test_one_channels_deliveries_can_be_claimed_alone(store: Store) -> None:
    tell(store, "غارة", DESK, FIELD)
    assert [delivery.recipient for delivery in claim(store, "field")] == [FIELD]
    assert [delivery.recipient for delivery in claim(store, "desk")] == [DESK]


def test_a_channel_is_due_as_long_as_it_has_something_to_claim(store: Store) -> None:
    tell(store, "ب", FIELD, DESK, seen_at=NOW - MINUTE)
    tell(store, "أ", DESK, seen_at=NOW - HOUR)
    assert store.channels_due(NOW - DAY) == []
    assert store.channels_due(NOW) == ["desk", "field"]
    claim(store, "desk", limit=1)
    assert store.channels_due(NOW) == ["field", "desk"]
    claim(store, "field")
    assert store.channels_due(NOW) == ["desk"]


def test_a_channel_whose_delivery_waits_is_not_due(store: Store) -> None:
    tell(store, "غارة", DESK)
    [delivery] = claim(store)
    store.record(delivery, NotSent(detail="busy", failed_at=NOW), retry_at=NOW + MINUTE)
    assert store.channels_due(NOW) == []
    assert store.channels_due(NOW + MINUTE) == ["desk"]


def test_the_gravest_of_a_channel_come_first_whatever_their_age(store: Store) -> None:
    for title, severity, age in (
        ("أ", Severity.LOW, DAY),
        ("ب", Severity.CRITICAL, MINUTE),
        ("ج", Severity.HIGH, HOUR),
    ):
        with store.ingest() as tx:
            entry_id, story_id, number = tx.write(item(title, verdicts=[verdict()]), seen_at=NOW)
            assert story_id is not None
            decided = replace(alert(story_id, number, decided_at=NOW - age), severity=severity)
            tx.alert(entry_id, decided, [DESK])
    claimed = claim(store, "desk")
    assert [each.alert.severity for each in claimed] == [Severity.CRITICAL, Severity.HIGH, Severity.LOW]


def test_what_was_put_off_is_due_when_told_and_was_not_tried(store: SqliteStore) -> None:
    tell(store)
    (delivery,) = claim(store)
    store.defer(delivery, until=NOW + MINUTE)
    assert statuses(store) == {DeliveryStatus.PENDING: 1}
    assert claim(store, at=NOW + MINUTE - timedelta(microseconds=1)) == []
    (again,) = claim(store, at=NOW + MINUTE)
    assert again == replace(delivery, due_at=NOW + MINUTE)


def test_why_it_was_put_off_is_kept(store: SqliteStore) -> None:
    tell(store)
    (delivery,) = claim(store)
    store.defer(delivery, until=NOW + MINUTE, why="HTTP 500")
    (record,) = Reader(store.database).deliveries(DeliveryStatus.RETRYING, limit=9)
    assert (record.last_error, record.attempts) == ("HTTP 500", 0)


def test_who_puts_off_too_late_undoes_nothing(store: SqliteStore) -> None:
    tell(store)
    (slow,) = claim(store)
    (quick,) = claim(store, at=NOW + HOUR)
    store.record(quick, Sent(sent_at=NOW + HOUR), retry_at=None)
    store.defer(slow, until=NOW)
    assert claim(store, at=NOW + DAY) == []


def test_tries_that_may_have_arrived_are_counted(store: Store) -> None:
    tell(store)
    (delivery,) = claim(store)
    store.record(delivery, replace(REFUSED, ambiguous=True), retry_at=NOW)
    (again,) = claim(store)
    store.record(again, REFUSED, retry_at=NOW)
    (third,) = claim(store)
    assert (third.doubts, third.attempts) == (1, 2)


def test_what_is_passed_on_is_dead_here_and_pending_there(store: SqliteStore) -> None:
    told = tell(store)
    (delivery,) = claim(store)
    store.pass_on(delivery, REFUSED, [FIELD, Recipient(channel_id="field", key="b")], now=NOW + HOUR)
    assert statuses(store) == {DeliveryStatus.DEAD: 1, DeliveryStatus.PENDING: 2}
    first, second = claim(store, "field", at=NOW + HOUR)
    assert (first.alert, first.recipient, first.stands_in_for) == (told, FIELD, "desk")
    assert (first.created_at, first.attempts, second.recipient.key) == (NOW + HOUR, 0, "b")


def test_what_a_fallback_was_told_is_not_sent_again_with_all_that_was_given_up(store: SqliteStore) -> None:
    tell(store)
    (delivery,) = claim(store)
    store.pass_on(delivery, REFUSED, [FIELD], now=NOW)
    assert store.resend(now=NOW) == 0
    (instead,) = claim(store, "field")
    store.record(instead, REFUSED, retry_at=None)
    assert store.resend(now=NOW) == 2, "nobody was told"


def test_a_chain_of_fallbacks_keeps_the_channel_that_it_began_with(store: Store) -> None:
    tell(store)
    (delivery,) = claim(store)
    store.pass_on(delivery, REFUSED, [FIELD], now=NOW)
    (second,) = claim(store)
    store.pass_on(second, REFUSED, [Recipient(channel_id="third", key="only")], now=NOW)
    (third,) = claim(store)
    assert (third.recipient.channel_id, third.stands_in_for) == ("third", "desk")


def test_who_hears_of_an_alert_anyway_does_not_hear_of_it_twice(store: SqliteStore) -> None:
    tell(store, "غارة", DESK, FIELD)
    desk, field = claim(store)
    store.record(field, Sent(sent_at=NOW), retry_at=None)
    store.pass_on(desk, REFUSED, [FIELD], now=NOW)
    assert statuses(store) == {DeliveryStatus.DEAD: 1, DeliveryStatus.SENT: 1}


def test_what_another_sent_meanwhile_is_not_passed_on(store: SqliteStore) -> None:
    tell(store)
    (slow,) = claim(store)
    (quick,) = claim(store, at=NOW + HOUR)
    store.record(quick, Sent(sent_at=NOW + HOUR), retry_at=None)
    store.pass_on(slow, REFUSED, [FIELD], now=NOW + HOUR)
    assert statuses(store) == {DeliveryStatus.SENT: 1}


# Clocks and crashes


def test_who_takes_over_ends_the_leases_of_the_dead(store: SqliteStore) -> None:
    tell(store)
    (delivery,) = claim(store)
    store.take_over(now=NOW + timedelta(seconds=1))
    assert [again.id for again in claim(store, at=NOW + timedelta(seconds=1))] == [delivery.id]


def test_what_was_under_way_in_a_crash_may_have_arrived(store: SqliteStore) -> None:
    tell(store, "غارة", DESK, FIELD)
    claim(store, "desk")
    store.take_over(now=NOW)
    assert {each.recipient: each.doubts for each in claim(store)} == {DESK: 1, FIELD: 0}


def test_of_what_a_channel_had_claimed_in_a_crash_only_the_one_whose_turn_it_was_may_have_arrived(
    store: SqliteStore,
) -> None:
    for n in range(4):
        tell(store, f"غارة {n}", DESK)
    first, *_ = claim(store, "desk", limit=3)
    store.record(first, Sent(sent_at=NOW), retry_at=None)
    store.take_over(now=NOW)
    assert [each.doubts for each in claim(store)] == [1, 0, 0]


def test_a_clock_set_back_while_nobody_ran_holds_up_nothing(store: SqliteStore) -> None:
    tell(store)
    (delivery,) = claim(store)
    store.record(delivery, REFUSED, retry_at=NOW + MINUTE)
    store.take_over(now=NOW - 300 * DAY)
    assert len(claim(store, at=NOW - 300 * DAY)) == 1


def test_taking_over_hurries_nothing_while_the_clock_is_right(store: SqliteStore) -> None:
    tell(store)
    (delivery,) = claim(store)
    store.record(delivery, REFUSED, retry_at=NOW + HOUR)
    store.take_over(now=NOW + MINUTE)
    assert claim(store, at=NOW + MINUTE) == []


@pytest.mark.parametrize("jump", [timedelta(hours=-5), timedelta(days=80)])
def test_a_jump_of_the_clock_changes_no_waiting_time(store: SqliteStore, jump: timedelta) -> None:
    tell(store, "قصف", DESK, FIELD)
    tried, claimed = claim(store)
    store.record(tried, REFUSED, retry_at=NOW + HOUR)
    store.shift_leases(jump, now=NOW + jump)
    after = NOW + jump
    assert claim(store, at=after + MINUTE) == []
    assert [each.id for each in claim(store, at=after + 2 * MINUTE)] == [claimed.id]
    assert {each.id: each.created_at for each in claim(store, at=after + HOUR)} == {tried.id: after, claimed.id: after}


def _follow(store: Store, first_number: int, *numbers: int, rule_id: str = "strikes") -> None:
    """Further alerts of the first story, to the same recipients."""
    with store.ingest() as tx:
        entry_id, story_id, _ = tx.write(item("تحديث", story_id=1, verdicts=[verdict(rule_id)]), seen_at=NOW)
        assert story_id == 1
        for number in numbers:
            decided = replace(alert(1, first_number + number, rule_id=rule_id), id=f"1.{number}.{rule_id}")
            tx.alert(entry_id, decided, [DESK, FIELD])


@pytest.mark.parametrize(
    ("recipient", "rule_id", "thread"),
    [(DESK, "strikes", "C1 17.2"), (FIELD, "strikes", None), (DESK, "another", None)],
    ids=["who was told of the story", "who was told without a name", "another rule"],
)
def test_a_follow_up_knows_what_its_recipient_was_first_told_with(
    store: Store, recipient: Recipient, rule_id: str, thread: str | None
) -> None:
    tell(store, "قصف", DESK, FIELD)
    for delivery in claim(store):
        name = "C1 17.2" if delivery.recipient == DESK else None
        store.record(delivery, Sent(sent_at=NOW, thread=name, answer="HTTP 200: ok"), retry_at=None)
    _follow(store, 1, 1, rule_id=rule_id)
    [claimed] = [delivery for delivery in claim(store) if delivery.recipient == recipient]
    assert claimed.thread == thread


def test_a_follow_up_hangs_on_the_first_message_and_not_on_the_last(store: Store) -> None:
    tell(store, "قصف", DESK)
    for name in ("first", "second"):
        [delivery] = [each for each in claim(store) if each.recipient == DESK]
        store.record(delivery, Sent(sent_at=NOW, thread=name), retry_at=None)
        _follow(store, 1, 1 if name == "first" else 2)
    [claimed] = [each for each in claim(store) if each.recipient == DESK]
    assert claimed.thread == "first"


def test_what_the_service_said_is_kept(store: SqliteStore) -> None:
    tell(store)
    (delivery,) = claim(store)
    store.record(delivery, Sent(sent_at=NOW, thread="t 1", answer="HTTP 200: ok"), retry_at=None)
    with store.database.read() as db:
        row = db.execute("SELECT thread, answer FROM delivery").fetchone()
    assert tuple(row) == ("t 1", "HTTP 200: ok")
