"""How late news is noticed, by when a feed is asked: four ways, at the same number of requests.

    python bench/polling.py [--every 10] [--weeks 8]

Real publication times (../shared/data, skipped where it is absent) and made-up feeds, which are two tables. Every way
may learn from what it has polled before, never from what comes; the first two weeks count for learning alone. Each has
one number that makes it ask more or less often, set so that all make the requests of the fixed interval, within 1 %.
The budget is for all feeds together: who asks the busy more often and the quiet less wins.

- fixed: every feed at the same interval.
- Miniflux: a week divided by the entries of the last seven days, times a factor (internal/model/feed.go, v2.1).
- sqrt, even: requests shared out by the square root of each feed's rate, as Sia, Cho and Cho (2007) show to be best, at
  even intervals.
- sqrt, timed: the same, and a feed's requests of a day placed by its rate at each hour, as their schedule does: as
  many between two instants as the square root of the rate tells, which is their optimum for many requests a day.
- ours: `monitor.feeds.rhythm`.

A way that stops for a whole night would be a monitor that is blind: none may wait longer than `--longest`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import statistics
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Protocol

from monitor.feeds import rhythm

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
MINUTE, HOUR, DAY, WEEK = 60.0, 3600.0, 86400.0, 7 * 86400.0  # seconds, as all times here
MONDAY = datetime(2026, 1, 5, tzinfo=UTC).timestamp()
LEARNING = 2 * WEEK
SHORTEST = MINUTE
SHIFTS = (0.0, 101.0, 211.0)  # seconds

Feeds = Mapping[str, Sequence[float]]  # publication times of each feed, sorted, from MONDAY on


class Way(Protocol):
    def polled(self, since: float, now: float, new: int, /) -> float:
        """After a poll at `now`, and one before it at `since`: the wait until the next, before it is bounded."""


MakeWay = Callable[[float], Callable[[], Way]]  # the number that makes it ask less often -> one for each feed


@dataclass
class Fixed:
    every: float

    def polled(self, _since: float, _now: float, _new: int) -> float:
        return self.every


@dataclass
class Counted:
    """What came, by poll: what the other ways go by. They may count entries where they were found."""

    found: list[float] = field(default_factory=list)

    def count(self, now: float, new: int) -> None:
        self.found += [now] * new

    def within(self, now: float, span: float) -> int:
        return len(self.found) - bisect_left(self.found, now - span)


@dataclass
class Miniflux(Counted):
    factor: float = 1.0
    found: list[float] = field(default_factory=list)

    def polled(self, _since: float, now: float, new: int) -> float:
        self.count(now, new)
        return WEEK / max(self.within(now, WEEK), 1) * self.factor


@dataclass
class Sqrt(Counted):
    """`unit`: seconds between the requests to a feed of one entry an hour."""

    unit: float = HOUR
    timed: bool = False
    found: list[float] = field(default_factory=list)
    begun: float = 0.0
    day: float = -1.0
    weights: list[float] = field(default_factory=list)
    wait: float = HOUR

    def polled(self, since: float, now: float, new: int) -> float:
        self.begun = self.begun or since
        self.count(now, new)
        if now // DAY != self.day:
            self.day = now // DAY
            self._plan(now)
        return self._next(now) if self.timed else self.wait

    def _plan(self, now: float) -> None:
        """Once a day, from the last two weeks; half an entry is added, so that a silent feed has a rate."""
        span = min(2 * WEEK, max(now - self.begun, DAY))
        recent = self.found[bisect_left(self.found, now - span) :]
        hours = [0.5 / 24] * 24
        for at in recent:
            hours[int(at % DAY // HOUR)] += 1
        rate = (len(recent) + 0.5) / span * HOUR
        self.wait = self.unit / math.sqrt(rate)
        smooth = [hours[h - 1] / 4 + hours[h] / 2 + hours[(h + 1) % 24] / 4 for h in range(24)]
        roots = [math.sqrt(each) for each in smooth]
        self.weights = [each * 24 / sum(roots) for each in roots]

    def _next(self, now: float) -> float:
        """Until one request's worth of the day's weight has gone by."""
        left, at = self.wait, now
        while True:
            weight = self.weights[int(at % DAY // HOUR)]
            ends = (at // HOUR + 1) * HOUR
            if (ends - at) * weight >= left:
                return at + left / weight - now
            left -= (ends - at) * weight
            at = ends


@dataclass
class Ours:
    unread: float
    longest: float
    blob: bytes | None = None

    def polled(self, since: float, now: float, new: int) -> float:
        at = datetime.fromtimestamp(now, UTC)
        if since:
            self.blob = rhythm.learned(self.blob, since=datetime.fromtimestamp(since, UTC), until=at, new=new)
        wait = rhythm.wait(self.blob, now=at, unread=self.unread, start=1.0, longest=timedelta(seconds=self.longest))
        return wait.total_seconds()


@dataclass(frozen=True)
class Outcome:
    requests: int
    delays: list[float]

    def row(self, name: str) -> str:
        delays = sorted(self.delays)
        mean, median, p95 = statistics.fmean(delays), statistics.median(delays), delays[int(len(delays) * 0.95)]
        minutes = "".join(f"{each / 60:>10.2f}" for each in (mean, median, p95, delays[-1]))
        return f"{name:<14} {self.requests:>9,}{minutes}"


def replay(feeds: Feeds, way: Callable[[], Way], *, until: float, longest: float, shift: float = 0.0) -> Outcome:
    requests, delays = 0, []
    for number, (_, published) in enumerate(sorted(feeds.items())):
        asker = way()
        now, since = MONDAY + 37.0 * number + shift, 0.0
        while now < until:
            first, last = (bisect_right(published, at) for at in (since, now))
            if now >= MONDAY + LEARNING:
                requests += 1
                delays += [now - at for at in published[first:last] if at >= MONDAY + LEARNING]
            wait = asker.polled(since, now, last - first)
            since, now = now, now + max(SHORTEST, min(wait, longest))
    return Outcome(requests, delays)


def pooled(feeds: Feeds, way: Callable[[], Way], *, until: float, longest: float) -> Outcome:
    """From several beginnings: on which minute a feed happens to be asked changes a median by three per cent."""
    runs = [replay(feeds, way, until=until, longest=longest, shift=shift) for shift in SHIFTS]
    return Outcome(round(statistics.fmean(run.requests for run in runs)), [at for run in runs for at in run.delays])


def at_budget(feeds: Feeds, make: MakeWay, requests: int, *, until: float, longest: float) -> Outcome:
    """Its outcome with the number that makes it need so many requests: by the secant, both in logarithms."""
    at, slope, last = 0.0, -1.0, None
    for _ in range(12):
        off = math.log(replay(feeds, make(math.exp(at)), until=until, longest=longest).requests / requests)
        if abs(off) < 0.003:
            break
        if last is not None and abs(at - last[0]) > 1e-9 and (off - last[1]) / (at - last[0]) < -0.05:
            slope = (off - last[1]) / (at - last[0])
        last = (at, off)
        at -= off / slope
    return pooled(feeds, make(math.exp(at)), until=until, longest=longest)


# --- real feeds


def lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as read:
        yield from map(json.loads, read)


def real(weeks: float) -> Feeds:
    """By newsroom and desk; each shifted by whole weeks, so that hours and days stay what they were."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for row in lines(DATA / "polls" / "shafaq_versions.jsonl.gz"):
        at = parsedate_to_datetime(row["published"]).timestamp()
        found["shafaq"][row["id"]] = min(at, found["shafaq"].get(row["id"], at))
    for row in lines(DATA / "items" / "antcorpus_2018.jsonl.gz"):
        if row.get("published"):
            found[f"{row['source']} {row['category']}"][row["id"]] = parsedate_to_datetime(row["published"]).timestamp()
    for row in lines(DATA / "items" / "syria_bot_2026.jsonl.gz"):
        found[row["source"]][row["url"]] = datetime.fromisoformat(row["first_seen"]).timestamp()
    begins = {"shafaq": "2026-01-19", "alarabia": "2018-02-19", "skynews": "2018-03-12", "france24": "2018-03-19"}
    feeds = {}
    for name, entries in found.items():
        begin = datetime.fromisoformat(begins.get(name.split()[0], "2026-03-23")).replace(tzinfo=UTC).timestamp()
        times = sorted(at - begin + MONDAY for at in entries.values() if 0 <= at - begin < weeks * WEEK)
        if len(times) >= 3 * weeks:
            feeds[name] = times
    return feeds


