"""Nothing that polls or deliveries ask walks through a table: state grows for months, and a poll must not."""

from __future__ import annotations

import sqlite3

import pytest

from monitor.model import (
    ChainStep,
    CountedStory,
    FeedState,
    Hold,
    IngestEntry,
    NotSent,
    Recipient,
    Sent,
    VolumeTold,
    Wait,
)
from monitor.store import Reader, SqliteStore, article_rows
from monitor.store.article_rows import Articles
from monitor.store.chain_rows import Chains
from monitor.store.wish_rows import Wishes

from .builders import DAY, DESK, MINUTE, NOW, alert, feeds, item, key, verdict

ALLOWED = (
    "SCAN asked",  # the feeds that the caller named
    "SCAN json_each",
    "SCAN newest",  # what a search within the same query found
    "SCAN told",
    "SCAN room",
    "SCAN of_each",
    "SCAN CONSTANT ROW",
    "SCAN delivery USING COVERING INDEX delivery_due_by_channel",  # only what is undelivered is in it
    "SCAN article USING INDEX article_due",  # only what waits to be read is in it
    "SCAN article USING COVERING INDEX article_due",
    "SCAN (subquery",  # of what was just found
    "SCAN leased",
    "SCAN due",
)


def everything_asked(store: SqliteStore) -> list[str]:
    asked: list[str] = []
    with store.database.read() as db:
        db.set_trace_callback(asked.append)
    store.claim_due_feeds(feeds("local", "other"), NOW, limit=5, lease=MINUTE)
    first = item("أ", guid="g", link="https://local.example/1", verdicts=[verdict()])
    store.known_raw("local", [first.fingerprint.raw, b"x"])
    with store.ingest() as tx:
        entry_id, story_id, number = tx.write(first, seen_at=NOW)
        assert story_id is not None
        tx.alert(entry_id, alert(story_id, number), [DESK], hold=Hold.THROTTLE, due_at=NOW + MINUTE)
        tx.wait_for_acknowledgement(f"{story_id}.{number}", ["phone"], every=MINUTE, due_at=NOW)
        tx.alert(entry_id, alert(story_id, number + 1), [DESK])  # whose thread is looked for
        tx.known_entries("local", guids=["g"], links=["https://local.example/1"], texts=[first.fingerprint.text])
        tx.stories([key("أ")], since=NOW)
        assert tx.story(story_id) is not None
        assert tx.report(entry_id) is not None
        tx.mutes(NOW)
        tx.watches.told("strikes", since=NOW - MINUTE)
        watch = tx.watches.watch("many", b"looks", now=NOW)
        tx.watches.heard("many", at=NOW)
        tx.watches.silent("many", since=NOW, story_id=story_id, entry_id=entry_id)
        tx.watches.count("many", CountedStory(story_id=story_id, told_at=NOW))
        told = VolumeTold(alert_id=f"{story_id}.{number}", reached_at=NOW, decided_at=NOW, told_at=NOW)
        tx.watches.note("many", told)
        own = CountedStory(story_id=0, told_at=NOW + 30 * DAY)
        tx.watches.counted(watch, own, within=MINUTE, compares=True)
        tx.watches.headlines([story_id])
        tx.write(item("ب", guid="g", known_id=entry_id, story_id=story_id, verdicts=[verdict("b")]), seen_at=NOW)
        tx.still_there("local", [first.fingerprint.raw], seen_at=NOW)
        tx.feed_state(FeedState(feed_id="local", next_poll_at=NOW))
        tx.want_article(entry_id, first.entry, first.fingerprint.raw, now=NOW)
        tx.article_shown(entry_id, first.entry, first.fingerprint)
        tx.want_article_again(entry_id, now=NOW)
    store.channels_due(NOW)
    store.claim_deliveries(NOW, limit=5, lease=MINUTE, channel_id="desk")
    for result in (NotSent(detail="busy", failed_at=NOW), Sent(sent_at=NOW)):
        for delivery in store.claim_deliveries(NOW + MINUTE, limit=5, lease=MINUTE):
            store.record(delivery, result, retry_at=NOW + MINUTE)
    waiting = store.waiting(NOW + MINUTE, channel_id="desk", limit=5)
    store.claim_deliveries(NOW, limit=5, lease=MINUTE, channel_id="desk", ids=[1, 2], together=True)
    store.hold([(each, Wait(hold=Hold.DIGEST, until=NOW + MINUTE)) for each in waiting])
    store.look_anew(NOW, rule_ids=["strike"])
    Reader(store.database).held(NOW)
    chains = Chains(store.database)
    step = ChainStep(tell=(Recipient(channel_id="phone", key="only"),), left=("chief",), due_at=NOW)
    for alert_id, _ in chains.due(NOW):
        chains.move(alert_id, lambda _: step, by=NOW, now=NOW)
        Wishes(store.database).acknowledge(alert_id, by="x", now=NOW)
    articles = Articles(store.database)
    [wanted] = articles.claim(["local"], NOW, ahead=MINUTE, limit=5, lease=MINUTE)
    store.shown_otherwise("local", [first.fingerprint.raw])
    store.article_bodies("local", [first.entry])
    assert articles.line(entry_id) is not None
    assert not articles.is_anothers(wanted, "https://local.example/2")
    articles.unread(wanted, "x", now=NOW, again_at=NOW)
    articles.release(wanted)
    with store.ingest() as tx:
        assert tx.article_is_wanted(wanted)
        tx.has_article_body(entry_id, first.fingerprint.text, completed=True)
        tx.article_read(entry_id, "https://local.example/1", now=NOW)
        article_rows.leave_stale(tx._db, 1, NOW)
    assert Reader(store.database).articles("local") is not None
    with store.database.read() as db:
        db.set_trace_callback(None)
    return [query for query in asked if query.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE")]


def scans(db: sqlite3.Connection, query: str) -> list[str]:
    plan = [row["detail"] for row in db.execute(f"EXPLAIN QUERY PLAN {query}")]
    return [step for step in plan if step.startswith("SCAN") and not step.startswith(ALLOWED)]


def test_nothing_that_a_poll_or_a_delivery_asks_scans_a_table(on_sqlite: SqliteStore) -> None:
    asked = everything_asked(on_sqlite)
    assert len(asked) > 25
    with on_sqlite.database.read() as db:
        found = [step for query in asked for step in scans(db, query)]
        assert found == []


def test_every_reference_is_indexed_where_it_is_made(on_sqlite: SqliteStore) -> None:
    """Removing a row looks for who refers to it; EXPLAIN does not show that."""
    with on_sqlite.database.read() as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
        missing = {table: columns for table in tables for columns in references(db, table) - indexed(db, table)}
    assert missing == {}


def references(db: sqlite3.Connection, table: str) -> set[tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    for row in db.execute(f"PRAGMA foreign_key_list({table})"):
        found.setdefault(row["id"], []).append(row["from"])
    return {tuple(columns) for columns in found.values()}


def indexed(db: sqlite3.Connection, table: str) -> set[tuple[str, ...]]:
    """The primary key's first column, the columns of each index, and all that they begin with. A partial index over
    what is not NULL counts."""
    found = {(row["name"],) for row in db.execute(f"PRAGMA table_info({table})") if row["pk"] == 1}
    for index in db.execute(f"PRAGMA index_list({table})").fetchall():
        columns = [row["name"] for row in db.execute(f"PRAGMA index_info({index['name']})")]
        found |= {tuple(columns[:length]) for length in range(1, len(columns) + 1)}
    return found


@pytest.mark.parametrize("query", ["SELECT * FROM entry WHERE words = ''", "UPDATE delivery SET attempts = 0"])
def test_a_scan_would_be_noticed(on_sqlite: SqliteStore, query: str) -> None:
    with on_sqlite.database.read() as db:
        assert scans(db, query)


def steps_to_look_up(store: SqliteStore, entry: IngestEntry) -> int:
    """What recognising the entry costs, in tens of SQLite's virtual machine instructions: the same on any machine."""
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return 0

    mark = entry.fingerprint
    with store.ingest() as tx, store.database.read() as db:
        db.set_progress_handler(count, 10)
        tx.known_entries("local", guids=["same"], links=["https://local.example/"], texts=[mark.text])
        assert tx.stories([key(entry.entry.title)], since=NOW)
        db.set_progress_handler(None, 0)
    return steps[0]


def test_a_flood_of_one_guid_link_and_headline_makes_later_polls_no_dearer(on_sqlite: SqliteStore) -> None:
    def flood(upto: int) -> int:
        with on_sqlite.ingest() as tx:
            for n in range(upto):
                found = tx.stories([key("عاجل")], since=NOW)
                tx.write(flooding(n, found[0].id if found else None), seen_at=NOW)
        return steps_to_look_up(on_sqlite, flooding(0, None))

    few = flood(150)
    assert flood(1500) < few * 1.2


def flooding(n: int, story_id: int | None) -> IngestEntry:
    link = "https://local.example/"
    return item("عاجل", summary=str(n), guid="same", link=link, story_id=story_id, verdicts=[verdict()])
