"""Take in what one poll brought; send one delivery. Nothing else choreographs.

No lock is held while a feed is fetched or a message is sent: what is slow lies between two short transactions.
The adapters come in through the ports.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Final, TypeVar, assert_never

from monitor.alerts.policy import is_passed_on, retry_at
from monitor.errors import ConfigError, StateError, StateUnwritable
from monitor.feeds import schedule
from monitor.model import (
    Attempt,
    Channel,
    Delivery,
    Entry,
    Evidence,
    Feed,
    FeedState,
    Fetched,
    FetchFailed,
    FetchFailure,
    FetchResult,
    Line,
    NotModified,
    NotSent,
    Outcome,
    Parsed,
    ParseFailed,
    PollReport,
    RuleText,
    SendResult,
    WantedArticle,
)
from monitor.ports import Clock, Parser, Sender, Store
from monitor.setup import Setup

if TYPE_CHECKING:  # what reads and matches entries is imported when there is one
    from monitor.intake import Judged

log = logging.getLogger(__name__)

NAMED = 5  # alerts, in the log
PATIENCE: Final = timedelta(seconds=30)  # with a store that took nothing, from the first time on; as its own
_AGAIN: Final = 0.05  # seconds before another try, the first time; twice as long each time, up to a second

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A poll that brought what the feed held before."""

    feed: Feed
    state: FeedState
    result: Fetched | NotModified


