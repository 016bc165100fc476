"""What a feed's state means: what is wrong with it, told so that somebody can mend it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from monitor.feeds import moves, rhythm
from monitor.model import ArticlesRead, Feed, FeedState
from monitor.trouble import Finding, Kind

FAILURES = 3  # in a row, before it is trouble: one timeout is weather
FAILING_LONG = timedelta(hours=6)  # a feed that is asked once a day need not fail for three days
GONE_TIMES = 2  # 410 is an answer and no accident; twice, because servers are set up wrongly for minutes
OVERFLOW_TOLD_FOR = timedelta(days=1)
SOON = timedelta(hours=1)  # what one document shows may be gone with the next

# Silence: longer than three times its usual longest gap. Usual is the longest but one, for one long break (a holiday, a
# night when we were off) is no habit; a weekend, which comes four times in the month that is looked at, is one.
SILENT_LEAST = timedelta(hours=24)
SILENT_GAPS = 3
SILENT_UNKNOWN = timedelta(days=7)  # where too little came to know its habit
FEWEST_GAPS = 5
GAPS_OVER = timedelta(days=30)
# A busy feed is missed sooner: once so many entries should have come by its own hours and days (`rhythm.expected`), and
# none did. In 2,300 days of 18 real feeds' publication times that came 8 times, 7 of them a day or more without news.
MISSED = 20
MISSED_LEAST = timedelta(hours=6)

DOWN = frozenset({Kind.FEED_FAILING, Kind.FEED_GONE, Kind.FEED_EMPTY})
"""With these nothing can be read in a feed."""

KINDS = DOWN | {
    Kind.FEED_SILENT,
    Kind.FEED_GARBLED,
    Kind.FEED_OVERFLOWS,
    Kind.FEED_MOVED,
    Kind.FEED_ARTICLES,
}

FEWEST_ARTICLES = 4  # of fewer that were asked for, half may fail by chance

_GONE = re.compile(r"(?<![\w.:-])410(?![\w.:-])")  # as the fetcher tells it; no part of a host or a port
_DAMAGED = re.compile(r"(\d+) damaged characters")
_MANY = 20  # damaged characters; a headline that was cut within a letter has one or two
_GARBLED = re.compile(r"neither UTF-8|encoded twice|could not be read|breaks off")


def findings(feed: Feed, state: FeedState, *, now: datetime, usual_gap: timedelta | None) -> tuple[Finding, ...]:
    """What is wrong with a feed, the worst first; of what keeps it from being read only one.

    `usual_gap`: its usual longest time without a new entry (`usual_longest`), None where it is not known.
    """
    down = _failing(feed, state, now) or _empty(feed, state)
    if down:
        return (down,)
    return tuple(_readable(feed, state, now, usual_gap))


def may_be_silent(state: FeedState, *, now: datetime) -> bool:
    """Whether it is worth finding out what is usual for it."""
    return state.last_new_at is not None and now - state.last_new_at > MISSED_LEAST


def usual_longest(gaps: Sequence[timedelta]) -> timedelta | None:
    """The longest time between two new entries that is a habit; None where there were too few to tell."""
    return sorted(gaps)[-2] if len(gaps) >= FEWEST_GAPS else None


def silent_after(usual_gap: timedelta | None) -> timedelta:
    """How long a feed may bring nothing new."""
    return SILENT_UNKNOWN if usual_gap is None else max(SILENT_LEAST, SILENT_GAPS * usual_gap)


def unread_articles(feed: Feed, read: ArticlesRead | None) -> Finding | None:
    """Half of the newest articles of a feed that wants them read could not be, or were too many."""
    if not feed.full_text or read is None or read.of < FEWEST_ARTICLES or 2 * read.unread < read.of:
        return None
    return _found(Kind.FEED_ARTICLES, feed, None, unread=read.unread, articles=read.of, error=read.error)


def _failing(feed: Feed, state: FeedState, now: datetime) -> Finding | None:
    since = state.failing_since or state.last_success_at
    if state.failures >= GONE_TIMES and _GONE.search(state.last_error or ""):
        return _found(Kind.FEED_GONE, feed, since, error=state.last_error or "")
    long = since is not None and now - since >= FAILING_LONG and state.failures > 1
    if state.failures >= FAILURES or long:
        return _found(Kind.FEED_FAILING, feed, since, failures=state.failures, error=state.last_error or "")
    return None


def _empty(feed: Feed, state: FeedState) -> Finding | None:
    """A document without entries, of a feed that had some."""
    if state.window == 0 and state.last_new_at is not None and state.failures == 0:
        return _found(Kind.FEED_EMPTY, feed, state.last_new_at, patience=SOON)
    return None


def _readable(feed: Feed, state: FeedState, now: datetime, usual_gap: timedelta | None) -> Iterator[Finding]:
    if state.last_new_at is not None and state.failures == 0 and _is_silent(state, state.last_new_at, now, usual_gap):
        usual = int((usual_gap or timedelta(0)).total_seconds())
        yield _found(Kind.FEED_SILENT, feed, state.last_new_at, usual_seconds=usual)
    garbled = next((warning for warning in state.warnings if _is_garbled(warning)), None)
    if garbled:
        yield _found(Kind.FEED_GARBLED, feed, None, patience=SOON, warning=garbled)
    if state.gap_at is not None and now - state.gap_at < OVERFLOW_TOLD_FOR:
        yield _found(Kind.FEED_OVERFLOWS, feed, state.gap_at, window=state.window or 0)
    if state.moved_to and state.moved_times >= moves.BELIEVED:
        yield _found(Kind.FEED_MOVED, feed, None, to=moves.shown(state) or "")


def _is_silent(state: FeedState, since: datetime, now: datetime, usual_gap: timedelta | None) -> bool:
    """Only up to our last look at it: what it published since, while we slept or were off, nobody knows yet."""
    until = min(state.last_success_at or now, now)
    if until - since > silent_after(usual_gap):
        return True
    return until - since > MISSED_LEAST and rhythm.expected(state.rhythm, since=since, until=until) >= MISSED


def _is_garbled(warning: str) -> bool:
    damaged = _DAMAGED.search(warning)
    return int(damaged[1]) >= _MANY if damaged else bool(_GARBLED.search(warning))


def _found(
    kind: Kind, feed: Feed, since: datetime | None, *, patience: timedelta = timedelta(0), **facts: str | int
) -> Finding:
    return Finding(kind=kind, subject=feed.id, since=since, facts={"name": feed.name, **facts}, patience=patience)
