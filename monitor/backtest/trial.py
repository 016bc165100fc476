"""One trial: what a configuration would have sent in a history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from monitor.alerts import holding
from monitor.backtest import tables
from monitor.backtest.documents import Documents
from monitor.backtest.feeds import Feeds
from monitor.backtest.history import History
from monitor.backtest.replay import Outcome, Replay, Replayed, run_up
from monitor.backtest.sift import Sifted, sift
from monitor.backtest.values import Decided, Held, Key, Ruleset, Speed, Trial, WouldSend
from monitor.compiled import Shelf
from monitor.config import Config
from monitor.facts.reports import ReportReader
from monitor.language import Silence
from monitor.model import Alert, Channel, Reason, Recipient
from monitor.ports import Clock
from monitor.prepared import OnDemand, prepare, prepare_reading, setup_of
from monitor.setup import Setup
from monitor.store import Reader, SqliteStore
from monitor.store import past as past_rows
from monitor.stories.inhibition import by_inhibited

SAMPLES = 10
"""Alerts that are shown of a trial, unless it is said otherwise."""

Progress = Callable[[str, int, "float | None"], bool]
"""Hears what is being done ('matching', 'deciding'), of how many entries that was, and how much of all that is (0 to 1;
None where nobody knows). False: break off, and tell of what was done."""


def _go_on(_doing: str, _done: int, _share: float | None) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a trial is to tell. `rules`: of these alone; empty for all. All rules of the file are decided in any case:
    a rule may stand for another, and every report of a story counts as a source. `mutes`: keep quiet what was muted
    then. `samples`: how many alerts to show."""

    rules: Sequence[str] = ()
    mutes: bool = False
    samples: int = SAMPLES


def run(
    config: Config,
    history: History,
    *,
    clock: Clock,
    asked: Asked = Asked(),
    content: OnDemand | None = None,
    progress: Progress = _go_on,
) -> Trial:
    """Raises StateError if a stored history cannot be read.

    `content`: the compiled rules of the configuration, where somebody has them; else they are made. Everything is
    decided by the code that decides polls; see `Trial.left_out` for what has no part in it.
    """
    content = content or content_of(config)
    content.prepare()
    setup = setup_of(config, content, _recipient)
    feeds = Feeds(config.feeds, config.lexicon.newsrooms)
    begun = clock.monotonic()
    sifted = sift(setup, history, feeds=feeds, run_up=run_up(setup), progress=partial(progress, "matching"))
    matched_in = clock.monotonic() - begun
    unknown = sifted.first_at or clock.now()
    with closing(SqliteStore.in_passing(now=unknown)) as store:
        mutes = history.mutes() if asked.mutes else ()
        replay = Replay(setup, store, feeds=feeds, has_feeds=history.has_feeds, mutes=mutes)
        replayed = replay.run(sifted, unknown=unknown, progress=partial(progress, "deciding"))
        told = _told(replayed.outcomes, store)
    speed = Speed(matching=matched_in, deciding=clock.monotonic() - begun - matched_in, entries=sifted.entries)
    return _trial(config, setup, content, history, asked, sifted, replayed, told, speed)


def content_of(config: Config, *, shelf: Shelf | None = None, like: tuple[Config, OnDemand] | None = None) -> OnDemand:
    """What a trial needs of a configuration, compiled when it is needed, or taken from the shelf. `like`: another one
    and its content; where both know the same places and words, reports are read with what that has made. That takes
    longer to compile than all rules, and knows nothing of rules and groups."""
    reading: Callable[[], ReportReader] = partial(prepare_reading, config, shelf)
    if like is not None and replace(like[0].lexicon, groups={}) == replace(config.lexicon, groups={}):
        reading = like[1].prepare_reading
    return OnDemand(partial(prepare, config, shelf), reading)


def _recipient(channel: Channel) -> tuple[Recipient, ...]:
    """Nobody is sent anything, so none has an address."""
    return (Recipient(channel_id=channel.id, key=""),)


# --- what was told


def _told(outcomes: Iterable[Outcome], store: SqliteStore) -> dict[str, tuple[str, ...]]:
    """By alert id the channels that hear of it."""
    alert_ids = [alert.id for outcome in outcomes for alert in outcome.alerts]
    return past_rows.recipients(Reader(store.database), alert_ids)


