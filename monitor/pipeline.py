"""Take in what one poll brought; send one delivery. Nothing else choreographs.

No lock is held while a feed is fetched or a message is sent: what is slow lies between two short transactions.
The adapters come in through the ports.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from random import Random
from typing import TYPE_CHECKING, Protocol, assert_never

from monitor.alerts.policy import is_passed_on, retry_at
from monitor.errors import ConfigError, StateError, StateUnwritable
from monitor.feeds import schedule
from monitor.model import (
    Alert,
    Attempt,
    Channel,
    Delivery,
    Entry,
    Feed,
    FeedState,
    Fetched,
    FetchFailed,
    FetchFailure,
    FetchResult,
    IngestEntry,
    NotModified,
    NotSent,
    Parsed,
    ParseFailed,
    PollReport,
    Reason,
    Recipient,
    SendResult,
    Verdict,
)
from monitor.ports import Clock, Ingest, Parser, Sender, Store
from monitor.stories.decide import STORY_WINDOW, decide
from monitor.stories.identity import Reused, Sameness, recognise, reused

if TYPE_CHECKING:  # what reads and matches entries is imported when there is one
    from monitor.language import Rule
    from monitor.rules.matcher import Matches
    from monitor.text.document import Document

log = logging.getLogger(__name__)


class Matching(Protocol):
    """A `Matcher`, or what becomes one when it is asked. Raises ConfigError if the rules had to be read for that, and
    are broken by now."""

    def match(self, document: Document, *, feed: Feed | None, today: date) -> Matches: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a rules file amounts to, compiled. A reload replaces it whole; a poll keeps the one it began with.

    `channels` are those that can be used, the console among them. `recipients` tells by rule id who hears of the rule;
    it may take a moment the first time, so it is not asked within a transaction.
    """

    feeds: Mapping[str, Feed]
    rules: Mapping[str, Rule]
    matcher: Matching
    channels: Mapping[str, Channel]
    recipients: Callable[[str], Sequence[Recipient]]
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A poll that brought what the feed held before."""

    feed: Feed
    state: FeedState
    result: Fetched | NotModified


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An entry that its feed has not shown us in this form, read and matched, before anything is decided."""

    entry: Entry
    document: Document
    matches: Matches