class Pipeline:
    def __init__(
        self, *, store: Store, parser: Parser, sender: Sender, clock: Clock, rng: Random, baseline: bool = True
    ) -> None:
        """`baseline=False` announces also what a feed holds when it is read for the first time."""
        self._store, self._parser, self._sender, self._clock, self._rng = store, parser, sender, clock, rng
        self._baseline = baseline

    # --- polls

    def take(self, setup: Setup, feed: Feed, state: FeedState, result: FetchResult) -> PollReport:
        """Parse, match, decide and write what a fetch brought: one transaction, all or nothing, unless it is very much
        (`portions`).

        Whatever goes wrong with the feed is recorded and backed off, so that it is not asked again at once, for ever.
        """
        try:
            return self._take(setup, feed, state, result)
        except (StateError, ConfigError):
            raise  # no fault of the feed's
        except Exception as error:  # a feed that breaks us must not stop the others, nor be claimed again at once
            log.exception("poll.broke", extra={"feed": feed.id})
            return self._failed(feed, state, _broke(error, self._clock.now()))

    def take_unchanged(self, polls: Sequence[Unchanged]) -> list[PollReport]:
        """Record polls that brought nothing: all in one transaction, or none. Raises whatever goes wrong."""
        now = self._clock.now()
        states = [schedule.after_unchanged(poll.feed, poll.state, poll.result, now=now) for poll in polls]

        def record() -> None:
            with self._store.ingest() as tx:
                for state in sorted(states, key=lambda each: each.feed_id):  # as all do: none waits for another
                    tx.feed_state(state)

        self.patiently(record, "polls.again", feeds=len(states))
        return [PollReport(feed_id=poll.feed.id, outcome="unchanged") for poll in polls]

    def patiently(self, work: Callable[[], _Result], event: str, **about: object) -> _Result:
        """What of `work` was not stored is done by the next try; one at least follows where the store says that it may
        succeed. Never within a `turn`, which may be lost with the try. Raises StateError when our patience ends."""
        end, pause = None, _AGAIN
        while True:
            try:
                return work()
            except StateUnwritable as error:
                now = self._clock.monotonic()
                end = end or now + PATIENCE.total_seconds()
                if now > end:
                    raise StateError(f"{error}. It was tried for {PATIENCE.total_seconds():.0f} seconds.") from error
                log.warning(event, extra=about)
            time.sleep(pause)
            pause = min(2 * pause, 1.0)

    def _take(self, setup: Setup, feed: Feed, state: FeedState, result: FetchResult) -> PollReport:
        match result:
            case Fetched() if schedule.body_hash(result.body) != state.body_hash:
                return self._read(setup, feed, state, result)
            case Fetched() | NotModified():
                return self.take_unchanged([Unchanged(feed, state, result)])[0]
            case FetchFailed():
                return self._failed(feed, state, result)
            case other:
                assert_never(other)

    def _read(self, setup: Setup, feed: Feed, state: FeedState, page: Fetched) -> PollReport:
        parsed = self._parser.parse(feed.id, page, known=state.entry_marks)
        match parsed:
            case Parsed():
                taken: list[PollReport] = []
                ingest = partial(self._ingest, setup, feed, state, page, parsed, taken)
                return self.patiently(ingest, "poll.again", feed=feed.id)
            case ParseFailed():
                failure = FetchFailed(
                    failure=FetchFailure.NOT_A_FEED, detail=parsed.detail, status=200, fetched_at=page.fetched_at
                )
                return self._failed(feed, state, failure)
            case other:
                assert_never(other)

    def _ingest(
        self, setup: Setup, feed: Feed, state: FeedState, page: Fetched, parsed: Parsed, taken: list[PollReport]
    ) -> PollReport:
        """`taken`: of portions that are stored. Who begins anew finds their entries known."""
        with self._store.turn_of(feed.id) if feed.full_text else nullcontext():
            return self._in_portions(setup, feed, state, page, parsed, taken)

    def _in_portions(
        self, setup: Setup, feed: Feed, state: FeedState, page: Fetched, parsed: Parsed, taken: list[PollReport]
    ) -> PollReport:
        from monitor.intake import Intake, judge, recipients
        from monitor.portions import portions, together
        from monitor.stories.identity import links_to_article, reused
        from monitor.text.document import raw_hash

        raws = {raw_hash(entry): entry for entry in parsed.entries}
        seen = self._store.known_raw(feed.id, list(raws))
        if feed.full_text and seen:  # a headline that was taken back: the article belongs to what is shown now
            seen -= self._store.shown_otherwise(feed.id, seen)
        read_at = self._clock.now()
        judged = [judge(setup, feed, entry, now=read_at) for raw, entry in raws.items() if raw not in seen]
        if feed.full_text and judged:
            judged = self._with_articles(setup, feed, judged, read_at)
        baseline, twice = self._baseline and not state.baselined, reused(parsed.entries)
        waiting = [
            each
            for each in judged
            if feed.full_text and links_to_article(each.entry, twice, baseline=baseline, now=read_at)
        ]
        told_to, evidence = recipients(setup, judged), _seen(setup, feed, page, parsed, judged, waiting)
        *first, last = portions(judged)
        intake = partial(
            Intake, setup=setup, feed=feed, recipients=told_to, baseline=baseline, reused=twice, clock=self._clock.now,
            seen=evidence,
        )  # fmt: skip
        for portion in first:
            with self._store.ingest() as tx:
                taking = intake(now=self._clock.now())
                taking.write(tx, portion)
            taken.append(replace(taking.report(), problems=_problems(portion)))
        with self._store.ingest() as tx:
            now = self._clock.now()  # in here, so that what is decided later is later
            taking = intake(now=now)
            taking.write(tx, last)
            tx.still_there(feed.id, list(seen), seen_at=now)
            report = together([*taken, replace(taking.report(), problems=_problems(last))])
            tx.feed_state(schedule.after_parse(feed, state, page, parsed, now=now, new=report.new))
        return replace(report, window=parsed.window)

    def _with_articles(self, setup: Setup, feed: Feed, judged: Sequence[Judged], now: datetime) -> list[Judged]:
        """Each also as it is with the article that was read before of an entry that it may be a version of."""
        from monitor.intake import judge

        bodies = self._store.article_bodies(feed.id, [each.entry for each in judged])

        def completed(line: Entry) -> tuple[int, Judged] | None:
            known_id, body = bodies.get(line.position, (0, ""))
            if len(body) <= len(line.body):
                return None
            return known_id, judge(setup, feed, replace(line, body=body), now=now)

        return [replace(each, with_article=completed(each.entry)) for each in judged]

    def turn_of(self, feed: Feed) -> AbstractContextManager[None]:
        """See `Store.turn_of`."""
        return self._store.turn_of(feed.id)

    def take_article(
        self, setup: Setup, feed: Feed, wanted: WantedArticle, page: Fetched, line: Line | None
    ) -> PollReport | None:
        """Match, decide and write what an article's page told, and that it is read: one transaction. The caller has the
        `turn`.

        `line` has the body that was read; None: the page tells no more than is known. None, and nothing written, if the
        article is not wanted any more, or at another address.
        """
        from monitor.intake import NOTHING_REUSED, Intake, judge, recipients

        judged = [judge(setup, feed, line.entry, now=self._clock.now())] if line is not None else []
        told_to, evidence = recipients(setup, judged), _article_seen(setup, feed, wanted, page, judged)
        with self._store.ingest() as tx:
            if not tx.article_is_wanted(wanted):
                return None
            now = self._clock.now()
            intake = Intake(
                setup=setup,
                feed=feed,
                recipients=told_to,
                baseline=False,
                reused=NOTHING_REUSED,
                now=now,
                clock=self._clock.now,
                seen=evidence,
            )
            if line is not None:
                intake.complete(tx, judged[0], line)
            tx.article_read(wanted.entry_id, page.url, now=now)
        return replace(intake.report(), problems=_problems(judged))

    def _failed(self, feed: Feed, state: FeedState, failure: FetchFailed) -> PollReport:
        log.warning(
            "poll.failed", extra={"feed": feed.id, "why": failure.failure.name.lower(), "detail": failure.detail}
        )

        def record() -> None:
            with self._store.ingest() as tx:
                tx.feed_state(schedule.after_failure(feed, state, failure, now=self._clock.now()))

        self.patiently(record, "poll.again", feed=feed.id)
        return PollReport(feed_id=feed.id, outcome="failed", detail=f"{failure.failure.value}: {failure.detail}")

    # --- deliveries

    def deliver(self, setup: Setup, delivery: Delivery) -> Attempt:
        """Send one claimed delivery once, and record what became of it."""
        result = self._send(setup, delivery)
        if isinstance(result, NotSent):
            return self._record_failure(setup, delivery, result)
        self._store.record(delivery, result, retry_at=None)
        return Attempt(result=result)

    def deliver_together(self, setup: Setup, deliveries: Sequence[Delivery]) -> list[Attempt]:
        """Send claimed deliveries of one recipient as one message, once, and record what became of each: of all in one
        transaction."""
        if len(deliveries) == 1:
            return [self.deliver(setup, deliveries[0])]
        result = self._send(setup, *deliveries)
        if isinstance(result, NotSent):
            outcomes = self._failed_together(setup, deliveries, result)
        else:
            outcomes = [Outcome(delivery=delivery, result=result) for delivery in deliveries]
        self._store.record_together(outcomes, now=self._clock.now())
        return [_attempt(outcome) for outcome in outcomes]

    def _record_failure(self, setup: Setup, delivery: Delivery, result: NotSent) -> Attempt:
        retry = retry_at(delivery, result, now=self._clock.now(), rng=self._rng)
        outcome = self._outcome(setup, delivery, result, retry)
        if outcome.instead and isinstance(outcome.result, NotSent):
            self._store.pass_on(delivery, outcome.result, outcome.instead, now=self._clock.now())
        else:
            self._store.record(delivery, result, retry_at=retry)
        return replace(_attempt(outcome), result=result)

    def _failed_together(self, setup: Setup, deliveries: Sequence[Delivery], result: NotSent) -> list[Outcome]:
        """They are tried again at one time. What is refused as a whole may be taken one by one: no alert is given up
        for the company that it was in."""
        if result.permanent and not result.refused:
            result = replace(result, permanent=False)
        now = self._clock.now()
        retries = [retry_at(delivery, result, now=now, rng=self._rng) for delivery in deliveries]
        again = max((at for at in retries if at is not None), default=None)
        return [
            self._outcome(setup, delivery, result, again if at is not None else None)
            for delivery, at in zip(deliveries, retries, strict=True)
        ]

    def _outcome(self, setup: Setup, delivery: Delivery, result: NotSent, retry: datetime | None) -> Outcome:
        fallback = _fallback(setup, delivery.recipient.channel_id)
        if fallback is None or not is_passed_on(delivery, result, retry_at=retry):
            return Outcome(delivery=delivery, result=result, retry_at=retry)
        told = replace(result, detail=f"{result.detail}; told to the channel '{fallback.id}' instead")
        return Outcome(delivery=delivery, result=told, instead=self._sender.recipients(fallback))

    def _send(self, setup: Setup, *deliveries: Delivery) -> SendResult:
        channel_id = deliveries[0].recipient.channel_id
        channel = setup.channels.get(channel_id)
        if channel is not None:
            return self._try(channel, deliveries)
        detail = f"channel '{channel_id}' is not configured, or its address is not set"
        return NotSent(detail=detail, failed_at=self._clock.now())

    def _try(self, channel: Channel, deliveries: Sequence[Delivery]) -> SendResult:
        try:
            if len(deliveries) > 1:
                return self._sender.send_digest(channel, deliveries)
            return self._sender.send(channel, deliveries[0])
        except Exception as error:  # what breaks us must not stand at the head of its channel's queue for ever
            alerts = [delivery.alert.id for delivery in deliveries]
            log.exception("delivery.broke", extra={"channel": channel.id, "alert": ", ".join(alerts[:NAMED])})
            return NotSent(detail=f"could not be sent ({type(error).__name__})", failed_at=self._clock.now())