def _trial(
    config: Config,
    setup: Setup,
    content: OnDemand,
    history: History,
    asked: Asked,
    sifted: Sifted,
    replayed: Replayed,
    told: Mapping[str, tuple[str, ...]],
    speed: Speed,
) -> Trial:
    wanted = [rule.id for rule in config.rules if not asked.rules or rule.id in asked.rules]
    alerts: list[WouldSend] = []
    quiet: dict[Key, Decided] = {}
    numbers: dict[str, int] = {}
    for outcome in replayed.outcomes:
        if outcome.past.counts:
            sent = [each for each in _sent(outcome, told, setup) if each.rule_id in wanted]
            alerts += sent
            numbers |= {each.document: outcome.number for each in sent}
            quiet |= {key: what for key, what in _quiet(outcome, sent) if key[1] in wanted}
    alerts.sort(key=lambda each: (each.at, each.decided_at))
    hits = {rule_id: sifted.hits[rule_id] for rule_id in wanted}
    return Trial(
        rules=tuple(wanted),
        alerts=tuple(alerts),
        quiet=quiet,
        hits=hits,
        days=tables.days(alerts, sifted.first_at, sifted.last_at, zone=config.timezone),
        by_source=tables.by(alerts, lambda each: each.source),
        by_rule={rule_id: sum(each.rule_id == rule_id for each in alerts) for rule_id in wanted},
        overlaps=tables.overlaps(sifted.pairs, sifted.hits, wanted),
        samples=tables.samples(alerts, asked.samples),
        entries=sifted.entries,
        first_at=sifted.first_at,
        last_at=sifted.last_at,
        speed=speed,
        left_out=(*_left_out(config, history, asked, wanted), *history.notes()),
        problems=tuple(sifted.problems),
        precision=tables.precision(alerts, history.judged(), wanted),
        complete=sifted.complete and replayed.complete,
        documents=Documents(sifted.spool, numbers),
        ruleset=Ruleset(content.prepare().matcher, config.lexicon),
    )


def _sent(outcome: Outcome, told: Mapping[str, tuple[str, ...]], setup: Setup) -> Iterator[WouldSend]:
    for alert in outcome.alerts:
        if told[alert.id]:
            yield _would_send(outcome, alert, told[alert.id], setup)


def _would_send(outcome: Outcome, alert: Alert, channels: tuple[str, ...], setup: Setup) -> WouldSend:
    past, at = outcome.past, alert.held_until or alert.decided_at
    return WouldSend(
        document=past.document,
        entry_id=past.entry_id,
        rule_id=alert.rule_id,
        severity=alert.severity,
        reason=alert.reason,
        why=alert.why,
        at=at,
        decided_at=alert.decided_at,
        title=alert.title,
        link=alert.link,
        source=alert.feed_name,
        feed_id=alert.feed_id,
        published_at=alert.published_at,
        spans=alert.spans,
        story=alert.story_id,
        sources=alert.sources,
        reports=alert.reports,
        channels=channels,
        held=tuple(_held(alert, channels, setup, at)),
    )


def _held(alert: Alert, channels: Sequence[str], setup: Setup, at: datetime) -> Iterator[Held]:
    digest = setup.rules[alert.rule_id].digest
    for name in channels:
        wait = holding.wait(alert.severity, setup.channels[name], digest, since=at, now=at, zone=setup.zone)
        if wait is not None:
            yield Held(channel=name, hold=wait.hold, until=wait.until)


def _quiet(outcome: Outcome, sent: Sequence[WouldSend]) -> Iterator[tuple[Key, Decided]]:
    """The verdicts of which nobody would have heard."""
    heard = {each.rule_id for each in sent}
    alerts = {alert.rule_id for alert in outcome.alerts}
    for rule_id in () if outcome.verdicts else outcome.matched:
        yield (outcome.past.document, rule_id), Decided(Reason.DUPLICATE, "the source had told this very text before")
    for verdict in outcome.verdicts:
        rule_id = verdict.match.rule_id
        if rule_id in heard:
            continue
        if rule_id in alerts and verdict.due_at is not None:
            why = "a later alert of the story took its place while it waited, or it was muted"
            yield (outcome.past.document, rule_id), Decided(Reason.THROTTLED, why)
        elif rule_id in alerts:
            why = "no channel takes it: see 'notify' of the rule, and 'min_severity' of its channels"
            yield (outcome.past.document, rule_id), Decided(verdict.reason, why)
        else:
            yield (outcome.past.document, rule_id), Decided(verdict.reason, verdict.why)


def _left_out(config: Config, history: History, asked: Asked, wanted: Sequence[str]) -> Iterator[str]:
    rules = [rule for rule in config.rules if rule.id in wanted]
    standing = sorted({each.id for rule in rules for each in by_inhibited(config.rules).get(rule.id, ())})
    if asked.rules and standing:
        yield f"Other rules stand for these (inhibit), and were tried too: {', '.join(standing)}."
    off = [rule.id for rule in rules if not rule.enabled]
    if off:
        yield f"Switched off (enabled: false), so nothing of it would be sent: {', '.join(off)}."
    silences = [rule.id for rule in rules if isinstance(rule.kind, Silence) and rule.enabled]
    if silences:
        yield (
            f"Rules that wait for silence are not tried: {', '.join(silences)}. When a feed answered and brought"
            " nothing is not kept."
        )
    if history.has_feeds:
        yield "What a feed held when it was read for the first time is matched and told to nobody, as it was then."
    if not asked.mutes and history.mutes():
        yield "Mutes are left out: this tells what the rules would say. With --mutes they are kept."
    chained = [rule.id for rule in rules if rule.acknowledge is not None]
    if chained:
        yield f"Who else hears of an alert that nobody acknowledges is left out ({', '.join(chained)})."
