"""Reports, what was told of them, and the case they make, with valid defaults."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from monitor.language import Rule, Term
from monitor.model import (
    Entry,
    Facts,
    Figure,
    KnownEntry,
    KnownStory,
    LastAlert,
    Match,
    Origin,
    Reason,
    Report,
    Severity,
    Sketch,
    Span,
    Tag,
    Verdict,
)
from monitor.stories.case import Case
from monitor.stories.decide import decide
from monitor.stories.voices import voices

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
RULE = Rule(id="r", title={"": "t"}, severity=Severity.MEDIUM, all=(Term(text="قصف"),), throttle=30 * MINUTE)
AS_TOLD = datetime.min.replace(tzinfo=UTC)
TITLE = "قصف على أطراف البلدة"
AROUND = {"harabish": ("deir-ez-zor", "syria"), "deir-ez-zor": ("syria",)}


def facts(killed: int | None = None, wounded: int | None = None, *tags: Tag, places=(), events=()) -> Facts:
    return Facts(
        killed=_figure("killed", killed),
        wounded=_figure("wounded", wounded),
        places=tuple(places),
        events=tuple(events),
        tags=frozenset(tags),
    )


def _figure(kind: Any, least: int | None) -> Figure | None:
    span = Span(field="title", start=0, end=1, clause=kind)
    return None if least is None else Figure(kind=kind, least=least, most=least, span=span)


def report(
    owner: str = "one",
    *,
    of: Facts | None = None,
    at: datetime = NOW,
    title: str = TITLE,
    text: str = "",
    entry_id: int = 0,
) -> Report:
    """In words of the owner's own, unless `text` says whose."""
    words = _hash(text or owner + title)
    sketch = Sketch(text=words, headline=words, grams=frozenset(), facts=of or Facts(), told_at=at)
    origin = Origin(newsroom=owner, owner=owner)
    return Report(entry_id=entry_id, feed_id=owner, sketch=sketch, origin=origin, seen_at=at, title=title)


def _hash(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def last(*, ago: timedelta = HOUR, **told: Any) -> LastAlert:
    at = NOW - ago
    return LastAlert(
        **{
            "rule_id": "r",
            "alert_id": "3.1",
            "first_id": "3.1",
            "number": 1,
            "alerted_at": at,
            "told_at": at,
            "feed_id": "one",
            "severity": Severity.MEDIUM,
            "reason": Reason.FIRST_REPORT,
            **told,
        }
    )


def story(*reports: Report, told: Iterable[LastAlert] = ()) -> KnownStory:
    return KnownStory(id=3, begun_at=NOW - 4 * HOUR, reports=reports, alerts=tuple(told))


def case(
    new: Report | None = None,
    *others: Report,
    told: LastAlert | None = None,
    before: Report | None = None,
    matched: Iterable[str] = ("r",),
    published_at: datetime | None = AS_TOLD,
    **more: Any,
) -> Case:
    """A report that joins these others. `before` is what the version before it reported, `matched` the rules that one
    matched. `published_at`: when the report was told, unless it is said."""
    new = new or report()
    published_at = new.sketch.told_at if published_at is AS_TOLD else published_at
    known = None
    if before is not None:
        known = KnownEntry(
            id=before.entry_id, guid="g", link=None, published_at=before.sketch.told_at, texts=frozenset(),
            words=frozenset(), matched_rules=frozenset(matched), story_id=3,
        )  # fmt: skip
    stored = (*others, before) if before is not None else others
    return Case(
        **{
            "entry": Entry(feed_id=new.feed_id, guid="g", title=new.title, published_at=published_at),
            "report": new,
            "known": known,
            "before": before,
            "story": story(*stored, told=[told] if told else []) if stored or told else None,
            "count": lambda reports: voices(reports, alike=lambda one, other: one.text == other.text),
            "within": lambda place: AROUND.get(place, ()),
            "now": NOW,
            "today": date(2026, 11, 22),
            **more,
        }
    )


def decided(asked: Case, rule: Rule = RULE) -> Verdict:
    match = Match(rule_id=rule.id, severity=rule.severity, spans=())
    (verdict,) = decide(asked, [match], rules=lambda _: rule)
    assert verdict.match == match
    return verdict
