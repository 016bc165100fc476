"""How far the plan is behind."""

from __future__ import annotations

from datetime import timedelta

from psycopg import Connection

from monitor.cluster.pressure import Crowd, Pressure, expired, pressure
from tests.cluster.made import NOW, SECOND, at_one_host, enrolled, feed, planned

TEN_MINUTES = 600 * SECOND


def seconds(number: int) -> timedelta:
    return timedelta(seconds=number)


def test_where_nothing_is_planned_nothing_waits(db: Connection) -> None:
    none = Pressure(due=0, lag=seconds(0), leased=0, expired=0, put_off=0, crowds=())
    assert pressure(db, now_us=NOW) == none


def test_what_is_due_is_counted_and_how_long_the_first_has_been(db: Connection) -> None:
    enrolled(db, feed("a"), feed("b"), feed("c"), feed("gone"))
    enrolled(db, feed("a"), feed("b"), feed("c"), rules=2)
    db.execute("UPDATE feed_state SET next_poll_us = %s WHERE feed_id = 'a'", (NOW - 90 * SECOND,))
    db.execute("UPDATE feed_state SET next_poll_us = %s WHERE feed_id = 'c'", (NOW + 1,))
    seen = pressure(db, now_us=NOW)
    assert (seen.due, seen.lag, seen.leased) == (2, seconds(90), 0)


def test_feeds_under_way_are_not_due_until_their_leases_ended(db: Connection) -> None:
    enrolled(db, feed("a"), feed("b"))
    planned(db)
    seen = pressure(db, now_us=NOW + TEN_MINUTES - 1)
    assert (seen.due, seen.leased, seen.expired) == (0, 2, 0)
    assert expired(db, now_us=NOW + TEN_MINUTES - 1) == 0
    seen = pressure(db, now_us=NOW + TEN_MINUTES)
    assert (seen.due, seen.leased, seen.expired) == (2, 0, 2)
    assert expired(db, now_us=NOW + TEN_MINUTES) == 2
    planned(db, now_us=NOW + TEN_MINUTES)
    assert expired(db, now_us=NOW + TEN_MINUTES) == 0


def test_hosts_that_cannot_keep_up_are_named_the_longest_wait_first(db: Connection) -> None:
    enrolled(db, *at_one_host(40), *at_one_host(4, "busy.example"), feed("small"))
    planned(db)
    seen = pressure(db, now_us=NOW)
    assert (seen.leased, seen.put_off) == (36, 9)
    assert seen.crowds == (Crowd("giant.example", 40, seconds(40)), Crowd("busy.example", 4, seconds(4)))


def test_no_more_than_ten_hosts_are_named(db: Connection) -> None:
    enrolled(db, *(each for n in range(12) for each in at_one_host(2, f"h{n}.example")))
    planned(db)
    assert len(pressure(db, now_us=NOW).crowds) == 10
