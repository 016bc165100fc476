"""The history of alerts: what is wanted, the newest first, page by page, with what became of each."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from monitor.model import Alert, DeliveryStatus, Facts, Origin, Reason, Severity, Span
from monitor.store import Reader, SqliteStore
from monitor.store.feedback_rows import Feedback, Opinion
from monitor.store.feedback_rows import Said as Saying
from monitor.store.migrate import migrate, shipped
from monitor.store.views import wanted as wanting
from monitor.store.views.history import Cursor, Wanted, count, days, facets, history
from monitor.store.views.news import cursor
from monitor.store.wish_rows import Wishes

from ..builders import DAY, DESK, FIELD, HOUR, MINUTE, NOW, alert, item, verdict


def tell(
    store: SqliteStore,
    title: str = "غارة",
    *,
    at: datetime = NOW,
    story: int | None = None,
    newsroom: str = "",
    known: int | None = None,
    places: tuple[str, ...] = (),
    events: tuple[str, ...] = (),
    **more: Any,
) -> Alert:
    facts = Facts(places=places, events=events)
    feed_id, rule_id = more.get("feed_id", "local"), more.get("rule_id", "strikes")
    with store.ingest() as tx:
        written = item(
            title, feed_id=feed_id, verdicts=[verdict(rule_id)], facts=facts, story_id=story, known_id=known,
            origin=Origin(newsroom=newsroom or feed_id, owner=newsroom or feed_id),
        )  # fmt: skip
        entry_id, story_id, number = tx.write(written, seen_at=at)
        assert story_id is not None
        told = replace(alert(story_id, number, decided_at=at), title=title, facts=facts, **more)
        assert tx.alert(entry_id, told, (DESK, FIELD))
    return told


def titles(store: SqliteStore, wanted: Wanted | None = None, **paging: Any) -> list[str]:
    found = history(Reader(store.database), wanted or Wanted(), **{"limit": 50, **paging})
    return [each.alert.title for each in found]


def test_the_newest_comes_first_and_what_was_told_at_once_by_its_number(store: SqliteStore) -> None:
    first = tell(store, "a", at=NOW - HOUR)
    tell(store, "b")
    tell(store, "c", story=first.story_id)
    assert titles(store) == ["b", "c", "a"]


def test_pages_follow_each_other_without_a_gap_or_a_repeat(store: SqliteStore) -> None:
    for n in range(7):
        tell(store, str(n), at=NOW - (n // 3) * MINUTE)
    whole, paged, before = titles(store), [], None
    for _ in range(5):  # one more than there are: a page that came again would go on for ever
        page = history(Reader(store.database), Wanted(), limit=2, before=before)
        paged += [each.alert.title for each in page]
        before = page[-1].cursor if page else before
    assert paged == whole
    assert len(set(whole)) == 7


def test_what_is_new_since_a_place_is_told_from_there_on(store: SqliteStore) -> None:
    tell(store, "old", at=NOW - HOUR)
    seen = cursor(Reader(store.database))
    tell(store, "new 1")
    tell(store, "new, decided before", at=NOW - DAY)  # by a clock that was set back
    assert titles(store, after=seen) == ["new 1", "new, decided before"]
    assert count(Reader(store.database), Wanted(), after=seen) == 2
    assert titles(store, after=cursor(Reader(store.database))) == []


def test_nothing_was_told_in_an_empty_state(store: SqliteStore) -> None:
    reader = Reader(store.database)
    assert (cursor(reader), titles(store), count(reader, Wanted())) == (0, [], 0)


def test_a_test_of_a_channel_is_no_alert(store: SqliteStore) -> None:
    tell(store, "test", rule_id="monitor:canary")
    assert (titles(store), count(Reader(store.database), Wanted())) == ([], 0)


def three(store: SqliteStore) -> None:
    """'a' of long ago, 'b' of an hour ago, 'c' of now."""
    tell(store, "a", at=NOW - 3 * DAY, places=("harabish",), events=("airstrike",), severity=Severity.LOW)
    tell(store, "b", at=NOW - HOUR, rule_id="harbours", feed_id="wire", newsroom="agency", places=("tartus", "homs"))
    tell(store, "c", events=("shelling",), reason=Reason.UPDATED, severity=Severity.CRITICAL, newsroom="agency")
    wishes, found = Wishes(store.database), {each.alert.title: each.alert for each in all_of(store)}
    wishes.acknowledge(found["a"].id, by="sana", now=NOW)
    for title, opinion in (("b", Opinion.MATCH), ("c", Opinion.WRONG)):
        said = Saying(alert_id=found[title].id, rule_id="x", opinion=opinion, note="why", by="omar", at=NOW)
        Feedback(store.database).say(said)


def all_of(store: SqliteStore) -> list[Any]:
    return history(Reader(store.database), Wanted(), limit=50)


WANTED = [
    (Wanted(), "cba"),
    (Wanted(rules=frozenset({"harbours"})), "b"),
    (Wanted(rules=frozenset({"harbours", "strikes"})), "cba"),
    (Wanted(rules=frozenset({"no such"})), ""),
    (Wanted(severities=frozenset({Severity.LOW, Severity.CRITICAL})), "ca"),
    (Wanted(reasons=frozenset({Reason.UPDATED})), "c"),
    (Wanted(places=frozenset({"homs"})), "b"),
    (Wanted(places=frozenset({"tartus", "homs", "harabish"})), "ba"),
    (Wanted(events=frozenset({"shelling"})), "c"),
    (Wanted(feeds=frozenset({"wire"})), "b"),
    (Wanted(sources=frozenset({"wire"})), "b"),
    (Wanted(sources=frozenset({"agency"})), "cb"),
    (Wanted(sources=frozenset({"agency"}), events=frozenset({"shelling"})), "c"),
    (Wanted(sources=frozenset({"local"}), places=frozenset({"homs"})), ""),
    (Wanted(since=NOW - HOUR), "cb"),
    (Wanted(until=NOW - HOUR), "a"),
    (Wanted(since=NOW - HOUR, until=NOW), "b"),
    (Wanted(places=frozenset({"homs", "harabish"}), since=NOW - DAY), "b"),
    (Wanted(seen=True), "a"),
    (Wanted(seen=False), "cb"),
    (Wanted(opinion=Opinion.WRONG), "c"),
    (Wanted(opinion=Opinion.MATCH), "b"),
    (Wanted(opinion="none"), "a"),
    (Wanted(story=2), "b"),
    (Wanted(story=2, seen=True), ""),
    (Wanted(story=999), ""),
]


@pytest.mark.parametrize(("wanted", "expected"), WANTED, ids=[str(n) for n in range(len(WANTED))])
@pytest.mark.parametrize("few", [0, 2000], ids=["back in time", "by mark"])
def test_only_what_is_wanted_is_told_whichever_way_it_is_found(store, monkeypatch, wanted, expected, few) -> None:
    three(store)
    monkeypatch.setattr(wanting, "FEW", few)
    monkeypatch.setattr(wanting, "MANY", few)
    reader = Reader(store.database)
    assert "".join(titles(store, wanted)) == expected
    assert count(reader, wanted) == len(expected)
    assert sum(days(reader, wanted, bounds=[NOW - 9 * DAY, NOW - DAY, NOW + DAY])) == len(expected)


def test_more_than_anybody_counts_is_one_more_than_that(store: SqliteStore) -> None:
    three(store)
    assert count(Reader(store.database), Wanted(), most=2) == 3


@pytest.mark.parametrize("few", [0, 2000], ids=["back in time", "by mark"])
def test_days_are_counted_from_bound_to_bound(store: SqliteStore, monkeypatch, few: int) -> None:
    three(store)
    monkeypatch.setattr(wanting, "FEW", few)
    bounds = [NOW - 4 * DAY, NOW - 3 * DAY, NOW - 2 * DAY, NOW - HOUR, NOW]
    assert days(Reader(store.database), Wanted(), bounds=bounds) == [0, 1, 0, 1]
    for wanted in (Wanted(places=frozenset({"homs", "harabish"})), Wanted(events=frozenset({"airstrike"}), seen=True)):
        each = [replace(wanted, since=since, until=until) for since, until in pairwise(bounds)]
        expected = [len(titles(store, one)) for one in each]
        assert days(Reader(store.database), wanted, bounds=bounds) == expected


def test_an_alert_is_told_with_what_became_of_it(store: SqliteStore) -> None:
    told = tell(store, "a")
    (delivery, _) = store.claim_deliveries(NOW, limit=2, lease=MINUTE)
    Wishes(store.database).acknowledge(told.id, by="sana", now=NOW + MINUTE)
    Wishes(store.database).call_wrong(told.id, told.rule_id, by="omar", now=NOW + HOUR)
    (found,) = all_of(store)
    assert found.alert == told
    assert found.deliveries == {DeliveryStatus.PENDING: 2}
    assert found.acknowledged.by == "sana"
    assert [(each.opinion, each.by, each.at) for each in found.said] == [(Opinion.WRONG, "omar", NOW + HOUR)]
    assert (found.version, found.newsroom, found.followed) == (1, "local", False)
    assert delivery.alert == told


def test_an_alert_of_an_edited_entry_is_of_the_text_that_it_told(store: SqliteStore) -> None:
    first = tell(store, "a", at=NOW - HOUR)
    entry_id = all_of(store)[0].entry_id
    tell(store, "b", story=first.story_id, known=entry_id)
    assert [(each.alert.title, each.version, each.followed) for each in all_of(store)] == [
        ("b", 2, False),
        ("a", 1, True),
    ]


def test_another_rule_in_the_story_is_no_follow_up(store: SqliteStore) -> None:
    first = tell(store, "a", at=NOW - HOUR)
    tell(store, "b", story=first.story_id, rule_id="other")
    assert [each.followed for each in all_of(store)] == [False, False]


def test_there_is_to_choose_from_what_was_told_of(store: SqliteStore) -> None:
    three(store)
    found = facets(Reader(store.database), since=NOW - DAY)
    assert found.rules == {"harbours": 1, "strikes": 1}
    assert found.places == {"homs": 1, "tartus": 1}
    assert found.events == {"shelling": 1}
    assert found.sources == {"agency": 2, "local": 1, "wire": 1}


def test_what_is_removed_is_not_found_by_its_marks(store: SqliteStore) -> None:
    three(store)
    with store.database.write() as db:
        db.execute("DELETE FROM alert WHERE title = 'b'")
        assert db.execute("SELECT count(*) FROM alert_mark WHERE value IN ('homs', 'wire')").fetchone()[0] == 0
        assert db.execute("SELECT count(*) FROM alert_mark WHERE value = 'harabish'").fetchone()[0] == 1


def test_a_state_from_before_the_marks_is_given_them(on_disk: SqliteStore) -> None:
    three(on_disk)
    with on_disk.database.write() as db:
        query = "SELECT * FROM alert_mark ORDER BY kind, value, decided_us, story_id, number"
        marks = list(map(tuple, db.execute(query)))
        for drop in ("TABLE alert_mark", "INDEX alert_by_time"):
            db.execute(f"DROP {drop}")
        db.execute("CREATE INDEX alert_by_time ON alert (decided_us)")
        db.execute("PRAGMA user_version = 7")
    with on_disk.database.read() as db:
        migrate(db, [each for each in shipped() if each.number == 8])
        assert list(map(tuple, db.execute(query))) == marks
    assert len(marks) > 8


def test_no_answer_walks_through_a_table(in_sqlite: SqliteStore) -> None:
    three(in_sqlite)
    asked: list[str] = []
    reader = Reader(in_sqlite.database)
    with in_sqlite.database.read() as db:
        db.set_trace_callback(asked.append)
        for wanted, _ in WANTED:
            history(reader, wanted, limit=5, before=Cursor(2**60, 0, 0))
            count(reader, wanted)
            days(reader, wanted, bounds=[NOW - DAY, NOW])
        facets(reader, since=NOW)
        cursor(reader)
        db.set_trace_callback(None)
        walks = {step for query in asked for step in scans(db, query)}
    assert len(asked) > len(WANTED)
    assert walks == set()


ALLOWED = (
    "SCAN alert USING COVERING INDEX alert_by_time",  # of 100,000 alerts it is a few milliseconds
    "SCAN feedback",  # what people said, which they do by hand
    "SCAN json_each", "SCAN span", "SCAN marked", "SCAN chosen", "SCAN found", "SCAN (subquery", "SCAN CONSTANT ROW",
)  # fmt: skip


def scans(db: sqlite3.Connection, query: str) -> list[str]:
    if not query.lstrip().startswith(("SELECT", "WITH")):
        return []
    plan = [row["detail"] for row in db.execute(f"EXPLAIN QUERY PLAN {query}")]
    return [step for step in plan if step.startswith("SCAN") and not step.startswith(ALLOWED)]


@pytest.mark.parametrize(
    "written", ["", "1", "1.2", "1.2.x", "1.2.3.4", "-1.2.3", "١.٢.٣", "1.2.99999999999999999999999"]
)
def test_what_is_no_place_in_the_history_is_none(written: str) -> None:
    assert Cursor.read(written) is None


def test_a_place_in_the_history_is_read_as_it_is_written() -> None:
    at = Cursor.of(replace(alert(12, 3), spans=(Span(field="title", start=0, end=1, clause="x"),)))
    assert Cursor.read(str(at)) == at
