from __future__ import annotations

import contextlib
import sqlite3
import stat
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from monitor.errors import StateDamaged, StateError
from monitor.model import MuteKind, NotSent, Reason, Sent
from monitor.store import Reader, Removed, Retention, SqliteStore, back_up, open_reader, open_store, tidy
from monitor.store.mute_rows import Mutes

from .builders import DAY, DESK, HOUR, MINUTE, NOW, alert, item, tell, verdict


def show(store: SqliteStore, titles: Sequence[str], at: datetime, *, feed_id: str = "local") -> None:
    """A poll of a feed whose document holds these entries."""
    entries = {(each := item(title, feed_id=feed_id)).fingerprint.raw: each for title in titles}
    seen = store.known_raw(feed_id, list(entries))
    with store.ingest() as tx:
        for raw, entry in entries.items():
            if raw not in seen:
                tx.write(entry, seen_at=at)
        tx.still_there(feed_id, list(seen), seen_at=at)


def is_known(store: SqliteStore, title: str, *, feed_id: str = "local") -> bool:
    return bool(store.known_raw(feed_id, [item(title, feed_id=feed_id).fingerprint.raw]))


def deliver(store: SqliteStore, at: datetime = NOW) -> None:
    for delivery in store.claim_deliveries(at, limit=100, lease=MINUTE):
        store.record(delivery, Sent(sent_at=at), retry_at=None)


def test_an_entry_long_gone_from_its_feed_is_removed(store: SqliteStore) -> None:
    show(store, ["قديم", "باق"], NOW)
    show(store, ["باق"], NOW + 91 * DAY)
    assert tidy(store, now=NOW + 91 * DAY) == Removed(entries=1, alerts=0, stories=0)
    assert not is_known(store, "قديم")
    assert is_known(store, "باق")


def test_an_entry_that_left_its_feed_lately_is_kept(store: SqliteStore) -> None:
    show(store, ["حديث", "باق"], NOW)
    show(store, ["باق"], NOW + 89 * DAY)
    assert tidy(store, now=NOW + 89 * DAY).entries == 0


def test_an_entry_that_stands_in_its_feed_is_known_for_years(store: SqliteStore) -> None:
    for day in range(0, 800, 20):
        show(store, ["مثبت", f"خبر {day}"], NOW + day * DAY)
        tidy(store, now=NOW + day * DAY)
    assert is_known(store, "مثبت")
    assert not is_known(store, "خبر 0")


def test_in_a_feed_that_did_not_change_nothing_grows_old(store: SqliteStore) -> None:
    """It answers 304 for a year: its entries stand in the document still, though nobody read them again."""
    show(store, ["أ", "ب"], NOW)
    assert tidy(store, now=NOW + 365 * DAY).entries == 0


def test_a_feed_read_lately_does_not_age_another(store: SqliteStore) -> None:
    show(store, ["أ"], NOW, feed_id="silent")
    show(store, ["ب"], NOW + 200 * DAY, feed_id="local")
    assert tidy(store, now=NOW + 200 * DAY).entries == 0


def test_a_clock_that_ran_ahead_once_removes_nothing_new(store: SqliteStore) -> None:
    show(store, ["أ"], NOW + 3650 * DAY)
    show(store, ["أ", "ب"], NOW)
    assert tidy(store, now=NOW).entries == 0
    assert is_known(store, "ب")


def test_an_alert_keeps_its_entry_until_it_goes_itself(store: SqliteStore) -> None:
    tell(store, "غارة", seen_at=NOW)
    deliver(store)
    show(store, ["غيره"], NOW + 399 * DAY)
    assert tidy(store, now=NOW + 399 * DAY) == Removed(entries=0, alerts=0, stories=0)
    assert tidy(store, now=NOW + 401 * DAY) == Removed(entries=1, alerts=1, stories=1)
    assert Reader(store.database).totals().deliveries == dict.fromkeys(Reader(store.database).totals().deliveries, 0)


def test_an_alert_that_is_still_to_be_sent_is_kept(store: SqliteStore) -> None:
    tell(store)
    (delivery,) = store.claim_deliveries(NOW, limit=1, lease=MINUTE)
    store.record(delivery, NotSent(detail="busy", failed_at=NOW), retry_at=NOW + MINUTE)
    assert tidy(store, now=NOW + 999 * DAY).alerts == 0


