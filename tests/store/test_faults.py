"""What is recorded survives kills, full disks, other processes and damaged files, or says so."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from monitor.errors import StateDamaged, StateError
from monitor.store import Reader, SqliteStore, open_store

from . import children
from .builders import DAY, MINUTE, NOW, feeds, item, tell

POLLS = """
    from monitor.model import FeedState

    def poll(store, n, alerts=2):
        with store.ingest() as tx:
            for k in range(alerts):
                title = f"خبر {n} {k}"
                tx.stories([key(title)], since=NOW)
                entry_id, story_id, number = tx.write(item(title, verdicts=[verdict()]), seen_at=NOW)
                tx.alert(entry_id, alert(story_id, number), [DESK, FIELD])
            tx.feed_state(FeedState(feed_id="local", next_poll_at=NOW, failures=n))
"""


def assert_whole_polls(directory: Path, *, alerts: int = 2) -> int:
    """All of a poll or nothing of it; returns how many there are."""
    store = open_store(directory, now=NOW)  # checks every page
    with store.database.read() as db:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        counts = {
            table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("story", "entry", "sighting", "verdict", "alert", "delivery")
        }
    polls = max((state.failures for state in Reader(store.database).feeds()), default=0)
    store.close()
    assert counts == {**dict.fromkeys(counts, polls * alerts), "delivery": polls * alerts * 2}
    return polls


def test_a_poll_killed_at_any_statement_leaves_all_or_nothing(tmp_path: Path) -> None:
    """A process dies as each statement of the second poll begins, one process a statement."""
    code = (
        POLLS
        + """
    def two_polls(statement):
        store = open_store(directory / str(statement), now=NOW)
        poll(store, 1, alerts=1)
        die_at(store.database._connection, statement)
        poll(store, 2, alerts=1)

    last = next(n for n in range(1, 100) if not killed(lambda: two_polls(n)))
    print(last)
    """
    )
    ended = children.run(tmp_path, code)
    assert ended.returncode == 0, ended.stderr
    last = int(ended.stdout)
    polls = [assert_whole_polls(tmp_path / str(statement), alerts=1) for statement in range(1, last + 1)]
    assert polls == [1] * (last - 1) + [2]
    assert last > 12


def test_polls_killed_at_random_moments_are_whole(tmp_path: Path) -> None:
    code = (
        POLLS
        + """
    store = open_store(directory, now=NOW)
    first = int(sys.argv[2])
    for n in range(first, 100_000):
        poll(store, n)
        print(n, flush=True)
    """
    )
    done = 0
    for kill_round in range(4):
        with children.start(tmp_path, code, done + 1) as child:
            acknowledged = done
            for _ in range(9 * kill_round + 1):
                acknowledged = int(children.first_line(child))
            child.kill()
            said = children.rest(child)
        acknowledged = max([acknowledged, *map(int, said.split("\n")[:-1])])
        done = assert_whole_polls(tmp_path)
        assert acknowledged <= done <= acknowledged + 1


def test_a_migration_killed_at_any_statement_is_made_good_at_the_next_start(tmp_path: Path) -> None:
    code = """
    from monitor.store import opening as module
    connect = module.connect

    def opening(statement):
        def connect_and_die(path):
            db = connect(path)
            die_at(db, statement)
            return db
        module.connect = connect_and_die
        open_store(directory / str(statement), now=NOW, check=False).close()

    print(next(n for n in range(1, 400) if not killed(lambda: opening(n))))
    """
    ended = children.run(tmp_path, code)
    assert ended.returncode == 0, ended.stderr
    last = int(ended.stdout)
    assert last > 25
    for statement in range(1, last + 1):
        store = open_store(tmp_path / str(statement), now=NOW)
        tell(store)
        store.close()


def test_processes_that_open_a_new_state_at_once_all_can(tmp_path: Path) -> None:
    code = """
    sys.stdin.readline()
    print(open_store(directory, now=NOW).generation)
    """
    several = [children.start(tmp_path / "state", code) for _ in range(4)]
    answers = [child.communicate("go\n", timeout=60) for child in several]
    assert len({out for out, _ in answers}) == 1, answers
    assert answers[0][0]


def test_what_two_processes_claim_never_overlaps(tmp_path: Path) -> None:
    store = open_store(tmp_path, now=NOW)
    store.claim_due_feeds(feeds(*(f"f{n}" for n in range(60))), NOW - DAY, limit=0, lease=MINUTE)
    for n in range(60):
        tell(store, f"خبر {n}")
    store.close()
    code = """
    store = open_store(directory, now=NOW)
    print("ready", flush=True)
    sys.stdin.readline()
    wanted = feeds(*(f"f{n}" for n in range(60)))
    while True:
        polled = store.claim_due_feeds(wanted, NOW, limit=3, lease=MINUTE)
        sending = store.claim_deliveries(NOW, limit=3, lease=MINUTE)
        if not polled and not sending:
            break
        print(*(f"feed:{s.feed_id}" for s in polled), *(f"delivery:{d.id}" for d in sending), flush=True)
    """
    several = [children.start(tmp_path, code) for _ in range(3)]
    assert [children.first_line(child) for child in several] == ["ready"] * 3
    answers = [child.communicate("go\n", timeout=60) for child in several]
    claimed = Counter(each for out, _ in answers for each in out.split())
    assert len(claimed) == 120, [err for _, err in answers]
    assert set(claimed.values()) == {1}


def test_four_processes_that_read_and_then_write_never_find_it_locked(tmp_path: Path) -> None:
    """A transaction that began with reading would fail at once, whatever the timeout, when another wrote meanwhile."""
    open_store(tmp_path, now=NOW).close()
    code = """
    store = open_store(directory, now=NOW, check=False)
    for n in range(100):
        with store.ingest() as tx:
            title = f"خبر {sys.argv[2]} {n}"
            tx.known_entries("local", guids=["g"], links=[], texts=[digest(title)])
            tx.write(item(title), seen_at=NOW)
        store.claim_deliveries(NOW, limit=3, lease=MINUTE)
    print("done")
    """
    several = [children.start(tmp_path, code, n) for n in range(4)]
    answers = [child.communicate(timeout=120) for child in several]
    assert [out for out, _ in answers] == ["done\n"] * 4, answers
    store = open_store(tmp_path, now=NOW)
    assert Reader(store.database).totals().entries == 400
    store.close()


def test_a_locked_database_is_waited_for(on_disk: SqliteStore) -> None:
    code = """
    db = open_store(directory, now=NOW).database._connection
    db.execute("BEGIN IMMEDIATE")
    print("locked", flush=True)
    sys.stdin.readline()
    db.execute("COMMIT")
    """
    assert on_disk.path is not None
    with children.start(on_disk.path.parent, code) as child:
        assert children.first_line(child) == "locked"
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            impatient(on_disk.path).execute("BEGIN IMMEDIATE")
        release_soon(child)
        tell(on_disk)
        assert child.wait(timeout=60) == 0
    assert len(on_disk.claim_deliveries(NOW, limit=5, lease=MINUTE)) == 1


def impatient(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=0, isolation_level=None)


def release_soon(child: subprocess.Popen[str]) -> None:
    """From another process, so that it happens while we wait for the lock."""
    assert child.stdin is not None
    subprocess.Popen(["sh", "-c", "sleep 0.3; echo go"], stdout=child.stdin)


def test_what_a_poll_read_cannot_change_before_it_ends(on_disk: SqliteStore) -> None:
    assert on_disk.path is not None
    other = impatient(on_disk.path)
    with on_disk.ingest(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


def test_after_a_full_disk_ended_a_transaction_nothing_more_is_written_in_it(on_sqlite: SqliteStore) -> None:
    with on_sqlite.database.read() as db:
        db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0] + 2}")
    with pytest.raises(RuntimeError, match="over"):
        flood_stubbornly(on_sqlite)
    assert Reader(on_sqlite.database).totals().entries == 0


def flood_stubbornly(store: SqliteStore) -> None:
    with store.ingest() as tx:
        with contextlib.suppress(sqlite3.OperationalError):
            for n in range(500):
                tx.write(item(f"خبر {n}", body="نص طويل " * 100), seen_at=NOW)
        tx.write(item("بعد"), seen_at=NOW)


def test_a_database_locked_for_ever_is_told_and_stores_nothing(
    on_disk: SqliteStore,
) -> None:
    assert on_disk.path is not None
    with on_disk.database.read() as db:
        db.execute("PRAGMA busy_timeout = 10")
    other = impatient(on_disk.path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StateError, match="another process keeps it locked"):
        tell(on_disk)
    other.execute("COMMIT")
    other.close()
    tell(on_disk)


def test_a_full_disk_is_told_and_loses_nothing_that_was_recorded(on_sqlite: SqliteStore) -> None:
    tell(on_sqlite, "قبل")
    with on_sqlite.database.read() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StateError, match="the disk is full; nothing that was recorded is lost"):
        flood(on_sqlite)
    assert Reader(on_sqlite.database).totals().entries == 1
    with on_sqlite.database.read() as db:
        db.execute(f"PRAGMA max_page_count = {pages + 1000}")
    tell(on_sqlite, "بعد")
    assert len(on_sqlite.claim_deliveries(NOW, limit=5, lease=MINUTE)) == 2


def flood(store: SqliteStore) -> None:
    with store.ingest() as tx:
        for n in range(500):
            tx.write(item(f"خبر {n}", body="نص طويل " * 100), seen_at=NOW)


def filled(directory: Path) -> Path:
    store = open_store(directory, now=NOW)
    for n in range(40):
        tell(store, f"خبر {n}")
    store.close()
    path = directory / "monitor.db"
    assert not path.with_name("monitor.db-wal").exists()
    return path


@pytest.mark.parametrize("page", [1, 3, 5, 8, 12])
def test_a_damaged_page_is_found_at_the_start(tmp_path: Path, page: int) -> None:
    path = filled(tmp_path)
    with path.open("r+b") as file:
        file.seek(4096 * page)
        file.write(b"\xa5" * 512)
    with pytest.raises(StateDamaged, match="Put a backup in its place"):
        open_store(tmp_path, now=NOW)


def test_a_file_cut_short_is_found_at_the_start(tmp_path: Path) -> None:
    path = filled(tmp_path)
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(StateDamaged, match=r"monitor\.db is damaged"):
        open_store(tmp_path, now=NOW)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "monitor.db").write_bytes(b"<html>not here</html>" * 300)
    with pytest.raises(StateDamaged, match=r"monitor\.db is damaged: file is not a database"):
        open_store(tmp_path, now=NOW)


def test_a_state_that_was_removed_under_us_is_noticed(on_disk: SqliteStore) -> None:
    assert on_disk.path is not None
    assert on_disk.in_place()
    moved = on_disk.path.rename(on_disk.path.with_name("elsewhere.db"))
    assert not on_disk.in_place()
    on_disk.path.write_bytes(moved.read_bytes())
    assert not on_disk.in_place()