def _problems(judged: Sequence[Judged]) -> tuple[str, ...]:
    """Of rules, each once."""
    forms = (form for each in judged for form in each.forms)
    found = (f"{problem.rule_id}: {problem.text}" for form in forms for problem in form.matches.problems)
    return tuple(dict.fromkeys(found))


def _seen(
    setup: Setup,
    feed: Feed,
    page: Fetched,
    parsed: Parsed,
    judged: Sequence[Judged],
    waiting: Sequence[Judged],
) -> dict[int, Evidence]:
    """Evidence of what a rule matched, by its position in the document, and of what waits for its article: the document
    may not have it any more when a rule matches that."""
    matched = [each for each in judged if any(form.matches.matches for form in each.forms)]
    if not matched and not waiting:
        return {}
    from monitor.witness import witness

    entries = {each.entry.position: each.entry for each in matched}
    others = [each.entry for each in waiting if each.entry.position not in entries]
    return witness(feed, page, parsed, [*entries.values()], _rule_texts(setup, matched), others)


def _article_seen(
    setup: Setup, feed: Feed, wanted: WantedArticle, page: Fetched, judged: Sequence[Judged]
) -> dict[int, Evidence]:
    """The same of an article's page."""
    matched = [each for each in judged if each.matches.matches]
    if not matched:
        return {}
    from monitor.witness import witness_article

    seen = witness_article(feed, wanted.link, page, _rule_texts(setup, matched))
    return {each.entry.position: seen for each in matched}


def _rule_texts(setup: Setup, matched: Sequence[Judged]) -> dict[str, RuleText]:
    from monitor.witness import rule_texts

    ids = {match.rule_id for each in matched for form in each.forms for match in form.matches.matches}
    return rule_texts(setup.rules[rule_id] for rule_id in sorted(ids))


def _attempt(outcome: Outcome) -> Attempt:
    passed_to = outcome.instead[0].channel_id if outcome.instead else None
    return Attempt(result=outcome.result, retry_at=outcome.retry_at, passed_to=passed_to)


def _fallback(setup: Setup, channel_id: str) -> Channel | None:
    channel = setup.channels.get(channel_id)
    return setup.channels.get(channel.fallback) if channel is not None and channel.fallback is not None else None


def _broke(error: Exception, now: datetime) -> FetchFailed:
    return FetchFailed(
        failure=FetchFailure.NOT_A_FEED, detail=f"could not be read ({type(error).__name__})", fetched_at=now
    )
