"""From all that is recorded to what is wrong: feeds, the rules that live on them, channels, the network. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from monitor.feeds import health as feed_health
from monitor.model import ArticlesRead, Channel, Feed, FeedState
from monitor.trouble import Facts, Finding, Kind, Sends

if TYPE_CHECKING:  # takes a moment to import, which most checks need not pay
    from monitor.language import Rule

LATE_AFTER = timedelta(minutes=15)  # an alert that waits so long is no alert
TRIES = 3  # failed in a row, before a channel is trouble
REFUSED_COUNTS_FOR = timedelta(days=7)  # what was given up earlier is no news
LATELY = timedelta(minutes=30)  # a feed that was asked within it says something about the network of now
NETWORK_SHARE = 0.8  # of the feeds asked lately that fail, from which on the network is to blame …
NETWORK_ENDS = 0.5  # … until it is less than this
NETWORK_FEEDS = 3  # fewer say nothing about the network
CHANNEL_KINDS = frozenset({Kind.CHANNEL_REFUSES, Kind.CHANNEL_LATE, Kind.CANARY_LOST})
MOST_NAMES = 10  # in one message
WRONG_CLOCK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a look has in front of it.

    `rules` are asked for only where they matter, for reading them takes a moment. `matches`: how often a rule matched
    in which feed, by rule and feed id. `usual_gap` is asked for feeds only that may be silent, `articles` for those
    only that want theirs read. `network_over_at`: when the network last came back; None if it did not, or is down.
    """

    feeds: Sequence[Feed]
    rules: Callable[[], Sequence[Rule]]
    channels: Sequence[Channel]
    states: Mapping[str, FeedState]
    sends: Mapping[str, Sends] = field(default_factory=dict)
    matches: Callable[[], Mapping[str, Mapping[str, int]]] = dict
    usual_gap: Callable[[FeedState], timedelta | None] = lambda _state: None
    articles: Callable[[Feed], ArticlesRead | None] = lambda _feed: None
    network_down: bool = False
    network_over_at: datetime | None = None


def findings(seen: Seen, *, now: datetime) -> list[Finding]:
    """All that is wrong now. What follows from something else that is told is left out."""
    found = [*_clock(seen, now), *_channels(seen, now)]
    of_feeds = [each for feed in seen.feeds for each in _of_feed(seen, feed, now)]
    network = _network(seen, of_feeds, now)
    if network is not None:
        return [*found, network, *(each for each in of_feeds if each.kind not in feed_health.DOWN)]
    of_feeds = [each for each in of_feeds if not _is_aftermath(seen, each)]
    down = {each.subject for each in of_feeds if each.kind in feed_health.DOWN}
    return [*found, *of_feeds, *_rules(seen, down, now)]


class Fate(Enum):
    """What it means that a trouble is not found any more."""

    OVER = "over"
    HIDDEN = "hidden"  # behind another that is found: nobody can tell
    MOOT = "moot"  # what it was about is watched no longer, or another trouble tells more: no news


def fate(trouble: Finding, found: Sequence[Finding], seen: Seen, *, now: datetime) -> Fate:
    """What became of a trouble that the look did not find."""
    network = any(each.kind is Kind.NETWORK for each in found)
    if trouble.kind is Kind.RULE_BLIND:
        rule = next((rule for rule in seen.rules() if rule.id == trouble.subject), None)
        if rule is None or not _able(rule, seen.feeds, now):
            return Fate.MOOT
        return Fate.HIDDEN if network else Fate.OVER
    if trouble.kind in CHANNEL_KINDS:
        worse = any(each.subject == trouble.subject and each.kind in CHANNEL_KINDS for each in found)
        # A refusal that only grew old is not mended: nothing has arrived since.
        is_old = trouble.since is not None and now - trouble.since >= REFUSED_COUNTS_FOR
        return Fate.MOOT if worse or (is_old and trouble.kind is Kind.CHANNEL_REFUSES) else Fate.OVER
    if trouble.kind not in feed_health.KINDS:
        return Fate.OVER
    state = seen.states.get(trouble.subject)
    feed = next((feed for feed in seen.feeds if feed.id == trouble.subject), None)
    if state is None or feed is None or (trouble.kind is Kind.FEED_ARTICLES and not feed.full_text):
        return Fate.MOOT
    if trouble.kind in feed_health.DOWN and any(
        each.subject == trouble.subject and each.kind in feed_health.DOWN for each in found
    ):
        return Fate.MOOT
    return Fate.HIDDEN if state.failures else Fate.OVER


# --- feeds


def _of_feed(seen: Seen, feed: Feed, now: datetime) -> tuple[Finding, ...]:
    state = seen.states.get(feed.id)
    if state is None or state.last_polled_at is None:
        return ()
    usual = seen.usual_gap(state) if feed_health.may_be_silent(state, now=now) else None
    found = feed_health.findings(feed, state, now=now, usual_gap=usual)
    unread = feed_health.unread_articles(feed, seen.articles(feed)) if feed.full_text else None
    return (*found, unread) if unread is not None else found


