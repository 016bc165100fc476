from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds import rhythm
from monitor.feeds.schedule import (
    after_failure,
    after_parse,
    after_unchanged,
    back_off,
    body_hash,
    bounds,
    interval,
    phase,
)
from monitor.model import Entry, FeedState, Fetched, FetchFailed, FetchFailure, NotModified, Parsed, Validators

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
    before = state(
        failures=3, last_error="x", failing_since=NOW - HOUR, unchanged=7, last_polled_at=NOW - MINUTE,
        last_success_at=NOW - HOUR, baselined=True, window=9, warnings=("old",), entry_marks=b"old", asked_wait=DAY,
    )  # fmt: skip
    document = parsed("a", "b", ttl=10 * MINUTE, warnings=("odd",), marks=b"marks", window=30, overlaps=True)
    after = after_parse(feed(), before, page(asked_wait=3 * MINUTE), document, now=NOW, new=2)
    assert after == FeedState(
        feed_id="news",
        next_poll_at=after.next_poll_at,
        baselined=True,
        validators=VALIDATORS,
        body_hash=body_hash(b"<rss/>"),
        last_polled_at=NOW,
        last_success_at=NOW,
        last_new_at=NOW,
        asked_wait=10 * MINUTE,
        rhythm=rhythm.learned(None, since=NOW - HOUR, until=NOW, new=2),
        entry_marks=b"marks",
        window=30,
        warnings=("odd",),
    )


def test_a_document_without_anything_new_leaves_the_time_of_the_last_new_entry() -> None:
    before = state(last_new_at=NOW - DAY, last_polled_at=NOW - HOUR)
    assert after_parse(feed(), before, page(), parsed("a"), now=NOW, new=0).last_new_at == NOW - DAY


def dated(*dates: datetime | None) -> Parsed:
    return Parsed(entries=tuple(Entry(feed_id="news", title=str(at), published_at=at) for at in dates))


@pytest.mark.parametrize(
    ("before", "dates", "newest"),
    [
        (None, [], None),
        (None, [None, NOW - HOUR, NOW - DAY], NOW - HOUR),
        (NOW - MINUTE, [NOW - HOUR], NOW - MINUTE),
        (NOW - DAY, [NOW - HOUR, NOW + HOUR], NOW - HOUR),
    ],
)
def test_the_newest_date_is_noted_and_none_of_the_future(
    before: datetime | None, dates: list[datetime | None], newest: datetime | None
) -> None:
    after = after_parse(feed(), state(newest_at=before), page(), dated(*dates), now=NOW, new=0)
    assert after.newest_at == newest


def test_a_first_document_shows_by_its_dates_how_lively_a_feed_is() -> None:
    every_minute = dated(*(NOW - n * MINUTE for n in range(50)))
    lively = after_parse(feed(), state(), page(), every_minute, now=NOW, new=50)
    undated = after_parse(feed(), state(), page(), dated(*[None] * 50), now=NOW, new=50)
    assert lively.next_poll_at - NOW < 2.5 * MINUTE < undated.next_poll_at - NOW
    assert undated.rhythm is None


def test_entries_that_came_while_a_feed_failed_are_spread_over_that_time() -> None:
    before = state(last_polled_at=NOW - MINUTE, last_success_at=NOW - 2 * HOUR, baselined=True, failures=3)
    after = after_parse(feed(), before, page(), parsed("a"), now=NOW, new=4)
    assert after.rhythm == rhythm.learned(None, since=NOW - 2 * HOUR, until=NOW, new=4)


@pytest.mark.parametrize("document", [parsed(), parsed("a", is_whole=False)])
def test_a_document_that_is_empty_or_broke_off_is_asked_for_whole_again(document: Any) -> None:
    after = after_parse(feed(), state(validators=VALIDATORS), page(), document, now=NOW, new=0)
    assert after.validators is None


def test_a_failure_keeps_what_was_known_and_counts() -> None:
    before = state(
        validators=VALIDATORS, body_hash=b"h", baselined=True, failures=1, last_success_at=NOW - HOUR, rhythm=b"r",
        entry_marks=b"m", failing_since=NOW - MINUTE, asked_wait=HOUR,
    )  # fmt: skip
    after = after_failure(feed(), before, failed(), now=NOW)
    assert (after.rhythm, after.entry_marks, after.asked_wait) == (b"r", b"m", HOUR)
    assert after.failing_since == NOW - MINUTE
    assert (after.failures, after.validators, after.body_hash, after.baselined) == (2, VALIDATORS, b"h", True)
    assert (after.last_polled_at, after.last_success_at) == (NOW, NOW - HOUR)
    assert after.last_error == "the server refused: news.example answered 500"


def test_trouble_begins_with_the_first_failure_and_ends_with_a_success() -> None:
    failing = after_failure(feed(), state(), failed(), now=NOW)
    assert failing.failing_since == NOW
    assert after_unchanged(feed(), failing, NotModified(fetched_at=NOW), now=NOW + HOUR).failing_since is None


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


