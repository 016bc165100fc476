"""Builders with valid defaults: a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

from monitor.feeds.fetch import CurlFetcher
from monitor.feeds.urls import IPAddress
from monitor.model import Entry, Feed, FeedState, FetchRequest, FetchResult, Parsed, Secret, Validators

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def feed(url: str = "https://news.example/feed", **changes: Any) -> Feed:
    defaults: dict[str, Any] = {
        "id": "news",
        "url": Secret(url),
        "address": url,
        "name": "News",
        "source": "news",
        "every": timedelta(minutes=5),
    }
    return Feed(**{**defaults, **changes})


def state(**changes: Any) -> FeedState:
    return FeedState(**{"feed_id": "news", "next_poll_at": NOW, **changes})


def ask(fetcher: CurlFetcher, url: str, *, validators: Validators | None = None, **changes: Any) -> FetchResult:
    request = FetchRequest(feed=feed(url, **changes), validators=validators)
    return fetcher.submit(request).result(timeout=60)


def addresses(*written: str) -> list[IPAddress]:
    return [ip_address(each) for each in written]


def parsed(*titles: str, **changes: Any) -> Parsed:
    entries = tuple(Entry(feed_id="news", title=title, position=at) for at, title in enumerate(titles))
    return Parsed(entries=entries, **changes)