def test_a_rule_does_not_forget_that_an_older_version_matched(store: SqliteStore) -> None:
    with store.ingest() as tx:
        entry_id, story_id, _ = tx.write(item("أول", guid="g", verdicts=[verdict("r", Reason.STALE)]), seen_at=NOW)
        tx.write(item("ثان", guid="g", known_id=entry_id), seen_at=NOW + HOUR)
        last = item("ثالث", guid="g", known_id=entry_id)
        tx.write(last, seen_at=NOW + 2 * HOUR)
        tx.still_there("local", [last.fingerprint.raw], seen_at=NOW + 200 * DAY)
    assert tidy(store, now=NOW + 200 * DAY).entries == 0
    with store.ingest() as tx:
        (known,) = tx.known_entries("local", guids=["g"], links=[], texts=[])
    assert known.matched_rules == {"r"}
    assert known.story_id == story_id
    texts = {item(title).fingerprint.text for title in ("أول", "ثالث")}
    assert known.texts == texts  # the second, matched by nothing and long gone, went


def test_a_storys_numbers_outlive_its_alerts(store: SqliteStore) -> None:
    told = tell(store, "غارة")
    deliver(store)
    with store.ingest() as tx:
        joined = item("غارة", summary="بقي", story_id=told.story_id, verdicts=[verdict()])
        tx.write(joined, seen_at=NOW)
    tidy(store, now=NOW + 401 * DAY)
    with store.ingest() as tx:
        again = item("غارة", summary="عاد", story_id=told.story_id, verdicts=[verdict()])
        assert tx.write(again, seen_at=NOW + 401 * DAY)[2] == 2


def test_a_removed_storys_id_is_not_used_again(store: SqliteStore) -> None:
    told = tell(store)
    deliver(store)
    show(store, ["غيره"], NOW + 401 * DAY)
    assert tidy(store, now=NOW + 401 * DAY).stories == 1
    assert tell(store, "جديد", seen_at=NOW + 401 * DAY).story_id > told.story_id


def test_more_than_one_batch_goes_at_once(store: SqliteStore) -> None:
    show(store, [f"خبر {n}" for n in range(1201)], NOW)
    show(store, ["باق"], NOW + 91 * DAY)
    assert tidy(store, now=NOW + 91 * DAY).entries == 1201


def test_more_empty_stories_than_one_batch_has_go_at_once(store: SqliteStore, monkeypatch) -> None:
    monkeypatch.setattr("monitor.store.housekeeping._AT_ONCE", 2)
    for n in range(5):
        tell(store, f"خبر {n}")
    deliver(store)
    show(store, ["غيره"], NOW + 401 * DAY)
    kept = tell(store, "جديد", seen_at=NOW + 401 * DAY).story_id
    assert tidy(store, now=NOW + 401 * DAY).stories == 5
    with store.database.read() as db:
        assert [row[0] for row in db.execute("SELECT id FROM story").fetchall()] == [kept]


def test_a_mute_is_kept_for_90_days_after_its_end(store: SqliteStore) -> None:
    mutes = Mutes(store.database)

    def begin(until: datetime) -> int:
        return mutes.begin(
            MuteKind.RULE, "strikes", until=until, reason="", by="x", now=NOW, within=lambda _: ()
        ).mute.id

    over, taken_back, lately, standing = (begin(NOW + days * DAY) for days in (1, 300, 20, 300))
    mutes.end(taken_back, now=NOW + 2 * DAY)
    tidy(store, now=NOW + 90 * DAY)
    assert len(mutes.all(limit=9)) == 4
    tidy(store, now=NOW + 93 * DAY)
    assert {each.mute.id for each in mutes.all(limit=9)} == {lately, standing}
    assert begin(NOW + 400 * DAY) > max(over, taken_back, standing)


def test_other_retentions_can_be_asked_for(store: SqliteStore) -> None:
    show(store, ["قديم"], NOW)
    show(store, ["باق"], NOW + 8 * DAY)
    assert tidy(store, now=NOW + 8 * DAY, keep=Retention(entries=7 * DAY)).entries == 1


