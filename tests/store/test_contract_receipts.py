"""What every store promises about receipts of messages that nobody recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.model import Delivery, DeliveryStatus, NotSent, Receipt, Sent, mark_of
from monitor.store import Reader, SqlStore

from .builders import DESK, FIELD, HOUR, MINUTE, NOW, tell

TOLD = Sent(sent_at=NOW + timedelta(seconds=2), thread="1718", answer="ok")


def claimed(store: SqlStore, limit: int = 10) -> list[Delivery]:
    return store.claim_deliveries(NOW, channel_id="desk", limit=limit, lease=HOUR)


def receipt(*deliveries: Delivery) -> Receipt:
    return Receipt(marks={each.id: mark_of(each) for each in deliveries}, begun_at=NOW, sent=TOLD)


def statuses(store: SqlStore) -> dict[DeliveryStatus, int]:
    return {status: count for status, count in Reader(store.database).totals().deliveries.items() if count}


def test_what_was_taken_is_sent_and_told_as_if_it_had_been_heard(store):
    tell(store, "غارة")
    [one] = claimed(store)
    assert store.record_receipt(receipt(one)) == 1
    store.take_over(now=NOW)
    assert store.waiting(NOW + HOUR, channel_id="desk", limit=9) == []
    [row] = Reader(store.database).deliveries(DeliveryStatus.SENT, limit=9)
    assert (row.sent_at, row.answer, row.attempts) == (TOLD.sent_at, "ok", 1)


def test_what_is_recorded_already_is_left_as_it_is(store):
    tell(store, "غارة")
    [one] = claimed(store)
    store.record(one, Sent(sent_at=NOW + MINUTE, answer="heard"), retry_at=None)
    assert store.record_receipt(receipt(one)) == 0
    [row] = Reader(store.database).deliveries(DeliveryStatus.SENT, limit=9)
    assert (row.answer, row.attempts) == ("heard", 1)


def test_it_counts_though_the_lease_ended_and_another_failed_meanwhile(store):
    tell(store, "غارة")
    [one] = claimed(store)
    store.take_over(now=NOW)
    [again] = claimed(store)
    store.record(again, NotSent(detail="HTTP 500", failed_at=NOW), retry_at=NOW + MINUTE)
    assert store.record_receipt(receipt(one)) == 1
    assert statuses(store) == {DeliveryStatus.SENT: 1}


def test_of_one_message_all_are_sent_and_of_others_none(store):
    for title in ("أ", "ب", "ج"):
        tell(store, title, DESK, FIELD)
    one, two, _ = claimed(store)
    assert store.record_receipt(receipt(one, two)) == 2
    assert statuses(store) == {DeliveryStatus.SENT: 2, DeliveryStatus.PENDING: 4}


def test_a_receipt_of_another_database_is_none_of_ours(store):
    tell(store, "غارة")
    [one] = claimed(store)
    elsewhere = Receipt(marks={one.id: "of something else"}, begun_at=NOW, sent=TOLD)
    assert store.record_receipt(elsewhere) == 0
    assert statuses(store) == {DeliveryStatus.PENDING: 1}


@pytest.mark.parametrize("later", [MINUTE, -MINUTE], ids=["by its clock", "by a clock that was set back"])
def test_what_was_begun_anew_by_hand_since_is_sent_again(store, later):
    tell(store, "غارة")
    [one] = claimed(store)
    store.take_over(now=NOW)
    assert store.resend([one.id], now=NOW + later) == 1
    assert store.record_receipt(receipt(one)) == 0
    assert statuses(store) == {DeliveryStatus.PENDING: 1}
