from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.schedule import (
    AUTO_BOUNDS,
    after_failure,
    after_parse,
    after_unchanged,
    back_off,
    body_hash,
    interval,
    phase,
)
from monitor.model import FeedState, Fetched, FetchFailed, FetchFailure, NotModified, Validators

from .made import NOW, feed, parsed, state

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
VALIDATORS = Validators(url="digest", etag='"1"')
DURATIONS = st.timedeltas(min_value=timedelta(seconds=30), max_value=2 * DAY)


def page(**changes: Any) -> Fetched:
    defaults: dict[str, Any] = {"url": "https://news.example/feed", "body": b"<rss/>", "content_type": None}
    return Fetched(**{**defaults, "validators": VALIDATORS, "fetched_at": NOW, **changes})


def failed(failure: FetchFailure = FetchFailure.STATUS, **changes: Any) -> FetchFailed:
    return FetchFailed(**{"failure": failure, "detail": "news.example answered 500", "fetched_at": NOW, **changes})


# What is known afterwards


def test_a_document_that_was_read_is_remembered() -> None:
    before = state(failures=3, last_error="x", last_polled_at=NOW - HOUR)
    after = after_parse(feed(), before, page(), parsed("a"), now=NOW, new=True)
    assert after == FeedState(
        feed_id="news",
        next_poll_at=after.next_poll_at,
        baselined=True,
        validators=VALIDATORS,
        body_hash=body_hash(b"<rss/>"),
        failures=0,
        last_polled_at=NOW,
        last_success_at=NOW,
        last_new_at=NOW,
        last_error=None,
    )


def test_a_document_without_anything_new_leaves_the_time_of_the_last_new_entry() -> None:
    before = state(last_new_at=NOW - DAY, last_polled_at=NOW - HOUR)
    assert after_parse(feed(), before, page(), parsed("a"), now=NOW, new=False).last_new_at == NOW - DAY


@pytest.mark.parametrize("document", [parsed(), parsed("a", is_whole=False)])
def test_a_document_that_is_empty_or_broke_off_is_asked_for_whole_again(document: Any) -> None:
    after = after_parse(feed(), state(validators=VALIDATORS), page(), document, now=NOW, new=False)
    assert after.validators is None


def test_a_failure_keeps_what_was_known_and_counts() -> None:
    before = state(validators=VALIDATORS, body_hash=b"h", baselined=True, failures=1, last_success_at=NOW - HOUR)
    after = after_failure(feed(), before, failed(), now=NOW)
    assert (after.failures, after.validators, after.body_hash, after.baselined) == (2, VALIDATORS, b"h", True)
    assert (after.last_polled_at, after.last_success_at) == (NOW, NOW - HOUR)
    assert after.last_error == "the server refused: news.example answered 500"


def test_validators_of_a_page_that_is_no_feed_are_forgotten() -> None:
    after = after_failure(feed(), state(validators=VALIDATORS), failed(FetchFailure.NOT_A_FEED), now=NOW)
    assert after.validators is None


def test_an_unchanged_feed_keeps_its_validators_and_is_healthy() -> None:
    before = state(validators=VALIDATORS, failures=4, last_error="x", last_polled_at=NOW - 5 * MINUTE, baselined=True)
    after = after_unchanged(feed(), before, NotModified(fetched_at=NOW), now=NOW)
    assert (after.validators, after.failures, after.last_error, after.last_success_at) == (VALIDATORS, 0, None, NOW)


def test_the_same_bytes_bring_their_own_validators() -> None:
    newer = Validators(url="digest", etag='"2"')
    after = after_unchanged(feed(), state(validators=VALIDATORS), page(validators=newer), now=NOW)
    assert after.validators == newer


@given(st.text("abcdef", min_size=1, max_size=8), st.integers(0, 1440))
def test_a_feed_that_is_always_unchanged_is_asked_for_in_full_once_a_day(name: str, minute: int) -> None:
    known = state(feed_id=name, validators=VALIDATORS, last_polled_at=NOW + minute * MINUTE)
    full = 0
    for tick in range(1, 3 * 24):
        known = after_unchanged(
            feed(id=name), known, NotModified(fetched_at=NOW), now=NOW + minute * MINUTE + tick * HOUR
        )
        if known.validators is None:
            full += 1
            known = state(feed_id=name, validators=VALIDATORS, last_polled_at=known.last_polled_at)
    assert full in (2, 3)


# When next


@given(DURATIONS, DURATIONS | st.none())
def test_a_healthy_feed_is_asked_at_least_as_often_as_the_operator_wants(
    every: timedelta, gap: timedelta | None
) -> None:
    wait = interval(feed(every=every), gap=gap, ttl=10 * DAY)
    assert every / 5 <= wait <= every


@given(st.timedeltas(min_value=timedelta(0), max_value=100 * DAY) | st.none(), DURATIONS | st.none())
def test_an_automatic_interval_stays_between_a_minute_and_an_hour(gap: timedelta | None, ttl: timedelta | None) -> None:
    assert AUTO_BOUNDS[0] <= interval(feed(auto=True), gap=gap, ttl=ttl) <= AUTO_BOUNDS[1]


