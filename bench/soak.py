"""Days of watching in minutes: feeds that fail, sends that fail, and what is lost, repeated, late or left behind.

    python -m bench.soak [--days 30] [--feeds 60]

The store, the pipeline, the parser, the matcher and both loops are the real ones, on a real disk; the clock, the
network and the senders are made up, at the ports. Which alerts must arrive is told by what was published, not by the
program. One poll in ten and one send in twenty is bad. Prints a row a day, and then what it came to.
"""

from __future__ import annotations

import argparse
import gc
import logging
import sys
import tempfile
import threading
import time
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import blake2b
from pathlib import Path
from random import Random

from monitor.feeds.schedule import PATIENCE
from monitor.loops import PollLoop
from monitor.model import (
    Channel,
    Delivery,
    Feed,
    Fetched,
    FetchFailed,
    FetchFailure,
    FetchRequest,
    FetchResult,
    NotModified,
    NotSent,
    ParseResult,
    SendResult,
    Sent,
    Validators,
)
from monitor.store import tidy
from monitor.store.opening import open_store
from tests import world
from tests.world import NOW, FakeClock, PlainParser, World, rss, rule

EVERY = timedelta(minutes=5)
TICK = timedelta(seconds=10)
DAY = timedelta(days=1)
WINDOW = 12  # entries that a document shows
PER_DAY = 8.0  # entries of a feed
TELLING = 5  # one entry in so many fits the rule
CHANNELS = ("desk", "field")
BAD_POLLS, BAD_SENDS = 0.1, 0.05
QUIET_END = timedelta(hours=3)  # nothing is published and nothing is bad: what is owed must arrive by then
# Days until the database is larger than what SQLite keeps of it in memory (2 MiB, which it fills only then).
SETTLED = 10
PAGE_BAD_IN_THIS_WAY = (
    FetchFailure.TIMEOUT, FetchFailure.CONNECT, FetchFailure.STATUS, "a page", "cut", "no entries", "old", "same again",
)  # fmt: skip

_LETTERS = "بتثجحخدرزسشصضطظعغفقكلمن"


def name(number: int) -> str:
    """A word of its own for each number."""
    letters = ""
    for _ in range(6):
        number, at = divmod(number, len(_LETTERS))
        letters += _LETTERS[at]
    return letters


@dataclass(frozen=True)
class Item:
    link: str
    at: datetime
    telling: bool
    text: str


class Newsroom:
    """What one feed publishes, all of it known beforehand."""

    def __init__(self, number: int, rng: Random, *, until: datetime) -> None:
        self.items: list[Item] = []
        at = NOW - timedelta(days=2)
        while (at := at + timedelta(days=rng.expovariate(PER_DAY))) < until:
            count = len(self.items)
            telling = rng.randrange(TELLING) == 0
            link = f"https://f{number}.example/{count}"
            own = name(number * 1_000_003 + count)
            title = f"غارة على أطراف بلدة {own}" if telling else f"افتتاح معرض للكتاب في مدينة {own}"
            text = (
                f'<item><guid isPermaLink="false">{link}</guid><link>{link}</link>'
                f"<pubDate>{format_datetime(at)}</pubDate><title>{title}</title><description>{title}</description></item>"
            )
            self.items.append(Item(link, at, telling, text))
        self._times = [item.at for item in self.items]

    def page(self, now: datetime) -> bytes:
        end = bisect_right(self._times, now)
        return rss(*(item.text for item in reversed(self.items[max(0, end - WINDOW) : end])))

    def after(self, at: datetime) -> Sequence[Item]:
        return self.items[bisect_right(self._times, at) :]


