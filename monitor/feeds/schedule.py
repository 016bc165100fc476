"""When a feed is asked next, and what we know of it after each outcome. Pure.

Rhythm: the time until the next poll is the feed's own pace, the gap between its new entries, held within bounds. New
entries shorten it at once; each poll that brings nothing new doubles it, for the gap is then at least the silence.
Nothing but `FeedState.last_new_at` is needed for it.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.feeds import moves
from monitor.model import Feed, FeedState, Fetched, FetchFailed, FetchFailure, NotModified, Parsed

BUSY_SHARE = 5  # in its busy hours a feed is asked up to so many times in each `every`
SHORTEST = timedelta(minutes=1)  # what politeness allows, unless the operator wrote less
AUTO_BOUNDS = (timedelta(minutes=1), timedelta(hours=1))
LONGEST_BACK_OFF = timedelta(hours=1)  # never a stop: a feed that comes back is heard of within the hour
LONGEST_GONE = timedelta(days=1)  # for 410, where the server says that the feed will not come back
LONGEST_RETRY_AFTER = timedelta(hours=1)  # a server cannot silence us for longer
_FULL_GET_EVERY = timedelta(days=1)
_GONE = 410


def after_parse(feed: Feed, state: FeedState, page: Fetched, parsed: Parsed, *, now: datetime, new: bool) -> FeedState:
    """After a document that was read. `new`: it held an entry that we had not seen.

    Validators of a document that broke off or has no entries are not kept: a 304 would make a mishap last.
    """
    known = moves.noted(feed, replace(state, last_new_at=now) if new else state, page.moved_to)
    return replace(
        _succeeded(feed, known, now, gap=_gap(state, now, new=new), ttl=parsed.ttl),
        baselined=state.baselined or parsed.is_whole,  # half a document would leave its other half to be announced
        validators=page.validators if (parsed.entries or parsed.window) and parsed.is_whole else None,
        body_hash=body_hash(page.body),
        entry_marks=parsed.marks,
    )


def after_unchanged(feed: Feed, state: FeedState, result: Fetched | NotModified, *, now: datetime) -> FeedState:
    """After a 304, or the same bytes as last time.

    Once a day, at an hour of the feed's own, the validators are forgotten: some caches answer 304 for ever.
    """
    validators = result.validators if isinstance(result, Fetched) else state.validators
    if _full_get_is_due(state, now):
        validators = None
    known = moves.noted(feed, state, result.moved_to)
    return replace(_succeeded(feed, known, now, gap=_gap(state, now, new=False), ttl=None), validators=validators)


def after_failure(feed: Feed, state: FeedState, failure: FetchFailed, *, now: datetime) -> FeedState:
    """After a poll that could not be read, whatever the reason."""
    failures = state.failures + 1
    unreadable = failure.failure is FetchFailure.NOT_A_FEED
    state = moves.noted(feed, state, None) if unreadable else state  # the place that it moved to may be no feed at all
    return replace(
        state,
        next_poll_at=now + back_off(feed, failures, failure),
        validators=None if unreadable else state.validators,
        failures=failures,
        last_polled_at=now,
        last_error=f"{failure.failure.value}: {failure.detail}" if failure.detail else failure.failure.value,
    )


def back_off(feed: Feed, failures: int, failure: FetchFailed) -> timedelta:
    """How long to leave a feed alone after so many failures in a row (1 or more): `every`, doubled with each.

    The longest wait is an hour (a day after 410), or `every` where that is more; a Retry-After makes it longer, up to
    an hour. Up to a tenth is taken off by the feed's name, so that the feeds of a host that was down come apart.
    """
    gone = failure.status == _GONE
    longest = max(LONGEST_GONE if gone else LONGEST_BACK_OFF, feed.every)
    first = max(feed.every, LONGEST_BACK_OFF) if gone else feed.every
    doubled = min(longest, first * (1 << min(failures - 1, 16)))
    asked_for = min(failure.retry_after or timedelta(0), LONGEST_RETRY_AFTER)
    return max(doubled * (1 - phase(feed.id, failures) / 10), asked_for)


def interval(feed: Feed, *, gap: timedelta | None, ttl: timedelta | None = None) -> timedelta:
    """The time between two polls of a healthy feed whose new entries lie so far apart (None: not known).

    Never longer than `every`, and never shorter than a fifth of it. A feed's own ttl counts only for `auto`, and only
    as the place to start: what publishers write there is seldom how they publish.
    """
    if feed.auto:
        start = ttl if gap is None and ttl is not None else gap or feed.every
        return _within(start, *AUTO_BOUNDS)
    shortest = max(feed.every / BUSY_SHARE, min(feed.every, SHORTEST))
    return _within(gap or feed.every, shortest, feed.every)


def phase(*parts: object) -> float:
    """A number from 0 up to 1, always the same for the same parts, and spread evenly over different ones."""
    digest = hashlib.blake2b("\0".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def body_hash(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).digest()


def _succeeded(
    feed: Feed, state: FeedState, now: datetime, *, gap: timedelta | None, ttl: timedelta | None
) -> FeedState:
    wait = interval(feed, gap=gap, ttl=ttl)
    if state.last_polled_at is None:
        wait *= 1 - phase(feed.id) / 2  # all first polls come at once, at the start; the second ones come apart
    return replace(
        state,
        next_poll_at=_keep_step(state, wait, now),
        failures=0,
        last_polled_at=now,
        last_success_at=now,
        last_error=None,
    )


def _keep_step(state: FeedState, wait: timedelta, now: datetime) -> datetime:
    """Counted from when this poll was due, so that the time a poll takes does not add up; from now if that is long
    past, or not yet."""
    due = state.next_poll_at
    on_time = state.last_polled_at is not None and now - wait / 2 <= due <= now
    return (due if on_time else now) + wait


def _gap(state: FeedState, now: datetime, *, new: bool) -> timedelta | None:
    """How far apart new entries lie, by the last of them. A first poll tells nothing: all its entries are new to us.

    An entry that came since the last poll came, on average, in the middle of that time.
    """
    if state.last_new_at is None or state.last_polled_at is None:
        return None
    return (now - state.last_polled_at) / 2 if new else now - state.last_new_at


def _full_get_is_due(state: FeedState, now: datetime) -> bool:
    if state.last_polled_at is None:
        return False
    shift = _FULL_GET_EVERY * phase(state.feed_id, "full get")
    return (now + shift).date() != (state.last_polled_at + shift).date()


def _within(value: timedelta, least: timedelta, most: timedelta) -> timedelta:
    return max(least, min(value, most))
