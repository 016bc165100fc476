"""The list of stories: which are wanted, the newest first, page by page, with how many tell each."""

from __future__ import annotations

import sqlite3

import pytest

from monitor.model import Alert, Severity
from monitor.store import Reader, SqliteStore
from monitor.store.views import wanted as wanting
from monitor.store.views.stories import Asked, Headline, stories
from monitor.store.views.wanted import Wanted

from ..builders import DAY, HOUR, MINUTE, NOW, item, verdict
from .test_history import scans, tell


def three(store: SqliteStore) -> None:
    """Stories 1 (told twice, by two voices), 2 (told once) and 3 (nobody was told)."""
    first = tell(store, "a", at=NOW - 3 * DAY, places=("harabish",), events=("airstrike",), severity=Severity.LOW)
    tell(store, "b", at=NOW - HOUR, rule_id="harbours", feed_id="wire", newsroom="agency", places=("tartus", "homs"))
    tell(store, "a again", story=first.story_id, newsroom="other", rule_id="more", severity=Severity.CRITICAL)
    with store.ingest() as tx:
        tx.write(item("quiet", feed_id="local", verdicts=[verdict("strikes")]), seen_at=NOW)


def found(store: SqliteStore, asked: Asked | None = None, **paging: int) -> list[int]:
    listed = stories(Reader(store.database), asked or Asked(), **{"limit": 50, **paging})
    return [each.id for each in listed]


def test_the_story_that_began_last_comes_first_with_how_it_was_last_told_and_by_how_many(store: SqliteStore) -> None:
    three(store)
    quiet, second, first = stories(Reader(store.database), Asked(), limit=50)
    assert (quiet.newest, quiet.alerts, quiet.rules) == (Headline(title="quiet", summary=""), 0, ())
    assert isinstance(first.newest, Alert)
    assert (first.newest.title, first.newest.severity) == ("a again", Severity.CRITICAL)
    assert (first.reports, first.voices, first.alerts, first.rules) == (2, 2, 2, ("more", "strikes"))
    assert (first.begun_at, first.seen_at) == (NOW - 3 * DAY, NOW)
    assert (second.reports, second.voices, second.alerts, second.rules) == (1, 1, 1, ("harbours",))


def test_the_headline_of_an_edited_report_is_its_newest(store: SqliteStore) -> None:
    with store.ingest() as tx:
        entry, story, _ = tx.write(item("before", verdicts=[verdict()]), seen_at=NOW - HOUR)
        tx.write(item("after", verdicts=[verdict()], story_id=story, known_id=entry), seen_at=NOW)
    (only,) = stories(Reader(store.database), Asked(), limit=5)
    assert isinstance(only.newest, Headline)
    assert (only.newest.title, only.reports, only.seen_at) == ("after", 1, NOW)


def some(**wanted: object) -> Asked:
    return Asked(alert=Wanted(**wanted))


WANTED = [
    (Asked(), [3, 2, 1]),
    (some(rules=frozenset({"harbours"})), [2]),
    (some(rules=frozenset({"harbours", "more"})), [2, 1]),
    (some(rules=frozenset({"none"})), []),
    (some(severities=frozenset({Severity.LOW})), [1]),
    (some(severities=frozenset({Severity.LOW}), rules=frozenset({"more"})), []),  # no alert is both
    (some(places=frozenset({"homs", "tartus"})), [2]),
    (some(events=frozenset({"airstrike"})), [1]),
    (some(events=frozenset({"airstrike"}), places=frozenset({"homs"})), []),
    (some(since=NOW + DAY), [3, 2, 1]),  # it is the story's beginning that counts
    (Asked(feeds=frozenset({"wire"})), [2]),
    (Asked(feeds=frozenset({"local"})), [3, 1]),
    (Asked(sources=frozenset({"other"})), [1]),
    (Asked(sources=frozenset({"wire", "other"})), [2, 1]),
    (Asked(sources=frozenset({"agency"}), feeds=frozenset({"local"})), []),
    (Asked(since=NOW - HOUR), [3, 2]),
    (Asked(until=NOW - HOUR), [1]),
    (Asked(since=NOW - HOUR, until=NOW), [2]),
    (Asked(told=True), [2, 1]),
    (Asked(told=False), [3]),
]


@pytest.mark.parametrize(("asked", "expected"), WANTED, ids=[str(n) for n in range(len(WANTED))])
@pytest.mark.parametrize("few", [0, 2000], ids=["back in time", "by mark"])
def test_only_what_is_wanted_is_listed_whichever_way_it_is_found(store, monkeypatch, asked, expected, few) -> None:
    three(store)
    monkeypatch.setattr(wanting, "FEW", few)
    assert found(store, asked) == expected


def test_pages_follow_each_other_without_a_gap_or_a_repeat_whatever_comes_meanwhile(store: SqliteStore) -> None:
    for number in range(7):
        tell(store, str(number), at=NOW - (number % 3) * MINUTE)
    whole, paged = found(store), []
    while page := found(store, limit=2, **({"before": paged[-1]} if paged else {})):
        paged += page
        tell(store, "more")
    assert paged == whole == [7, 6, 5, 4, 3, 2, 1]


def test_a_test_of_a_channel_is_no_story(store: SqliteStore) -> None:
    tell(store, "test", rule_id="monitor:canary")
    assert found(store) == []


def test_nothing_but_the_stories_themselves_is_walked_through(in_sqlite: SqliteStore) -> None:
    three(in_sqlite)
    asked: list[str] = []
    with in_sqlite.database.read() as db:
        db.set_trace_callback(asked.append)
        for each, _ in WANTED:
            stories(Reader(in_sqlite.database), each, limit=5, before=2**60)
        db.set_trace_callback(None)
        walks = {step for query in asked for step in _scans(db, query)}
    assert len(asked) > len(WANTED)
    assert walks == set()


def _scans(db: sqlite3.Connection, query: str) -> list[str]:
    return [step for step in scans(db, query) if step != "SCAN story"]
