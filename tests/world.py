"""A world for scenarios: the real pipeline, matcher, parser and SQLite store; only time and the network are made up."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from random import Random
from unittest.mock import patch

from monitor.feeds.parse import parse
from monitor.language import Lexicon, Newsroom, Rule, Term
from monitor.loops import PollLoop
from monitor.model import (
    Channel,
    Delivery,
    Facts,
    Feed,
    Fetched,
    FetchFailed,
    FetchFailure,
    FetchRequest,
    FetchResult,
    Figure,
    NotSent,
    Origin,
    ParseResult,
    PollReport,
    Recipient,
    Secret,
    SendResult,
    Sent,
    Severity,
    Span,
    Tag,
)
from monitor.outbound import DeliverLoop
from monitor.pipeline import Pipeline
from monitor.rules.matcher import Matcher
from monitor.setup import Named, Reading, Setup
from monitor.store import SqliteStore
from monitor.store.ingest import SqlIngest
from monitor.store.sql_store import SqlStore
from monitor.text.document import Document

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
STRIKE = "غارة جوية على أطراف البلدة"


class FakeClock:
    """Stands still until told."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now, self._monotonic = now, 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, by: timedelta) -> None:
        self._now += by
        self._monotonic += by.total_seconds()


class FakeNetwork:
    """`Fetcher`: answers with what a feed's address was last given, a document or a failure."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock, self.pages = clock, dict[str, bytes | FetchFailure]()
        self.asked: list[str] = []

    def submit(self, request: FetchRequest) -> Future[FetchResult]:
        future: Future[FetchResult] = Future()
        self.asked.append(request.feed.id)
        future.set_result(self._answer(request.feed))
        return future

    def _answer(self, feed: Feed) -> FetchResult:
        page, now = self.pages.get(feed.id, FetchFailure.CONNECT), self.clock.now()
        if isinstance(page, FetchFailure):
            return FetchFailed(failure=page, detail="made up", fetched_at=now)
        return Fetched(
            url=feed.url.reveal(), body=page, content_type="application/rss+xml", validators=None, fetched_at=now
        )

    def close(self) -> None:
        pass


class PlainParser:
    """`Parser`, without the processes around it; `asked` is for which feeds, in order, and `known` the marks given."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.known: list[bytes | None] = []

    def parse(self, feed_id: str, page: Fetched, *, known: bytes | None = None) -> ParseResult:
        self.asked.append(feed_id)
        self.known.append(known)
        return parse(feed_id, page.body, page.content_type, base_url=page.url, fetched_at=page.fetched_at, known=known)

    def close(self) -> None:
        pass


class PlainReading:
    """`setup.Reading` that reads nothing: no facts, and each feed's newsroom is its own owner."""

    def read(self, document: Document) -> Facts:
        return Facts()

    def named(self, facts: Facts) -> Named:
        return (), (), ()

    def origin(self, feed: Feed, document: Document) -> Origin:
        return Origin(newsroom=feed.source, owner=feed.source)

    def newsrooms(self) -> dict[str, Newsroom]:
        return {}

    def within(self, place_id: str) -> tuple[str, ...]:
        return ()


class ScriptedReading(PlainReading):
    """Reads one town, one class of event, and how many were killed (`قتل 5`); a word each for a
    denial and a correction."""

    def read(self, document: Document) -> Facts:
        title = document.title.clean
        killed = re.search(r"قتل (\d+)", title)
        span = Span(field="title", start=0, end=1, clause="killed")
        return Facts(
            killed=Figure(kind="killed", least=int(killed[1]), most=int(killed[1]), span=span) if killed else None,
            places=("harabish",) if "هرابش" in title else (),
            events=("airstrike",) if "غارة" in title else (),
            tags=frozenset(tag for word, tag in _TAGS.items() if word in title),
        )

    def within(self, place_id: str) -> tuple[str, ...]:
        return ("deir-ez-zor", "deir-ez-zor-governorate", "syria") if place_id == "harabish" else ()


_TAGS = {"نفي": Tag.DENIED, "تصحيح": Tag.CORRECTION, "ذكرى": Tag.ANNIVERSARY}


