"""What taking in polls costs a store, SQLite or PostgreSQL: the real pipeline, the starter rules, real articles.

Feeds of our own show 25 real headlines each, in the order in which they were published; at each poll one of them has a
new one. What the pipeline does inside its transaction is told apart from what it does before, because inside one a
whole fleet waits: only one transaction at a time decides about stories.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any, Final, cast

from bench.fleet_costs import Cost, Costs, cost
from bench.known import text
from bench.polling import DATA
from monitor import config
from monitor.feeds.parse import parse
from monitor.intake import judge
from monitor.model import Entry, Feed, FeedState, Fetched, NotModified, ParseResult, Secret
from monitor.pipeline import Pipeline, Unchanged
from monitor.ports import Store
from monitor.prepared import compile_setup
from monitor.setup import Setup
from monitor.store import open_store
from monitor.store.sql_store import SqlStore
from tests.world import FakeClock, FakeSender

ROOT: Final = Path(__file__).resolve().parent.parent
FEEDS: Final = 40
SHOWN: Final = 25  # entries in a document
BATCH: Final = 25  # feeds of a job
NOW: Final = datetime(2026, 6, 1, tzinfo=UTC)
STEP: Final = timedelta(seconds=20)  # between two polls


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What stays, in bytes, indexes included: of a new entry, of one that a rule matched beyond that, of a feed.
    `alerts`: of each matched entry."""

    entry: float
    matched: float
    feed: float
    alerts: float


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Headlines and summaries in the order in which they were published: those that no starter rule matched, those that
    one did."""

    others: Sequence[tuple[str, str]]
    matched: Sequence[tuple[str, str]]
    origin: str

    @property
    def share(self) -> float:
        return len(self.matched) / (len(self.matched) + len(self.others))


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Of a store: the microseconds of processor that its own processes have taken, if it has any; the bytes that it
    has written to its log; and what lies in its tables."""

    cpu: Callable[[], float]
    log: Callable[[], float]
    tables: Callable[[], Mapping[str, float]]


