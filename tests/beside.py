"""A feed that was read once before, for tests with a daemon of its own: what it shows next is news."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from tests.command import Command
from tests.servers import Site, site
from tests.world import item, rss

PATH = "/one"
OLD = item("خبر أول", n=100)


@contextmanager
def with_old_news() -> Iterator[Site]:
    with site() as made:
        made.pages[PATH] = rss(OLD)
        yield made


def publish(monitor: Command, web: Site, *titles: str) -> None:
    """And let the feed be due."""
    now = datetime.now(UTC)
    web.pages[PATH] = rss(*(item(title, n=n, at=now) for n, title in enumerate(titles, 1)), OLD)
    change(monitor, "UPDATE feed_state SET next_poll_us = 0, lease_until_us = NULL")


def change(monitor: Command, sql: str) -> None:
    """In the state, beside whoever works with it."""
    with sqlite3.connect(monitor.folder / "state" / "monitor.db", timeout=30) as db:
        db.execute(sql)
    db.close()