def test_after_fifty_unchanged_answers_a_feed_is_asked_for_in_full() -> None:
    known, full = state(validators=VALIDATORS), []
    for poll in range(1, 121):
        known = replace(known, validators=VALIDATORS, last_polled_at=NOW)
        known = after_unchanged(feed(), known, NotModified(fetched_at=NOW), now=NOW)
        full += [poll] if known.validators is None else []
    assert full == [50, 100]
    assert known.unchanged == 120


@pytest.mark.parametrize(
    ("ttl", "fresh", "then", "asked"),
    [
        (None, None, None, None),
        (HOUR, None, None, HOUR),
        (None, MINUTE, None, MINUTE),
        (HOUR, MINUTE, None, HOUR),
        (None, MINUTE, 2 * MINUTE, 2 * MINUTE),
        (HOUR, None, MINUTE, HOUR),
        (None, timedelta(0), None, None),
        (None, 400 * DAY, None, DAY),
    ],
)
def test_the_longer_of_a_publishers_wishes_is_noted(
    ttl: timedelta | None, fresh: timedelta | None, then: timedelta | None, asked: timedelta | None
) -> None:
    read = after_parse(feed(), state(), page(asked_wait=fresh), parsed("a", ttl=ttl), now=NOW, new=0)
    assert after_unchanged(feed(), read, NotModified(fetched_at=NOW, asked_wait=then), now=NOW).asked_wait == asked


# When next


def known(**changes: Any) -> FeedState:
    """Of a feed that has been read for a while; `rhythm_of` entries an hour, the same at every hour."""
    an_hour = changes.pop("entries_an_hour", None)
    learned = None
    if an_hour is not None:
        for hour in range(-200, 0):
            learned = rhythm.learned(learned, since=NOW + hour * HOUR, until=NOW + (hour + 1) * HOUR, new=an_hour)
    return state(**{"last_polled_at": NOW - MINUTE, "baselined": True, "rhythm": learned, **changes})


FEEDS = st.builds(lambda every: feed(every=every), DURATIONS) | st.just(feed(auto=True))
CELLS = st.binary(min_size=265, max_size=265).map(lambda cells: b"\1" + cells[1:])
STATES = st.builds(
    state,
    rhythm=st.none() | st.binary(max_size=10) | CELLS,
    asked_wait=st.none() | st.timedeltas(min_value=timedelta(0), max_value=400 * DAY),
    window=st.none() | st.integers(0, 10_000),
    gap_at=st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),
)


@given(FEEDS, STATES)
def test_whatever_was_learned_or_asked_a_feed_is_asked_within_its_bounds(each: Any, known: FeedState) -> None:
    shortest, longest = bounds(each)
    assert shortest <= interval(each, known, now=NOW) <= longest


@pytest.mark.parametrize(
    ("settings", "within"),
    [
        ({}, (MINUTE, 5 * MINUTE)),
        ({"every": 30 * timedelta(seconds=1)}, (timedelta(seconds=30), timedelta(seconds=30))),
        ({"every": 2 * MINUTE}, (MINUTE, 2 * MINUTE)),
        ({"every": DAY}, (DAY / 5, DAY)),
        ({"auto": True, "every": 5 * MINUTE}, (MINUTE, HOUR)),
    ],
)
def test_bounds(settings: dict[str, Any], within: tuple[timedelta, timedelta]) -> None:
    assert bounds(feed(**settings)) == within


@pytest.mark.parametrize(
    ("settings", "what", "least", "most"),
    [  # minutes
        ({}, {}, 5, 5),  # nothing is known: as the operator wrote
        ({"auto": True}, {}, 4.9, 5.1),
        ({}, {"entries_an_hour": 0}, 5, 5),
        ({}, {"entries_an_hour": 60}, 1, 2),
        ({"auto": True}, {"entries_an_hour": 0}, 60, 60),
        ({"auto": True}, {"entries_an_hour": 1}, 10, 12),  # the square root of 2 · 1 minute · 60 minutes
        ({"auto": True}, {"entries_an_hour": 4}, 5, 6),
        # the publisher's wish is heard up to what the operator wrote; `auto` leaves it to the publisher, up to an hour
        ({}, {"entries_an_hour": 60, "asked_wait": 4 * MINUTE}, 4, 4),
        ({}, {"entries_an_hour": 60, "asked_wait": DAY}, 5, 5),
        ({}, {"entries_an_hour": 0, "asked_wait": MINUTE}, 5, 5),
        ({"auto": True}, {"entries_an_hour": 4, "asked_wait": 15 * MINUTE}, 15, 15),
        ({"auto": True}, {"entries_an_hour": 4, "asked_wait": DAY}, 60, 60),
        # a document that turns over quickly is read in time, whatever the publisher asks
        ({"every": HOUR}, {"entries_an_hour": 4, "window": 4, "asked_wait": DAY}, 14, 16),
        ({"every": HOUR}, {"entries_an_hour": 4, "window": 4000, "asked_wait": DAY}, 60, 60),
        # after a suspected gap at once, then less and less
        ({}, {"entries_an_hour": 0, "gap_at": NOW, "asked_wait": DAY}, 1, 1),
        ({}, {"entries_an_hour": 0, "gap_at": NOW - 4 * MINUTE}, 2, 2),
        ({}, {"entries_an_hour": 0, "gap_at": NOW - HOUR}, 5, 5),
        ({}, {"entries_an_hour": 0, "gap_at": NOW + HOUR}, 5, 5),  # the clock was set back since
    ],
)
def test_intervals(settings: dict[str, Any], what: dict[str, Any], least: float, most: float) -> None:
    wait = interval(feed(**settings), known(**what), now=NOW)
    assert least * MINUTE <= wait <= most * MINUTE


