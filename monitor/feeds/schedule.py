"""When a feed is asked next, and what we know of it after each outcome. Pure.

A healthy feed is asked by its own rhythm (`rhythm`), within what the operator wrote. Three may disagree, and this is
who is heard, the first first:

1. politeness: never sooner than a minute, or a fifth of `every`;
2. what would be lost: after a gap is suspected, or where the document turns over quickly, sooner than all below ask;
3. the operator: never later than `every`;
4. the publisher (ttl, Cache-Control): no sooner than that. A server can slow us down to what the operator accepts, and
   cannot silence us;
5. the rhythm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.feeds import moves, rhythm
from monitor.model import Entry, Feed, FeedState, Fetched, FetchFailed, FetchFailure, NotModified, Parsed

# What a request is worth: so long may the entries wait for it that have come, all their waiting added up. A feed of one
# entry an hour is then asked every 11 minutes, one of 24 every 2, one of one a day every 50.
UNREAD = timedelta(minutes=1)
BUSY_SHARE = 5  # in its busy hours a feed is asked up to so many times in each `every`
SHORTEST = timedelta(minutes=1)  # what politeness allows, unless the operator wrote less
AUTO_BOUNDS = (timedelta(minutes=1), timedelta(hours=1))
WINDOW_SHARE = (
    4  # of what a document shows, at most this part may be new at a poll: livelier hours must fit in the rest
)
GAP_SHARE = 4  # after a suspected gap: so long since then, over this, is the longest wait
PATIENCE = 4  # failures in a row before the waits grow: until then a feed is asked as ever
LONGEST_BACK_OFF = timedelta(hours=1)  # never a stop: a feed that comes back is heard of within the hour
LONGEST_GONE = timedelta(days=1)  # for 410, where the server says that the feed will not come back
LONGEST_RETRY_AFTER = timedelta(hours=1)  # a server cannot silence us for longer
LONGEST_ASKED = timedelta(days=1)  # what is noted of a publisher's wish; some write a year
_FULL_GET_EVERY = timedelta(days=1)
_FULL_GET_AFTER = 50  # unchanged polls
_GONE, _TOO_MANY = 410, 429
_PASSING = (
    FetchFailure.NAME,
    FetchFailure.CONNECT,
    FetchFailure.TIMEOUT,
    FetchFailure.BROKEN,
)  # often soon over
_ZERO, _HOUR = timedelta(0), timedelta(hours=1)


def after_parse(feed: Feed, state: FeedState, page: Fetched, parsed: Parsed, *, now: datetime, new: int) -> FeedState:
    """After a document that was read. `new`: entries in it that we had not seen.

    Validators of a document that broke off or has no entries are not kept: a 304 would make a mishap last.
    """
    learned = replace(
        moves.noted(feed, state, page.moved_to),
        baselined=state.baselined or parsed.is_whole,  # half a document would leave its other half to be announced
        validators=page.validators if (parsed.entries or parsed.window) and parsed.is_whole else None,
        body_hash=body_hash(page.body),
        last_new_at=now if new else state.last_new_at,
        unchanged=0,
        asked_wait=_asked(parsed.ttl, page.asked_wait),
        rhythm=_rhythm(state, parsed.entries, new=new, now=now),
        entry_marks=parsed.marks,
        window=parsed.window or len(parsed.entries),
        newest_at=_newest(state, parsed.entries, now=now),
        gap_at=now if parsed.overlaps is False else state.gap_at,
        warnings=parsed.warnings,
    )
    return _succeeded(feed, learned, now)


def after_unchanged(feed: Feed, state: FeedState, result: Fetched | NotModified, *, now: datetime) -> FeedState:
    """After a 304, or the same bytes as last time.

    Once a day, at an hour of the feed's own, and after fifty of these, the validators are forgotten: some caches answer
    304 for ever.
    """
    unchanged = state.unchanged + 1
    validators = result.validators if isinstance(result, Fetched) else state.validators
    if unchanged % _FULL_GET_AFTER == 0 or _full_get_is_due(state, now):
        validators = None
    learned = replace(
        moves.noted(feed, state, result.moved_to),
        validators=validators,
        unchanged=unchanged,
        asked_wait=_asked(state.asked_wait, result.asked_wait),  # the document is the same, so what it asks still holds
        rhythm=_rhythm(state, (), new=0, now=now),
    )
    return _succeeded(feed, learned, now)


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
        failing_since=state.failing_since or now,
    )


def back_off(feed: Feed, failures: int, failure: FetchFailed) -> timedelta:
    """How long to leave a feed alone after so many failures in a row (1 or more).

    A mishap of the network is tried again soon, once. Then a feed is asked as ever, for most troubles are short; then
    ever less often: `every` doubled with each, at once where the server said that it is asked too often. The longest
    wait is an hour (a day after 410), or `every` where that is more; a Retry-After makes it longer, up to an hour. Up
    to a tenth is taken off by the feed's name, so that the feeds of a host that was down come apart.
    """
    gone = failure.status == _GONE
    longest = max(LONGEST_GONE if gone else LONGEST_BACK_OFF, feed.every)
    first = max(feed.every, LONGEST_BACK_OFF) if gone else feed.every
    doublings = failures - (1 if gone or failure.status == _TOO_MANY else PATIENCE)
    usual = min(longest, first * (1 << min(max(doublings, 0), 16)))
    if failures == 1 and _is_passing(failure):
        usual = bounds(feed)[0]
    asked_for = min(failure.retry_after or _ZERO, LONGEST_RETRY_AFTER)
    return max(usual * (1 - phase(feed.id, failures) / 10), asked_for)


def interval(feed: Feed, state: FeedState, *, now: datetime) -> timedelta:
    """The time from a poll that succeeded to the next, by what `state` holds after it."""
    shortest, longest = bounds(feed)
    start = 2 * (UNREAD / feed.every) / (feed.every / _HOUR)  # the rate at which the wait is `every`
    by_rhythm = rhythm.wait(state.rhythm, now=now, unread=UNREAD / _HOUR, start=start, longest=longest)
    wanted = max(by_rhythm, state.asked_wait or _ZERO)
    return max(shortest, min(wanted, _safe(state, start, shortest, longest, now=now)))


def bounds(feed: Feed) -> tuple[timedelta, timedelta]:
    """The shortest and the longest time between two polls of a healthy feed."""
    if feed.auto:
        return AUTO_BOUNDS
    return max(feed.every / BUSY_SHARE, min(feed.every, SHORTEST)), feed.every


def phase(*parts: object) -> float:
    """A number from 0 up to 1, always the same for the same parts, and spread evenly over different ones."""
    digest = hashlib.blake2b("\0".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def body_hash(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).digest()


def _succeeded(feed: Feed, state: FeedState, now: datetime) -> FeedState:
    """`state` holds what the poll taught, and still the times of the one before."""
    wait = interval(feed, state, now=now)
    if state.last_polled_at is None:
        wait *= 1 - phase(feed.id) / 2  # all first polls come at once, at the start; the second ones come apart
    return replace(
        state,
        next_poll_at=_keep_step(state, wait, now),
        failures=0,
        last_polled_at=now,
        last_success_at=now,
        last_error=None,
        failing_since=None,
    )


def _keep_step(state: FeedState, wait: timedelta, now: datetime) -> datetime:
    """Counted from when this poll was due, so that the time a poll takes does not add up; from now if that is long
    past, or not yet."""
    due = state.next_poll_at
    on_time = state.last_polled_at is not None and now - wait / 2 <= due <= now
    return (due if on_time else now) + wait


def _rhythm(state: FeedState, entries: Iterable[Entry], *, new: int, now: datetime) -> bytes | None:
    """A first poll tells nothing of when its entries came, but for their dates: all are new to us."""
    if not state.baselined or state.last_success_at is None:
        return rhythm.seeded((entry.published_at for entry in entries), now=now) or state.rhythm
    return rhythm.learned(state.rhythm, since=state.last_success_at, until=now, new=new)


def _safe(state: FeedState, start: float, shortest: timedelta, longest: timedelta, *, now: datetime) -> timedelta:
    """The longest wait after which nothing has left the document unread, as far as can be told; `longest` at most."""
    safe = longest
    if state.window:
        share_of_it = rhythm.pace(state.rhythm, now=now, start=start) * (longest / _HOUR) * WINDOW_SHARE / state.window
        safe /= max(1.0, share_of_it)
    if state.gap_at is not None and now >= state.gap_at:
        safe = min(safe, shortest + (now - state.gap_at) / GAP_SHARE)
    return safe


def _asked(*wishes: timedelta | None) -> timedelta | None:
    known = [wish for wish in wishes if wish]
    return min(max(known), LONGEST_ASKED) if known else None


def _newest(state: FeedState, entries: Iterable[Entry], *, now: datetime) -> datetime | None:
    """A date in the future tells nothing of when the feed last lived."""
    dates = [entry.published_at for entry in entries if entry.published_at is not None and entry.published_at <= now]
    return max([*dates, *([state.newest_at] if state.newest_at else [])], default=None)


def _is_passing(failure: FetchFailed) -> bool:
    return failure.failure in _PASSING or (failure.status or 0) >= 500


def _full_get_is_due(state: FeedState, now: datetime) -> bool:
    if state.last_polled_at is None:
        return False
    shift = _FULL_GET_EVERY * phase(state.feed_id, "full get")
    return (now + shift).date() != (state.last_polled_at + shift).date()
