"""A state that an earlier version wrote is brought to this one's schema with nothing lost or changed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from monitor.model import DeliveryStatus, KnownEntry, Reason
from monitor.store import SqliteStore, open_reader, open_store
from monitor.store.housekeeping import tidy
from monitor.store.migrate import Migration, migrate, shipped

from .builders import DAY, HOUR, MINUTE, NOW, digest

FIRST = tuple(each for each in shipped() if each.number <= 2)
US = int(NOW.timestamp()) * 1_000_000


def old_state(directory: Path) -> None:
    """As schema 2 had it: an entry edited twice and alerted, another feed's copy, one that was only seen."""
    directory.mkdir()
    with sqlite3.connect(directory / "monitor.db", isolation_level=None) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA foreign_keys = ON")
        migrate(db, FIRST)
        db.execute("INSERT INTO meta VALUES ('generation', 'abc')")
        db.execute("INSERT INTO feed_state (feed_id, next_poll_us, baselined) VALUES ('local', ?, 1)", (US,))
        db.execute("INSERT INTO story (id, begun_us, last_number) VALUES (4, ?, 1)", (US,))
        entry(db, 1, "local", "g1b", "https://local.example/1", "ثالث", story_id=4)
        for revision, title in enumerate(("أول", "ثان", "ثالث"), 1):
            version(db, 1, revision, "local", title, guid="g1" if revision < 3 else "g1b")
        entry(db, 2, "other", "", None, "أول", story_id=4)
        version(db, 2, 1, "other", "أول", guid="")
        entry(db, 7, "local", "g7", "https://local.example/7", "هادئ")
        version(db, 7, 1, "local", "هادئ", guid="g7")
        db.execute(
            "INSERT INTO verdict VALUES (1, 2, 'strikes', 'high', 'FIRST_REPORT', '[]', 4, ?), "
            "(2, 1, 'strikes', 'high', 'DUPLICATE', '[]', 4, ?)",
            (US, US),
        )
        db.execute(
            "INSERT INTO alert VALUES ('4.1', 4, 1, 1, 'strikes', '{}', 'high', 'FIRST_REPORT', 'local', 'محلي', "
            "'ثان', '', NULL, NULL, ?, '[]')",
            (US,),
        )
        db.execute(
            "INSERT INTO delivery (alert_id, channel_id, recipient_key, status, created_us, next_try_us) "
            "VALUES ('4.1', 'desk', 'only', 'pending', ?, ?)",
            (US, US),
        )


def entry(db: sqlite3.Connection, n: int, feed: str, guid: str, link: str | None, words: str, story_id=None) -> None:
    db.execute(
        "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (n, feed, guid, link, US, f'["{words}"]', story_id, US)
    )


def version(db: sqlite3.Connection, n: int, revision: int, feed: str, title: str, *, guid: str) -> None:
    db.execute(
        "INSERT INTO entry_version VALUES (?, ?, ?, ?, ?, ?, NULL, ?, '', '', '', ?, NULL, ?)",
        (n, revision, feed, digest(title), digest("h" + title), guid, title, US, US + revision),
    )
    db.execute("INSERT INTO sighting VALUES (?, ?, ?, ?, ?)", (feed, digest("r" + title), n, revision, US))


@pytest.fixture
def upgraded(tmp_path: Path):
    old_state(tmp_path / "state")
    store = open_store(tmp_path / "state", now=NOW)
    yield store
    store.close()


def test_an_upgraded_state_knows_every_entry_by_all_it_was_known_by(upgraded: SqliteStore) -> None:
    texts = frozenset(map(digest, ("أول", "ثان", "ثالث")))
    expected = KnownEntry(
        id=1,
        guid="g1b",
        link="https://local.example/1",
        published_at=NOW.replace(microsecond=0),
        texts=texts,
        words=frozenset({"ثالث"}),
        matched_rules=frozenset({"strikes"}),
        story_id=4,
    )
    with upgraded.ingest() as tx:
        for asked in (
            {"guids": ["g1b"], "links": [], "texts": []},
            {"guids": [], "links": ["https://local.example/1"], "texts": []},
            *({"guids": [], "links": [], "texts": [text]} for text in texts),
        ):
            assert tx.known_entries("local", **asked) == (expected,)
        assert tx.known_entries("local", guids=["g1"], links=[], texts=[]) == ()
        assert [each.id for each in tx.known_entries("other", guids=[], links=[], texts=[digest("أول")])] == [2]


def test_an_upgraded_state_knows_what_its_feeds_have_shown(upgraded: SqliteStore) -> None:
    raws = [digest("r" + title) for title in ("أول", "ثان", "ثالث", "هادئ")]
    assert upgraded.known_raw("local", [*raws, digest("جديد")]) == frozenset(raws)
    assert upgraded.known_raw("other", raws) == {raws[0]}


def test_an_upgraded_state_keeps_stories_verdicts_and_what_is_still_to_be_sent(upgraded: SqliteStore) -> None:
    with upgraded.ingest() as tx:
        story = tx.story(4)
    assert story is not None
    assert [last.rule_id for last in story.alerts] == ["strikes"]
    (delivery,) = upgraded.claim_deliveries(NOW, limit=9, lease=MINUTE)
    assert delivery.alert.title == "ثان"
    assert upgraded.path is not None
    with open_reader(upgraded.path.parent) as reader:
        assert reader.entries_by_feed() == {"local": 2, "other": 1}
        assert reader.totals().entries == 3
        assert reader.totals().deliveries[DeliveryStatus.PENDING] == 1
        assert reader.verdicts(since=NOW - HOUR) == {Reason.FIRST_REPORT: 1, Reason.DUPLICATE: 1}


def test_an_upgraded_state_forgets_in_time_and_is_sound(upgraded: SqliteStore) -> None:
    with upgraded.ingest() as tx:
        tx.still_there("local", [digest("rهادئ")], seen_at=NOW + 95 * DAY)
    assert tidy(upgraded, now=NOW + 95 * DAY).entries == 0  # entry 1 has an alert
    with upgraded.database.read() as db:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_migration_that_would_leave_a_row_that_refers_to_nothing_does_not_happen() -> None:
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrate(db, shipped())
    db.execute("INSERT INTO story (id, begun_us) VALUES (1, 0)")
    db.execute("INSERT INTO feed_key VALUES (1, 'local')")
    db.execute(
        "INSERT INTO entry (id, feed, story_id, written_us, text, headline, guid, title, summary, body, author) "
        "VALUES (1, 1, 1, 0, x'00', x'00', '', '', '', '', '')"
    )
    with pytest.raises(sqlite3.IntegrityError, match="refers to nothing"):
        migrate(db, [Migration(number=99, sql="DELETE FROM story;\n")])
    assert db.execute("SELECT count(*) FROM story").fetchone() == (1,)