def simulate(settings: dict[str, Any], *, news_every: timedelta, for_how_long: timedelta) -> list[datetime]:
    """When a feed is polled that publishes so regularly; each poll is half a second late."""
    known, polls = state(next_poll_at=NOW), []
    publications = 0
    while known.next_poll_at < NOW + for_how_long:
        now = known.next_poll_at + timedelta(seconds=0.5)
        polls.append(now)
        published = (now - NOW) // news_every
        new = published - publications
        known = after_parse(feed(**settings), known, page(), parsed(*"abcdefghijkl"), now=now, new=new)
        publications = published
    return polls


def gaps(polls: list[datetime]) -> list[timedelta]:
    return [later - earlier for earlier, later in pairwise(polls)]


def test_in_its_busy_hours_a_feed_is_asked_more_often() -> None:
    busy = gaps(simulate({}, news_every=MINUTE, for_how_long=3 * HOUR))[30:]
    quiet = gaps(simulate({}, news_every=DAY, for_how_long=3 * HOUR))[3:]
    assert max(busy) <= 2 * MINUTE
    assert min(quiet) >= 5 * MINUTE - timedelta(seconds=1)


def test_an_automatic_feed_follows_the_rhythm_of_its_news() -> None:
    rare = gaps(simulate({"auto": True}, news_every=4 * DAY, for_how_long=3 * DAY))
    brisk = gaps(simulate({"auto": True}, news_every=2 * MINUTE, for_how_long=3 * HOUR))[30:]
    assert max(rare) >= HOUR
    assert max(brisk) <= 3 * MINUTE


def test_where_a_document_shares_nothing_with_the_last_one_the_feed_is_asked_again_soon() -> None:
    before = state(last_polled_at=NOW - 5 * MINUTE, last_success_at=NOW - 5 * MINUTE, baselined=True)
    after = after_parse(feed(), before, page(), parsed("a", overlaps=False), now=NOW, new=1)
    assert (after.gap_at, after.next_poll_at) == (NOW, NOW + MINUTE)
    later = after_parse(feed(), after, page(), parsed("a", overlaps=True), now=NOW + 5 * MINUTE, new=0)
    assert later.gap_at == NOW


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
        after_parse(feed(id=name), state(feed_id=name), page(), parsed(*"abcdefgh"), now=NOW, new=8).next_poll_at
        for name in names
    ]
    waits = sorted(at - NOW for at in due)
    assert 5 * MINUTE / 2 <= waits[0] < waits[-1] <= 5 * MINUTE
    half = 5 * MINUTE / 2
    per_tenth = Counter((wait - half) // (half / 10) for wait in waits)
    assert all(per_tenth[tenth] >= 5 for tenth in range(10))


# After failures


@pytest.mark.parametrize(
    ("failure", "minutes"),
    [
        (failed(FetchFailure.TIMEOUT), [1, 5, 5, 5, 10, 20, 40, 60, 60]),
        (failed(status=503), [1, 5, 5, 5, 10, 20, 40, 60, 60]),
        (failed(status=404), [5, 5, 5, 5, 10, 20, 40, 60, 60]),
        (failed(FetchFailure.NOT_A_FEED, status=200), [5, 5, 5, 5, 10, 20, 40, 60, 60]),
        (failed(status=429), [5, 10, 20, 40, 60, 60, 60, 60, 60]),
    ],
)
def test_a_mishap_is_tried_again_soon_and_lasting_trouble_ever_less_often(
    failure: FetchFailed, minutes: list[float]
) -> None:
    waits = [back_off(feed(), failures, failure) for failures in range(1, 10)]
    for wait, most in zip(waits, minutes, strict=True):
        assert most * MINUTE * 0.9 <= wait <= most * MINUTE


def test_waits_never_end() -> None:
    assert all(0.9 * HOUR <= back_off(feed(), failures, failed()) <= HOUR for failures in range(8, 3000))


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