@pytest.mark.parametrize(
    ("settings", "gap", "ttl", "wait"),
    [
        ({}, None, None, 5 * MINUTE),
        ({}, None, HOUR, 5 * MINUTE),
        ({}, 2 * MINUTE, None, 2 * MINUTE),
        ({}, timedelta(seconds=1), None, MINUTE),
        ({}, DAY, None, 5 * MINUTE),
        ({"every": timedelta(seconds=30)}, timedelta(seconds=1), None, timedelta(seconds=30)),
        ({"every": DAY}, HOUR, None, DAY / 5),
        ({"auto": True}, None, None, 5 * MINUTE),
        ({"auto": True}, None, 15 * MINUTE, 15 * MINUTE),
        ({"auto": True}, 20 * MINUTE, 15 * MINUTE, 20 * MINUTE),
        ({"auto": True}, DAY, None, HOUR),
    ],
)
def test_intervals(settings: dict[str, Any], gap: timedelta | None, ttl: timedelta | None, wait: timedelta) -> None:
    assert interval(feed(**settings), gap=gap, ttl=ttl) == wait


def simulate(settings: dict[str, Any], *, news_every: timedelta, for_how_long: timedelta) -> list[datetime]:
    """When a feed is polled that publishes so regularly; each poll is half a second late."""
    known, polls = state(next_poll_at=NOW), []
    publications = 0
    while known.next_poll_at < NOW + for_how_long:
        now = known.next_poll_at + timedelta(seconds=0.5)
        polls.append(now)
        published = (now - NOW) // news_every
        known = after_parse(feed(**settings), known, page(), parsed("a"), now=now, new=published > publications)
        publications = published
    return polls


def gaps(polls: list[datetime]) -> list[timedelta]:
    return [later - earlier for earlier, later in pairwise(polls)]


def test_in_its_busy_hours_a_feed_is_asked_more_often() -> None:
    busy = gaps(simulate({}, news_every=MINUTE, for_how_long=2 * HOUR))[3:]
    quiet = gaps(simulate({}, news_every=DAY, for_how_long=2 * HOUR))[3:]
    assert max(busy) <= 2 * MINUTE
    assert min(quiet) >= 5 * MINUTE - timedelta(seconds=1)


def test_an_automatic_feed_follows_the_rhythm_of_its_news() -> None:
    hourly = gaps(simulate({"auto": True}, news_every=4 * HOUR, for_how_long=2 * DAY))
    brisk = gaps(simulate({"auto": True}, news_every=2 * MINUTE, for_how_long=2 * HOUR))[5:]
    assert max(hourly) >= HOUR
    assert max(brisk) <= 4 * MINUTE


def test_the_time_that_polls_take_does_not_add_up() -> None:
    polls = simulate({}, news_every=1000 * DAY, for_how_long=7 * DAY)
    mean = (polls[-1] - polls[1]) / (len(polls) - 2)
    assert abs(mean - 5 * MINUTE) < timedelta(seconds=0.1)


def test_after_a_long_stop_polls_are_not_made_up_for() -> None:
    before = state(next_poll_at=NOW - 8 * HOUR, last_polled_at=NOW - 8 * HOUR - 5 * MINUTE)
    assert after_unchanged(feed(), before, NotModified(fetched_at=NOW), now=NOW).next_poll_at == NOW + 5 * MINUTE


def test_feeds_that_were_all_first_read_at_once_come_apart() -> None:
    names = [f"feed{n}" for n in range(200)]
    due = [
        after_parse(feed(id=name), state(feed_id=name), page(), parsed("a"), now=NOW, new=True).next_poll_at
        for name in names
    ]
    waits = sorted(at - NOW for at in due)
    assert 5 * MINUTE / 2 <= waits[0] < waits[-1] <= 5 * MINUTE
    half = 5 * MINUTE / 2
    per_tenth = Counter((wait - half) // (half / 10) for wait in waits)
    assert all(per_tenth[tenth] >= 5 for tenth in range(10))


# After failures


def test_waits_double_up_to_an_hour_and_never_end() -> None:
    waits = [back_off(feed(), failures, failed()) for failures in range(1, 3000)]
    for wait, most in zip(waits, [5, 10, 20, 40, 60, 60], strict=False):
        assert most * MINUTE * 0.9 <= wait <= most * MINUTE
    assert all(wait <= HOUR for wait in waits)


def test_a_feed_that_is_gone_is_asked_ever_more_seldom_but_daily() -> None:
    waits = [back_off(feed(), failures, failed(status=410)) for failures in (1, 2, 5, 9, 100)]
    assert HOUR * 0.9 <= waits[0] <= HOUR
    assert DAY * 0.9 <= waits[-1] <= DAY
    assert waits == sorted(waits, key=lambda wait: round(wait / HOUR))


def test_a_feed_asked_once_a_day_is_not_asked_more_often_because_it_fails() -> None:
    assert all(DAY * 0.9 <= back_off(feed(every=DAY), failures, failed()) <= DAY for failures in range(1, 20))


@pytest.mark.parametrize(("wish", "least"), [(10 * MINUTE, 10 * MINUTE), (DAY, HOUR), (timedelta(0), 4.5 * MINUTE)])
def test_retry_after_makes_the_wait_longer_up_to_an_hour(wish: timedelta, least: timedelta) -> None:
    wait = back_off(feed(), 1, failed(status=429, retry_after=wish))
    assert least <= wait <= max(least, 5 * MINUTE)


def test_feeds_that_failed_together_come_apart_again() -> None:
    waits = {back_off(feed(id=f"feed{n}"), 3, failed()) for n in range(50)}
    assert len(waits) == 50


@given(st.lists(st.text(), max_size=3))
def test_a_phase_is_a_share_and_always_the_same(parts: list[str]) -> None:
    assert 0 <= phase(*parts) < 1
    assert phase(*parts) == phase(*parts)