@dataclass
class Account:
    """Of one feed's polls, as they come: a list of them would be what grows."""

    polls: int = 0
    bad: int = 0
    bad_in_a_row: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    longest_gap: timedelta = timedelta(0)
    gaps: list[tuple[datetime, timedelta]] = field(default_factory=list)

    def asked(self, now: datetime, *, bad: bool) -> None:
        """A wait may have grown after more failures in a row than patience has room for."""
        gap = now - (self.last_at or now)
        self.longest_gap = max(self.longest_gap, gap)
        if gap > 2 * EVERY + TICK and self.bad_in_a_row < PATIENCE + 2:
            self.gaps.append((now, gap))
        self.first_at, self.last_at = self.first_at or now, now
        self.polls, self.bad = self.polls + 1, self.bad + bad
        self.bad_in_a_row = self.bad_in_a_row + 1 if bad else 0


class Network:
    """`Fetcher`: conditional answers, and bad ones. A feed's first poll is good: what it holds is not announced."""

    def __init__(self, clock: FakeClock, rooms: dict[str, Newsroom], rng: Random, *, bad_until: datetime) -> None:
        self.clock, self.rooms, self._rng, self._bad_until = clock, rooms, rng, bad_until
        self.accounts: dict[str, Account] = defaultdict(Account)
        self.kinds: Counter[str] = Counter()

    def submit(self, request: FetchRequest) -> Future[FetchResult]:
        future: Future[FetchResult] = Future()
        feed_id, now = request.feed.id, self.clock.now()
        account = self.accounts[feed_id]
        bad = account.polls > 0 and now < self._bad_until and self._rng.random() < BAD_POLLS
        account.asked(now, bad=bad)
        page = self.rooms[feed_id].page(now)
        future.set_result(self._bad(request, page, now) if bad else self._good(request, page, now))
        return future

    def _good(self, request: FetchRequest, page: bytes, now: datetime) -> FetchResult:
        tag = f'"{blake2b(page, digest_size=8).hexdigest()}"'
        if request.validators is not None and request.validators.etag == tag:
            self.kinds["304"] += 1
            return NotModified(fetched_at=now)
        self.kinds["200"] += 1
        return self._page(request, page, now, Validators(url="digest", etag=tag))

    def _bad(self, request: FetchRequest, page: bytes, now: datetime) -> FetchResult:
        kind = self._rng.choice(PAGE_BAD_IN_THIS_WAY)
        self.kinds[kind.name.lower() if isinstance(kind, FetchFailure) else kind] += 1
        match kind:
            case FetchFailure():
                wish = timedelta(minutes=1) if kind is FetchFailure.STATUS else None
                status = 503 if kind is FetchFailure.STATUS else None
                return FetchFailed(failure=kind, detail="made up", status=status, retry_after=wish, fetched_at=now)
            case "a page":
                return self._page(request, b"<!doctype html><title>Sign in</title><form></form>", now, None)
            case "cut":
                return self._page(request, page[: self._rng.randrange(200, len(page) - 20)], now, None)
            case "no entries":
                return self._page(request, rss(), now, None)
            case "old":
                return self._page(request, self.rooms[request.feed.id].page(now - timedelta(minutes=30)), now, None)
            case _:
                return self._page(request, page, now, None)

    def _page(self, request: FetchRequest, body: bytes, now: datetime, validators: Validators | None) -> Fetched:
        return Fetched(
            url=request.feed.address, body=body, content_type="application/rss+xml", validators=validators,
            fetched_at=now,
        )  # fmt: skip

    def close(self) -> None:
        pass


class ForgetfulParser(PlainParser):
    """One that does not keep what it was asked: over a month that is what grows."""

    def parse(self, feed_id: str, page: Fetched, *, known: bytes | None = None) -> ParseResult:
        parsed = super().parse(feed_id, page, known=known)
        self.asked.clear()
        self.known.clear()
        return parsed