class FakeSender:
    """`Sender`: keeps what it was given; `refuse` makes it fail for a channel."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.sent: list[Delivery] = []
        self.digests: list[tuple[Delivery, ...]] = []
        self.refuse: set[str] = set()
        self.told: list[tuple[str, str]] = []

    def recipients(self, channel: Channel) -> tuple[Recipient, ...]:
        return (Recipient(channel_id=channel.id, key="only"),)

    def send(self, channel: Channel, delivery: Delivery) -> SendResult:
        if channel.id in self.refuse:
            return NotSent(detail="refused", failed_at=self.clock.now())
        self.sent.append(delivery)
        return Sent(sent_at=self.clock.now())

    def send_digest(self, channel: Channel, deliveries: Sequence[Delivery]) -> SendResult:
        if channel.id in self.refuse:
            return NotSent(detail="refused", failed_at=self.clock.now())
        self.digests.append(tuple(deliveries))
        return Sent(sent_at=self.clock.now())

    def problem(self, channel: Channel) -> str | None:
        return None

    def tell(self, channel: Channel, title: str, body: str) -> SendResult:
        self.told.append((channel.id, title))
        return Sent(sent_at=self.clock.now())

    def close(self) -> None:
        pass


def rule(rule_id: str = "strikes", *terms: str, notify: Sequence[str] = ("desk",), **more: object) -> Rule:
    """A rule that wants all of the terms (غارة if none is named)."""
    items = tuple(Term(text=term) for term in terms or ("غارة",))
    return Rule(
        **{"id": rule_id, "title": {"": rule_id}, "severity": Severity.HIGH, "all": items, "notify": notify, **more}
    )


def feed(feed_id: str = "one", **more: object) -> Feed:
    address = f"https://{feed_id}.example/rss"
    return Feed(
        **{
            "id": feed_id,
            "url": Secret(address),
            "address": address,
            "name": feed_id,
            "source": feed_id,
            "every": 5 * MINUTE,
            **more,
        }
    )


def item(title: str = STRIKE, *, n: int = 1, at: datetime | None = NOW, guid: str | None = None, link="", summary=""):
    """One entry of a document; `n` makes its guid and link unless they are given ('' for none)."""
    dated = f"<pubDate>{format_datetime(at)}</pubDate>" if at else ""
    guid = f"g{n}" if guid is None else guid
    return (
        f"<item><title>{escape(title)}</title><link>{link or f'https://news.example/{n}'}</link>"
        f'<guid isPermaLink="false">{guid}</guid>{dated}<description>{escape(summary)}</description></item>'
    )


def rss(*items: str) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>t</title>'
    return f"{head}{''.join(items)}</channel></rss>".encode()


class World:
    def __init__(
        self,
        *rules: Rule,
        feeds: Sequence[Feed] = (),
        baseline: bool = True,
        store: SqlStore | None = None,
        parser: PlainParser | None = None,
        reading: Reading | None = None,
        clock: FakeClock | None = None,
        services: Callable[[FakeClock], FakeSender] = FakeSender,
    ):
        self.clock = clock or FakeClock()
        self.network, self.sender = FakeNetwork(self.clock), services(self.clock)
        self.parser, self.reading = parser or PlainParser(), reading or PlainReading()
        self.store: SqlStore = store or SqliteStore.in_memory(now=NOW)
        self._baseline, self.reports = baseline, list[PollReport]()
        self.pipeline = Pipeline(
            store=self.store,
            parser=self.parser,
            sender=self.sender,
            clock=self.clock,
            rng=Random(1),
            baseline=baseline,
        )
        self.polls = PollLoop(
            pipeline=self.pipeline,
            store=self.store,
            fetcher=self.network,
            clock=self.clock,
            report=self.reports.append,
        )
        self.deliveries = DeliverLoop(
            pipeline=self.pipeline, store=self.store, clock=self.clock, report=lambda *_: None
        )
        self.use(*(rules or (rule(),)), feeds=feeds or (feed(),))

    def use(self, *rules: Rule, feeds: Sequence[Feed]) -> None:
        channel_ids = {"desk", *(channel for each in rules for channel in each.notify)}
        channels = {
            channel_id: Channel(id=channel_id, url=Secret("json://x"), language="ar") for channel_id in channel_ids
        }
        by_id = {each.id: each for each in rules}
        self.setup = Setup(
            feeds={each.id: each for each in feeds},
            rules=by_id,
            matcher=Matcher(rules, Lexicon()),
            reading=self.reading,
            channels=channels,
            recipients=lambda rule_id, _severity: tuple(
                Recipient(channel_id=channel_id, key="only") for channel_id in by_id[rule_id].notify
            ),
            zone=UTC,
        )

    def poll(self, *items: str, feed_id: str = "one") -> list[str]:
        """The feed shows these entries at its next poll; the titles that were alerted."""
        return self.poll_page(rss(*items), feed_id=feed_id)

    def poll_page(self, page: bytes | FetchFailure, *, feed_id: str = "one") -> list[str]:
        self.clock.advance(MINUTE)
        self.network.pages[feed_id] = page
        self.polls.tick(self.setup, [self.setup.feeds[feed_id]], every=True)
        assert self.polls.wait(30)
        return [alert.title for alert in self.reports[-1].alerts]

    def poll_overtaken(self, *items: str, feed_id: str, by: str, by_feed: str) -> None:
        """A poll has read these entries and waits for its turn to decide; meanwhile that of `by_feed` reads and decides
        about the entry `by`."""
        other = World(baseline=self._baseline, store=self.store, clock=self.clock, reading=self.reading)
        other.setup = self.setup
        ingest = self.store.ingest

        def after_the_other() -> AbstractContextManager[SqlIngest]:
            waits.stop()
            other.poll(by, feed_id=by_feed)
            self.reports += other.reports
            self.clock.advance(timedelta(seconds=1))
            return ingest()

        waits = patch.object(self.store, "ingest", after_the_other)
        waits.start()
        self.poll(*items, feed_id=feed_id)

    def deliver(self) -> list[str]:
        """Try what is due; the titles that arrived, in order."""
        before = len(self.sender.sent)
        while self.deliveries.tick(self.setup):
            assert self.deliveries.wait(30)
        return [delivery.alert.title for delivery in self.sender.sent[before:]]
