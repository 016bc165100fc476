"""Feeds, and how each does."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from monitor.alerts.clean import safe_link
from monitor.model import ArticlesRead, Reason, Severity
from monitor.store.views.feeds import SeenEntry
from monitor.text.clean import tidy
from monitor.web.api.shapes.alerts import AlertId, FeedId, Link, RuleId, StoryId
from monitor.web.api.shapes.base import Count, Shape, Text, text_of
from monitor.web.feeds.standing import Level, Standing


class TroubleOfFeed(Shape):
    """In the language that was asked for."""

    what: str
    remedy: str
    since: datetime | None


class ArticlesShape(Shape):
    """How reading the pages that entries link to goes. What waits is counted apart."""

    read: Count = Field(description="Of the newest that wait no more.")
    unread: Count = Field(description="Of these: no page, none that may be read, or none in time.")
    waiting: Count
    last_error: str | None = Field(description="Why the newest of those was not read; English.")


class FeedShape(Shape):
    id: FeedId
    name: str
    address: str = Field(description="As written in the rules; what is secret in it is not told.")
    source: str = Field(description="The newsroom: two feeds of one newsroom are one voice.")
    newsroom: str = Field(description="The newsroom's name, in the language that was asked for.")
    languages: tuple[str, ...]
    tags: tuple[str, ...]
    level: Level = Field(description="down: nothing can be read; weak: something may be missed; advice; new; well.")
    troubles: tuple[TroubleOfFeed, ...]
    every_seconds: Count
    next_poll_at: datetime | None
    last_polled_at: datetime | None
    last_success_at: datetime | None
    last_new_at: datetime | None = Field(description="When an entry that was not seen before last came.")
    failures: Count = Field(description="In a row.")
    last_error: str | None
    moved_to: str | None = Field(description="Where permanent redirects lead; '…' where that is not kept.")
    articles: ArticlesShape | None = Field(description="null without `full_text`, and until a page was wanted.")
    entries: Count = Field(description="Kept; versions are not counted apart.")
    matched: Count = Field(description="Of the last 30 days: in which a rule found what it looks for.")
    alerts: Count = Field(description="Of the last 30 days: told first by this feed.")
    a_day: float = Field(ge=0, description="Entries to be expected in a day, by its rhythm.")


class Feeds(Shape):
    """Those that need somebody first."""

    feeds: tuple[FeedShape, ...]


class FoundInEntry(Shape):
    rule: RuleId
    severity: Severity
    reason: Reason


class EntryOfFeed(Shape):
    """By its latest version."""

    id: str = Field(examples=["7"])
    title: Text
    url: Link
    published_at: datetime | None
    seen_at: datetime
    story: StoryId | None
    changes: Count = Field(description="How often it was edited.")
    found: tuple[FoundInEntry, ...]
    alerts: tuple[AlertId, ...]


class EntriesOfFeed(Shape):
    """Those seen last first."""

    entries: tuple[EntryOfFeed, ...]
    next: str | None = Field(description="To be handed back as `after`; null at the end.")


def feed_shape(found: Standing, articles: ArticlesRead | None) -> FeedShape:
    feed, state = found.feed, found.state
    return FeedShape(
        id=feed.id,
        name=tidy(feed.name),
        address=found.address,
        source=feed.source,
        newsroom=tidy(found.newsroom),
        languages=feed.languages,
        tags=tuple(sorted(feed.tags)),
        level=found.level,
        troubles=tuple(TroubleOfFeed(what=each.what, remedy=each.remedy, since=each.since) for each in found.troubles),
        every_seconds=int(feed.every.total_seconds()),
        next_poll_at=state.next_poll_at if state else None,
        last_polled_at=state.last_polled_at if state else None,
        last_success_at=state.last_success_at if state else None,
        last_new_at=state.last_new_at if state else None,
        failures=state.failures if state else 0,
        last_error=state.last_error if state else None,
        moved_to=found.moved_to,
        articles=_articles(articles) if articles else None,
        entries=found.counts.kept,
        matched=found.counts.matched,
        alerts=found.counts.alerts,
        a_day=round(found.a_day, 3),
    )


def _articles(found: ArticlesRead) -> ArticlesShape:
    return ArticlesShape(
        read=found.of - found.unread, unread=found.unread, waiting=found.waiting, last_error=found.error or None
    )


def entry_of_feed(seen: SeenEntry) -> EntryOfFeed:
    return EntryOfFeed(
        id=str(seen.cursor.id),
        title=text_of(seen.title),
        url=safe_link(seen.link) or None,
        published_at=seen.published_at,
        seen_at=seen.seen_at,
        story=str(seen.story_id) if seen.story_id is not None else None,
        changes=seen.changes,
        found=tuple(FoundInEntry(rule=each.rule_id, severity=each.severity, reason=each.reason) for each in seen.found),
        alerts=seen.alerts,
    )
