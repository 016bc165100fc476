"""Whether a rule that waits for entries has waited too long. Pure.

Silence is what we asked for and did not get: it is known up to the last time that every feed of the rule answered. So
neither a feed that fails, nor a machine that slept, nor a monitor that was off is ever taken for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.model import Feed, FeedState, Watch

if TYPE_CHECKING:
    from monitor.language import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """It began at `since`, and is known to have lasted so long."""

    since: datetime
    lasted: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The silence that was decided is over."""

    since: datetime
    lasted: timedelta


def feeds_of(rule: Rule, feeds: Sequence[Feed]) -> tuple[Feed, ...]:
    return tuple(feed for feed in feeds if not {feed.id, *(f"tag:{tag}" for tag in feed.tags)}.isdisjoint(rule.feeds))


def news(watch: Watch, states: Sequence[FeedState | None], *, lasts: timedelta, seeks: bool) -> Silent | Heard | None:
    """What is to be decided now. `states` are those of the rule's feeds, None for one that was never asked; `seeks`:
    the rule waits for what matches it, not for any new entry."""
    heard_at = _heard_at(watch, states, seeks=seeks)
    if watch.silent_since is not None:
        lasted = heard_at - watch.silent_since
        return Heard(since=watch.silent_since, lasted=lasted) if lasted > timedelta() else None
    asked_at = _asked_at(states)
    if asked_at is None or asked_at - heard_at < lasts:
        return None
    return Silent(since=heard_at, lasted=asked_at - heard_at)


def _heard_at(watch: Watch, states: Sequence[FeedState | None], *, seeks: bool) -> datetime:
    """Where nothing ever came, it is waited for since the rule began to look."""
    if seeks:
        return watch.heard_at or watch.begun_at
    return max((state.last_new_at for state in states if state and state.last_new_at), default=watch.begun_at)


def _asked_at(states: Sequence[FeedState | None]) -> datetime | None:
    """Up to when all of them are known; None while one is not read yet, or fails."""
    answered = [
        state.last_success_at if state is not None and state.baselined and not state.failures else None
        for state in states
    ]
    known = [at for at in answered if at is not None]
    return min(known) if known and len(known) == len(answered) else None
