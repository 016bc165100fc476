"""Slots on the lanes of hosts, and the queues of hosts that have more feeds than slots."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from monitor.cluster.slots import Due, Lane, Placed, place

SECOND = 1_000_000
HORIZON = 30 * SECOND
NOW = 1_000 * SECOND


def due(*feeds: str, host: str = "news.example", returns: bool = False) -> list[Due]:
    return [Due(feed_id=feed, host=host, token=0, returns=returns) for feed in feeds]


def lane(host: str = "news.example", **changes: int) -> Lane:
    return Lane(**{"host": host, "gap_us": SECOND, **changes})


def placed(feeds: list[Due], *lanes: Lane) -> Placed:
    return place(feeds, {each.host: each for each in lanes}, now_us=NOW, horizon_us=HORIZON)


def seconds(slots) -> list[tuple[str, float]]:
    """From now."""
    return [(each.due.feed_id, (each.at_us - NOW) / SECOND) for each in slots]


def test_feeds_of_one_host_are_asked_a_gap_apart_in_the_order_in_which_they_became_due() -> None:
    assert seconds(placed(due("a", "b", "c"), lane()).given) == [("a", 0), ("b", 1), ("c", 2)]


def test_feeds_of_different_hosts_wait_for_nobody() -> None:
    feeds = due("a") + due("b", host="other.example")
    assert seconds(placed(feeds, lane(), lane("other.example")).given) == [("a", 0), ("b", 0)]


def test_a_host_that_was_asked_just_now_or_will_be_is_asked_a_gap_after_that() -> None:
    result = placed(due("a"), lane(free_us=NOW + 5 * SECOND))
    assert (seconds(result.given), result.lanes[0].free_us) == ([("a", 5)], NOW + 6 * SECOND)


def test_a_lane_without_a_gap_gives_everybody_the_same_instant() -> None:
    assert seconds(placed(due("a", "b"), lane(gap_us=0)).given) == [("a", 0), ("b", 0)]


def test_whom_a_host_cannot_serve_before_the_horizon_queues_behind_those_it_can() -> None:
    result = placed(due(*"abcd"), lane(free_us=NOW + 29 * SECOND))
    assert seconds(result.given) == [("a", 29), ("b", 30)]
    assert seconds(result.put_off) == [("c", 31), ("d", 32)]
    assert result.lanes == (lane(free_us=NOW + 31 * SECOND, tail_us=NOW + 33 * SECOND),)


def test_while_a_host_has_a_queue_who_becomes_due_goes_to_its_end() -> None:
    result = placed(due("a"), lane(free_us=NOW, tail_us=NOW + 600 * SECOND))
    assert (seconds(result.given), seconds(result.put_off)) == ([], [("a", 600)])
    assert result.lanes == (lane(free_us=NOW, tail_us=NOW + 601 * SECOND),)


def test_who_comes_back_from_the_queue_goes_before_those_who_come_new() -> None:
    result = placed(due("new") + due("back", returns=True), lane(tail_us=NOW + 14 * SECOND))
    assert (seconds(result.given), seconds(result.put_off)) == ([("back", 0)], [("new", 14)])


def test_who_comes_back_and_finds_no_slot_does_not_go_to_the_end_again() -> None:
    busy = lane(free_us=NOW + 40 * SECOND, tail_us=NOW + 600 * SECOND)
    result = placed(due("a", "b", returns=True) + due("new"), busy)
    assert seconds(result.put_off) == [("a", 40), ("b", 41), ("new", 600)]


def test_a_queue_that_has_passed_is_none() -> None:
    assert seconds(placed(due("a"), lane(tail_us=NOW - 1)).given) == [("a", 0)]


HOSTS = ("a.example", "b.example", "c.example")
LANES = st.fixed_dictionaries(
    {
        host: st.builds(
            Lane,
            host=st.just(host),
            gap_us=st.sampled_from([0, 1, SECOND // 4, SECOND, 20 * SECOND]),
            free_us=st.integers(NOW - 40 * SECOND, NOW + 40 * SECOND),
            tail_us=st.integers(NOW - 40 * SECOND, NOW + 90 * SECOND),
        )
        for host in HOSTS
    }
)
FEEDS = st.lists(st.tuples(st.sampled_from(HOSTS), st.booleans()), max_size=80).map(
    lambda told: [Due(feed_id=str(n), host=host, token=n, returns=back) for n, (host, back) in enumerate(told)]
)


@given(FEEDS, LANES)
def test_no_host_is_asked_twice_within_its_gap_nor_before_it_is_free(feeds: list[Due], lanes: dict[str, Lane]) -> None:
    result = place(feeds, lanes, now_us=NOW, horizon_us=HORIZON)
    after = {each.host: each for each in result.lanes}
    for host in {each.due.host for each in result.given}:
        slots = [each.at_us for each in result.given if each.due.host == host]
        times = [max(NOW, lanes[host].free_us), *slots, after[host].free_us]
        assert slots[0] == times[0]
        assert all(later - earlier >= lanes[host].gap_us for earlier, later in pairwise(times[1:]))


@given(FEEDS, LANES)
def test_every_feed_is_given_a_slot_before_the_horizon_or_a_place_of_its_own(
    feeds: list[Due], lanes: dict[str, Lane]
) -> None:
    result = place(feeds, lanes, now_us=NOW, horizon_us=HORIZON)
    assert sorted(each.due.token for each in (*result.given, *result.put_off)) == list(range(len(feeds)))
    assert all(NOW <= each.at_us <= NOW + HORIZON for each in result.given)
    for host in HOSTS:
        queue = [each.at_us for each in result.put_off if each.due.host == host and not each.due.returns]
        assert all(later - earlier == lanes[host].gap_us for earlier, later in pairwise(queue))
        assert all(at >= lanes[host].tail_us for at in queue)


@given(FEEDS, LANES)
def test_a_lane_never_goes_back(feeds: list[Due], lanes: dict[str, Lane]) -> None:
    result = place(feeds, lanes, now_us=NOW, horizon_us=HORIZON)
    for each in result.lanes:
        assert each.free_us >= lanes[each.host].free_us
        assert each.tail_us >= lanes[each.host].tail_us
    assert [each.host for each in result.lanes] == sorted({each.host for each in feeds})


def test_each_feed_of_a_host_with_too_many_has_its_turn_and_is_put_off_once_for_it() -> None:
    """Asked again 10 minutes after each turn; the host has slots for a third of that. A plan a second."""
    feeds, minutes = 2_000, 40
    gap, every, early = SECOND, 600 * SECOND, HORIZON // 2
    known = lane(gap_us=gap)
    ready = {f"{n:04}": (NOW, False) for n in range(feeds)}  # feed: when it is due, whether it was put off
    turns, delays = dict.fromkeys(ready, 0), 0
    for now in range(NOW, NOW + minutes * 60 * SECOND, SECOND):
        waiting = sorted((at, feed) for feed, (at, _) in ready.items() if at <= now)[:500]
        asked = [Due(feed_id=feed, host=known.host, token=0, returns=ready[feed][1]) for _, feed in waiting]
        if not asked:
            continue
        result = place(asked, {known.host: known}, now_us=now, horizon_us=HORIZON)
        known = result.lanes[0]
        for each in result.given:
            turns[each.due.feed_id] += 1
            ready[each.due.feed_id] = (each.at_us + every, False)
        for each in result.put_off:
            delays += 1
            ready[each.due.feed_id] = (each.at_us - early, True)
    assert sum(turns.values()) >= minutes * 60 * 0.99, "the host has slots that nobody got"
    assert set(turns.values()) == {1, 2}
    assert delays <= sum(turns.values()) + feeds