class Pipeline:
    def __init__(
        self, *, store: Store, parser: Parser, sender: Sender, clock: Clock, rng: Random, baseline: bool = True
    ) -> None:
        """`baseline=False` announces also what a feed holds when it is read for the first time."""
        self._store, self._parser, self._sender, self._clock, self._rng = store, parser, sender, clock, rng
        self._baseline = baseline

    # --- polls

    def take(self, setup: Setup, feed: Feed, state: FeedState, result: FetchResult) -> PollReport:
        """Parse, match, decide and write what a fetch brought: one transaction, all or nothing.

        Whatever goes wrong with the feed is recorded and backed off, so that it is not asked again at once, for ever.
        """
        try:
            return self._recorded(setup, feed, state, result)
        except (StateError, ConfigError):
            raise  # no fault of the feed's
        except Exception as error:  # a feed that breaks us must not stop the others, nor be claimed again at once
            log.exception("poll.broke", extra={"feed": feed.id})
            return self._failed(feed, state, _broke(error, self._clock.now()))

    def take_unchanged(self, polls: Sequence[Unchanged]) -> list[PollReport]:
        """Record polls that brought nothing: all in one transaction, or none. Raises whatever goes wrong."""
        now = self._clock.now()
        states = [schedule.after_unchanged(poll.feed, poll.state, poll.result, now=now) for poll in polls]
        while True:
            try:
                with self._store.ingest() as tx:
                    for state in states:
                        tx.feed_state(state)
            except StateUnwritable:  # see `_recorded`
                log.warning("polls.again", extra={"feeds": len(states)})
            else:
                return [PollReport(feed_id=poll.feed.id, outcome="unchanged") for poll in polls]

    def _recorded(self, setup: Setup, feed: Feed, state: FeedState, result: FetchResult) -> PollReport:
        """Nothing is stored of a try that the disk refused. The store has less to give up at each, so this ends."""
        while True:
            try:
                return self._take(setup, feed, state, result)
            except StateUnwritable:
                log.warning("poll.again", extra={"feed": feed.id})

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
                return self._ingest(setup, feed, state, page, parsed)
            case ParseFailed():
                failure = FetchFailed(
                    failure=FetchFailure.NOT_A_FEED, detail=parsed.detail, status=200, fetched_at=page.fetched_at
                )
                return self._failed(feed, state, failure)
            case other:
                assert_never(other)

    def _ingest(self, setup: Setup, feed: Feed, state: FeedState, page: Fetched, parsed: Parsed) -> PollReport:
        from monitor.text.document import raw_hash

        raws = {raw_hash(entry): entry for entry in parsed.entries}
        seen = self._store.known_raw(feed.id, list(raws))
        fresh = [entry for raw, entry in raws.items() if raw not in seen]
        now = self._clock.now()
        judged = [self._judge(setup, feed, entry, today=now.astimezone(setup.zone).date()) for entry in fresh]
        matched = {match.rule_id for each in judged for match in each.matches.matches}
        poll = _Poll(
            setup=setup,
            feed=feed,
            recipients={rule_id: setup.recipients(rule_id) for rule_id in sorted(matched)},
            baseline=self._baseline and not state.baselined,
            reused=reused(parsed.entries),
            now=now,
        )
        with self._store.ingest() as tx:
            for each in sorted(judged, key=_oldest_first):
                poll.write(tx, each)
            tx.still_there(feed.id, list(seen), seen_at=now)
            tx.feed_state(schedule.after_parse(feed, state, page, parsed, now=now, new=poll.new))
        problems = {f"{problem.rule_id}: {problem.text}": None for each in judged for problem in each.matches.problems}
        return replace(poll.report(), problems=tuple(problems), window=parsed.window)

    def _judge(self, setup: Setup, feed: Feed, entry: Entry, *, today: date) -> Judged:
        from monitor.text.document import read

        document = read(entry)
        matches = setup.matcher.match(document, feed=feed, today=today)
        for problem in matches.problems:
            log.error("rule.broke", extra={"feed": feed.id, "rule": problem.rule_id, "problem": problem.text})
        return Judged(entry=entry, document=document, matches=matches)

    def _failed(self, feed: Feed, state: FeedState, failure: FetchFailed) -> PollReport:
        log.warning(
            "poll.failed", extra={"feed": feed.id, "why": failure.failure.name.lower(), "detail": failure.detail}
        )
        with self._store.ingest() as tx:
            tx.feed_state(schedule.after_failure(feed, state, failure, now=self._clock.now()))
        return PollReport(feed_id=feed.id, outcome="failed", detail=f"{failure.failure.value}: {failure.detail}")

    # --- deliveries

    def deliver(self, setup: Setup, delivery: Delivery) -> Attempt:
        """Send one claimed delivery once, and record what became of it."""
        result = self._send(setup, delivery)
        if isinstance(result, NotSent):
            return self._record_failure(setup, delivery, result)
        self._store.record(delivery, result, retry_at=None)
        return Attempt(result=result)

    def _record_failure(self, setup: Setup, delivery: Delivery, result: NotSent) -> Attempt:
        retry = retry_at(delivery, result, now=self._clock.now(), rng=self._rng)
        fallback = _fallback(setup, delivery.recipient.channel_id)
        if fallback is None or not is_passed_on(delivery, result, retry_at=retry):
            self._store.record(delivery, result, retry_at=retry)
            return Attempt(result=result, retry_at=retry)
        told = replace(result, detail=f"{result.detail}; told to the channel '{fallback.id}' instead")
        self._store.pass_on(delivery, told, self._sender.recipients(fallback), now=self._clock.now())
        return Attempt(result=result, passed_to=fallback.id)

    def _send(self, setup: Setup, delivery: Delivery) -> SendResult:
        channel = setup.channels.get(delivery.recipient.channel_id)
        if channel is not None:
            return self._try(channel, delivery)
        detail = f"channel '{delivery.recipient.channel_id}' is not configured, or its address is not set"
        return NotSent(detail=detail, failed_at=self._clock.now())

    def _try(self, channel: Channel, delivery: Delivery) -> SendResult:
        try:
            return self._sender.send(channel, delivery)
        except Exception as error:  # what breaks us must not stand at the head of its channel's queue for ever
            log.exception("delivery.broke", extra={"channel": channel.id, "alert": delivery.alert.id})
            return NotSent(detail=f"could not be sent ({type(error).__name__})", failed_at=self._clock.now())


