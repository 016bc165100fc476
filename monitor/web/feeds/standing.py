"""How each feed stands: what is wrong with it and what to do, when it publishes, what came of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import Enum
from typing import Final

from monitor.alerts.troubles import remedy, what
from monitor.alerts.words import Language
from monitor.config import Config
from monitor.feeds import health, moves, rhythm
from monitor.model import Feed, FeedState
from monitor.rules.masking import mask
from monitor.store.views.feeds import Counts
from monitor.trouble import ADVICE, Finding, Kind, Trouble
from monitor.web.names import Names

_HOURS: Final = 24
_KNOWN_AFTER: Final = timedelta(hours=23)
_MISSES: Final = frozenset({Kind.FEED_OVERFLOWS, Kind.FEED_ARTICLES})  # advice for us, but something may be missed


class Level(Enum):
    """The worst first."""

    DOWN = "down"  # nothing of it can be read
    WEAK = "weak"  # it is read, and something may be missed
    ADVICE = "advice"  # it works, and is better mended
    NEW = "new"  # it was not asked yet
    WELL = "well"

    @property
    def need(self) -> int:
        return tuple(Level).index(self)


@dataclass(frozen=True, slots=True)
class Told:
    """A trouble in words of the reader's language."""

    what: str
    remedy: str
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Of one feed. `address` shows no secret. `week`: entries to be expected in each hour of a week by the reader's
    clock, Monday first; `expected`: how many should have come since the last."""

    feed: Feed
    state: FeedState | None
    level: Level
    troubles: tuple[Told, ...]
    counts: Counts
    newsroom: str
    address: str
    week: tuple[float, ...]
    expected: float

    @property
    def a_day(self) -> float:
        return sum(self.week) / 7

    @property
    def is_known(self) -> bool:
        """Whether its rhythm is: some hours say nothing of a day."""
        return self.state is not None and rhythm.watched(self.state.rhythm) >= _KNOWN_AFTER

    @property
    def by_hour(self) -> tuple[float, ...]:
        """Of a day on average."""
        return tuple(sum(self.week[hour::_HOURS]) / 7 for hour in range(_HOURS))

    @property
    def moved_to(self) -> str | None:
        """Where permanent redirects lead; '…' where that is not kept."""
        return moves.shown(self.state) if self.state else None

    @property
    def has_secret(self) -> bool:
        return self.feed.url.reveal() != self.feed.address


def standings(
    config: Config,
    states: Mapping[str, FeedState],
    troubles: Iterable[Trouble],
    counts: Mapping[str, Counts],
    *,
    language: Language,
    zone: tzinfo,
    now: datetime,
) -> list[Standing]:
    """Of all feeds of the rules, those that need somebody first."""
    lasting: dict[str, list[Trouble]] = {}
    for trouble in troubles:
        if trouble.lasts and trouble.finding.kind in health.KINDS:
            lasting.setdefault(trouble.finding.subject, []).append(trouble)
    names = Names(config, language)
    found = [
        standing(
            feed,
            states.get(feed.id),
            lasting.get(feed.id, ()),
            counts.get(feed.id, Counts()),
            newsroom=names.newsroom(feed.source),
            language=language,
            zone=zone,
            now=now,
        )
        for feed in config.feeds
    ]
    return sorted(found, key=lambda each: (each.level.need, _begun(each, now), each.feed.name.casefold()))


def standing(
    feed: Feed,
    state: FeedState | None,
    recorded: Sequence[Trouble],
    counts: Counts,
    *,
    newsroom: str,
    language: Language,
    zone: tzinfo,
    now: datetime,
) -> Standing:
    """`recorded`: what the last look of the monitor left as wrong with this feed."""
    troubles = _troubles(feed, state, recorded, now)
    return Standing(
        feed=feed,
        state=state,
        level=_level(state, troubles),
        troubles=tuple(_told(trouble, language, now) for trouble in troubles),
        counts=counts,
        newsroom=newsroom,
        address=mask(feed.address) if "@" in feed.address else feed.address,
        week=_week(state, zone, now),
        expected=_expected(state, now),
    )


def _troubles(feed: Feed, state: FeedState | None, recorded: Sequence[Trouble], now: datetime) -> list[Trouble]:
    """What was recorded, and what is seen since. How long a silence is usual only that look finds out: it alone tells
    of it."""
    if state is None or state.last_polled_at is None:
        return list(recorded)
    fresh = [
        each for each in health.findings(feed, state, now=now, usual_gap=None) if each.kind is not Kind.FEED_SILENT
    ]
    down = any(each.kind in health.DOWN for each in fresh)
    kept = [each for each in recorded if not (down and each.finding.kind in health.DOWN)]
    known = {each.finding.kind for each in kept}
    return [*(_as_trouble(each, now) for each in fresh if each.kind not in known), *kept]


def _as_trouble(finding: Finding, now: datetime) -> Trouble:
    return Trouble(finding=finding, begun_at=finding.since or now)


def _told(trouble: Trouble, language: Language, now: datetime) -> Told:
    return Told(what(trouble, language, now=now), remedy(trouble, language), trouble.finding.since)


def _level(state: FeedState | None, troubles: Sequence[Trouble]) -> Level:
    kinds = {trouble.finding.kind for trouble in troubles}
    if kinds & health.DOWN:
        return Level.DOWN
    if kinds - ADVICE or kinds & _MISSES or (state is not None and state.failures):
        return Level.WEAK
    if kinds:
        return Level.ADVICE
    return Level.NEW if state is None or state.last_polled_at is None else Level.WELL


def _begun(found: Standing, now: datetime) -> float:
    """What is wrong for long stands before what is wrong since now."""
    return min((each.since.timestamp() for each in found.troubles if each.since), default=now.timestamp())


def _week(state: FeedState | None, zone: tzinfo, now: datetime) -> tuple[float, ...]:
    """Turned to the reader's clock, to the hour."""
    hours = rhythm.week(state.rhythm if state else None)
    ahead = round((now.astimezone(zone).utcoffset() or timedelta(0)) / timedelta(hours=1))
    return tuple(hours[(hour - ahead) % len(hours)] for hour in range(len(hours)))


def _expected(state: FeedState | None, now: datetime) -> float:
    if state is None or state.last_new_at is None:
        return 0.0
    return rhythm.expected(state.rhythm, since=state.last_new_at, until=max(state.last_new_at, now))