# --- made-up feeds


def day_and_night(at: float) -> float:
    return 1 + 0.9 * math.sin((at % DAY) / DAY * 2 * math.pi - math.pi / 2)


def thinned(rng: random.Random, per_hour: float, shape: Callable[[float], float], until: float) -> list[float]:
    """A Poisson stream whose rate follows `shape`, which is nowhere above 2."""
    at, times = MONDAY, []
    while at < until:
        at += rng.expovariate(2 * per_hour / HOUR)
        if rng.random() < shape(at) / 2:
            times.append(at)
    return times


def bursty(rng: random.Random, per_hour: float, until: float) -> list[float]:
    """Each entry draws 0.6 others after it on average, half an hour later on average (a branching process)."""
    waiting, times = thinned(rng, per_hour * 0.4, day_and_night, until), []
    while waiting:
        at = waiting.pop()
        times.append(at)
        while rng.random() < 0.375:  # geometric, 0.6 on average
            waiting.append(at + rng.expovariate(1 / (HOUR / 2)))
    return sorted(at for at in times if at < until)


def made_up(weeks: float) -> Mapping[str, Feeds]:
    rng, until = random.Random(4), MONDAY + weeks * WEEK
    paces = [0.05, 0.1, 0.2, 0.5, 1, 2, 4, 8]
    return {
        "Poisson, eight feeds alike": {f"{n}": thinned(rng, 1, lambda _: 1.0, until) for n in range(8)},
        "Poisson, 1 to 200 a day": {f"{pace}": thinned(rng, pace, lambda _: 1.0, until) for pace in paces},
        "day and night": {f"{pace}": thinned(rng, pace, day_and_night, until) for pace in paces},
        "bursts, day and night": {f"{pace}": bursty(rng, pace, until) for pace in paces},
    }


