"""What every store promises about feeds: when they are due, who polls them, what is known of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.model import FeedState, Validators
from monitor.ports import Store
from monitor.store import SqliteStore

from .builders import DAY, HOUR, MINUTE, NOW, feed, feeds


def claim(store: Store, *ids: str, at: datetime = NOW, limit: int = 10, every: bool = False) -> list[str]:
    states = store.claim_due_feeds(feeds(*ids), at, limit=limit, lease=2 * MINUTE, every=every)
    return [state.feed_id for state in states]


def learn(store: Store, *states: FeedState) -> None:
    with store.ingest() as tx:
        for state in states:
            tx.feed_state(state)


def due(feed_id: str, at: datetime) -> FeedState:
    return FeedState(feed_id=feed_id, next_poll_at=at)


def test_a_feed_never_seen_is_due_at_once(store: Store) -> None:
    (state,) = store.claim_due_feeds([feed("new")], NOW, limit=10, lease=MINUTE)
    assert state == FeedState(feed_id="new", next_poll_at=NOW)


def test_new_feeds_come_in_the_order_of_the_configuration(store: Store) -> None:
    assert claim(store, "zeta", "alpha", "mid") == ["zeta", "alpha", "mid"]


def test_the_longest_due_comes_first_and_the_limit_holds(store: Store) -> None:
    learn(store, due("a", NOW - MINUTE), due("b", NOW - HOUR), due("c", NOW - DAY))
    assert claim(store, "a", "b", "c", limit=2) == ["c", "b"]


def test_a_feed_that_is_not_due_waits_until_it_is(store: Store) -> None:
    learn(store, due("a", NOW + MINUTE))
    assert claim(store, "a") == []
    assert claim(store, "a", at=NOW + MINUTE) == ["a"]


def test_a_leased_feed_is_not_handed_out_before_the_lease_ends(store: Store) -> None:
    assert claim(store, "a") == ["a"]
    assert claim(store, "a", at=NOW + 2 * MINUTE - timedelta(microseconds=1)) == []
    assert claim(store, "a", at=NOW + 2 * MINUTE) == ["a"]


def test_every_takes_feeds_that_are_not_due_but_none_under_a_lease(store: Store) -> None:
    learn(store, due("later", NOW + DAY), due("polling", NOW))
    assert claim(store, "polling") == ["polling"]
    assert claim(store, "later", "polling", "new", every=True) == ["new", "later"]


def test_a_feed_no_longer_configured_is_kept_and_never_claimed(store: SqliteStore) -> None:
    learn(store, due("old", NOW - DAY))
    assert claim(store, "current", every=True) == ["current"]
    assert claim(store, "current", "old", at=NOW + HOUR, every=True) == ["old", "current"]


def test_a_feed_named_twice_is_claimed_once(store: Store) -> None:
    assert claim(store, "a", "a") == ["a"]


def test_no_feeds_are_no_claims(store: Store) -> None:
    assert claim(store) == []


def test_what_was_learned_ends_the_lease(store: Store) -> None:
    (state,) = store.claim_due_feeds([feed("a")], NOW, limit=1, lease=DAY)
    learn(store, replace(state, next_poll_at=NOW + MINUTE, failures=3))
    (again,) = store.claim_due_feeds([feed("a")], NOW + MINUTE, limit=1, lease=DAY)
    assert again.failures == 3


INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
LATIN = st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=40)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
STATES = st.builds(
    FeedState,
    feed_id=st.just("a"),
    next_poll_at=INSTANTS,
    baselined=st.booleans(),
    validators=st.none() | st.builds(Validators, url=LATIN, etag=st.none() | LATIN, last_modified=st.none() | LATIN),
    body_hash=st.none() | st.binary(max_size=32),
    failures=st.integers(0, 10**9),
    last_polled_at=st.none() | INSTANTS,
    last_success_at=st.none() | INSTANTS,
    last_new_at=st.none() | INSTANTS,
    last_error=st.none() | TEXTS,
    failing_since=st.none() | INSTANTS,
    unchanged=st.integers(0, 10**6),
    asked_wait=st.none() | st.timedeltas(timedelta(0), 365 * DAY),
    moved_to=st.none() | TEXTS,
    moved_times=st.integers(0, 10),
    rhythm=st.none() | st.binary(max_size=40),
    entry_marks=st.none() | st.binary(max_size=40),
    window=st.none() | st.integers(0, 2000),
    newest_at=st.none() | INSTANTS,
    gap_at=st.none() | INSTANTS,
    warnings=st.lists(TEXTS, max_size=3).map(tuple),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(state=STATES)
def test_what_was_learned_comes_back_as_it_was(store: Store, state: FeedState) -> None:
    learn(store, state)
    (back,) = store.claim_due_feeds([feed("a")], datetime(2200, 1, 2, tzinfo=UTC), limit=1, lease=MINUTE)
    assert back == state


def test_a_naive_instant_is_refused(store: Store) -> None:
    with pytest.raises(TypeError):
        learn(store, due("a", datetime(2026, 1, 1)))


@pytest.mark.parametrize("etag", ['"\0"', '"\ud800"'])
def test_validators_that_cannot_be_kept_byte_for_byte_are_dropped(store: Store, etag: str) -> None:
    learn(store, FeedState(feed_id="a", next_poll_at=NOW, validators=Validators(url="https://a.example/", etag=etag)))
    (back,) = store.claim_due_feeds([feed("a")], NOW, limit=1, lease=MINUTE)
    assert back.validators is None


def test_an_error_that_cannot_be_stored_is_kept_with_replacements(store: Store) -> None:
    learn(store, FeedState(feed_id="a", next_poll_at=NOW, last_error="خطأ \0 \udcff"))
    (back,) = store.claim_due_feeds([feed("a")], NOW, limit=1, lease=MINUTE)
    assert back.last_error == "خطأ \ufffd \ufffd"


# Clocks and crashes


def test_who_takes_over_polls_what_the_dead_had_leased(store: SqliteStore) -> None:
    assert claim(store, "a") == ["a"]
    store.take_over(now=NOW)
    assert claim(store, "a") == ["a"]


@pytest.mark.parametrize("last_polled_at", [NOW, None])
def test_a_clock_set_back_while_nobody_ran_silences_no_feed(
    store: SqliteStore, last_polled_at: datetime | None
) -> None:
    learn(store, replace(due("a", NOW + MINUTE), last_polled_at=last_polled_at))
    store.take_over(now=NOW - 300 * DAY)
    assert claim(store, "a", at=NOW - 300 * DAY) == ["a"]


def test_taking_over_hurries_no_feed_while_the_clock_is_right(store: SqliteStore) -> None:
    learn(store, replace(due("a", NOW + HOUR), last_polled_at=NOW))
    store.take_over(now=NOW + MINUTE)
    assert claim(store, "a", at=NOW + MINUTE) == []


@pytest.mark.parametrize("jump", [timedelta(hours=-5), timedelta(days=80)])
def test_a_jump_of_the_clock_changes_no_interval(store: SqliteStore, jump: timedelta) -> None:
    learn(store, due("waiting", NOW + HOUR))
    assert claim(store, "leased") == ["leased"]
    store.shift_leases(jump, now=NOW + jump)
    after = NOW + jump
    assert claim(store, "waiting", "leased", at=after + MINUTE) == []
    assert claim(store, "waiting", "leased", at=after + 2 * MINUTE) == ["leased"]
    assert claim(store, "waiting", at=after + HOUR) == ["waiting"]


def test_a_feed_polled_after_the_clock_jumped_forward_and_before_anybody_noticed_keeps_its_interval(
    store: SqliteStore,
) -> None:
    after = NOW + 80 * DAY
    learn(store, replace(due("old", NOW + MINUTE), last_polled_at=NOW - HOUR))
    learn(store, replace(due("new", after + 5 * MINUTE), last_polled_at=after))
    store.shift_leases(80 * DAY, now=after + timedelta(seconds=1))
    assert claim(store, "old", "new", at=after + MINUTE) == ["old"]
    assert claim(store, "new", at=after + 5 * MINUTE) == ["new"]