def _fallback(setup: Setup, channel_id: str) -> Channel | None:
    channel = setup.channels.get(channel_id)
    return setup.channels.get(channel.fallback) if channel is not None and channel.fallback is not None else None


class _Poll:
    """What one poll writes, and the account of it."""

    def __init__(
        self,
        *,
        setup: Setup,
        feed: Feed,
        recipients: Mapping[str, Sequence[Recipient]],
        baseline: bool,
        reused: Reused,
        now: datetime,
    ) -> None:
        self._setup, self._feed, self._recipients = setup, feed, recipients
        self._baseline, self._reused, self._now = baseline, reused, now
        self.new = self.changed = 0
        self._alerts: list[Alert] = []
        self._reasons: Counter[Reason] = Counter()
        self._matches: Counter[str] = Counter()

    def report(self) -> PollReport:
        return PollReport(
            feed_id=self._feed.id,
            outcome="polled",
            new=self.new,
            changed=self.changed,
            alerts=tuple(self._alerts),
            verdicts=dict(self._reasons),
            matches=dict(self._matches),
        )

    def write(self, tx: Ingest, judged: Judged) -> None:
        """Recognise, decide, store: within the transaction, so that nobody else decides about the story meanwhile."""
        entry, mark = judged.entry, judged.document.fingerprint
        candidates = tx.known_entries(
            entry.feed_id, guids=[entry.guid] if entry.guid else [], links=[entry.link] if entry.link else [],
            texts=[mark.text],
        )  # fmt: skip
        found = recognise(entry, mark, candidates, reused=self._reused)
        self.new += found.sameness is Sameness.NEW
        self.changed += found.sameness is Sameness.EDITED
        matches = () if found.sameness is Sameness.KNOWN else judged.matches.matches
        story = None
        if matches:
            story = tx.stories([mark.headline], since=self._now - STORY_WINDOW).get(mark.headline)
        verdicts = decide(
            entry, matches, rules=self._setup.rules.__getitem__, known=found.entry, story=story,
            baseline=self._baseline, now=self._now,
        )  # fmt: skip
        own_story = found.entry.story_id if found.entry else None
        row = IngestEntry(
            entry=entry,
            fingerprint=mark,
            known_id=found.entry.id if found.entry else None,
            story_id=story.id if story else own_story,
            verdicts=verdicts,
        )
        entry_id, story_id, number = tx.write(row, seen_at=self._now)
        self._reasons.update(verdict.reason for verdict in verdicts)
        self._matches.update(verdict.match.rule_id for verdict in verdicts)
        if story_id is not None:
            self._tell(tx, entry, entry_id, story_id, number, verdicts)

    def _tell(
        self, tx: Ingest, entry: Entry, entry_id: int, story_id: int, number: int, verdicts: Sequence[Verdict]
    ) -> None:
        telling = [verdict for verdict in verdicts if verdict.reason.tells]
        for offset, verdict in enumerate(telling):
            alert = self._alert(entry, verdict, story_id=story_id, number=number + offset)
            if tx.alert(entry_id, alert, self._recipients[alert.rule_id]):
                self._alerts.append(alert)

    def _alert(self, entry: Entry, verdict: Verdict, *, story_id: int, number: int) -> Alert:
        rule = self._setup.rules[verdict.match.rule_id]
        return Alert(
            id=f"{story_id}.{number}",
            story_id=story_id,
            number=number,
            rule_id=rule.id,
            rule_title=rule.title,
            severity=verdict.match.severity,
            reason=verdict.reason,
            feed_id=self._feed.id,
            feed_name=self._feed.name,
            title=entry.title,
            summary=entry.summary,
            link=entry.link,
            published_at=entry.published_at,
            decided_at=self._now,
            spans=verdict.match.spans,
        )


_EARLIEST = datetime.min.replace(tzinfo=UTC)


def _oldest_first(judged: Judged) -> tuple[datetime, int]:
    """A story begins with its first report; where dates do not tell, feeds stand newest first."""
    return judged.entry.published_at or _EARLIEST, -judged.entry.position


def _broke(error: Exception, now: datetime) -> FetchFailed:
    return FetchFailed(
        failure=FetchFailure.NOT_A_FEED, detail=f"could not be read ({type(error).__name__})", fetched_at=now
    )
