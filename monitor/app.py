"""The only place that builds objects: from a configuration and a state directory to something that runs."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import timedelta, tzinfo
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, TextIO

from monitor import config as configuration
from monitor.alerts.receipts import Receipts
from monitor.articles.loop import ArticleLoop
from monitor.chains import ChainTick
from monitor.clock import SystemClock
from monitor.compiled import Shelf
from monitor.config import Config
from monitor.errors import StateDamaged, StateError
from monitor.feeds.fetch import fetcher_from
from monitor.late import LateSender, late_parser, late_reader
from monitor.lookout import Lookout
from monitor.loops import PollLoop
from monitor.model import Alert, ArticleReport, Attempt, Delivery, DeliveryStatus, PollReport
from monitor.operations import Operations
from monitor.outbound import DeliverLoop
from monitor.pipeline import Pipeline
from monitor.ports import Clock, Fetcher
from monitor.prepared import compile_setup
from monitor.processes import wanted as processes_wanted
from monitor.recall import recall, remember
from monitor.reload import Renewal, renew, weak_spots
from monitor.store import Reader, SqlStore, open_scratch, open_store, place, tidy
from monitor.store.article_rows import Articles
from monitor.store.chain_rows import Chains
from monitor.store.migrate import shipped as migrations
from monitor.store.right import PollRight
from monitor.store.trouble_rows import TroubleRows
from monitor.store.vouched import Vouched
from monitor.store.watch_rows import watches
from monitor.unheard import record_unheard
from monitor.watch import Watch

if TYPE_CHECKING:
    from monitor.alerts.send import AppriseSender
    from monitor.links import Links

log = logging.getLogger(__name__)

CHECK_EVERY = timedelta(days=1)
LAST_WORD = 0.5  # seconds


def _ignore(*_reported: object) -> None:
    pass


def _as_it_is(fetcher: Fetcher) -> Fetcher:
    return fetcher


class App:
    """One process's worth of monitor: it has the right to poll from beginning to end."""

    def __init__(
        self,
        config_file: Path,
        state: Path,
        *,
        command: str,
        baseline: bool = True,
        dry_run: bool = False,
        keeps_going: bool = False,
        shelf: Shelf | None = None,
        recalls: bool = False,
        console: TextIO | None = None,
        environ: Mapping[str, str] = os.environ,
        clock: Clock | None = None,
        around_fetcher: Callable[[Fetcher], Fetcher] = _as_it_is,
        on_config: Callable[[Config], None] = _ignore,
        on_poll: Callable[[PollReport], None] = _ignore,
        on_delivery: Callable[[Delivery, Attempt], None] = _ignore,
        on_article: Callable[[ArticleReport], None] = _ignore,
    ) -> None:
        """Load, lock, open. Raises ConfigError, StateLocked, StateError; then nothing stays open.

        `dry_run` works on a copy of the state, in memory and without the lock. `command` names us to another process
        that finds the lock taken. `keeps_going`: also while the disk takes nothing. `console` is where the console
        channel prints (standard output if None). The callbacks are called from worker threads; `on_config` at once,
        and with each configuration taken over. `around_fetcher` may put itself around the fetcher, to look on.

        `shelf` is where compiled rules are kept from start to start. `recalls`, for a process that soon ends: what the
        rules files say is kept there too, and nothing is compiled before an entry asks for it.
        """
        self.clock = clock or SystemClock()
        self.state, self.config_file, self._environ = state, config_file, environ
        self._shelf, self._recalls = shelf, recalls
        recalled = recall(config_file, shelf, environ=environ) if shelf and recalls else None
        self.config = recalled or configuration.load(config_file, environ=environ)
        self.rules_at, self.rules_refused = self.clock.now(), False
        self._weak: set[str] = set()  # names of the weak spots that were told
        self._on_config = on_config
        on_config(self.config)
        self.fetcher = around_fetcher(fetcher_from(environ, clock=self.clock))
        self._checked_at = self.clock.now()  # the store is checked as it is opened
        self._vouched: Vouched | None = None
        self._right: PollRight | None = None
        self.receipts = None if dry_run else Receipts(state)
        try:
            self._right = None if dry_run else PollRight.acquire(state, command=command, now=self.clock.now())
            self.store = open_scratch(state, now=self.clock.now()) if dry_run else self._opened()
            self.store.reserve(keeps_going=keeps_going)
            if self.receipts is not None:
                record_unheard(self.receipts, self.store)
            self.store.take_over(now=self.clock.now())
            if not recalled:  # the rules may be others than those by which something waits
                self.store.look_anew(self.clock.now(), rule_ids=[rule.id for rule in self.config.rules])
        except BaseException:  # also Ctrl-C must not leave the lock taken or the fetcher's thread running
            self._unlock()
            self.fetcher.close()
            raise
        self._link_key: bytes | None = None
        self._dry_run = dry_run
        if shelf and recalls and not recalled:
            remember(self.config, shelf, schema=migrations()[-1].number)
        self._on_poll, self._on_delivery, self._on_article = on_poll, on_delivery, on_article
        self._build(console, baseline)

    def _opened(self) -> SqlStore:
        """Read whole, unless a check did that within a day."""
        now = self.clock.now()
        if self._shelf and self._recalls:
            self._vouched = Vouched(self._shelf, self.state / place.DATABASE)
            known = self._vouched.checked_at(now=now)
            self._checked_at = known or now
            return open_store(self.state, now=now, check=known is None)
        return open_store(self.state, now=now)

    def _unlock(self) -> None:
        if self._right is not None:
            self._right.release()

    def _build(self, console: TextIO | None, baseline: bool) -> None:
        self.sender = LateSender(partial(self._make_sender, console), self.config.timezone)
        self.sender.templates = self.config.templates
        self.setup = compile_setup(self.config, self.sender, shelf=self._shelf, at_once=not self._recalls)
        self.operations = Operations(self.sender, clock=self.clock, memory=TroubleRows(self.store.database))
        self.operations.use(() if self._right is None else self.config.channels)  # a dry run tells nobody
        self.lookout = Lookout(store=self.store, sender=self.sender, operations=self.operations, clock=self.clock)
        self.parser = late_parser(self.clock)
        pipeline = Pipeline(
            store=self.store,
            parser=self.parser,
            sender=self.sender,
            clock=self.clock,
            rng=Random(),  # noqa: S311 - jitter
            baseline=baseline,
        )
        self.polls = PollLoop(
            pipeline=pipeline,
            store=self.store,
            fetcher=self.fetcher,
            clock=self.clock,
            report=self._polled,
            lost=partial(self._lost, "polls"),
            threads=processes_wanted() + 1,  # one document is matched and stored while the others are parsed
        )
        self.articles = ArticleLoop(
            pipeline=pipeline, articles=Articles(self.store.database), reader=late_reader(self.clock),
            fetcher=self.fetcher, clock=self.clock, report=self._read_article, lost=partial(self._lost, "articles"),
        )  # fmt: skip
        self.chains = ChainTick(chains=Chains(self.store.database), sender=self.sender, clock=self.clock)
        self.deliveries = DeliverLoop(
            pipeline=pipeline,
            store=self.store,
            clock=self.clock,
            report=self._tried,
            lost=partial(self._lost, "deliveries"),
        )
        self._watch = Watch(self.config.digests, configuration.digest_of)

    def _make_sender(self, console: TextIO | None, zone: tzinfo) -> AppriseSender:
        from monitor.alerts.send import AppriseSender

        sender = AppriseSender(clock=self.clock, zone=zone, console=console)
        sender.links, sender.receipts = self.links_of, self.receipts
        return sender

    def links(self) -> Links | None:
        """What makes links in messages now; None where the rules name no `web.url`, or there is no key that is good.

        Asked for each message: a key that somebody mends counts from the next one on. A dry run tells nobody.
        """
        if self.config.web is None or self._dry_run:
            return None
        from monitor.links import Links
        from monitor.store.which import link_key

        try:
            self._link_key = self._link_key or link_key(self.state)
        except StateError as error:
            self.operations.tell("links", "Messages have no links", str(error))
            return None
        self.operations.over("links")
        return Links(self.config.web, self._link_key)

    def links_of(self, alert: Alert) -> Mapping[str, str]:
        """For its message, by what they do: 'open', 'ack', 'mute', 'wrong'; empty without a `web.url`."""
        links = self.links()
        return links.of(alert) if links else {}

    def _read_article(self, report: ArticleReport) -> None:
        self._tell_of(report.problems)
        self._on_article(report)

    def _polled(self, report: PollReport) -> None:
        self._tell_of(report.problems)
        self._on_poll(report)

    def _tell_of(self, problems: Sequence[str]) -> None:
        for problem in problems:
            rule_id = problem.partition(":")[0]
            title = f"Rule {rule_id} may have missed something"
            self.operations.tell(f"rule {rule_id}", title, problem, passes=True)

    def _tried(self, delivery: Delivery, attempt: Attempt) -> None:
        if self.receipts is not None:
            self.receipts.end(delivery, durably=not self.store.holds)
        self._on_delivery(delivery, attempt)

    def _lost(self, what: str, error: Exception) -> None:
        """It is tried again when its lease ends, and may break again: nothing that is recorded would tell."""
        why = str(error) if isinstance(error, StateError) else f"{type(error).__name__}: see the log, and report it"
        self.operations.tell(f"lost {what}", f"Some {what} came to nothing within monitor", why, passes=True)

    # --- what the daemon asks

    def tick(self) -> None:
        """Begin what is due; returns at once."""
        with ExitStack() as rest:  # whatever one of them raises, the others have their turn
            rest.callback(self.deliveries.tick, self.setup)
            rest.callback(self.chains.tick, self.setup)
            rest.callback(self.articles.tick, self.setup)
            self.polls.tick(self.setup)

    def reload_if_changed(self, *, asked: bool) -> None:
        """Take over a changed rules file if it is good; otherwise keep the old rules and tell the operators."""
        if not (self._watch.settled_change() or asked):
            return
        load = partial(configuration.load, self.config_file, environ=self._environ)
        compile_ = partial(compile_setup, sender=self.sender, shelf=self._shelf, before=self.setup)
        new = renew(self.config, load, compile_)
        self._watch.follow(new.config.digests if isinstance(new, Renewal) else new.digests)
        if isinstance(new, Renewal):
            self._take_over(new)
        else:
            self._refuse(new.why)

    def begin_watch(self) -> None:
        """What is told, and due, once at the start: a restart often means that somebody mended something."""
        for warning in self.store.warnings:
            log.warning("state.warning", extra={"what": warning})
        if self.store.warnings:
            found = "\n".join(self.store.warnings)
            self.operations.tell("state found", "The state directory wants a look", found, passes=True)
        failing = [state.feed_id for state in Reader(self.store.database).feeds() if state.failures]
        self.store.make_due([feed_id for feed_id in failing if feed_id in self.setup.feeds], now=self.clock.now())
        self._tell_of_weak_spots()

    def _tell_of_weak_spots(self, *, tested: bool = False) -> None:
        try:
            spots = list(weak_spots(self.config, self.sender, self.setup.matcher.compiled(), tested=tested))
            for mended in self._weak - {trouble for trouble, _, _ in spots}:
                self.operations.over(mended)
            self._weak = {trouble for trouble, _, _ in spots}
            for trouble, title, text in spots:
                self.operations.tell(trouble, title, text)
        except Exception:  # watching matters more than what can be said about it
            log.exception("weak_spots.broke")

    def _refuse(self, why: str) -> None:
        self.rules_refused = True
        log.error("rules.refused", extra={"file": str(self.config_file), "why": why})
        self.operations.tell("rules", "The changed rules were refused; the old ones stay in force", why)

    def _take_over(self, new: Renewal) -> None:
        config = self.config = new.config
        self.setup = new.setup
        self.rules_at, self.rules_refused = self.clock.now(), False
        self.sender.zone, self.sender.templates = config.timezone, config.templates
        self._on_config(config)
        self.operations.use(config.channels)
        self.operations.over("rules")
        self.store.make_due(new.asked_anew, now=self.clock.now())
        self.store.look_anew(self.clock.now(), rule_ids=[rule.id for rule in config.rules])
        log.info("rules.reloaded", extra=self.summary())
        self._tell_of_weak_spots(tested=True)

    def look_after_itself(self) -> None:
        """Put daily tests into the outbox, find what is wrong, and tell the operations channels what they need to hear.

        May take two minutes, where those hang.
        """
        try:
            self.lookout.send_canaries(self.config)
            self.look_for_silence()
        finally:
            self.look()

    def look_for_silence(self) -> list[Alert]:
        """Tell of rules that waited too long, or no longer wait. What a feed brought decides, so a look after polls is
        enough: `idle` need not know."""
        if not self.config.watching and not watches(self.store.database):
            return []
        from monitor.silences import Silences  # with all that it needs of rules, which most monitors do not

        return Silences(store=self.store, clock=self.clock).look(self.setup, self.config.watching)

    def look(self) -> None:
        """See `Lookout.look`. The rules are the compiled ones: those of `config` may have to be read from files."""
        self.lookout.look(self.config, self.setup.rules)

    def say_alive(self, *, ticking: str = "") -> None:
        """A sign of life to the heartbeat address, if it is time for one; see `Lookout.beat`."""
        self.lookout.beat_if_due(self.config, ticking=ticking)

    def keep_house(self) -> None:
        """Tidy up, and once a day read every page; the operators hear of damage that either finds."""
        now = self.clock.now()
        try:
            if now - self._checked_at >= CHECK_EVERY:
                self._checked_at = now
                self.store.check()
                self.operations.over("damage")
            if not self.store.holds:
                tidy(self.store, now=now)
        except StateDamaged as error:
            self.operations.tell("damage", "The state is damaged", str(error))

    def look_after_state(self) -> None:
        """May we go on, is there room again, and what must the operators hear? Raises StateLocked where others poll."""
        if self._right is not None:
            self._right.look()
        self.store.look_up()
        if self.store.trouble:
            self.operations.tell("disk", "The disk does not take what must be recorded", self.store.trouble)
        else:
            self.operations.over("disk")

    def summary(self) -> dict[str, object]:
        return {
            "rules": len(self.config.rules),
            "feeds": len(self.config.feeds),
            "channels": len(self.config.channels),
            "state": str(self.state),
        }

    # --- what the command line asks

    def undelivered(self) -> tuple[int, int]:
        """How many deliveries wait that could be sent by now, and how many were given up."""
        reader = Reader(self.store.database)
        counts, held = reader.totals().deliveries, reader.held(self.clock.now())
        return counts[DeliveryStatus.PENDING] + counts[DeliveryStatus.RETRYING] - held, counts[DeliveryStatus.DEAD]

    def on_console(self, alert: Alert) -> bool:
        """Whether the console is among those who hear of the alert."""
        told = {recipient.channel_id for recipient in self.setup.recipients(alert.rule_id, alert.severity)}
        return any(self.setup.channels[channel_id].url is None for channel_id in told)

    # --- the end

    def close(self, *, within: float = 30.0) -> bool:
        """Begin nothing more, give what is under way `within` seconds, then let go. False if something hung on.

        Nothing is lost: what was not finished is due again at the next start.
        """
        deadline = self.clock.monotonic() + within
        loops = (self.polls, self.articles, self.deliveries)
        for loop in loops:
            loop.stop()
        self.fetcher.close()
        ended = [loop.wait(max(0.0, deadline - self.clock.monotonic())) for loop in loops]
        self.operations.close()
        self.sender.close()
        self.deliveries.wait(LAST_WORD)  # what this broke off is written down, and what was not begun is no doubt
        self.store.close()
        if self._vouched and not any(loop.trouble for loop in loops):
            self._vouched.leave(self._checked_at)
        self.parser.close()  # after the store: a poll that this breaks must not be written down as the feed's failure
        self.articles.close()
        self._unlock()
        return all(ended)
