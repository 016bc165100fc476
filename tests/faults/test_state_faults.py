"""A state that is damaged, emptied, cut, gone, replaced, read-only or without room: refused or survived, and told."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import StateDamaged, StateError
from monitor.model import FeedState
from monitor.store import SqliteStore, open_store
from monitor.store.inspect import inspect
from tests.store.builders import DAY, MINUTE, NOW, feeds, item, key, tell
from tests.support import ROOT, needs

TITLES = [f"خبر {n}" for n in range(60)]
SHARDS = 4
CORRUPTIONS = 500


def filled(directory: Path) -> Path:
    """A state with something in every table and index, closed: one file."""
    store = open_store(directory, now=NOW)
    store.claim_due_feeds(feeds("local", "other"), NOW, limit=9, lease=MINUTE)
    for n, title in enumerate(TITLES):
        with store.ingest() as tx:
            tx.write(
                item(f"{title} هادئ", guid=f"g{n}", link=f"https://local.example/{n}", body="نص " * 80), seen_at=NOW
            )
        tell(store, title)
    with store.ingest() as tx:
        tx.feed_state(FeedState(feed_id="local", next_poll_at=NOW, baselined=True))
    store.close()
    return directory / "monitor.db"


def what_it_says(store: SqliteStore) -> object:
    """What polls and deliveries ask of it."""
    marks = [item(title).fingerprint for title in (*TITLES, "لم يكن")]
    with store.ingest() as tx:
        texts = [item(title).fingerprint.text for title in TITLES]
        known = tx.known_entries("local", guids=[f"g{n}" for n in range(60)], links=[], texts=texts)
        stories = tx.stories([key(title) for title in TITLES], since=NOW - DAY)
    due = store.claim_deliveries(NOW, limit=999, lease=MINUTE)
    feeds_due = store.claim_due_feeds(feeds("local", "other"), NOW + DAY, limit=9, lease=MINUTE)
    seen, texts = (
        store.known_raw("local", [mark.raw for mark in marks]),
        {text for each in known for text in each.texts},
    )
    return [mark.raw in seen or mark.text in texts for mark in marks], known, stories, due, feeds_due


def corrupted(sound: bytes, seed: int) -> bytes:
    """A few bytes, a line of zeros or a page of another place, where the seed has it."""
    rng, spoiled = random.Random(seed), bytearray(sound)
    at = rng.randrange(len(spoiled))
    match seed // SHARDS % 4:
        case 0:
            spoiled[at] ^= 1 << rng.randrange(8)
        case 1:
            length = rng.randrange(1, 64)
            spoiled[at : at + length] = rng.randbytes(len(spoiled[at : at + length]))
        case 2:
            spoiled[at : at + 512] = bytes(len(spoiled[at : at + 512]))
        case _:
            page, other = (rng.randrange(len(spoiled) // 4096) * 4096 for _ in range(2))
            spoiled[page : page + 4096] = spoiled[other : other + 4096]
    return bytes(spoiled)


@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_corruption_is_found_or_shown_or_changes_no_answer_that_a_poll_relies_on(tmp_path: Path, shard: int) -> None:
    """A flipped bit in a text is seen by nobody. What must not be: a known entry that silently counts as new."""
    path = filled(tmp_path / "state")
    sound = path.read_bytes()
    with contextlib.closing(open_store(tmp_path / "state", now=NOW)) as store:
        expected = what_it_says(store)
    found, silent = 0, []
    for seed in range(shard, CORRUPTIONS, SHARDS):
        for companion in path.parent.glob("monitor.db-*"):
            companion.unlink()
        path.write_bytes(corrupted(sound, seed))
        try:
            with contextlib.closing(open_store(tmp_path / "state", now=NOW)) as store:
                answer = what_it_says(store)
        except (StateError, sqlite3.Error, ValueError, KeyError, TypeError, OverflowError):
            found += 1
            continue
        if answer != expected and not found_by_check(path):
            silent.append((seed, changed(expected, answer)))
    assert found >= CORRUPTIONS // SHARDS // 4
    assert [each for each in silent if "known as seen" in each[1]] == []
    assert len(silent) <= CORRUPTIONS // SHARDS // 10, silent  # in texts, dates and the like


def found_by_check(path: Path) -> bool:
    return inspect(path) != []


def changed(expected: object, answer: object) -> list[str]:
    names = ("known as seen", "recognised", "stories", "deliveries", "feeds")
    return [name for name, one, other in zip(names, expected, answer, strict=True) if one != other]


@pytest.mark.parametrize("part", [0.02, 0.2, 0.5, 0.8, 0.99])
@pytest.mark.parametrize("aligned", [True, False], ids=["at a page", "within a page"])
def test_a_file_cut_short_is_refused(tmp_path: Path, part: float, aligned: bool) -> None:
    path = filled(tmp_path)
    size = int(path.stat().st_size * part)
    os.truncate(path, size // 4096 * 4096 if aligned else size // 4096 * 4096 + 100)
    with pytest.raises(StateDamaged, match="backup"):
        open_store(tmp_path, now=NOW)


def test_an_emptied_file_is_refused_and_not_touched_so_that_nothing_floods(tmp_path: Path) -> None:
    path = filled(tmp_path)
    os.truncate(path, 0)
    for _ in range(2):
        with pytest.raises(StateDamaged, match="the file is empty, but it was not when it was last used"):
            open_store(tmp_path, now=NOW)
    assert path.stat().st_size == 0
    path.unlink()  # as the message advises to begin anew
    store = open_store(tmp_path, now=NOW)
    assert any("not the database that was used here the last time" in each for each in store.warnings)
    assert all(not state.baselined for state in store.claim_due_feeds(feeds("local"), NOW, limit=9, lease=MINUTE))
    store.close()


def test_a_log_without_its_database_is_refused(tmp_path: Path) -> None:
    """SQLite would remove it, and with it the last that was recorded."""
    filled(tmp_path)
    with contextlib.closing(open_store(tmp_path, now=NOW)) as store:
        tell(store, "في السجل")
        shutil.copy(tmp_path / "monitor.db-wal", tmp_path / "log")
    for emptied in (True, False):
        (tmp_path / "monitor.db").unlink(missing_ok=True)
        if emptied:
            (tmp_path / "monitor.db").touch()
        (tmp_path / "monitor.id").unlink(missing_ok=True)
        shutil.copy(tmp_path / "log", tmp_path / "monitor.db-wal")
        with pytest.raises(StateDamaged, match=r"its log monitor\.db-wal is there"):
            open_store(tmp_path, now=NOW)
        assert (tmp_path / "monitor.db-wal").stat().st_size > 0


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "monitor.db") as db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()
    before = (tmp_path / "monitor.db").read_bytes()
    with pytest.raises(StateError, match="none of monitor's"):
        open_store(tmp_path, now=NOW)
    assert (tmp_path / "monitor.db").read_bytes() == before


def test_a_database_that_is_removed_under_us_is_put_back_with_all_it_held(tmp_path: Path) -> None:
    filled(tmp_path)
    store = open_store(tmp_path, now=NOW)
    for each in tmp_path.glob("monitor.db*"):
        each.unlink()
    tell(store, "بعد الحذف")  # SQLite takes it, into a file that has no name any more
    assert not store.in_place()
    assert store.rescue() == tmp_path / "monitor.db"
    store.close()
    again = open_store(tmp_path, now=NOW)
    assert again.warnings == ()
    assert again.known_raw("local", [item("بعد الحذف").fingerprint.raw])
    assert len(again.claim_deliveries(NOW, limit=999, lease=MINUTE)) == len(TITLES) + 1
    again.close()


def test_a_database_that_is_replaced_under_us_is_left_and_ours_saved_beside_it(tmp_path: Path) -> None:
    filled(tmp_path / "theirs")
    filled(tmp_path / "state")
    store = open_store(tmp_path / "state", now=NOW)
    tell(store, "لنا")
    for each in (tmp_path / "state").glob("monitor.db-*"):
        each.unlink()
    (tmp_path / "theirs" / "monitor.db").replace(tmp_path / "state" / "monitor.db")
    saved = store.rescue()
    assert saved == tmp_path / "state" / "monitor-rescued.db"
    store.close()
    assert inspect(saved) == []
    (tmp_path / "ours").mkdir()
    saved.replace(tmp_path / "ours" / "monitor.db")
    with contextlib.closing(open_store(tmp_path / "ours", now=NOW)) as ours:
        assert ours.known_raw("local", [item("لنا").fingerprint.raw])
    with contextlib.closing(open_store(tmp_path / "state", now=NOW)) as theirs:
        assert not theirs.known_raw("local", [item("لنا").fingerprint.raw])


def test_damage_under_a_running_process_is_found_by_the_daily_look(tmp_path: Path) -> None:
    path = filled(tmp_path)
    store = open_store(tmp_path, now=NOW)
    store.check()
    with path.open("r+b") as file:
        file.seek(4096 * 6)
        file.write(b"\xa5" * 4096)
    with pytest.raises(StateDamaged):
        store.check()
    store.close()


# A disk of its own, which only root, or whoever may make namespaces, can have

IN_A_NAMESPACE = """
import os, subprocess, sys
from pathlib import Path
from monitor.store import ballast, open_store
from monitor.errors import StateError, StateUnwritable
from tests.store.builders import *