def _network(seen: Seen, of_feeds: Sequence[Finding], now: datetime) -> Finding | None:
    """Most feeds fail at once: what they have in common is our way to them."""
    lately = _asked_lately(seen, now)
    failing = [state for state in lately if state.failures]
    share = NETWORK_ENDS if seen.network_down else NETWORK_SHARE
    sure = seen.network_down or any(each.kind is Kind.FEED_FAILING for each in of_feeds)
    if not sure or len(failing) < NETWORK_FEEDS or len(failing) < share * len(lately):
        return None
    since = [state.failing_since or state.last_success_at for state in failing]
    begun = max((at for at in since if at is not None), default=None)
    error = max((state.last_error or "" for state in failing), key=[s.last_error or "" for s in failing].count)
    return Finding(
        kind=Kind.NETWORK, since=begun, facts={"failing": len(failing), "feeds": len(lately), "error": error}
    )


def _asked_lately(seen: Seen, now: datetime) -> list[FeedState]:
    """Feeds that were asked within the half hour; all that ever were, where those are too few to say anything."""
    known = [seen.states[feed.id] for feed in seen.feeds if feed.id in seen.states]
    asked = [(state, state.last_polled_at) for state in known if state.last_polled_at is not None]
    lately = [state for state, at in asked if now - at <= LATELY]
    return lately if len(lately) >= min(NETWORK_FEEDS, len(asked)) else [state for state, _ in asked]


def _is_aftermath(seen: Seen, found: Finding) -> bool:
    """A feed that has not been asked again since the network came back: its failures are the network's."""
    state = seen.states.get(found.subject)
    if found.kind is not Kind.FEED_FAILING or seen.network_over_at is None or state is None:
        return False
    return state.last_polled_at is not None and state.last_polled_at <= seen.network_over_at


def answering(feeds: Sequence[Feed], states: Mapping[str, FeedState], *, now: datetime) -> tuple[int, int]:
    """How many of the feeds that were asked lately answered, and how many were asked."""
    asked = _asked_lately(Seen(feeds=feeds, rules=tuple, channels=(), states=states), now)
    return sum(state.failures == 0 for state in asked), len(asked)


# --- rules


def _rules(seen: Seen, down: set[str], now: datetime) -> Iterator[Finding]:
    """Rules most of whose usual feeds cannot be read."""
    if not down:
        return
    matches = seen.matches()
    looking = {rule.id: able for rule in seen.rules() if (able := _able(rule, seen.feeds, now))}
    for rule_id, able in looking.items():
        usual = {feed_id: count for feed_id, count in matches.get(rule_id, {}).items() if feed_id in able}
        if able <= down:
            yield _blind(rule_id, able, able, rules=len(looking))
        elif _mostly(usual, down):
            yield _blind(rule_id, usual.keys() & down, usual.keys(), rules=len(looking))


def _blind(rule_id: str, down: Set[str], of: Set[str], *, rules: int) -> Finding:
    names = ", ".join(sorted(down)[:MOST_NAMES])
    facts: dict[str, str | int] = {"down": len(down), "of": len(of), "names": names, "rules": rules}
    return Finding(kind=Kind.RULE_BLIND, subject=rule_id, facts=facts)


def _able(rule: Rule, feeds: Sequence[Feed], now: datetime) -> frozenset[str]:
    """Ids of the feeds that a rule looks at."""
    return frozenset(feed.id for feed in feeds if _may_look(rule, feed, now))


def _may_look(rule: Rule, feed: Feed, now: datetime) -> bool:
    from monitor.rules.filters import reasons_to_skip

    return next(reasons_to_skip(rule, feed=feed, language="", today=now.date()), None) is None


def _mostly(usual: Mapping[str, int], down: set[str]) -> bool:
    """Whether more than half of what the rule ever matched came from feeds that are down."""
    return 2 * sum(count for feed_id, count in usual.items() if feed_id in down) > sum(usual.values())


# --- channels


def _channels(seen: Seen, now: datetime) -> Iterator[Finding]:
    """One finding a channel, the worst. Also channels that are no longer in the rules, while alerts wait for them."""
    for channel_id, sends in seen.sends.items():
        found = _channel(channel_id, sends, now)
        if found is not None:
            yield found


def _channel(channel_id: str, sends: Sends, now: datetime) -> Finding | None:
    facts: Facts = {"waiting": sends.waiting, "given_up": sends.given_up, "error": sends.error}
    if sends.given_up_at is not None and now - sends.given_up_at < REFUSED_COUNTS_FOR:
        return Finding(kind=Kind.CHANNEL_REFUSES, subject=channel_id, since=sends.given_up_at, facts=facts)
    late = sends.waiting_since is not None and now - sends.waiting_since >= LATE_AFTER
    if sends.canaries and sends.canaries == sends.waiting:  # a test has time until it is late
        return _unsent(Kind.CANARY_LOST, channel_id, sends, facts) if late else None
    return _unsent(Kind.CHANNEL_LATE, channel_id, sends, facts) if late or sends.tries >= TRIES else None


def _unsent(kind: Kind, channel_id: str, sends: Sends, facts: Facts) -> Finding:
    return Finding(kind=kind, subject=channel_id, since=sends.waiting_since, facts=facts)


# --- clock


def _clock(seen: Seen, now: datetime) -> Iterator[Finding]:
    """Feeds that were read in the future: the clock was wrong then, or is now."""
    read = [state.last_polled_at for state in seen.states.values() if state.last_polled_at is not None]
    ahead = max(read, default=now) - now
    if ahead > WRONG_CLOCK:
        yield Finding(kind=Kind.CLOCK, facts={"ahead_seconds": int(ahead.total_seconds())})
