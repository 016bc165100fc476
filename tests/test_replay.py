"""A real agency's feed as it stood at 2,249 polls in five months, with every edit, replayed over loopback HTTP."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import escape
from pathlib import Path
from typing import Any

import pytest

from monitor.feeds.fetch import CurlFetcher
from monitor.loops import PollLoop
from monitor.model import Entry, Reason, Secret
from monitor.store import Reader
from monitor.text.document import read
from tests.servers import site
from tests.world import World, feed, rule

POLLS = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "polls"
RULES = (rule("baghdad", "بغداد"), rule("killed", "مقتل"), rule("arrested", "اعتقال"), rule("fire", "حريق"))
# The feed's own clock is the fake one; a rule's age is measured against it.
pytestmark = pytest.mark.skipif(not POLLS.is_dir(), reason="the recorded polls are not beside the checkout")


def rows(name: str) -> list[dict[str, Any]]:
    with gzip.open(POLLS / name, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def clean(text: str) -> str:
    return escape("".join(c for c in text if c >= " " or c in "\t\n"))


def as_item(version: dict[str, Any]) -> str:
    return (
        f"<item><title>{clean(version['title'])}</title><link>{clean(version['link'])}</link>"
        f'<guid isPermaLink="false">{version["id"]}</guid><pubDate>{version["published"]}</pubDate>'
        f"<description>{clean(version['description'])}</description></item>"
    )


def document(items: list[str]) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>شفق نيوز</title>'
    return f"{head}{''.join(items)}</channel></rss>".encode()


def as_entry(version: dict[str, Any]) -> Entry:
    return Entry(feed_id="one", title=clean(version["title"]), summary=clean(version["description"]))


def expected_alerts(world: World, versions: dict[int, dict[str, Any]], polls: list[dict[str, Any]]) -> set[tuple]:
    """(link, rule) of every entry that any version of it, shown fresh and after the baseline, matches."""
    matched = {
        number: {
            match.rule_id
            for match in world.setup.matcher.match(
                read(as_entry(version)), feed=None, today=datetime.now(UTC).date()
            ).matches
        }
        for number, version in versions.items()
    }
    known: dict[str, set[str]] = defaultdict(set)  # rules that an entry has matched, told or not
    seen: set[int] = set(polls[0]["versions"])
    for number in seen:
        known[versions[number]["id"]] |= matched[number]
    told = set()
    for poll in polls[1:]:
        at = datetime.fromisoformat(poll["fetched_at_utc"])
        for number in (number for number in poll["versions"] if number not in seen):
            version = versions[number]
            fresh = (at - parsedate_to_datetime(version["published"])).total_seconds() <= 24 * 3600
            told |= {(version["link"], rule_id) for rule_id in matched[number] - known[version["id"]] if fresh}
            known[version["id"]] |= matched[number]
            seen.add(number)
    return told


@pytest.mark.parametrize("half", [0, 1], ids=["first half", "second half"])  # two, so that two cores can share them
def test_every_entry_is_seen_once_every_edit_matched_again_and_nothing_told_twice(half: int) -> None:
    versions = {row["v"]: row for row in rows("shafaq_versions.jsonl.gz")}
    recorded = rows("shafaq_polls.jsonl.gz")
    polls = recorded[: len(recorded) // 2] if half == 0 else recorded[len(recorded) // 2 :]
    items = {number: as_item(version) for number, version in versions.items()}
    with site() as web:
        address = web.url("/shafaq.xml")
        world = World(*RULES, feeds=[feed("one", url=Secret(address), address=address)])
        fetcher = CurlFetcher(clock=world.clock)
        loop = PollLoop(
            pipeline=world.pipeline, store=world.store, fetcher=fetcher, clock=world.clock, report=world.reports.append
        )
        try:
            for poll in polls:
                at = datetime.fromisoformat(poll["fetched_at_utc"])
                world.clock.advance(at - world.clock.now())
                web.pages["/shafaq.xml"] = document([items[number] for number in poll["versions"]])
                loop.tick(world.setup, every=True)
                assert loop.wait(60)
        finally:
            loop.stop()
            fetcher.close()
    assert [report for report in world.reports if report.outcome == "failed"] == []
    assert len(world.reports) == len(polls)

    shown = {number for poll in polls for number in poll["versions"]}
    ids = {versions[number]["id"] for number in shown}
    assert sum(report.new for report in world.reports) == len(ids)
    texts = {(versions[number]["id"], read(as_entry(versions[number])).fingerprint.text) for number in shown}
    assert sum(report.changed for report in world.reports) == len(texts) - len(ids)  # a comma is no edit
    assert Reader(world.store.database).totals().entries == len(ids)

    told = [(alert.link, alert.rule_id) for report in world.reports for alert in report.alerts]
    changed = {Reason.UPDATED, Reason.CORRECTED}
    alerts = [alert for report in world.reports for alert in report.alerts]
    first = [(alert.link, alert.rule_id) for alert in alerts if alert.reason not in changed]
    assert len(first) == len(set(first)), "an entry was told twice for one rule, and nothing was new"
    assert len(told) - len(first) < len(told) / 50, "edits that change what is told are rare"
    expected = expected_alerts(world, versions, polls)
    assert set(told) <= expected
    # Some are further reports of an event that was told; without facts (this world reads none) only by their words.
    assert len(expected - set(told)) <= len(expected) / 200
    assert len(told) > 100