class Arrived:
    """How often each entry came to each channel. As large at the beginning as it will be at the end."""

    def __init__(self, rooms: dict[str, Newsroom]) -> None:
        self._at = {item.link: n for n, item in enumerate(item for room in rooms.values() for item in room.items)}
        self._links = list(self._at)
        self._counts = {channel: bytearray(len(self._at)) for channel in CHANNELS}
        self.strange: Counter[tuple[str, str | None]] = Counter()  # what nobody published

    def add(self, channel: str, link: str | None) -> None:
        if link in self._at and channel in self._counts:
            self._counts[channel][self._at[link]] += 1
        else:
            self.strange[channel, link] += 1

    def counter(self) -> Counter[tuple[str, str | None]]:
        """By channel and link."""
        return self.strange + Counter(
            {
                (channel, link): count
                for channel, counts in self._counts.items()
                for link, count in zip(self._links, counts, strict=True)
                if count
            }
        )

    def total(self) -> int:
        return self.strange.total() + sum(sum(counts) for counts in self._counts.values())


class Senders:
    """The one method of a sender that matters here: some sends fail, and of some of those nobody knows."""

    def __init__(self, clock: FakeClock, rng: Random, arrived: Arrived, *, bad_until: datetime) -> None:
        self.clock, self._rng, self._bad_until = clock, rng, bad_until
        self.arrived = arrived
        self.ambiguous = self.refused = 0
        self._lock = threading.Lock()

    def send(self, channel: Channel, delivery: Delivery) -> SendResult:
        with self._lock:
            now, mishap = self.clock.now(), self._rng.random() / BAD_SENDS
            if now >= self._bad_until or mishap >= 1:
                return self._arrive(channel, delivery, Sent(sent_at=now))
            failed = NotSent(detail="made up", ambiguous=mishap < 0.5, failed_at=now)
            self.ambiguous += failed.ambiguous
            self.refused += not failed.ambiguous
            return self._arrive(channel, delivery, failed) if mishap < 0.25 else failed

    def _arrive(self, channel: Channel, delivery: Delivery, result: SendResult) -> SendResult:
        self.arrived.add(channel.id, delivery.alert.link)
        return result


@dataclass(frozen=True, kw_only=True)
class Day:
    """What the process holds at its end."""

    day: float
    polls: int
    sent: int
    memory_kib: int
    blocks: int  # of memory that Python's objects have
    files: int
    threads: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Outcome:
    polls: int
    bad_polls: int
    kinds: Counter[str]
    due: int  # alerts that must have arrived, each at each channel
    lost: list[tuple[str, str]]
    unasked: list[tuple[str, str | None]]  # what arrived and should not have
    repeats: int
    ambiguous: int
    refused: int
    longest_gap: timedelta
    gaps: list[tuple[str, datetime, timedelta]]  # longer than two intervals, though the feed did not fail for long
    days: list[Day]