def test_the_log_is_emptied_and_a_reader_that_stands_in_the_way_stops_nothing(on_disk: SqliteStore) -> None:
    assert on_disk.path is not None
    log = on_disk.path.with_name("monitor.db-wal")
    show(on_disk, [f"خبر {n}" for n in range(50)], NOW)
    reader = sqlite3.connect(on_disk.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM entry").fetchone()
    show(on_disk, ["آخر"], NOW)
    tidy(on_disk, now=NOW)
    assert log.stat().st_size > 0
    reader.close()
    tidy(on_disk, now=NOW)
    assert log.stat().st_size == 0


# Backups


def test_a_backup_can_take_the_place_of_the_state(on_sqlite: SqliteStore, tmp_path: Path) -> None:
    told = tell(on_sqlite)
    (tmp_path / "restored").mkdir()
    back_up(on_sqlite, tmp_path / "restored" / "monitor.db")
    assert [file.name for file in (tmp_path / "restored").iterdir()] == ["monitor.db"]
    assert stat.S_IMODE((tmp_path / "restored" / "monitor.db").stat().st_mode) == 0o600
    # No WAL ("Database File Format", offsets 18 and 19): it can be read from a medium that cannot be written.
    assert (tmp_path / "restored" / "monitor.db").read_bytes()[18:20] == b"\x01\x01"
    restored = open_store(tmp_path / "restored", now=NOW)
    assert [each.alert for each in restored.claim_deliveries(NOW, limit=5, lease=MINUTE)] == [told]
    assert restored.generation == on_sqlite.generation
    restored.close()


def test_a_backup_holds_nothing_of_a_transaction_under_way(on_disk: SqliteStore, tmp_path: Path) -> None:
    with on_disk.ingest() as tx:
        tx.write(item(), seen_at=NOW)
        (tmp_path / "copy").mkdir()
        back_up(on_disk, tmp_path / "copy" / "monitor.db")
    with open_reader(tmp_path / "copy") as reader:
        assert reader.totals().entries == 0


def test_a_backup_replaces_an_older_one(on_sqlite: SqliteStore, tmp_path: Path) -> None:
    target = tmp_path / "monitor.db"
    back_up(on_sqlite, target)
    tell(on_sqlite)
    back_up(on_sqlite, target)
    with open_reader(tmp_path) as reader:
        assert reader.totals().alerts == 1


def test_a_backup_over_the_state_itself_is_refused(on_disk: SqliteStore) -> None:
    assert on_disk.path is not None
    tell(on_disk)
    with pytest.raises(StateError, match="is the state itself"):
        back_up(on_disk, on_disk.path)
    assert Reader(on_disk.database).totals().alerts == 1


def test_a_backup_that_cannot_be_written_leaves_the_older_one(store: SqliteStore, tmp_path: Path) -> None:
    with pytest.raises(StateError, match="cannot be written"):
        back_up(store, tmp_path / "none" / "copy.db")
    target = tmp_path / "copy.db"
    target.write_bytes(b"older")
    (tmp_path / "copy.db.unfinished").mkdir()
    with pytest.raises(StateError, match="cannot be written"):
        back_up(store, target)
    assert target.read_bytes() == b"older"


def test_a_damaged_state_does_not_replace_a_sound_backup(tmp_path: Path) -> None:
    with contextlib.closing(open_store(tmp_path, now=NOW)) as store:
        for n in range(40):
            tell(store, f"خبر {n}")
        back_up(store, tmp_path / "copy.db")
    sound = (tmp_path / "copy.db").read_bytes()
    with (tmp_path / "monitor.db").open("r+b") as file:
        file.seek(4096 * 8)
        file.write(b"\xa5" * 512)
    named = pytest.raises(StateDamaged, match=r"monitor\.db is damaged")
    with contextlib.closing(open_store(tmp_path, now=NOW, check=False)) as store, named:
        back_up(store, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_bytes() == sound


def test_an_alert_of_another_entry_is_untouched_by_its_neighbours_removal(store: SqliteStore) -> None:
    with store.ingest() as tx:
        entry_id, story_id, _ = tx.write(item("أ", verdicts=[verdict()]), seen_at=NOW)
        assert story_id is not None
        tx.alert(entry_id, alert(story_id), [DESK])
        tx.write(item("أ", summary="نسخة", story_id=story_id, verdicts=[verdict()]), seen_at=NOW)
    show(store, ["باق"], NOW + 91 * DAY)
    assert tidy(store, now=NOW + 91 * DAY) == Removed(entries=1, alerts=0, stories=0)
    assert len(store.claim_deliveries(NOW + 91 * DAY, limit=9, lease=MINUTE)) == 1
