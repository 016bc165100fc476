"""Looking after monitor itself: what is wrong goes to the operations, a sign of life to an address elsewhere, a daily
test to each channel that wants one. The only place where what is recorded and what people are told of it meet."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor import beacon, health
from monitor.alerts import canary
from monitor.alerts.holding import zone_of
from monitor.config import Config
from monitor.feeds import health as feed_health
from monitor.model import Channel, FeedState, IngestEntry, Match, Reason, Severity, Verdict
from monitor.operations import Operations
from monitor.ports import Clock, Sender
from monitor.store.read import Reader
from monitor.store.sql_store import SqlStore
from monitor.store.trouble_rows import TroubleRows
from monitor.trouble import Finding, Kind

if TYPE_CHECKING:
    from monitor.language import Rule

log = logging.getLogger(__name__)

MATCHES_OVER = timedelta(days=90)
COUNTED_FOR = 600.0  # seconds
SHORTEST_BEAT = timedelta(seconds=10)
HEARTBEAT_PATIENCE = timedelta(minutes=3)  # one beat that is lost is weather
_NETWORK = Finding(kind=Kind.NETWORK, facts={}).key


class Lookout:
    """For one process; its methods are called one at a time, but for `beat`, which may be called beside the others."""

    def __init__(self, *, store: SqlStore, sender: Sender, operations: Operations, clock: Clock) -> None:
        self._store, self._sender, self._operations, self._clock = store, sender, operations, clock
        self._rows, self._reader = TroubleRows(store.database), Reader(store.database)
        self._gaps: dict[str, tuple[datetime, timedelta | None]] = {}  # by feed: of which silence, what is usual
        self._counted: tuple[float, Mapping[str, Mapping[str, int]]] | None = None  # when (monotonic), and the matches
        self._beaten_at: float | None = None

    # --- what is wrong

    def look(self, config: Config, rules: Mapping[str, Rule]) -> None:
        """Find what is wrong now, and say what is to be said of it. Feeds that the network kept from us are due again
        once it is back. `rules` are looked at only where a feed is down."""
        now = self._clock.now()
        known = self._operations.troubles()
        network = known.get(_NETWORK)
        was_down = network is not None and network.lasts
        seen = self._seen(config, rules, now)
        seen = replace(seen, network_down=was_down, network_over_at=network.over_at if network else None)
        found = health.findings(seen, now=now)
        if was_down and not any(each.kind is Kind.NETWORK for each in found):
            found = health.findings(replace(seen, network_down=False, network_over_at=now), now=now)
            self._store.make_due([state.feed_id for state in seen.states.values() if state.failures], now=now)
        hidden, moot = self._unfound(found, seen, now)
        self._operations.found([*found, *hidden], moot=moot)

    def _seen(self, config: Config, rules: Mapping[str, Rule], now: datetime) -> health.Seen:
        feeds = {feed.id for feed in config.feeds}
        return health.Seen(
            feeds=config.feeds,
            rules=lambda: tuple(rules.values()),
            channels=config.channels,
            states={state.feed_id: state for state in self._reader.feeds(whole=False) if state.feed_id in feeds},
            sends=self._rows.sends(now=now, canary_rule=canary.RULE, given_up_over=health.REFUSED_COUNTS_FOR),
            matches=lambda: self._matches(now),
            usual_gap=self._usual_gap,
            articles=lambda feed: self._reader.articles(feed.id),
        )

    def _unfound(self, found: Sequence[Finding], seen: health.Seen, now: datetime) -> tuple[list[Finding], list[str]]:
        """Of what lasted and is not found: what nobody can tell of, and what is no news."""
        keys = {each.key for each in found}
        lasted = [each.finding for each in self._operations.troubles().values() if each.lasts and each.key not in keys]
        fates = {each.key: health.fate(each, found, seen, now=now) for each in lasted}
        hidden = [each for each in lasted if fates[each.key] is health.Fate.HIDDEN]
        return hidden, [key for key, fate in fates.items() if fate is health.Fate.MOOT]

    def _matches(self, now: datetime) -> Mapping[str, Mapping[str, int]]:
        """Months of them take a moment to count, and what is usual does not change by the minute."""
        if self._counted is None or self._clock.monotonic() - self._counted[0] >= COUNTED_FOR:
            self._counted = self._clock.monotonic(), self._rows.matches(since=now - MATCHES_OVER)
        return self._counted[1]

    def _usual_gap(self, state: FeedState) -> timedelta | None:
        """Of a feed that is silent: nothing new comes, so what is usual stays what it is."""
        if state.last_new_at is None:
            return None
        since, usual = self._gaps.get(state.feed_id, (None, None))
        if since != state.last_new_at:
            gaps = self._rows.gaps(state.feed_id, over=feed_health.GAPS_OVER, until=state.last_new_at)
            usual = feed_health.usual_longest(gaps)
            self._gaps[state.feed_id] = (state.last_new_at, usual)
        return usual

    # --- the daily tests

    def send_canaries(self, config: Config) -> None:
        """Put the tests that are due today, and were not made yet, into the outbox."""
        now = self._clock.now()
        for channel in config.channels:
            local = now.astimezone(zone_of(channel, config.timezone))
            if channel.canary is not None and local.time() >= channel.canary:
                self._send_canary(channel, now=now, local=local)

    def _send_canary(self, channel: Channel, *, now: datetime, local: datetime) -> None:
        from monitor.text.document import read  # takes a moment, once a day

        day = local.date()
        entry = canary.entry(channel, day)
        recipients = self._sender.recipients(channel)
        verdict = Verdict(
            match=Match(rule_id=canary.RULE, severity=Severity.INFO, spans=()), reason=Reason.FIRST_REPORT
        )
        with self._store.ingest() as tx:
            if tx.known_entries(canary.FEED, guids=[entry.guid], links=[], texts=[]):
                return
            row = IngestEntry(
                entry=entry, fingerprint=read(entry).fingerprint, known_id=None, story_id=None, verdicts=(verdict,)
            )
            entry_id, story_id, number = tx.write(row, seen_at=now)
            assert story_id is not None, "an entry with a verdict has a story"
            alert = canary.alert(channel, day, story_id=story_id, number=number, now=now)
            tx.alert(entry_id, alert, recipients)
        log.info("canary.made", extra={"channel": channel.id})

    # --- the sign of life

    def beat_if_due(self, config: Config, *, ticking: str = "") -> None:
        """`ticking`: why ticks do not come on time; '' where they do."""
        if config.beacon is None:
            return
        every = max(config.beacon.every, SHORTEST_BEAT).total_seconds()
        if self._beaten_at is None or self._clock.monotonic() - self._beaten_at >= every - 1:
            self.beat(config, ticking=ticking)

    def beat(self, config: Config, *, ticking: str = "") -> None:
        """Say elsewhere that all is well, or what is not. Takes ten seconds at most."""
        if config.beacon is None:
            return
        self._beaten_at = self._clock.monotonic()
        why = beacon.beat(config.beacon.url, trouble=ticking or self._unwell(config))
        if why is None:
            self._operations.over("heartbeat")
            return
        log.warning("heartbeat.lost", extra={"why": why})
        title = "The heartbeat address does not answer: its service will raise the alarm"
        text = f"{why}\nLook at 'heartbeat' in the rules file, and at the service that it belongs to."
        self._operations.tell("heartbeat", title, text, patience=HEARTBEAT_PATIENCE)

    def _unwell(self, config: Config) -> str:
        """Why we are not what we are for; '' if all is well. Holds no secret."""
        now = self._clock.now()
        since = self._reader.undelivered_since(now)
        if since is not None and now - since >= health.LATE_AFTER:
            return f"an alert has waited for {int((now - since).total_seconds() // 60)} minutes to be sent"
        states = {state.feed_id: state for state in self._reader.feeds(whole=False)}
        answered, asked = health.answering(config.feeds, states, now=now)
        if 2 * answered < asked:
            return f"{asked - answered} of {asked} feeds asked lately do not answer"
        return ""