class Soak:
    def __init__(self, folder: Path, *, days: float, feeds: int, seed: int = 1) -> None:
        self._end = NOW + days * DAY
        self._rng = Random(seed)
        rooms = {f"f{n}": Newsroom(n, self._rng, until=self._end - QUIET_END) for n in range(feeds)}
        watched: list[Feed] = [world.feed(feed_id, every=EVERY) for feed_id in rooms]
        self.store = open_store(folder, now=NOW)
        self.world = World(rule("strikes", notify=CHANNELS), feeds=watched, store=self.store, parser=ForgetfulParser())
        self.clock = self.world.clock
        self.network = Network(self.clock, rooms, self._rng, bad_until=self._end - QUIET_END)
        self.senders = Senders(self.clock, Random(seed + 1), Arrived(rooms), bad_until=self._end - QUIET_END)
        self.world.sender.send = self.senders.send  # type: ignore[method-assign]
        self.polls = PollLoop(
            pipeline=self.world.pipeline, store=self.store, fetcher=self.network, clock=self.clock,
            report=lambda _: None,
        )  # fmt: skip

    def run(self, *, every: timedelta = DAY) -> Iterator[Day]:
        """A row at the end of each so long."""
        row, house, began = NOW + every, NOW, time.monotonic()
        while self.clock.now() < self._end:
            self._tick()
            if self.clock.now() - house >= timedelta(hours=6):
                house = self.clock.now()
                tidy(self.store, now=house)
            if self.clock.now() >= row:
                row += every
                yield self._day(time.monotonic() - began)
        for loop in (self.polls, self.world.polls, self.world.deliveries):
            loop.stop()

    def _tick(self) -> None:
        if self.polls.tick(self.world.setup):
            self.polls.wait(60)
        if self.world.deliveries.tick(self.world.setup):
            self.world.deliveries.wait(60)
        self.clock.advance(TICK)

    def _day(self, seconds: float) -> Day:
        gc.collect()
        return Day(
            day=(self.clock.now() - NOW) / DAY,
            polls=sum(account.polls for account in self.network.accounts.values()),
            sent=self.senders.arrived.total(),
            memory_kib=_memory_kib(),
            blocks=sys.getallocatedblocks(),
            files=len(list(Path("/proc/self/fd").iterdir())),
            threads=threading.active_count(),
            seconds=seconds,
        )

    def outcome(self, days: list[Day]) -> Outcome:
        accounts = self.network.accounts
        due = {
            (channel, item.link)
            for feed_id, account in accounts.items()
            for item in self.network.rooms[feed_id].after(account.first_at or NOW)
            for channel in CHANNELS
            if item.telling
        }
        arrived = self.senders.arrived.counter()
        return Outcome(
            polls=sum(account.polls for account in accounts.values()),
            bad_polls=sum(account.bad for account in accounts.values()),
            kinds=self.network.kinds,
            due=len(due),
            lost=sorted(due - arrived.keys()),
            unasked=sorted(arrived.keys() - due, key=str),
            repeats=arrived.total() - len(arrived),
            ambiguous=self.senders.ambiguous,
            refused=self.senders.refused,
            longest_gap=max(account.longest_gap for account in accounts.values()),
            gaps=[(feed_id, *gap) for feed_id, account in accounts.items() for gap in account.gaps],
            days=days,
        )


def _memory_kib() -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def table(days: Sequence[Day]) -> str:
    head = f"{'day':>6} {'polls':>9} {'sent':>7} {'MiB':>7} {'blocks':>8} {'files':>6} {'threads':>8} {'seconds':>8}"
    rows = (
        f"{day.day:>6.1f} {day.polls:>9,} {day.sent:>7,} {day.memory_kib / 1024:>7.1f} {day.blocks:>8,}"
        f" {day.files:>6} {day.threads:>8} {day.seconds:>8.0f}"
        for day in days
    )
    return "\n".join([head, *rows])


def told(outcome: Outcome) -> str:
    kinds = ", ".join(f"{kind} {count:,}" for kind, count in outcome.kinds.most_common())
    return (
        f"polls {outcome.polls:,}, bad {outcome.bad_polls:,} ({kinds})\n"
        f"messages due {outcome.due:,}: lost {len(outcome.lost)}, not asked for {len(outcome.unasked)}, "
        f"repeated {outcome.repeats} (sends of which nobody knew {outcome.ambiguous}, refused {outcome.refused})\n"
        f"longest time between two polls of a feed {outcome.longest_gap}; "
        f"over two intervals without {PATIENCE + 2} failures in a row: {len(outcome.gaps)}"
        f"{_growth(outcome.days)}"
    )


def _growth(days: Sequence[Day]) -> str:
    """From when memory is settled to the end; '' for a run that ends before."""
    later = [day for day in days if day.day >= SETTLED]
    if not later:
        return ""
    memory, blocks = later[-1].memory_kib / later[0].memory_kib, later[-1].blocks / later[0].blocks
    return f"\nsince day {SETTLED}: memory {memory - 1:+.1%}, Python's objects {blocks - 1:+.1%}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=float, default=30)
    parser.add_argument("--feeds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    logging.disable()  # bad polls are told by the thousand
    with tempfile.TemporaryDirectory() as folder:
        soak, days = Soak(Path(folder), days=asked.days, feeds=asked.feeds, seed=asked.seed), []
        for day in soak.run():
            days.append(day)
            print(table([day]) if len(days) == 1 else table([day]).splitlines()[1], flush=True)
        print(told(soak.outcome(days)))


if __name__ == "__main__":
    main()
