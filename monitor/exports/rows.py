"""The rows of an export, read from the history a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from monitor.alerts.clean import safe_link
from monitor.alerts.passages import quoted
from monitor.exports.row import Row
from monitor.store.read import Reader
from monitor.store.views.history import Told, Wanted, history
from monitor.text.clean import display

PAGE: Final = 500  # alerts read at once


def rows(reader: Reader, wanted: Wanted, *, limit: int | None = None) -> Iterator[Row]:
    """The newest first, at most `limit`. What is alerted while they are read is not among them."""
    return islice(_rows(reader, wanted, min(PAGE, limit or PAGE)), limit)


def _rows(reader: Reader, wanted: Wanted, page: int) -> Iterator[Row]:
    before = None
    while found := history(reader, wanted, limit=page, before=before):
        yield from map(row_of, found)
        if len(found) < page:
            return
        before = found[-1].cursor


def row_of(told: Told) -> Row:
    alert = told.alert
    return Row(
        alert_id=alert.id,
        story_id=alert.story_id,
        rule_id=alert.rule_id,
        rule_title=alert.rule_title,
        severity=alert.severity,
        reason=alert.reason,
        why=alert.why,
        decided_at=alert.decided_at,
        published_at=alert.published_at,
        headline=display(alert.title),
        summary=display(alert.summary),
        article=_article(told),
        link=safe_link(alert.link) or None,
        feed_id=alert.feed_id,
        feed_name=alert.feed_name,
        newsroom=told.newsroom or "",
        sources=alert.sources,
        reports=alert.reports,
        told_by=tuple(each.name for each in alert.told_by),
        killed=alert.facts.killed,
        wounded=alert.facts.wounded,
        places=alert.places,
        events=alert.events,
        actors=alert.actors,
        tags=tuple(sorted(tag.value for tag in alert.facts.tags)),
        acknowledged_by=told.acknowledged.by if told.acknowledged else "",
        acknowledged_at=told.acknowledged.at if told.acknowledged else None,
        opinion=_opinion({said.opinion.value for said in told.said}),
        deliveries=told.deliveries,
    )


def _article(told: Told) -> tuple[str, ...]:
    """Where the text is gone, the words that the alert has."""
    alone = dict.fromkeys(display(words) for each in told.alert.article.values() for words in each)
    return tuple(line.text for line in map(quoted, told.passages) if line) or tuple(alone)


def _opinion(said: set[str]) -> str:
    return "both" if len(said) > 1 else next(iter(said), "")
