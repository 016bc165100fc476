"""What was published, and what a rule found in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.model.basics import FieldName, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Exactly what was published: markup and escapes stand as the feed parser gave them.

    `guid` is '' and `link` is None where the feed has none (a link that is not http or https counts as none).
    `position` is the entry's place in its document, 0 first.
    """

    feed_id: str
    guid: str = ""
    link: str | None = None
    title: str = ""
    summary: str = ""
    body: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    author: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A document's entries, in its order. `warnings` are oddities that an operator may want to know, no failure.

    `is_whole` is False where the document broke off before its end: its validators are not worth keeping.
    """

    entries: tuple[Entry, ...]
    is_whole: bool = True
    title: str = ""
    ttl: timedelta | None = None
    warnings: tuple[str, ...] = ()
    marks: bytes | None = None  # of all entries in the document, for `FeedState.entry_marks`; None: cannot be told
    window: int = 0  # entries in the document, those among them that were not read because they are known
    overlaps: bool | None = None  # whether it shares an entry with the last document; None: cannot be told


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseFailed:
    detail: str


ParseResult = Parsed | ParseFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where a clause was found: code points of the field as published, half-open, never empty."""

    field: FieldName
    start: int
    end: int
    clause: str  # as in 'place deir-ez-zor', 'group airport', 'event clash', 'مطار'


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A rule that holds for a document. Spans are sorted by field (title, summary, body), then start."""

    rule_id: str
    severity: Severity
    spans: tuple[Span, ...]
