"""How often a feed is asked, and what the polls bring: feeds of a sample, each lived through by the scheduler itself.

A feed of the sample publishes when a real one did (or a made-up one, where ../shared is not there); `feeds.schedule`
is told the outcome of each of its polls and says when the next one is. Nothing here models an interval.
"""

from __future__ import annotations

import gzip
import json
import random
import statistics
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final

from bench.polling import DATA, DAY, HOUR, MONDAY, WEEK, made_up, real
from monitor.feeds import schedule
from monitor.model import (
    Entry,
    Feed,
    FeedState,
    Fetched,
    FetchFailed,
    FetchFailure,
    NotModified,
    Parsed,
    Secret,
    Validators,
)

OUTCOMES: Final = ("unchanged, 304", "unchanged, 200", "changed, none new", "new entries", "failed")
NOT_MODIFIED, SAME, NONE_NEW, NEW, FAILED = OUTCOMES
RECORDED_WEEKS: Final = 6.0  # of the series that `polling.real` has, the common part
WINDOW: Final = 25  # entries in a document: what the recorded feed has
_URL: Final = "https://feed.example/rss"
_KNOWN: Final = Validators(url="", etag='"1"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """Assumed of the fleet, for no data of ours tells it; shares from 0 to 1.

    `no_304`: feeds whose server never answers 304. `redated`: those of them whose document is another one at each
    request. `fails`: polls that fail. `quiet`: that each entry of the recorded feed is one of the simulated one's, at
    the least; each feed draws its own share between this and 1, evenly by the logarithm.
    """

    no_304: float = 0.3
    redated: float = 0.3
    fails: float = 0.01
    quiet: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Times in seconds since 1970, from MONDAY on."""

    feeds: Mapping[str, Sequence[float]]
    edits: float  # of each entry: how many edits follow
    edited_after: Sequence[float]  # seconds
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One feed of the sample, over the days that count."""

    polls: Mapping[str, int]
    by_hour: Sequence[int]  # polls in each hour of the day, UTC
    new_by_hour: Sequence[int]  # entries


@dataclass(frozen=True)
class Sample:
    """What feeds of the fleet do, each on average."""

    lives: Sequence[Life]
    days: int
    every: str
    origin: str

    @cached_property
    def polls(self) -> Mapping[str, float]:
        """A feed's polls in a second, by outcome."""
        summed = Counter[str]()
        for life in self.lives:
            summed.update(life.polls)
        return {outcome: summed[outcome] / self._seconds for outcome in OUTCOMES}

    @cached_property
    def entries(self) -> float:
        """A feed's new entries in a second."""
        return sum(sum(life.new_by_hour) for life in self.lives) / self._seconds

    @cached_property
    def peak(self) -> float:
        """The busiest hour of the day, as a multiple of the average: of polls, or of entries if that is more."""
        hours = [[sum(each) for each in zip(*(getattr(life, of) for life in self.lives), strict=True)] for of in _HOURS]
        return max(max(each) * 24 / sum(each) if sum(each) else 1.0 for each in hours)

    @property
    def every_poll(self) -> float:
        return sum(self.polls.values())

    def error(self) -> float:
        """Of `every_poll`: its standard error, as a share of it."""
        each = [sum(life.polls.values()) for life in self.lives]
        return statistics.stdev(each) / statistics.fmean(each) / len(each) ** 0.5 if len(each) > 1 else 0.0

    @property
    def _seconds(self) -> float:
        return len(self.lives) * self.days * DAY


_HOURS: Final = ("by_hour", "new_by_hour")


def series(weeks: float = RECORDED_WEEKS) -> Series:
    """The recorded feeds, and how often an entry was edited in the one whose every version was recorded."""
    if not DATA.is_dir():
        feeds = {f"{kind} {name}": times for kind, some in made_up(weeks).items() for name, times in some.items()}
        return Series(feeds=feeds, edits=0.1, edited_after=[HOUR], origin="made up: ../shared/data is not there")
    edits, after = _edits()
    return Series(feeds=real(weeks), edits=edits, edited_after=after, origin="from data")


def _edits() -> tuple[float, list[float]]:
    with gzip.open(DATA / "polls" / "shafaq_versions.jsonl.gz", "rt", encoding="utf-8") as lines:
        entry_of = {row["v"]: row["id"] for row in map(json.loads, lines)}
    with gzip.open(DATA / "polls" / "shafaq_polls.jsonl.gz", "rt", encoding="utf-8") as lines:
        polls = [json.loads(line) for line in lines]
    first_seen: dict[int, float] = {}
    for poll in polls:
        at = datetime.fromisoformat(poll["fetched_at_utc"]).timestamp()
        for version in poll["versions"]:
            first_seen.setdefault(version, at)
    versions = defaultdict[str, list[float]](list)
    for version, at in first_seen.items():
        versions[entry_of[version]].append(at)
    after = [at - min(each) for each in versions.values() for at in sorted(each)[1:]]
    return len(after) / len(versions), after or [HOUR]


def sample(
    of: Series, feeds: int, *, every: timedelta | None, habits: Habits, seed: int, learning: int = 7, days: int = 7
) -> Sample:
    """`every` None: `auto`. `learning`, `days`: whole days that are lived through first, and those that count."""
    by = random.Random(seed)
    names = sorted(of.feeds)
    counted = (MONDAY + learning * DAY, MONDAY + (learning + days) * DAY)
    lives = []
    for number in range(feeds):
        published = _published(by, of.feeds[names[number % len(names)]], habits, learning + days)
        feed = Feed(
            id=f"feed-{number}", url=Secret(_URL), address=_URL, name="f", source="f",
            every=every or timedelta(minutes=10), auto=every is None,
        )  # fmt: skip
        edits = sorted(at + by.choice(of.edited_after) for at in published if by.random() < of.edits)
        lives.append(_life(feed, Server(published, edits, habits, by), by, habits, counted))
    told = "auto" if every is None else f"{every / timedelta(minutes=1):g}m"
    return Sample(lives, days, told, of.origin)


def _published(by: random.Random, times: Sequence[float], habits: Habits, days: int) -> list[float]:
    """Some of the series from one of its weeks on, so that hours and days of the week stay what they were."""
    weeks = max(1, int(RECORDED_WEEKS - days / 7) + 1)
    begin = MONDAY + by.randrange(weeks) * WEEK
    kept = habits.quiet ** by.random()
    before = min(3, weeks) * DAY  # what stands in the first document
    return [at - begin + MONDAY for at in times if begin - before <= at < begin + days * DAY and by.random() < kept]


def _life(feed: Feed, server: Server, by: random.Random, habits: Habits, counted: tuple[float, float]) -> Life:
    begin, end = counted
    outcomes, polls, entries = Counter[str](), [0] * 24, [0] * 24
    state = FeedState(feed_id=feed.id, next_poll_at=_instant(MONDAY + by.random() * HOUR))
    while (at := state.next_poll_at.timestamp() + by.random()) < end:  # a tick comes within a second
        outcome, new = (FAILED, 0) if by.random() < habits.fails else server.asked(at)
        state = _told(feed, state, outcome, new, server, _instant(at))
        if at >= begin:
            hour = int(at % DAY // HOUR)
            outcomes[outcome] += 1
            polls[hour] += 1
            entries[hour] += new
    return Life(polls=outcomes, by_hour=polls, new_by_hour=entries)


class Server:
    """What it answers is told by how much has come since it was asked last."""

    def __init__(self, published: Sequence[float], edits: Sequence[float], habits: Habits, by: random.Random) -> None:
        self.published, self._edits = published, edits
        self._no_304 = by.random() < habits.no_304
        self._redated = self._no_304 and by.random() < habits.redated
        self._seen = self._edited = 0
        self.asked_before = False

    def asked(self, at: float) -> tuple[str, int]:
        seen, edited = bisect_right(self.published, at), bisect_right(self._edits, at)
        new, changed = seen - self._seen, edited > self._edited or self._redated
        self._seen, self._edited = seen, edited
        if new or not self.asked_before:
            return NEW, min(new, WINDOW)
        return (NONE_NEW if changed else SAME if self._no_304 else NOT_MODIFIED), 0


def _told(feed: Feed, state: FeedState, outcome: str, new: int, server: Server, now: datetime) -> FeedState:
    if outcome == FAILED:
        failed = FetchFailed(failure=FetchFailure.CONNECT, detail="", fetched_at=now)
        return schedule.after_failure(feed, state, failed, now=now)
    if outcome == NOT_MODIFIED:
        return schedule.after_unchanged(feed, state, NotModified(fetched_at=now), now=now)
    page = Fetched(url=_URL, body=b"", content_type=None, validators=_KNOWN, fetched_at=now)
    if outcome == SAME:
        return schedule.after_unchanged(feed, state, page, now=now)
    shown = [] if server.asked_before else [at for at in server.published if at <= now.timestamp()][-WINDOW:]
    server.asked_before = True
    entries = tuple(Entry(feed_id=feed.id, title="t", published_at=_instant(at)) for at in shown)
    parsed = Parsed(entries=entries, window=WINDOW, overlaps=new < WINDOW)
    return schedule.after_parse(feed, state, page, parsed, now=now, new=new)


def _instant(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
