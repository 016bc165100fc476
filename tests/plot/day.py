"""The product over the day: the real feeds, rules, pipeline, matcher and store; only time, network and service are made
up."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from monitor import config as configuration
from monitor.feeds.fetch import fetcher_from
from monitor.loops import PollLoop
from monitor.model import Alert, Fetched, FetchRequest, FetchResult
from monitor.outbound import DeliverLoop
from monitor.pipeline import Pipeline
from monitor.prepared import compile_setup
from monitor.store import SqliteStore, codec
from tests.plot.expected import MUTE
from tests.plot.serving import POLLS, documents_at, write_rules
from tests.plot.values import Plot
from tests.servers import Site
from tests.world import FakeClock, FakeSender, PlainParser

PORT = 8080  # nobody listens there


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that went out."""

    at: datetime
    alert: Alert


@dataclass(frozen=True, slots=True)
class Decided:
    """A verdict as it was stored. `version` counts the entry's texts from 0."""

    entry: str  # guid
    version: int
    rule: str
    reason: str
    why: str
    story: int


class Documents:
    """`Fetcher`: every address answers with its document of the minute."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock, self.documents = clock, dict[str, bytes]()

    def submit(self, request: FetchRequest) -> Future[FetchResult]:
        address = request.feed.url.reveal()
        done: Future[FetchResult] = Future()
        done.set_result(
            Fetched(
                url=address,
                body=self.documents["/" + address.rsplit("/", 1)[1]],
                content_type="application/rss+xml",
                validators=None,
                fetched_at=self._clock.now(),
            )
        )
        return done

    def close(self) -> None:
        pass


class Day:
    """`order` is a seed for the order in which the feeds are asked at each poll; None for that of the rules file.

    `site`: where the documents are served on the loopback, to be fetched as any; None to hand them over.
    """

    def __init__(self, plot: Plot, directory: Path, *, order: int | None = None, site: Site | None = None) -> None:
        self.plot, self._rng, self._site = plot, None if order is None else Random(order), site
        self.rules = directory / "rules.yaml"
        write_rules(self.rules, PORT if site is None else site.port)
        self.clock = FakeClock(plot.instant(POLLS[0]))
        self.sender = FakeSender(self.clock)
        self._network = Documents(self.clock) if site is None else fetcher_from({}, clock=self.clock)
        self.setup = compile_setup(configuration.load(self.rules, environ={}), self.sender)
        self.store = SqliteStore.in_memory(now=self.clock.now())
        pipeline = Pipeline(
            store=self.store, parser=PlainParser(), sender=self.sender, clock=self.clock, rng=Random(1)
        )  # fmt: skip
        self.polls = PollLoop(
            pipeline=pipeline,
            store=self.store,
            fetcher=self._network,
            clock=self.clock,
            report=lambda _: None,
            threads=1,
        )
        self.deliveries = DeliverLoop(pipeline=pipeline, store=self.store, clock=self.clock, report=lambda *_: None)
        self.sent: list[Sent] = []

    def close(self) -> None:
        self.deliveries.stop()
        self.polls.stop()
        self._network.close()
        self.store.close()

    def run(self) -> None:
        for minute in POLLS:
            self.clock.advance(self.plot.instant(minute) - self.clock.now())
            if minute >= MUTE.minute > minute - 5:
                self._mute()
            self._show(documents_at(self.plot, minute))
            self._poll()
            self._deliver()
        self.clock.advance(timedelta(hours=1))
        self._deliver()

    def _show(self, documents: dict[str, bytes]) -> None:
        if self._site is not None:
            self._site.pages |= documents
        elif isinstance(self._network, Documents):
            self._network.documents = documents

    def _poll(self) -> None:
        feeds = list(self.setup.feeds.values())
        if self._rng is not None:
            self._rng.shuffle(feeds)
        for feed in feeds:
            self.polls.tick(self.setup, [feed], every=True)
            assert self.polls.wait(60)
        assert self.polls.trouble is None, self.polls.trouble

    def _deliver(self) -> None:
        before = len(self.sender.sent)
        while self.deliveries.tick(self.setup):
            assert self.deliveries.wait(60)
        self.sent += [Sent(self.clock.now(), delivery.alert) for delivery in self.sender.sent[before:]]

    def _mute(self) -> None:
        now = codec.microseconds(self.clock.now())
        until = codec.microseconds(self.plot.instant(48 * 60))
        with self.store.database.write() as db:
            db.execute(
                "INSERT INTO mute (kind, subject, until_us, reason, by, begun_us) VALUES ('rule', ?, ?, ?, 'desk', ?)",
                (MUTE.rule, until, MUTE.reason, now),
            )

    def decided(self) -> Iterator[Decided]:
        """Every verdict, in the order given."""
        query = """
            SELECT first.guid AS guid, verdict.*, (
                SELECT count(*) FROM entry WHERE (id = first.id OR first_id = first.id) AND id < version_id
            ) AS version FROM verdict JOIN entry AS first ON first.id = verdict.entry_id ORDER BY decided_us, version_id
        """
        with self.store.database.read() as db:
            for row in db.execute(query).fetchall():
                yield Decided(row["guid"], row["version"], row["rule_id"], row["reason"], row["why"], row["story_id"])
