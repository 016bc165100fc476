"""Valid values, so that a test names only what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from monitor.model import Alert, Channel, Delivery, NotSent, Reason, Recipient, Secret, Severity, Span

NOW = datetime(2026, 11, 22, 11, 11, tzinfo=UTC)
DAMASCUS = ZoneInfo("Asia/Damascus")

_ALERT = Alert(
    id="41.1.dez-airport-clashes",
    story_id=41,
    number=1,
    rule_id="dez-airport-clashes",
    rule_title={"ar": "اشتباكات قرب مطار دير الزور", "en": "Clashes near Deir ez-Zor airport"},
    severity=Severity.CRITICAL,
    reason=Reason.FIRST_REPORT,
    feed_id="furat",
    feed_name="صوت الفرات",
    title="دوي انفجارات واشتباكات عند مطار دير الزور العسكري",
    summary="أفاد سكان بسماع الأصوات منذ الفجر.",
    link="https://www.furat.example/news/12345",
    published_at=NOW - timedelta(minutes=6),
    decided_at=NOW,
    spans=(
        Span(field="title", start=13, end=22, clause="event clash"),
        Span(field="title", start=27, end=31, clause="group airport"),
        Span(field="title", start=32, end=41, clause="place deir-ez-zor"),
    ),
)


def an_alert(**changes: Any) -> Alert:
    return replace(_ALERT, **changes)


def a_channel(url: str | None, *, id: str = "desk", **changes: Any) -> Channel:
    changes.setdefault("language", "ar")
    return Channel(id=id, url=None if url is None else Secret(url), **changes)


def a_delivery(
    *,
    key: str = "only",
    attempts: int = 0,
    doubts: int = 0,
    stands_in_for: str | None = None,
    created_at: datetime = NOW,
    **alert: Any,
) -> Delivery:
    return Delivery(
        id=1,
        alert=an_alert(**alert),
        recipient=Recipient(channel_id="desk", key=key),
        attempts=attempts,
        created_at=created_at,
        doubts=doubts,
        stands_in_for=stands_in_for,
    )


def a_failure(**changes: Any) -> NotSent:
    return NotSent(**{"detail": "HTTP 500", "failed_at": NOW} | changes)