def articles() -> list[tuple[str, str]]:
    """Headline and summary, in the order in which they were published."""
    if not DATA.is_dir():
        return [(text(9, n), text(30, 7 * n)) for n in range(6000)]
    with gzip.open(DATA / "items" / "antcorpus_2018.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row.get("published")]
    rows.sort(key=lambda row: (row["id"].rpartition("-")[2], row["id"]))  # the day is all that is sure
    return [(row["title"], row["summary"] or "") for row in rows]


def setup_of_starter_rules(clock: FakeClock) -> Setup:
    return compile_setup(config.load_rules(ROOT / "rules.yaml", environ={}), FakeSender(clock))


def judging(setup: Setup) -> tuple[Costs, News]:
    """Before any transaction: each entry is read, matched, and its facts are read where a rule matched."""
    found: list[float] = []
    kinds: dict[bool, list[tuple[str, str]]] = {False: [], True: []}
    some = articles()
    judge(
        setup, feed_of(0), _entry(("غارة جوية تستهدف مطار دير الزور", "")), now=NOW
    )  # the reader of facts is made once
    for told in some:
        before = time.process_time()
        judged = judge(setup, feed_of(0), _entry(told), now=NOW)
        found.append((time.process_time() - before) * 1e6)
        kinds[bool(judged.matches.matches)].append(told)
    origin = f"from data: {len(some)} articles of 2018" if DATA.is_dir() else "made up: ../shared/data is not there"
    costs = {"judge": cost(found, "µs", "a headline and its summary against the starter rules, facts included; CPU")}
    return costs, News(others=kinds[False], matched=kinds[True] or some[:40], origin=origin)


def _entry(told: tuple[str, str]) -> Entry:
    return Entry(feed_id="f0", title=told[0], summary=told[1], published_at=NOW)


def feed_of(number: int) -> Feed:
    url = f"https://host-{number}.example/rss"
    return Feed(id=f"f{number}", url=Secret(url), address=url, name=f"صحيفة {number}", source=f"host-{number}",
                every=timedelta(minutes=5))  # fmt: skip


@dataclass(slots=True)
class _Timed:
    """`Store`: as the one within, but the time of its transactions of entries is kept. Microseconds."""

    store: Any
    wall: list[float] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    @contextlib.contextmanager
    def ingest(self) -> Iterator[Any]:
        begun = time.perf_counter()
        with self.store.ingest() as tx:
            yield tx
        self.wall.append((time.perf_counter() - begun) * 1e6)


class _Parser:
    """`Parser`, in this process; what it took is told, and nobody's cost here."""

    def __init__(self) -> None:
        self.took = 0.0

    def parse(self, feed_id: str, page: Fetched, *, known: bytes | None = None) -> ParseResult:
        begun = time.process_time()
        parsed = parse(feed_id, page.body, None, base_url=page.url, fetched_at=page.fetched_at, known=known)
        self.took += time.process_time() - begun
        return parsed

    def close(self) -> None:
        pass


class Stream:
    """Polls of a store, one after the other."""

    def __init__(self, store: Any, setup: Setup, clock: FakeClock, news: Sequence[tuple[str, str]]) -> None:
        self.store, self._setup, self._clock, self._parser = _Timed(store), setup, clock, _Parser()
        self._pipeline = Pipeline(
            store=cast(Store, self.store), parser=self._parser, sender=FakeSender(clock), clock=clock, rng=Random(1)
        )
        self._articles = news
        self._shown = [self._articles[n * SHOWN : (n + 1) * SHOWN] for n in range(FEEDS)]
        self._next, self._numbers = FEEDS * SHOWN, [SHOWN] * FEEDS
        self.feeds = [feed_of(number) for number in range(FEEDS)]
        self.alerts = 0

    def first_polls(self) -> None:
        for number in range(FEEDS):
            self.changed(number)

    def bring(self, news: Sequence[tuple[str, str]]) -> None:
        """These come next."""
        self._articles, self._next, self.alerts = news, 0, 0

    def changed(self, number: int, *, new: int = 0) -> float:
        """A document with so many new entries is taken in: CPU of it without its parsing, in microseconds."""
        for _ in range(new):
            self._shown[number] = [self._articles[self._next % len(self._articles)], *self._shown[number][:-1]]
            self._next += 1
            self._numbers[number] += 1
        self._clock.advance(STEP)
        [state] = self.claim([number])
        page = Fetched(url=self.feeds[number].address, body=self._body(number), content_type=None, validators=None,
                       fetched_at=self._clock.now())  # fmt: skip
        begun, parsed = time.process_time(), self._parser.took
        report = self._pipeline.take(self._setup, self.feeds[number], state, page)
        spent = time.process_time() - begun - (self._parser.took - parsed)
        if report.outcome != "polled" or report.new < new:
            raise SystemExit(f"{report.outcome}, {report.new} new of {new}: {report.detail}")
        self.alerts += len(report.alerts)
        return spent * 1e6

    def unchanged(self, numbers: Sequence[int]) -> None:
        states = self.claim(numbers)
        self._clock.advance(STEP)
        result = NotModified(fetched_at=self._clock.now())
        polls = [Unchanged(self.feeds[number], state, result) for number, state in zip(numbers, states, strict=True)]
        self._pipeline.take_unchanged(polls)

    def claim(self, numbers: Sequence[int]) -> list[FeedState]:
        wanted = {self.feeds[number].id: number for number in numbers}
        states: list[FeedState] = self.store.claim_due_feeds(
            [self.feeds[number] for number in numbers], self._clock.now(), limit=len(numbers),
            lease=timedelta(seconds=1), every=True,
        )  # fmt: skip
        return sorted(states, key=lambda state: list(wanted).index(state.feed_id))

    def _body(self, number: int) -> bytes:
        base, at = self.feeds[number].address, format_datetime(self._clock.now())
        newest = self._numbers[number]
        items = "".join(
            f"<item><title>{escape(title)}</title><link>{base}/{newest - place}</link>"
            f"<guid>{number}-{newest - place}</guid><pubDate>{at if place == 0 else format_datetime(NOW)}</pubDate>"
            f"<description>{escape(summary)}</description></item>"
            for place, (title, summary) in enumerate(self._shown[number])
        )
        head = f"<title>ت</title><link>{base}</link><lastBuildDate>{at}</lastBuildDate>"
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def storing(
    name: str, store: Any, server: Server, setup: Setup, clock: FakeClock, news: News, polls: int
) -> tuple[Costs, Written]:
    """`name`: of the store, before each of its costs."""
    stream = Stream(store, setup, clock, news.others)
    stream.first_polls()
    for number in range(FEEDS):
        stream.changed(number, new=1)
    costs, sizes = dict[str, Cost](), [server.tables()]
    costs |= _of_entries(name, stream, server, polls, "new", "a poll with one new entry that no rule matches")
    sizes.append(server.tables())
    stream.bring(news.matched)
    found = min(polls, len(news.matched))
    costs |= _of_entries(name, stream, server, found, "matched", "a poll with one new entry that a rule matches")
    alerts = stream.alerts / found
    sizes.append(server.tables())
    costs |= _of_entries(name, stream, server, polls // 4, "none new", "a poll with nothing new in other bytes")
    costs |= _of_batches(name, stream, server, max(8, polls // 25))
    entry, matched = (_grown(*pair) / count for pair, count in zip(pairwise(sizes), (polls, found), strict=True))
    feed = sizes[0].get("feed_state", 0.0) / FEEDS
    return costs, Written(entry=entry, matched=max(0.0, matched - entry), feed=feed, alerts=alerts)


def _grown(before: Mapping[str, float], after: Mapping[str, float]) -> float:
    """Bytes, without those of the rows that each poll writes anew."""
    return sum(size - before.get(table, 0.0) for table, size in after.items() if table != "feed_state")


def _of_entries(name: str, stream: Stream, server: Server, polls: int, kind: str, what: str) -> Costs:
    worker, of_server, written = [], [], []
    stream.store.wall.clear()
    for poll in range(polls):
        cpu, log = server.cpu(), server.log()
        worker.append(stream.changed(poll % FEEDS, new=0 if kind == "none new" else 1))
        of_server.append(server.cpu() - cpu)
        written.append(server.log() - log)
    return {
        f"{name}: take in, {kind}": cost(worker, "µs", f"{what}, all but fetch and parse; worker's CPU"),
        f"{name}: transaction, {kind}": cost(stream.store.wall, "µs", f"{what}: its transaction, by the clock"),
        f"{name}: server, {kind}": cost(of_server, "µs", f"{what}, its claim included; CPU of the server's process"),
        f"{name}: log, {kind}": cost(written, "bytes", f"{what}, its claim included; written ahead"),
    }


def _of_batches(name: str, stream: Stream, server: Server, batches: int) -> Costs:
    worker, of_server, written = [], [], []
    for batch in range(batches):
        numbers = [(batch * BATCH + n) % FEEDS for n in range(BATCH)]
        begun, cpu, log = time.process_time(), server.cpu(), server.log()
        stream.unchanged(numbers)
        worker.append((time.process_time() - begun) / BATCH * 1e6)
        of_server.append((server.cpu() - cpu) / BATCH)
        written.append((server.log() - log) / BATCH)
    what = f"a poll that brought nothing, claimed and recorded with {BATCH - 1} others"
    return {
        f"{name}: take in, unchanged": cost(worker, "µs", f"{what}; worker's CPU"),
        f"{name}: server, unchanged": cost(of_server, "µs", f"{what}; CPU of the server's process"),
        f"{name}: log, unchanged": cost(written, "bytes", f"{what}; written ahead"),
    }


@contextlib.contextmanager
def sqlite(folder: Path) -> Iterator[tuple[SqlStore, Server]]:
    """On disk; it has no server, so what its processes take is the worker's."""
    store = open_store(folder, now=NOW)
    file = folder / "monitor.db"
    log = _GrowingLog(Path(f"{file}-wal"))
    try:
        yield store, Server(cpu=lambda: 0.0, log=log.written, tables=lambda: _tables(file))
    finally:
        store.close()


class _GrowingLog:
    """The log is written from its beginning again after each checkpoint: what SQLite counts in its index of it."""

    def __init__(self, path: Path) -> None:
        self._index, self._last, self._sum = Path(f"{str(path).removesuffix('-wal')}-shm"), 0, 0.0

    def written(self) -> float:
        head = self._index.read_bytes()[:20]  # mxFrame, by https://www.sqlite.org/walformat.html
        page = int.from_bytes(head[14:16], "little")
        frames = int.from_bytes(head[16:20], "little")
        self._sum += (frames - self._last if frames >= self._last else frames) * (page + 24)
        self._last = frames
        return self._sum


def _tables(file: Path) -> dict[str, float]:
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        rows = db.execute(
            "SELECT tbl_name, sum(pgsize) FROM dbstat JOIN sqlite_schema USING (name) GROUP BY tbl_name"
        ).fetchall()
    return {str(name): float(size) for name, size in rows}
