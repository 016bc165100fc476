"""Whom to tell, and why, or why not. Pure: what is known comes in, verdicts go out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.model import Entry, KnownEntry, KnownStory, LastAlert, Match, Reason, Verdict

if TYPE_CHECKING:  # importing it takes as long as Python's own start
    from monitor.language import Rule

# How long an equal headline is the same story. Copies of a report lie minutes to hours apart; in five months of a real
# agency's feed (2,218 entries) a headline came back three times, after three days or more, and told a new event.
STORY_WINDOW = timedelta(hours=24)


def is_stale(published_at: datetime | None, *, now: datetime, max_age: timedelta) -> bool:
    """Whether the entry is older than `max_age`. An undated entry is never stale."""
    return published_at is not None and now - published_at > max_age


def decide(
    entry: Entry,
    matches: Sequence[Match],
    *,
    rules: Callable[[str], Rule],
    known: KnownEntry | None,
    story: KnownStory | None,
    baseline: bool,
    now: datetime,
) -> tuple[Verdict, ...]:
    """One verdict a match, in their order.

    `known` is the entry's stored self if this is a new version of it, `story` the stored story that it joins.
    `baseline`: the feed is read for the first time and its entries are only recorded.
    """
    reasons = [_reason(entry, rules(m.rule_id), known, story, baseline=baseline, now=now) for m in matches]
    return tuple(
        Verdict(match=match, reason=reason, tells=reason if reason.tells else None)
        for match, reason in zip(matches, reasons, strict=True)
    )


def _reason(
    entry: Entry, rule: Rule, known: KnownEntry | None, story: KnownStory | None, *, baseline: bool, now: datetime
) -> Reason:
    if known is not None and rule.id in known.matched_rules and not _published_anew(entry, known, rule):
        return Reason.DUPLICATE
    if baseline:
        return Reason.BASELINE
    if is_stale(entry.published_at, now=now, max_age=rule.max_age):
        return Reason.STALE
    last = _last_alert(story, rule.id)
    if last is None or story is None:
        return Reason.UPDATED if known is not None else Reason.FIRST_REPORT
    if entry.feed_id != last.feed_id:
        return Reason.DUPLICATE  # another outlet's copy of a headline that was alerted
    if timedelta(0) <= now - last.alerted_at < rule.throttle:  # not an alert of the future: the clock was set back
        return Reason.THROTTLED
    return Reason.UPDATED  # its newsroom published the headline anew


def _published_anew(entry: Entry, known: KnownEntry, rule: Rule) -> bool:
    """Whether the newsroom dated its edit later, by more than the rule's throttle: then it means to be heard again."""
    if entry.published_at is None or known.published_at is None:
        return False
    return entry.published_at - known.published_at > rule.throttle


def _last_alert(story: KnownStory | None, rule_id: str) -> LastAlert | None:
    if story is None:
        return None
    return max((a for a in story.alerts if a.rule_id == rule_id), key=lambda a: a.alerted_at, default=None)