disk = Path(sys.argv[1])
state = disk / "state"
ballast.lay.__kwdefaults__["size"] = 256 * 1024

def mount(*words):
    subprocess.run(["mount", *words, str(disk)], check=True, capture_output=True)

def stubbornly(store, title):
    while True:
        try:
            return tell(store, title)
        except StateUnwritable:
            continue
"""


def in_a_namespace(disk: Path, code: str) -> None:
    """Run the code in a process that has mounts of its own. Skips where that is not allowed."""
    unshare = [needs("unshare"), *([] if os.geteuid() == 0 else ["--map-root-user"]), "--mount"]
    probe = [*unshare, "sh", "-c", f"mount -t tmpfs -o size=1m tmpfs '{disk}'"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets us have no file system of our own (unshare --mount, mount -t tmpfs)")
    command = [*unshare, sys.executable, "-c", IN_A_NAMESPACE + textwrap.dedent(code), str(disk)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def test_on_a_disk_of_two_mebibytes_that_fills_nothing_is_lost_and_it_recovers(tmp_path: Path) -> None:
    in_a_namespace(
        tmp_path,
        """
        mount("-t", "tmpfs", "-o", "size=2m", "tmpfs")
        store = open_store(state, now=NOW)
        store.reserve(keeps_going=True)
        tell(store, "قبل")
        assert ballast.is_laid(state)
        filler = (disk / "filler").open("wb", buffering=0)
        try:
            while True:
                filler.write(bytes(4096))
        except OSError:
            pass
        seen = []
        for n in range(60):
            stubbornly(store, f"خبر {n}")
            seen.append((ballast.is_laid(state), store.holds))
        assert (False, False) in seen, "the ballast's room was not used"
        assert seen[-1] == (False, True), seen[-1]
        raws = [item(f"خبر {n}").fingerprint.raw for n in range(60)]
        assert len(store.known_raw("local", raws)) == 60
        store.look_up()
        assert store.holds and "memory" in store.trouble
        filler.close()
        (disk / "filler").unlink()
        store.look_up()
        assert not store.holds, store.trouble
        store.close()
        again = open_store(state, now=NOW)
        assert len(again.known_raw("local", raws)) == 60
        assert len(again.claim_deliveries(NOW, limit=99, lease=MINUTE)) == 61
        """,
    )


def test_on_a_full_disk_a_new_process_gives_up_the_ballast_and_starts(tmp_path: Path) -> None:
    in_a_namespace(
        tmp_path,
        """
        mount("-t", "tmpfs", "-o", "size=2m", "tmpfs")
        store = open_store(state, now=NOW)
        store.reserve(keeps_going=False)
        store.close()
        with (disk / "filler").open("wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(4096))
            except OSError:
                pass
        store = open_store(state, now=NOW)
        assert not ballast.is_laid(state)
        tell(store, "بعد")
        store.close()
        """,
    )


def test_a_read_only_file_system_is_told_with_a_remedy_and_works_again_once_it_is_writable(tmp_path: Path) -> None:
    in_a_namespace(
        tmp_path,
        """
        mount("-t", "tmpfs", "-o", "size=8m", "tmpfs")
        store = open_store(state, now=NOW)
        store.close()
        mount("-o", "remount,ro")
        try:
            open_store(state, now=NOW)
        except StateError as error:
            assert "permission" in str(error) or "cannot be written" in str(error), error
        else:
            raise AssertionError("opened on a read-only file system")
        mount("-o", "remount,rw")
        store = open_store(state, now=NOW)
        store.reserve(keeps_going=True)
        tell(store, "قبل")
        assert store.known_raw("local", [item("قبل").fingerprint.raw])
        """,
    )


def test_locks_of_others_are_waited_for_and_then_named(tmp_path: Path) -> None:
    filled(tmp_path)
    with contextlib.closing(open_store(tmp_path, now=NOW)) as store:
        other = sqlite3.connect(tmp_path / "monitor.db", timeout=0, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with store.database.read() as db:
            db.execute(f"PRAGMA busy_timeout = {timedelta(milliseconds=20) // timedelta(milliseconds=1)}")
        with pytest.raises(StateError, match="another process keeps it locked"):
            tell(store, "مقفل")
        assert (store.trouble, store.holds) == (None, False)
        other.close()
        tell(store, "مقفل")
