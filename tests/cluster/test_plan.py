"""Due feeds are leased with a slot each, on a real server."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from psycopg import Connection

from monitor.cluster.batches import Batch, Lease, is_late
from monitor.cluster.plan import clock_us, hand_back, renew, reserve
from monitor.errors import LeaseLost
from monitor.model import FeedState
from monitor.store import codec
from monitor.store.postgres.store import open_postgres
from tests.cluster.made import LEASE, NOW, SECOND, answered, at_one_host, columns, enrolled, feed, leases, planned

TEN_MINUTES = 600 * SECOND


def test_what_is_due_is_leased_once_and_due_again_when_its_lease_ends(db: Connection) -> None:
    enrolled(db, feed("a"), feed("b"))
    assert leases(planned(db)) == [Lease("a", 1, NOW), Lease("b", 1, NOW)]
    assert columns(db, "a") == (NOW + TEN_MINUTES, NOW + TEN_MINUTES, "w1", 1, "a.example")
    assert leases(planned(db, now_us=NOW + TEN_MINUTES - 1)) == []
    assert leases(planned(db, now_us=NOW + TEN_MINUTES)) == [
        Lease("a", 2, NOW + TEN_MINUTES),
        Lease("b", 2, NOW + TEN_MINUTES),
    ]


def test_what_was_answered_is_due_when_the_poll_said(db: Connection) -> None:
    enrolled(db, feed("a"))
    (lease,) = leases(planned(db))
    assert answered(db, lease, next_us=NOW + 60 * SECOND)
    assert leases(planned(db, now_us=NOW + 59 * SECOND)) == []
    assert leases(planned(db, now_us=NOW + 60 * SECOND)) == [Lease("a", 2, NOW + 60 * SECOND)]


def test_who_has_an_older_token_writes_nothing(db: Connection, plan_url: str) -> None:
    enrolled(db, feed("a"))
    (old,) = leases(planned(db))
    (new,) = leases(planned(db, now_us=NOW + TEN_MINUTES))
    before = columns(db, "a")
    polled = FeedState(feed_id="a", next_poll_at=codec.instant(NOW))
    with closing(open_postgres(plan_url, now=polled.next_poll_at)) as store:
        with pytest.raises(LeaseLost), store.ingest() as tx:
            tx.feed_state(replace(polled, token=old.token))
        assert columns(db, "a") == before
        with store.ingest() as tx:
            tx.feed_state(replace(polled, token=new.token))
    assert columns(db, "a") == (NOW, None, None, 2, "a.example")


def test_the_longest_due_are_looked_at_first_and_no_more_than_asked_for(db: Connection) -> None:
    enrolled(db, *(feed(each) for each in "abc"))
    for after, each in enumerate("cba"):
        db.execute("UPDATE feed_state SET next_poll_us = %s WHERE feed_id = %s", (NOW - 9 + after, each))
    first = planned(db, limit=2)
    assert ({each.feed_id for each in leases(first)}, first.more) == ({"b", "c"}, True)
    second = planned(db, limit=2)
    assert ({each.feed_id for each in leases(second)}, second.more) == ({"a"}, False)


def test_a_feed_that_is_leased_and_made_due_by_hand_is_not_leased_twice(db: Connection) -> None:
    enrolled(db, feed("a"))
    planned(db)
    db.execute("UPDATE feed_state SET next_poll_us = %s", (NOW,))
    assert leases(planned(db)) == []


def test_a_feed_of_a_worker_that_was_killed_is_asked_again_after_one_machine_was_alone_for_a_while(
    db: Connection, plan_url: str
) -> None:
    enrolled(db, feed("a"))
    planned(db)
    at = NOW + SECOND
    with closing(open_postgres(plan_url, now=codec.instant(at))) as store:
        store.take_over(now=codec.instant(at))  # and ended before it asked the feed
    assert columns(db, "a") == (at, None, None, 1, "a.example")
    assert leases(planned(db, now_us=at)) == [Lease("a", 2, at)]


def test_a_batch_has_so_many_feeds_in_the_order_of_their_slots(db: Connection) -> None:
    enrolled(db, *at_one_host(5), *at_one_host(5, "other.example"), rules=7)
    batches = planned(db, batch=4).batches
    assert [len(each.leases) for each in batches] == [4, 4, 2]
    slots = [(each.at_us - NOW) / SECOND for batch in batches for each in batch.leases]
    assert slots == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert {each.rules for each in batches} == {7}


def test_a_batch_is_read_back_from_its_payload(db: Connection) -> None:
    enrolled(db, feed("a"), rules=7)
    (batch,) = planned(db).batches
    assert batch.payload == {"rules": 7, "feeds": [["a", 1, NOW]]}
    assert Batch.read(batch.payload) == batch


def test_feeds_of_a_giant_host_are_put_off_and_keep_nobody_from_the_head(db: Connection) -> None:
    enrolled(db, *at_one_host(100))
    enrolled(db, *at_one_host(100), feed("small"), rules=2)
    given = {each.feed_id for each in leases(planned(db, limit=100))}
    assert len(given) == 31  # in the 30 seconds until the horizon, both ends counted
    assert [each.feed_id for each in leases(planned(db, limit=100))] == ["small"]
    put_off = db.execute("SELECT next_poll_us, lease_until_us FROM feed_state WHERE leased_by IS NULL").fetchall()
    assert sorted(put_off) == [(NOW + at * SECOND - 15 * SECOND, NOW + at * SECOND) for at in range(31, 100)]


def test_who_was_put_off_is_asked_when_its_place_has_come(db: Connection) -> None:
    enrolled(db, *at_one_host(40))
    planned(db)
    assert leases(planned(db, now_us=NOW + 15 * SECOND)) == []
    slots = [(each.at_us - NOW) / SECOND for each in leases(planned(db, now_us=NOW + 20 * SECOND))]
    assert slots == [31, 32, 33, 34, 35]


def test_nothing_is_planned_where_the_transaction_is_rolled_back(db: Connection) -> None:
    enrolled(db, feed("a"))
    before = columns(db, "a")
    with db.transaction(force_rollback=True):
        assert len(leases(planned(db))) == 1
    assert columns(db, "a") == before
    assert leases(planned(db)) == [Lease("a", 1, NOW)]


def test_a_planner_passes_over_what_another_has_in_hand_and_waits_for_none(db: Connection, plan_url: str) -> None:
    enrolled(db, feed("a"), feed("b"))
    with psycopg.connect(plan_url) as other, other.transaction():
        assert [each.feed_id for each in leases(planned(other, limit=1))] == ["a"]
        assert [each.feed_id for each in leases(planned(db))] == ["b"]


def test_a_lane_that_is_gone_is_made_again(db: Connection) -> None:
    enrolled(db, *at_one_host(2))
    db.execute("DELETE FROM lane")
    assert [(each.at_us - NOW) / SECOND for each in leases(planned(db))] == [0, 1]


def test_without_a_told_time_it_is_that_of_the_database(db: Connection) -> None:
    before = clock_us(db)
    enrolled(db, feed("a"), now_us=before)
    (lease,) = leases(planned(db, now_us=None))
    assert before <= lease.at_us <= clock_us(db)


# --- slots that passed


def test_a_feed_whose_slot_passed_takes_another_one_under_the_same_token(db: Connection) -> None:
    enrolled(db, *at_one_host(3))
    given = leases(planned(db))
    now = NOW + 40 * SECOND
    assert all(is_late(each, now) for each in given)
    renewed = renew(db, given, lease=LEASE, worker="w2", now_us=now)
    assert [((each.at_us - now) / SECOND, each.token) for each in renewed] == [(0, 1), (1, 1), (2, 1)]
    assert columns(db, renewed[2].feed_id)[:4] == (*2 * (now + 2 * SECOND + TEN_MINUTES,), "w2", 1)


def test_a_slot_is_late_a_quarter_of_a_second_after_it() -> None:
    lease = Lease("a", 1, NOW)
    assert [is_late(lease, NOW + ms * 1000) for ms in (-10, 0, 250, 251)] == [False, False, False, True]


def test_a_feed_that_another_leased_meanwhile_is_not_renewed(db: Connection) -> None:
    enrolled(db, feed("a"), feed("b"))
    given = leases(planned(db))
    assert answered(db, given[1], next_us=NOW + 2 * TEN_MINUTES)
    planned(db, now_us=NOW + TEN_MINUTES)
    assert renew(db, given, lease=LEASE, worker="w1", now_us=NOW + TEN_MINUTES) == []


def test_a_feed_for_which_the_host_has_no_slot_left_is_put_off_instead_of_renewed(db: Connection) -> None:
    enrolled(db, *at_one_host(2))
    given = leases(planned(db))
    db.execute("UPDATE lane SET free_us = %s", (NOW + 30 * SECOND,))
    renewed = renew(db, given, lease=LEASE, worker="w1", now_us=NOW + SECOND)
    assert [each.feed_id for each in renewed] == [given[0].feed_id, given[1].feed_id]
    db.execute("UPDATE lane SET free_us = %s", (NOW + 60 * SECOND,))
    assert renew(db, given, lease=LEASE, worker="w1", now_us=NOW + SECOND) == []
    assert columns(db, given[0].feed_id)[:3] == (NOW + 45 * SECOND, NOW + 60 * SECOND, None)


def test_feeds_that_are_handed_back_are_due_at_once_if_they_were_still_leased(db: Connection) -> None:
    enrolled(db, feed("a"), feed("b"), feed("c"))
    given = leases(planned(db))
    answered(db, given[1], next_us=NOW + TEN_MINUTES)
    stale = Lease("c", 0, NOW)
    assert hand_back(db, [given[0], given[1], stale], now_us=NOW + 5) == 1
    assert [columns(db, each)[0] - NOW for each in "abc"] == [5, TEN_MINUTES, TEN_MINUTES]
    assert [each.feed_id for each in leases(planned(db, now_us=NOW + 5))] == ["a"]


# --- pages


def test_a_page_takes_the_next_slot_of_its_host_and_a_feed_the_one_after(db: Connection) -> None:
    enrolled(db, feed("a"))
    assert reserve(db, "a.example", now_us=NOW) == NOW
    assert reserve(db, "a.example", now_us=NOW) == NOW + SECOND
    assert [each.at_us for each in leases(planned(db))] == [NOW + 2 * SECOND]


def test_a_page_of_a_host_that_is_not_known_yet_is_spaced_from_then_on(db: Connection) -> None:
    assert [reserve(db, "pages.example", now_us=NOW) for _ in range(2)] == [NOW, NOW + SECOND]
    assert reserve(db, "pages.example", now_us=NOW + 10 * SECOND) == NOW + 10 * SECOND


@pytest.mark.parametrize(("within", "slot"), [(4, None), (5, 5), (6, 5)])
def test_a_page_that_would_wait_too_long_takes_no_slot(db: Connection, within: int, slot: int | None) -> None:
    db.execute("INSERT INTO lane VALUES ('a.example', %s, %s, 0)", (NOW + 5 * SECOND, SECOND))
    at_us = reserve(db, "a.example", within=timedelta(seconds=within), now_us=NOW)
    assert at_us == (None if slot is None else NOW + slot * SECOND)
    free = db.execute("SELECT free_us FROM lane").fetchone()
    assert free == (NOW + (5 if slot is None else 6) * SECOND,)
