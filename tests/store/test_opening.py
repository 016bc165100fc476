from __future__ import annotations

import re
import sqlite3
import stat
from pathlib import Path

import pytest

from monitor.errors import StateError, StateTooNew
from monitor.store import SqliteStore, open_reader, open_store, opening, place
from monitor.store.migrate import Migration, migrate, shipped, statements, version

from .builders import MINUTE, NOW, feeds, tell


def test_a_directory_that_is_not_there_is_made_for_this_user_alone(tmp_path: Path) -> None:
    open_store(tmp_path / "a" / "state", now=NOW).close()
    assert stat.S_IMODE((tmp_path / "a" / "state").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "a" / "state" / "monitor.db").stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["a b", "100%25", "ما?هذا#هنا", "file:x"])
def test_any_name_of_a_directory_will_do(tmp_path: Path, name: str) -> None:
    store = open_store(tmp_path / name, now=NOW)
    tell(store)
    with open_reader(tmp_path / name) as reader:
        assert reader.totals().alerts == 1
    store.close()
    assert (tmp_path / name / "monitor.db").stat().st_size > 0


def test_what_was_recorded_is_there_after_a_restart(tmp_path: Path) -> None:
    store = open_store(tmp_path, now=NOW)
    told, generation = tell(store), store.generation
    store.close()
    again = open_store(tmp_path, now=NOW)
    assert again.generation == generation
    assert [delivery.alert for delivery in again.claim_deliveries(NOW, limit=5, lease=MINUTE)] == [told]
    again.close()
    again.close()


def test_an_empty_file_is_a_new_state_with_a_generation_of_its_own(tmp_path: Path) -> None:
    first = open_store(tmp_path / "first", now=NOW)
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "monitor.db").touch()
    second = open_store(tmp_path / "second", now=NOW)
    assert re.fullmatch(r"[0-9a-f]{32}", second.generation)
    assert second.generation != first.generation
    assert len(second.claim_due_feeds(feeds("a"), NOW, limit=1, lease=MINUTE)) == 1
    first.close()
    second.close()


def test_every_commit_is_on_the_disk_before_it_returns(on_disk: SqliteStore) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys")
    with on_disk.database.read() as db:
        found = {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in names}
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.parametrize("opened", [open_store, SqliteStore.copy_in_memory], ids=["to write", "to try things on"])
def test_a_newer_state_is_refused_and_left_alone(tmp_path: Path, opened) -> None:
    open_store(tmp_path, now=NOW).close()
    with sqlite3.connect(tmp_path / "monitor.db") as db:
        db.execute("PRAGMA user_version = 99")
    before = (tmp_path / "monitor.db").read_bytes()
    with pytest.raises(StateTooNew, match=r"newer version of monitor .* Install that version again"):
        opened(tmp_path, now=NOW)
    with pytest.raises(StateTooNew):
        open_reader(tmp_path)
    assert (tmp_path / "monitor.db").read_bytes() == before


def test_a_place_that_cannot_be_a_directory_is_told_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StateError, match=r"cannot be the state directory: .* --state"):
        open_store(tmp_path / "file" / "state", now=NOW)


def test_a_copy_in_memory_sees_what_is_known_and_changes_nothing(tmp_path: Path) -> None:
    store = open_store(tmp_path, now=NOW)
    told = tell(store)
    copy = SqliteStore.copy_in_memory(tmp_path, now=NOW)
    assert [delivery.alert for delivery in copy.claim_deliveries(NOW, limit=5, lease=MINUTE)] == [told]
    tell(copy, "غيره")
    assert len(store.claim_deliveries(NOW, limit=5, lease=MINUTE)) == 1
    copy.close()
    store.close()


def test_a_copy_of_nothing_is_empty_and_creates_nothing(tmp_path: Path) -> None:
    copy = SqliteStore.copy_in_memory(tmp_path / "none", now=NOW)
    assert copy.claim_deliveries(NOW, limit=5, lease=MINUTE) == []
    assert list(tmp_path.iterdir()) == []
    copy.close()


# Migrations


def test_migrations_have_rising_numbers_from_one_on() -> None:
    numbers = [each.number for each in shipped()]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == 1


def test_a_schema_has_the_version_of_its_last_migration() -> None:
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrate(db, shipped())
    migrate(db, shipped())
    assert version(db) == shipped()[-1].number


def test_a_failed_migration_leaves_the_version_before_it() -> None:
    db = sqlite3.connect(":memory:", isolation_level=None)
    steps = (
        Migration(number=1, sql="CREATE TABLE a (x);\n"),
        Migration(number=2, sql="CREATE TABLE b (x);\nCREATE TABLE a (x);\n"),
    )
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        migrate(db, steps)
    assert version(db) == 1
    assert [row[0] for row in db.execute("SELECT name FROM sqlite_master")] == ["a"]


def test_a_script_is_cut_at_statements_and_not_within_triggers() -> None:
    script = (
        "CREATE TABLE a (x);  -- first; still first\n"
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  DELETE FROM a;\n  SELECT ';';\nEND;\n"
    )
    assert [each.split()[1] for each in statements(script)] == ["TABLE", "TRIGGER"]


def test_an_upgrade_keeps_a_copy_of_what_was_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(tmp_path, now=NOW)
    tell(store)
    store.close()
    latest = shipped()[-1].number
    grown = (*shipped(), Migration(number=latest + 1, sql="DROP TABLE delivery;\n"))
    monkeypatch.setattr(opening, "shipped", lambda: grown)
    open_store(tmp_path, now=NOW).close()
    with sqlite3.connect(tmp_path / f"monitor-before-upgrade-from-{latest}.db") as kept:
        assert kept.execute("SELECT count(*) FROM delivery").fetchone() == (1,)
        assert version(kept) == latest


# Where the directory lies

MOUNTS = r"""
/dev/vda / ext4 rw 0 0
server:/export /srv/nfs nfs4 rw 0 0
/dev/vdb /srv/nfs/local ext4 rw 0 0
//server/share /mnt/two\040words cifs rw 0 0
tmpfs /mnt/over tmpfs rw 0 0
server:/x /mnt/over fuse.sshfs rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("directory", "kind"),
    [
        ("/home/x/state", None),
        ("/srv/nfs", "nfs4"),
        ("/srv/nfs/a/state", "nfs4"),
        ("/srv/nfs2/state", None),
        ("/srv/nfs/local/state", None),
        ("/mnt/two words/state", "cifs"),
        ("/mnt/over/state", "fuse.sshfs"),
    ],
)
def test_a_network_file_system_is_recognised(tmp_path: Path, directory: str, kind: str | None) -> None:
    (tmp_path / "mounts").write_text(MOUNTS)
    assert place.network_file_system(Path(directory), tmp_path / "mounts") == kind


def test_where_nobody_lists_mounts_nothing_is_said(tmp_path: Path) -> None:
    assert place.network_file_system(tmp_path, tmp_path / "none") is None


def test_a_network_file_system_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "network_file_system", lambda _directory: "nfs4")
    store = open_store(tmp_path, now=NOW)
    assert len(store.warnings) == 1
    assert "network file system (nfs4)" in store.warnings[0]
    store.close()
