"""What `monitor why --json` prints of an entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from monitor.cli.why_words import Found
from monitor.cli.why_words import as_json as words_as_json
from monitor.model import EntrysArticle
from monitor.store.why import Account, Decision, Told, ToldAlert, ToldDelivery


def as_json(entry: Account, words: Callable[[Decision], Iterable[Found]]) -> dict[str, object]:
    """`words`: by which the rule of a decision matched."""
    return {
        "id": entry.id,
        "feed": entry.feed_id,
        "title": entry.title,
        "url": entry.link,
        "published": _iso(entry.published_at),
        "seen": _iso(entry.seen_at),
        "versions": entry.versions,
        "edits": entry.edits,
        "article": _article(entry.article) if entry.article else None,
        "story": _story(entry.story) if entry.story else None,
        "decisions": [_decision(each, words(each)) for each in entry.decisions],
    }


def _article(article: EntrysArticle) -> dict[str, object]:
    return {
        "state": article.state.value,
        "attempts": article.attempts,
        "error": article.error or None,
        "due": _iso(article.due_at),
        "ended": _iso(article.ended_at),
        "in_text": article.is_in_text,
    }


def _story(story: Told) -> dict[str, object]:
    return {
        "id": story.story_id,
        "reports": story.reports,
        "owners": list(story.owners),
        "newsroom": story.origin.newsroom,
        "owner": story.origin.owner,
        "credited": story.origin.credited,
        "joined": {"kinship": story.joined.kind.value, "score": story.joined.score, "why": list(story.joined.why)},
    }


def _decision(decision: Decision, words: Iterable[Found]) -> dict[str, object]:
    return {
        "rule": decision.rule_id,
        "version": decision.version,
        "reason": decision.reason.value,
        "tells": decision.reason.tells,
        "why": decision.why,
        "severity": decision.severity.value,
        "at": _iso(decision.decided_at),
        "found": words_as_json(words),
        "alerts": [_alert(each) for each in decision.alerts],
    }


def _alert(alert: ToldAlert) -> dict[str, object]:
    return {
        "id": alert.id,
        "reason": alert.reason.value,
        "severity": alert.severity.value,
        "sources": alert.sources,
        "reports": alert.reports,
        "deliveries": [_delivery(each) for each in alert.deliveries],
        "acknowledged": _acknowledged(alert),
        "next_in_chain": _next(alert),
    }


def _delivery(delivery: ToldDelivery) -> dict[str, object]:
    return {
        "channel": delivery.channel,
        "status": delivery.status.value,
        "held_for": delivery.hold.value if delivery.hold else None,
        "due": _iso(delivery.due_at),
        "sent": _iso(delivery.sent_at),
        "attempts": delivery.attempts,
        "error": delivery.last_error,
        "answer": delivery.answer,
        "stands_in_for": delivery.stands_in_for,
        "unacknowledged_since": _iso(delivery.unacknowledged_since),
    }


def _acknowledged(alert: ToldAlert) -> dict[str, object] | None:
    seen = alert.acknowledged
    return {"by": seen.by, "at": _iso(seen.at)} if seen else None


def _next(alert: ToldAlert) -> dict[str, object] | None:
    chain = alert.next_in_chain
    return {"channel": chain.channel, "due": _iso(chain.due_at)} if chain else None


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
