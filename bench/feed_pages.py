"""How long the pages of feeds and operations take over 100,000 entries: the median of each, and how many times that of
a page that reads nothing. `python -m bench.feed_pages [ENTRIES]`."""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from monitor.model import Facts
from monitor.store import open_store
from monitor.web.desk import Desk
from tests.store.builders import DESK, alert, item, verdict
from tests.web.site import client

FEEDS = 100
AT_ONCE = 500
TIMES = 15
PAGES = ("/feeds", "/feeds/f0", "/feeds/f99", "/feeds/add", "/operations", "/feeds.opml")
RULES = "version: 1\ntimezone: Asia/Damascus\nfeeds:\n{feeds}rules:\n  - {{id: strikes, any: [غارة]}}\n"


def main() -> None:
    logging.disable(logging.CRITICAL)
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        desk = _desk(Path(folder), number)
        asked = client(desk, accept_language="ar")
        floor = _median(lambda: asked.get("/preferences"))
        print(f"{number:,} entries of {FEEDS} feeds; a page that reads nothing: {floor * 1000:.1f} ms")
        for path in PAGES:
            assert asked.get(path).status_code == 200
            took = _median(lambda path=path: asked.get(path))  # type: ignore[misc]
            print(f"{path:14} {took * 1000:7.1f} ms  {took / floor:5.1f} ×")


def _median(ask: Callable[[], object]) -> float:
    times = []
    for _ in range(TIMES):
        begun = perf_counter()
        ask()
        times.append(perf_counter() - begun)
    return median(times)


def _desk(folder: Path, number: int) -> Desk:
    """Half of the entries are of one feed; each twentieth matched, each fiftieth was told of."""
    rules = folder / "rules.yaml"
    feeds = "".join(f"  - {{id: f{n}, url: 'https://f{n}.example/rss', name: Feed {n}}}\n" for n in range(FEEDS))
    rules.write_text(RULES.format(feeds=feeds), encoding="utf-8")
    now = datetime.now(UTC)
    store = open_store(folder / "state", now=now)
    for begin in range(0, number, AT_ONCE):
        at = now - timedelta(days=60) * (1 - begin / number)
        with store.ingest() as tx:
            for n in range(begin, min(begin + AT_ONCE, number)):
                feed_id = f"f{0 if n % 2 else n // 2 % FEEDS}"
                matched = [verdict()] if n % 20 == 0 else []
                made = item(f"غارة على البلدة {n}", feed_id=feed_id, guid=f"g{n}", verdicts=matched, published_at=at)
                entry_id, story_id, count = tx.write(made, seen_at=at)
                if n % 100 == 0 and story_id is not None:
                    told = replace(alert(story_id, count, decided_at=at), feed_id=feed_id, facts=Facts(places=("sy",)))
                    tx.alert(entry_id, told, [DESK])
    store.close()
    return Desk(rules, folder / "state", environ={})


if __name__ == "__main__":
    main()