def compare(title: str, feeds: Feeds, *, every: float, weeks: float, longest: float) -> None:
    until = MONDAY + weeks * WEEK
    entries = sum(at >= MONDAY + LEARNING for times in feeds.values() for at in times)
    print(f"\n{title}: {len(feeds)} feeds, {entries:,} entries; a request per feed every {every / 60:g} minutes")
    print(f"{'':<14} {'requests':>9} {'mean':>9} {'median':>9} {'p95':>9} {'longest':>9}   minutes until noticed")
    fixed = pooled(feeds, lambda: Fixed(every), until=until, longest=longest)
    print(fixed.row("fixed"))
    ways: dict[str, MakeWay] = {
        "Miniflux": lambda number: lambda: Miniflux(factor=number),
        "sqrt, even": lambda number: lambda: Sqrt(unit=number),
        "sqrt, timed": lambda number: lambda: Sqrt(unit=number, timed=True),
        "ours": lambda number: lambda: Ours(unread=number, longest=longest),
    }
    for name, make in ways.items():
        print(at_budget(feeds, make, fixed.requests, until=until, longest=longest).row(name), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=float, nargs="*", default=[5, 10, 30], help="minutes; one table each")
    parser.add_argument("--weeks", type=float, default=8, help="how much is replayed, two weeks of learning included")
    parser.add_argument("--longest", type=float, default=240, help="minutes that no way may wait longer than")
    asked = parser.parse_args()
    bounds = {"weeks": asked.weeks, "longest": asked.longest * MINUTE}
    feeds = real(asked.weeks) if DATA.is_dir() else {}
    for every in asked.every:
        if feeds:
            compare("real feeds", feeds, every=every * MINUTE, **bounds)
        else:
            print(f"no real feeds: {DATA} is not there")
    for title, each in made_up(asked.weeks).items():
        compare(title, each, every=10 * MINUTE, **bounds)


if __name__ == "__main__":
    main()
