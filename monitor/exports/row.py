"""An alert as every format takes it: plain text, no markup, links that are links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from monitor.alerts.words import LABELS
from monitor.model import DeliveryStatus, Figure, NamedFact, Reason, Severity

# Ours, of no registry: what is made with it is the same in every export, and for nobody else.
NAMESPACE: Final = UUID("6f0c9d3e-5b1e-5d0a-9a52-3c6f7a1d2e48")
_LEAD: Final = 200  # characters that stand for a headline


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`headline` and `summary` as a reader sees them; `link` is http or https, or None. `newsroom` is '' where the
    entry is gone. `opinion`: what readers said, 'match', 'not a match', 'both', or ''. `deliveries` by status, those
    of which there is none are left out. `told_by`: newsrooms in the order of their first reports. `article`: passages
    of the article with what the rule found there, or that alone."""

    alert_id: str
    story_id: int
    rule_id: str
    rule_title: Mapping[str, str]
    severity: Severity
    reason: Reason
    decided_at: datetime
    headline: str
    feed_id: str
    feed_name: str
    why: str = ""
    published_at: datetime | None = None
    summary: str = ""
    article: tuple[str, ...] = ()
    link: str | None = None
    newsroom: str = ""
    sources: int = 1
    reports: int = 1
    told_by: tuple[str, ...] = ()
    killed: Figure | None = None
    wounded: Figure | None = None
    places: tuple[NamedFact, ...] = ()
    events: tuple[NamedFact, ...] = ()
    actors: tuple[NamedFact, ...] = ()
    tags: tuple[str, ...] = ()
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
    opinion: str = ""
    deliveries: Mapping[DeliveryStatus, int] = field(default_factory=dict)


def in_words(names: Mapping[str, str], language: str, otherwise: str) -> str:
    """The name in this language, else the one for any, else some name."""
    return names.get(language) or names.get("") or next(iter(names.values()), "") or otherwise


def named(fact: NamedFact, language: str) -> str:
    return in_words(fact.name, language, fact.id)


def untitled(row: Row) -> str:
    """Its headline; of a report without one, the beginning of what it says. Never empty, nor mere white space."""
    return next((text for text in (row.headline, row.summary[:_LEAD], row.rule_id) if text.strip()), row.alert_id)


def said(row: Row, language: str) -> str:
    """What a reader of feeds shows under the headline; never empty."""
    told = LABELS["ar" if language == "ar" else "en"]["article"]
    quote = "«{}»" if language == "ar" else "“{}”"
    quotes = [f"{told[0].upper()}{told[1:]}: {quote.format(each)}" for each in row.article]
    return "\n\n".join((row.summary if row.summary.strip() else untitled(row), *quotes))


def stable_id(row: Row, kind: str) -> UUID:
    """The same whenever this alert is exported. Alert ids are counted anew in every state, so its time and its entry
    tell apart what two of them call 1.1."""
    return uuid5(NAMESPACE, "\n".join((kind, row.alert_id, row.decided_at.isoformat(), row.feed_id, row.link or "")))
