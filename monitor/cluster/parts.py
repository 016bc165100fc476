"""What a worker is made of: the adapters and loops of `run`, on the database that the fleet shares."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final, TextIO

from monitor.alerts.receipts import Receipts
from monitor.articles.loop import ArticleLoop
from monitor.chains import ChainTick
from monitor.cluster.operations import FleetOperations
from monitor.cluster.pages import InLanes
from monitor.cluster.turns import CHANNELS, FleetTurns
from monitor.cluster.turns import LEASE as TURN_LEASE
from monitor.feeds.fetch import fetcher_from
from monitor.late import LateSender, late_parser, late_reader
from monitor.lookout import Lookout
from monitor.loops import PollLoop
from monitor.model import Alert, ArticleReport, Attempt, Delivery, PollReport
from monitor.outbound import DeliverLoop
from monitor.pipeline import Pipeline
from monitor.ports import Clock, Fetcher
from monitor.processes import wanted as processes_wanted
from monitor.store.article_rows import Articles
from monitor.store.chain_rows import Chains
from monitor.store.postgres.now import server_now
from monitor.store.postgres.store import PostgresStore
from monitor.store.trouble_rows import TroubleRows
from monitor.store.turn_rows import TurnRows

if TYPE_CHECKING:
    from datetime import tzinfo

    from monitor.alerts.send import AppriseSender

log = logging.getLogger(__name__)

LAST_WORD: Final = 0.5  # seconds
# Of an article, whose page has its slot, its answer and its text within seconds each: so long it stands still when its
# worker is killed.
ARTICLE_LEASE: Final = timedelta(minutes=3)
FETCHES: Final = 256  # under way at a time; feeds answer in a second or two, so one worker asks some hundred a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Who hears of what a worker does; each is called in a thread of the loops."""

    poll: Callable[[PollReport], None]
    delivery: Callable[[Delivery, Attempt], None]
    article: Callable[[ArticleReport], None]


class Parts:
    """They begin nothing by themselves. `fetches`: under way at a time. `zone` is that of times in messages until there
    are rules."""

    def __init__(
        self,
        *,
        store: PostgresStore,
        worker: str,
        clock: Clock,
        environ: Mapping[str, str],
        zone: tzinfo,
        heard: Heard,
        links_of: Callable[[Alert], Mapping[str, str]],
        receipts: Receipts,
        console: TextIO | None = None,
        fetches: int = FETCHES,
        around_fetcher: Callable[[Fetcher], Fetcher] = lambda fetcher: fetcher,
    ) -> None:
        def make_sender(zone: tzinfo) -> AppriseSender:
            from monitor.alerts.send import AppriseSender

            sender = AppriseSender(clock=clock, zone=zone, console=console)
            sender.links, sender.receipts = links_of, receipts
            return sender

        def tried(delivery: Delivery, attempt: Attempt) -> None:
            receipts.end(delivery)
            heard.delivery(delivery, attempt)

        self._clock = clock
        self.sender = LateSender(make_sender, zone)
        self.fetcher = around_fetcher(fetcher_from(environ, clock=clock, parallel=fetches))
        self._pages = InLanes(self.fetcher, store.database)
        self.parser = late_parser(clock)
        self.operations = FleetOperations(
            self.sender, clock=clock, memory=TroubleRows(store.database), database=store.database
        )
        self.lookout = Lookout(store=store, sender=self.sender, operations=self.operations, clock=clock)
        pipeline = Pipeline(
            store=store,
            parser=self.parser,
            sender=self.sender,
            clock=clock,
            rng=Random(),  # noqa: S311 - jitter
        )
        self.polls = PollLoop(
            pipeline=pipeline,
            store=store,
            fetcher=self.fetcher,
            clock=clock,
            report=heard.poll,
            lost=self._lost("polls"),
            threads=processes_wanted() + 1,
        )
        self.articles = ArticleLoop(
            pipeline=pipeline,
            articles=Articles(store.database),
            reader=late_reader(clock),
            fetcher=self._pages,
            clock=clock,
            report=heard.article,
            lost=self._lost("articles"),
            lease=ARTICLE_LEASE,
        )
        self.chains = ChainTick(chains=Chains(store.database), sender=self.sender, clock=clock)
        self.turns = FleetTurns(TurnRows(store.database, server_now, lease=TURN_LEASE), worker, clock)
        self.deliveries = DeliverLoop(
            pipeline=pipeline,
            store=store,
            clock=clock,
            report=tried,
            lost=self._lost("deliveries"),
            channels=CHANNELS,
            turns=self.turns,
        )

    def _lost(self, what: str) -> Callable[[Exception], None]:
        def tell(error: Exception) -> None:
            """It is tried again when its lease ends; while the database is away, nothing else could be said."""
            log.warning("work.lost", extra={"of": what, "why": type(error).__name__})

        return tell

    def stop_to_send(self) -> None:
        """What is being sent is; what stands behind it is due at once, for another worker."""
        self.deliveries.stop()

    def close(self, *, within: float) -> bool:
        """Begin nothing more, give what is under way `within` seconds, then let go. False if something hung on."""
        deadline = self._clock.monotonic() + within
        loops = (self.polls, self.articles, self.deliveries)
        for loop in loops:
            loop.stop()
        self._pages.close()
        ended = [loop.wait(max(0.0, deadline - self._clock.monotonic())) for loop in loops]
        self.operations.close()
        self.sender.close()
        self.deliveries.wait(LAST_WORD)
        self.turns.close()
        return all(ended)

    def let_go(self) -> None:
        """After the store: a poll that this breaks must not be written down as the feed's failure."""
        self.parser.close()
        self.articles.close()


def rules_folder(state: Path) -> Path:
    return state / "rules"
