"""What every store promises about turns at channels."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from monitor.model import Delivery, DeliveryStatus, NotSent, Sent
from monitor.store import Reader, SqliteStore
from monitor.store.turn_rows import Taken, TurnRows
from tests.turning import LEASE, turn_rows

from .builders import DESK, FIELD, HOUR, MINUTE, NOW, tell

TICK = timedelta(microseconds=1)


@dataclass
class Told:
    """A clock that a test moves."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Told:
    return Told()


@pytest.fixture
def rows(store: SqliteStore, clock: Told) -> TurnRows:
    return turn_rows(store, clock)


def taken(rows: TurnRows, worker: str, channel_id: str = "desk") -> Taken:
    turn = rows.take(channel_id, worker)
    assert turn is not None
    return turn


def claim(
    rows: TurnRows, turn: Taken, at: datetime = NOW, limit: int = 10, *, together: bool = False
) -> list[Delivery]:
    return rows.claim(turn, at, limit=limit, lease=HOUR, together=together)


def doubts(store: SqliteStore, at: datetime = NOW + 2 * HOUR) -> list[int]:
    """Of what is due, oldest first; what is leased for less than the two hours counts as due."""
    return [each.doubts for each in store.waiting(at, channel_id="desk", limit=99)]


def test_a_channel_is_one_workers_at_a_time_and_channels_are_apart(rows):
    assert taken(rows, "a").token == 1
    assert rows.take("desk", "b") is None
    assert taken(rows, "b", "field").token == 1


def test_a_turn_is_free_once_given_back_and_goes_on_at_the_pace_of_the_one_before(rows):
    first = taken(rows, "a")
    assert first.pace == "{}"
    assert rows.give_back(first, '{"sent":1}')
    assert not rows.keep(first, pace="stale")
    second = taken(rows, "b")
    assert (second.token, second.pace) == (2, '{"sent":1}')


@pytest.mark.parametrize(("after", "is_free"), [(LEASE - TICK, False), (LEASE, True)])
def test_the_turn_of_one_that_gives_no_sign_of_life_is_free_when_its_lease_ends(rows, clock, after, is_free):
    taken(rows, "a")
    clock.at += after
    assert (rows.take("desk", "b") is not None) is is_free


def test_a_sign_of_life_keeps_a_turn_and_leaves_the_pace_that_it_came_with(rows, clock):
    first = taken(rows, "a")
    for n in range(4):
        clock.at += LEASE - TICK
        assert rows.keep(first, pace=f'{{"sent":{n}}}')
        assert rows.keep(first)
    assert rows.take("desk", "b") is None
    clock.at += LEASE
    assert taken(rows, "b").pace == '{"sent":3}'


def test_one_sign_of_life_keeps_all_turns_that_are_had_and_tells_which_others_have(rows, clock):
    had = [taken(rows, "a", each) for each in ("desk", "field", "night", "gone")]
    stale = taken(rows, "a", "late")
    fresh = taken(rows, "a", "late")
    rows.give_back(had[3], "{}")
    clock.at += LEASE
    theirs = taken(rows, "b", "night")
    assert rows.keep_all([*had, stale, fresh]) == [had[2], had[3], stale]
    assert rows.keep_all([]) == []
    clock.at += LEASE - TICK
    assert [rows.take(each, "c") for each in ("desk", "field", "late", "night")] == [None] * 4
    assert rows.take("gone", "c") is not None
    clock.at += TICK
    assert rows.left() == ["desk", "field", "late", "night"]
    assert rows.keep(theirs)


def test_a_turn_that_ran_out_and_that_nobody_took_is_kept_yet(rows, clock):
    first = taken(rows, "a")
    clock.at += HOUR
    assert rows.keep(first)
    assert rows.take("desk", "b") is None


def test_who_lost_account_of_its_turn_takes_it_again_at_once(rows):
    first, again = taken(rows, "a"), taken(rows, "a")
    assert again.token == first.token + 1
    assert not rows.keep(first)


def test_who_lost_its_turn_writes_nothing_into_it_and_claims_nothing(store, rows, clock):
    tell(store)
    old = taken(rows, "a")
    clock.at += LEASE
    new = taken(rows, "b")
    assert not rows.keep(old, pace="stale")
    assert not rows.give_back(old, "stale")
    assert claim(rows, old) == []
    assert rows.take("desk", "c") is None
    assert rows.give_back(new, "fresh")
    assert not rows.give_back(old, "stale")
    assert taken(rows, "c").pace == "fresh"


def test_a_turn_has_the_deliveries_of_its_channel_alone(store, rows):
    tell(store, "قصف", DESK, FIELD)
    assert [each.recipient for each in claim(rows, taken(rows, "a"))] == [DESK]


