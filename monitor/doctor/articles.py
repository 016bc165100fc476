"""Feeds whose articles are read: what became of the newest, as it is recorded. Asks no site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from monitor.doctor.findings import Finding, ok, warning
from monitor.feeds.health import unread_articles
from monitor.model import Feed
from monitor.store.which import open_reader


def look(feed: Feed, state: Path) -> Iterator[Finding]:
    about = f"articles of feed {feed.id}"
    reader = open_reader(state)
    if reader is None:
        yield ok(about, "none was asked for yet")
        return
    with reader:
        read = reader.articles(feed.id)
    if read is None:
        yield ok(about, "none was asked for yet")
    elif unread_articles(feed, read) is not None:
        remedy = "open one in a browser; if its text needs a login or a script, remove full_text from the feed"
        yield warning(about, f"{read.unread} of the last {read.of} not read: {read.error}", remedy)
    else:
        yield ok(about, f"{read.of - read.unread} of the last {read.of} read, {read.waiting} waiting")
