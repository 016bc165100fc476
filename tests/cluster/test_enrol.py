"""Feeds of the rules in force have a row and a lane, whoever enrols them, and when."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from monitor.cluster import enrol
from monitor.cluster.enrol import UNUSED, Enrolled, prune, sync
from monitor.feeds import moves
from monitor.model import FeedState
from tests.cluster.made import NOW, SECOND, at_one_host, columns, enrolled, feed, leases, planned, until

DAY_US = UNUSED // timedelta(microseconds=1)


def lanes(db: Connection[Any]) -> dict[str, int]:
    """By feed of the rules in force: the gap of its lane, in milliseconds."""
    joined = "SELECT feed_id, lane.gap_us / 1000 FROM feed_state JOIN lane ON host = lane ORDER BY feed_id"
    return dict(db.execute(joined).fetchall())


def written(db: Connection[Any]) -> list[tuple[Any, ...]]:
    """Where each row is: other than before if it was written."""
    feeds = db.execute("SELECT feed_id, xmin::text, ctid::text FROM feed_state ORDER BY 1").fetchall()
    return feeds + db.execute("SELECT host, xmin::text, ctid::text FROM lane ORDER BY 1").fetchall()


def test_each_feed_has_a_row_that_is_due_at_once_and_a_lane(db: Connection) -> None:
    done = sync(db, 1, [feed("a"), feed("b", "http://10.0.0.5/b")], now_us=NOW)
    assert done == Enrolled(in_force=True, added=2, moved=0)
    assert columns(db, "a") == (NOW, None, None, 0, "a.example")
    assert lanes(db) == {"a": 1000, "b": 250}


def test_to_enrol_again_writes_nothing(db: Connection) -> None:
    feeds = at_one_host(20)
    enrolled(db, *feeds)
    before = written(db)
    assert sync(db, 1, feeds, now_us=NOW + 5) == Enrolled(in_force=True, added=0, moved=0)
    assert written(db) == before


def test_what_is_enrolled_is_not_looked_at_again_until_something_differs(db: Connection) -> None:
    enrolled(db, feed("a"), feed("b"))
    db.execute("UPDATE feed_state SET lane = NULL")
    enrolled(db, feed("b"), feed("a"), rules=2)
    assert lanes(db) == {}
    enrolled(db, feed("a"), feed("b", allow_private=True), rules=2)
    assert lanes(db) == {"a": 1000, "b": 250}


def test_who_was_killed_before_all_was_done_is_no_reason_to_think_it_was(db: Connection, plan_url: str) -> None:
    enrolled(db, feed("a"))

    class Killed(Exception):
        pass

    class Dying(psycopg.Connection[Any]):
        """Breaks when the feeds that others had in hand are about to be moved, one by one."""

        def execute(self, query, *more, **told):
            if query == enrol._MOVE_FEED:
                raise Killed
            return super().execute(query, *more, **told)

    with psycopg.connect(plan_url) as poll, poll.transaction():
        poll.execute("SELECT * FROM feed_state FOR UPDATE")
        with Dying.connect(plan_url, autocommit=True) as dying, pytest.raises(Killed):
            sync(dying, 2, [feed("a", "https://other.example/")])
    assert columns(db, "a")[4] == "a.example"
    enrolled(db, feed("a", "https://other.example/"), rules=2)
    assert columns(db, "a")[4] == "other.example"


def test_what_was_learned_of_a_feed_outlasts_its_absence_from_the_rules(db: Connection) -> None:
    enrolled(db, feed("a"), feed("b"))
    db.execute("UPDATE feed_state SET next_poll_us = %s, last_polled_us = %s", (NOW + SECOND, NOW))
    enrolled(db, feed("b"), rules=2)
    assert columns(db, "a") == (NOW + SECOND, None, None, 0, None)
    assert [each.feed_id for each in leases(planned(db, now_us=NOW + SECOND))] == ["b"]
    enrolled(db, feed("a"), feed("b"), rules=3)
    assert [each.feed_id for each in leases(planned(db, now_us=NOW + SECOND))] == ["a"]


def test_a_feed_whose_address_changed_waits_in_the_lane_of_its_new_host(db: Connection) -> None:
    enrolled(db, feed("a"), feed("b"))
    assert sync(db, 2, [feed("a", "https://other.example/"), feed("b")]) == Enrolled(in_force=True, added=0, moved=1)
    assert [columns(db, each)[4] for each in "ab"] == ["other.example", "b.example"]


def test_a_host_that_became_the_operators_own_is_asked_more_often_and_keeps_its_next_slot(db: Connection) -> None:
    enrolled(db, feed("a"))
    planned(db)
    enrolled(db, feed("a", allow_private=True), rules=2)
    assert db.execute("SELECT * FROM lane").fetchall() == [("a.example", NOW + SECOND, SECOND // 4, 0)]


def test_older_rules_that_come_later_change_nothing(db: Connection) -> None:
    enrolled(db, feed("a"), feed("b"), rules=2)
    before = written(db)
    assert sync(db, 1, [feed("a", "https://old.example/"), feed("c")]) == Enrolled(in_force=False)
    assert written(db) == before


def test_rules_are_compared_as_numbers(db: Connection) -> None:
    enrolled(db, feed("a"), rules=9)
    assert sync(db, 10, [feed("a")]).in_force
    assert not sync(db, 9, [feed("a")]).in_force


def test_many_workers_at_once_enrol_what_the_newest_rules_say(db: Connection, plan_url: str) -> None:
    versions = {n: [feed(f"{n}-{k}", f"https://host{k % 7}.example/{n}") for k in range(60)] for n in range(1, 5)}
    common = {n: [*feeds, feed("common", f"https://version{n}.example/")] for n, feeds in versions.items()}
    begin = threading.Barrier(8)

    def work(worker: int) -> bool:
        rules = worker % 4 + 1
        with psycopg.connect(plan_url, autocommit=True) as own:
            begin.wait(timeout=60)
            return sync(own, rules, common[rules]).in_force

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(work, range(8)))
    assert outcomes[3]
    assert outcomes[7]
    in_force = {row[0] for row in db.execute("SELECT feed_id FROM feed_state WHERE lane IS NOT NULL")}
    assert in_force == {each.id for each in common[4]}
    assert columns(db, "common")[4] == "version4.example"


def test_a_row_that_somebody_has_in_hand_is_moved_when_he_lets_it_go(db: Connection, plan_url: str) -> None:
    enrolled(db, feed("a"), feed("b"))
    others = [feed("a", "https://other.example/"), feed("b", "https://other.example/")]

    def work() -> Enrolled:
        with psycopg.connect(plan_url, autocommit=True) as own:
            return sync(own, 2, others)

    with ThreadPoolExecutor(1) as pool:
        with psycopg.connect(plan_url) as poll, poll.transaction():
            poll.execute("UPDATE feed_state SET next_poll_us = %s WHERE feed_id = 'a'", (NOW + 7,))
            done = pool.submit(work)
            until(lambda: columns(db, "b")[4] == "other.example")
            assert not done.done()
            assert columns(db, "a")[4] == "a.example"
        assert done.result(timeout=60) == Enrolled(in_force=True, added=0, moved=2)
    assert columns(db, "a") == (NOW + 7, None, None, 0, "other.example")


def test_a_row_that_is_forgotten_just_as_its_feed_comes_back_is_made_anew(db: Connection, plan_url: str) -> None:
    enrolled(db, feed("a"), feed("b"))
    enrolled(db, feed("b"), rules=2)

    def work() -> Enrolled:
        with psycopg.connect(plan_url, autocommit=True) as own:
            return sync(own, 3, [feed("a"), feed("b", "https://other.example/")])

    with ThreadPoolExecutor(1) as pool:
        with psycopg.connect(plan_url) as tidies, tidies.transaction():
            tidies.execute("DELETE FROM feed_state WHERE feed_id = 'a'")
            done = pool.submit(work)
            until(lambda: columns(db, "b")[4] == "other.example")
        done.result(timeout=60)
    assert columns(db, "a")[4] == "a.example"


def test_a_poll_that_has_one_row_and_wants_another_does_not_lock_up_with_it(db: Connection, plan_url: str) -> None:
    enrolled(db, feed("a"), feed("b"), feed("c"))
    others = [feed(each, "https://other.example/") for each in "abc"]

    def work() -> Enrolled:
        with psycopg.connect(plan_url, autocommit=True) as own:
            return sync(own, 2, others)

    with ThreadPoolExecutor(1) as pool:
        with psycopg.connect(plan_url) as poll, poll.transaction():
            poll.execute("UPDATE feed_state SET token = token + 1 WHERE feed_id = 'b'")
            done = pool.submit(work)
            until(lambda: columns(db, "c")[4] == "other.example")
            poll.execute("UPDATE feed_state SET token = token + 1 WHERE feed_id IN ('a', 'c')")
        done.result(timeout=60)
    assert [columns(db, each)[3:] for each in "abc"] == [(1, "other.example")] * 3


def test_a_feed_that_moved_for_good_is_taken_to_where_it_moved(db: Connection) -> None:
    enrolled(db, feed("a"))
    state = FeedState(feed_id="a", next_poll_at=datetime(2026, 3, 4, tzinfo=UTC))
    for _ in range(moves.BELIEVED):
        state = moves.noted(feed("a"), state, "https://new.example/feed")
    db.execute("UPDATE feed_state SET moved_to = %s, moved_times = %s", (state.moved_to, state.moved_times))
    enrolled(db, feed("a"))
    assert columns(db, "a")[4] == "new.example"


def test_a_host_that_lost_feeds_has_no_queue_of_their_places(db: Connection) -> None:
    feeds = at_one_host(1000)
    enrolled(db, *feeds)
    while planned(db).more:
        pass
    enrolled(db, *feeds[:1], feed("new", "https://giant.example/new"), rules=2, now_us=NOW + 40 * SECOND)
    slots = {each.feed_id: each.at_us for each in leases(planned(db, now_us=NOW + 40 * SECOND))}
    assert slots["new"] == NOW + 40 * SECOND


# --- lanes that nobody needs


def test_a_lane_is_removed_a_day_after_its_last_turn_unless_a_feed_has_it(db: Connection) -> None:
    enrolled(db, feed("a"))
    db.execute("INSERT INTO lane VALUES ('old.example', %s, 1, 0), ('new.example', %s, 1, 0)", (NOW - 1, NOW))
    assert prune(db, now_us=NOW + DAY_US) == 1
    assert sorted(row[0] for row in db.execute("SELECT host FROM lane")) == ["a.example", "new.example"]