def test_a_claim_that_is_done_twice_since_its_answer_was_lost_claims_the_same_and_doubts_nothing(
    store, rows, monkeypatch
):
    for title in ("أ", "ب", "ج"):
        tell(store, title)
    tell(store, "قصف", FIELD)
    claim(rows, taken(rows, "a", "field"))
    first, do = taken(rows, "a"), store.database.do
    monkeypatch.setattr(store.database, "do", lambda work: (do(work), do(work))[1])
    assert [each.doubts for each in claim(rows, first, limit=2)] == [0, 0]
    assert doubts(store, NOW) == [0], "the third"
    assert store.channels_due(NOW) == ["desk"]


def test_what_a_lost_one_had_leased_is_due_at_once_and_what_was_under_way_may_have_arrived(store, rows, clock):
    for title in ("أ", "ب", "ج"):
        tell(store, title)
    assert len(claim(rows, taken(rows, "a"))) == 3
    clock.at += LEASE
    again = claim(rows, taken(rows, "b"), NOW + LEASE)
    assert [each.doubts for each in again] == [1, 0, 0]


def test_what_was_recorded_of_them_is_no_doubt(store, rows, clock):
    for title in ("أ", "ب", "ج"):
        tell(store, title)
    first, second, _ = claim(rows, taken(rows, "a"))
    store.record(first, Sent(sent_at=NOW), retry_at=None)
    store.record(second, NotSent(detail="HTTP 500", failed_at=NOW), retry_at=NOW)
    clock.at += LEASE
    taken(rows, "b")
    assert sorted(doubts(store)) == [0, 1]
    assert claim(rows, taken(rows, "b"), NOW + LEASE)[-1].doubts == 1


def test_all_of_one_message_may_have_arrived(store, rows, clock):
    for title in ("أ", "ب", "ج"):
        tell(store, title)
    claim(rows, taken(rows, "a"), together=True)
    clock.at += LEASE
    taken(rows, "b")
    assert doubts(store) == [1, 1, 1]


def test_the_leases_of_other_channels_go_on(store, rows, clock):
    tell(store, "قصف", DESK, FIELD)
    claim(rows, taken(rows, "a", "field"))
    claim(rows, taken(rows, "a"))
    clock.at += LEASE
    taken(rows, "b")
    assert store.channels_due(NOW + LEASE) == ["desk"]


def test_a_turn_that_was_given_back_leaves_what_was_not_recorded_in_doubt(store, rows):
    """The message went out, and then the database did not take what became of it."""
    tell(store)
    first = taken(rows, "a")
    claim(rows, first)
    rows.give_back(first, "{}")
    taken(rows, "b")
    assert doubts(store) == [1]


def test_what_a_late_one_sent_is_sent_whoever_has_the_turn(store, rows, clock):
    tell(store)
    (slow,) = claim(rows, taken(rows, "a"))
    clock.at += LEASE
    (quick,) = claim(rows, taken(rows, "b"), NOW + LEASE)
    store.record(slow, Sent(sent_at=NOW + LEASE), retry_at=None)
    store.record(quick, NotSent(detail="HTTP 500", failed_at=NOW), retry_at=NOW + MINUTE)
    assert Reader(store.database).totals().deliveries[DeliveryStatus.SENT] == 1
    assert doubts(store) == []


def test_channels_whose_turns_ran_out_are_told_until_somebody_sees_to_them(rows, clock):
    for channel_id in ("desk", "field", "night"):
        first = taken(rows, "a", channel_id)
        clock.at += TICK
    rows.give_back(first, "{}")
    assert rows.left() == []
    clock.at += LEASE
    assert rows.left() == ["desk", "field"]
    second = taken(rows, "b")
    assert rows.left() == ["field"]
    rows.give_back(second, "{}")
    assert rows.left() == ["field"]


def test_who_broke_leaves_its_turn_to_anybody_at_once(store, rows, clock):
    tell(store)
    first = taken(rows, "a")
    claim(rows, first)
    assert rows.leave(first, '{"sent":1}')
    assert store.channels_due(NOW) == []
    assert rows.left() == ["desk"]
    second = taken(rows, "b")
    assert second.pace == '{"sent":1}'
    assert [each.doubts for each in claim(rows, second)] == [1]
    assert not rows.leave(first, "stale")
    assert rows.left() == []


def test_names_that_cannot_be_stored_as_they_are_have_turns_too(store, rows):
    first = taken(rows, "a", "مكتب\ud800\x00")
    assert rows.take("مكتب\ud800\x00", "b") is None
    assert rows.keep(first)
    assert rows.keep_all([first]) == []
    assert rows.give_back(first, "{}")


def test_of_many_at_once_one_has_it(store, clock):
    rows = turn_rows(store, clock)
    for n in range(10):
        start, had = threading.Barrier(6), list[Taken]()

        def try_it(worker: str, channel_id: str = f"desk {n}", start=start, had=had) -> None:
            start.wait()
            turn = rows.take(channel_id, worker)
            if turn is not None:
                had.append(turn)

        threads = [threading.Thread(target=try_it, args=(str(each),)) for each in range(6)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert len(had) == 1
