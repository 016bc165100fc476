"""`monitor db`: a state goes out, comes back, and is looked at."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli.group import cli
from monitor.store import PollLock, open_reader, open_store
from monitor.store import restore as restoring
from monitor.store.read import Totals
from tests.store.builders import DAY, MINUTE, feeds, item, tell

NOW = datetime.now(UTC)


def monitor(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(each) for each in arguments])


@pytest.fixture
def state(tmp_path: Path) -> Path:
    made = tmp_path / "state"
    store = open_store(made, now=NOW)
    store.claim_due_feeds(feeds("local"), NOW, limit=9, lease=MINUTE)
    tell(store, "قبل")
    store.close()
    return made


def totals(state: Path) -> Totals:
    reader = open_reader(state)
    assert reader
    with reader:
        return reader.totals()


def add(state: Path, title: str) -> None:
    store = open_store(state, now=NOW)
    tell(store, title)
    store.close()


def test_a_backup_holds_what_the_state_holds(state: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    assert monitor("db", "backup", tmp_path / "copy" / "monitor.db", "-s", state).exit_code == 0
    assert totals(tmp_path / "copy") == totals(state)


def test_nothing_is_backed_up_or_checked_where_nothing_is(tmp_path: Path) -> None:
    for arguments in (["backup", tmp_path / "b.db"], ["check"]):
        assert monitor("db", *arguments, "-s", tmp_path / "none").exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_rolling_backups_keep_the_newest(state: Path, tmp_path: Path) -> None:
    old = [tmp_path / f"b-2026010{day}T000000Z.db" for day in (1, 2, 3)]
    for each in (*old, tmp_path / "b-other.db", tmp_path / "b.db"):
        each.touch()
    assert monitor("db", "backup", tmp_path / "b.db", "--keep", 2, "-s", state).exit_code == 0
    left = sorted(each.name for each in tmp_path.glob("b*.db"))
    assert [name for name in left if not re.fullmatch(r"b-20[^0]\d.*|b-202[^0].*|b-20260103.*", name)] == [
        "b-other.db",
        "b.db",
    ]
    assert old[2].name in left
    assert len(left) == 4


def test_a_restored_state_is_what_the_backup_held_and_the_old_one_is_kept(state: Path, tmp_path: Path) -> None:
    before = totals(state)
    monitor("db", "backup", tmp_path / "b.db", "-s", state)
    add(state, "بعد")
    after = totals(state)
    done = monitor("db", "restore", tmp_path / "b.db", "-s", state)
    assert done.exit_code == 0, done.output
    assert totals(state) == before
    assert "1 delivery waited" in done.stdout
    (kept,) = state.glob("monitor-before-restore-*.db")
    (tmp_path / "kept").mkdir()
    kept.rename(tmp_path / "kept" / "monitor.db")
    assert totals(tmp_path / "kept") == after
    assert not list(state.glob("*restoring*"))


def test_what_stood_only_in_the_log_of_the_old_state_is_kept_and_not_applied_to_the_new_one(
    state: Path, tmp_path: Path
) -> None:
    monitor("db", "backup", tmp_path / "b.db", "-s", state)
    beside = open_store(state, now=NOW)  # a reader such as the web page: the log stays
    add(state, "بعد")
    assert monitor("db", "restore", tmp_path / "b.db", "-s", state).exit_code == 0
    assert totals(state).entries == 1
    assert monitor("db", "check", "-s", state).exit_code == 0
    beside.close()


def test_a_rehearsal_tells_the_same_and_changes_nothing(state: Path, tmp_path: Path) -> None:
    monitor("db", "backup", tmp_path / "b.db", "-s", state)
    add(state, "بعد")
    before = totals(state)
    done = monitor("db", "restore", tmp_path / "b.db", "--dry-run", "-s", state)
    assert (done.exit_code, "1 entry, 1 alert" in done.stdout) == (0, True)
    assert totals(state) == before
    assert not list(state.glob("monitor-before-*"))


def test_a_restore_is_refused_while_somebody_polls(state: Path, tmp_path: Path) -> None:
    monitor("db", "backup", tmp_path / "b.db", "-s", state)
    with PollLock.acquire(state, command="monitor run", now=NOW):
        done = monitor("db", "restore", tmp_path / "b.db", "-s", state)
    assert done.exit_code == 6
    assert "monitor run" in done.stderr


def broken(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096 * 4)
        file.write(b"\xa5" * 4096)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (broken, "is not sound"),
        (lambda path: path.write_bytes(b""), "is not there, or empty"),
        (lambda path: path.write_bytes(b"<html>" * 900), "is not sound"),
        (lambda path: (path.unlink(), sqlite3.connect(path).execute("CREATE TABLE x (y)")), "is no backup of monitor"),
    ],
    ids=["a damaged page", "an empty file", "no database", "another program's"],
)
def test_what_is_no_sound_backup_changes_nothing(state: Path, tmp_path: Path, spoil, said: str) -> None:
    monitor("db", "backup", tmp_path / "b.db", "-s", state)
    before = (state / "monitor.db").read_bytes()
    spoil(tmp_path / "b.db")
    for dry in ([], ["--dry-run"]):
        done = monitor("db", "restore", tmp_path / "b.db", *dry, "-s", state)
        assert (done.exit_code, said in done.stderr) == (1, True), done.stderr
    assert (state / "monitor.db").read_bytes() == before


def test_the_state_is_no_backup_of_itself(state: Path) -> None:
    assert "is the state itself" in monitor("db", "restore", state / "monitor.db", "-s", state).stderr


def test_a_damaged_state_is_replaced_too(state: Path, tmp_path: Path) -> None:
    for n in range(30):
        add(state, f"خبر {n}")
    monitor("db", "backup", tmp_path / "b.db", "-s", state)
    broken(state / "monitor.db")
    assert monitor("db", "check", "-s", state).exit_code == 1
    assert monitor("db", "restore", tmp_path / "b.db", "-s", state).exit_code == 0
    assert totals(state).entries == 31
    assert monitor("db", "check", "-s", state).exit_code == 0


def test_after_a_restore_with_baseline_every_feed_is_read_for_the_first_time(state: Path, tmp_path: Path) -> None:
    store = open_store(state, now=NOW)
    with store.database.write() as db:
        db.execute("UPDATE feed_state SET baselined = 1, body_hash = x'01', validators_url = 'u', etag = 'e'")
    store.close()
    monitor("db", "backup", tmp_path / "b.db", "-s", state)
    for given, baselined in (([], True), (["--baseline"], False)):
        assert monitor("db", "restore", tmp_path / "b.db", *given, "-s", state).exit_code == 0
        store = open_store(state, now=NOW)
        (feed,) = store.claim_due_feeds(feeds("local"), NOW + DAY, limit=9, lease=MINUTE)
        store.close()
        assert (feed.baselined, feed.body_hash is None, feed.validators is None) == (
            baselined,
            not baselined,
            not baselined,
        )


BREAKS = {
    "deliveries of alerts that are not there": "DELETE FROM alert",
    "count as seen, but are not stored": "INSERT INTO sighting VALUES (1, x'00', 999, 1)",
    "do not count as seen": "DELETE FROM sighting",
    "do not agree with their entry": "UPDATE entry SET story_id = NULL WHERE first_id IS NOT NULL",
    "cannot be found by their address": "UPDATE entry SET guid_hash = 1 WHERE first_id IS NULL",
    "give two alerts one number": "UPDATE story SET last_number = 0",
}


@pytest.mark.parametrize("said", BREAKS)
def test_a_check_finds_what_monitor_relies_on_and_names_a_remedy(state: Path, said: str) -> None:
    store = open_store(state, now=NOW)
    with store.ingest() as tx:
        (known,) = tx.known_entries("local", guids=[], links=[], texts=[item("قبل").fingerprint.text])
        tx.write(item("قبل", summary="نسخة", guid="g", known_id=known.id), seen_at=NOW)
    store.close()
    assert monitor("db", "check", "-s", state).exit_code == 0
    with sqlite3.connect(state / "monitor.db") as db:
        db.execute(BREAKS[said])
    db.close()
    done = monitor("db", "check", "-s", state)
    assert (done.exit_code, said in done.stdout, "monitor db restore" in done.stdout) == (1, True, True), done.stdout


def test_a_restore_that_is_killed_before_the_last_step_leaves_the_old_state_whole(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monitor("db", "backup", tmp_path / "b.db", "-s", state)
    beside = open_store(state, now=NOW)
    add(state, "بعد")
    left = tmp_path / "left"  # as a process that was killed leaves it: the last is only in the log
    shutil.copytree(state, left)
    beside.close()
    set_aside = restoring._set_aside

    def killed(*where: object) -> None:
        set_aside(*where)
        os._exit(9)

    monkeypatch.setattr(restoring, "_set_aside", killed)
    pid = os.fork()
    if pid == 0:
        monitor("db", "restore", tmp_path / "b.db", "-s", left)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9
    monkeypatch.undo()
    assert totals(left).entries == 2
    assert monitor("db", "restore", tmp_path / "b.db", "-s", left).exit_code == 0
    assert totals(left).entries == 1


def test_the_log_of_a_damaged_state_is_not_applied_to_what_is_restored(state: Path, tmp_path: Path) -> None:
    monitor("db", "backup", tmp_path / "b.db", "-s", state)
    beside = open_store(state, now=NOW)
    add(state, "بعد")
    shutil.copy(state / "monitor.db-wal", tmp_path / "log")
    beside.close()
    (state / "monitor.db").write_bytes(b"\xa5" * 8192)
    shutil.copy(tmp_path / "log", state / "monitor.db-wal")
    assert monitor("db", "restore", tmp_path / "b.db", "-s", state).exit_code == 0
    assert totals(state).entries == 1
    assert monitor("db", "check", "-s", state).exit_code == 0
    assert len(list(state.glob("monitor-before-restore-*.db-wal"))) == 1
