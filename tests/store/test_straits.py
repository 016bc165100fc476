"""While the disk takes nothing, what is new is decided, told and remembered all the same, and written afterwards."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from monitor.errors import StateError, StateUnwritable
from monitor.model import FeedState, FetchRequest, FetchResult, Sent
from monitor.store import SqliteStore, ballast, held, open_reader, open_store
from monitor.store.database import explained
from monitor.store.read import Totals
from tests.world import World, item

from .builders import MINUTE, NOW, tell
from .builders import item as entry
from .refusing import refusing_disk


@pytest.fixture(autouse=True)
def _small_ballast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ballast.lay, "__kwdefaults__", {"size": 2**20})


@pytest.fixture
def staying(tmp_path: Path) -> Iterator[SqliteStore]:
    """The store of a process that stays, with something recorded."""
    store = open_store(tmp_path / "state", now=NOW)
    store.reserve(keeps_going=True)
    tell(store, "قبل")
    yield store
    store.close()


def on_disk(store: SqliteStore) -> Totals:
    """As another process sees it."""
    assert store.path is not None
    reader = open_reader(store.path.parent)
    assert reader is not None
    with reader:
        return reader.totals()


def tell_stubbornly(store: SqliteStore, title: str) -> None:
    """As the pipeline does it."""
    while True:
        try:
            tell(store, title)
            return
        except StateUnwritable:
            continue


def test_when_the_disk_is_full_the_ballast_is_given_up_and_the_same_work_succeeds(
    staying: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert staying.path is not None
    assert ballast.is_laid(staying.path.parent)
    with contextlib.ExitStack() as refusing:
        drop = ballast.drop
        monkeypatch.setattr(ballast, "drop", lambda directory: refusing.close() or drop(directory))
        refusing.enter_context(refusing_disk())
        with pytest.raises(StateUnwritable):
            tell(staying, "بعد")
    tell(staying, "بعد")
    assert on_disk(staying).alerts == 2
    assert not staying.holds
    assert staying.trouble is not None
    assert "Make room" in staying.trouble
    staying.look_up()
    assert staying.trouble is None
    assert ballast.is_laid(staying.path.parent)


def test_what_the_disk_does_not_take_is_remembered_and_written_when_it_does(staying: SqliteStore) -> None:
    with refusing_disk():
        for n in range(3):
            tell_stubbornly(staying, f"خبر {n}")
        assert staying.holds
        assert staying.known_raw("local", [entry("خبر 1").fingerprint.raw])
        for delivery in staying.claim_deliveries(NOW, limit=9, lease=MINUTE):
            staying.record(delivery, Sent(sent_at=NOW), retry_at=None)
        assert staying.claim_deliveries(NOW + 2 * MINUTE, limit=9, lease=MINUTE) == []
        assert on_disk(staying).alerts == 1
        staying.look_up()
        assert staying.holds
        assert "only remembered in memory" in (staying.trouble or "")
    staying.look_up()
    assert not staying.holds
    assert staying.trouble is None
    assert on_disk(staying).alerts == 4
    assert {status.value: n for status, n in on_disk(staying).deliveries.items() if n} == {"sent": 4}
    tell(staying, "بعد")
    assert on_disk(staying).alerts == 5


def test_a_step_that_fails_while_held_leaves_what_was_held_before(staying: SqliteStore) -> None:
    with refusing_disk():
        tell_stubbornly(staying, "أول")
        with contextlib.suppress(ZeroDivisionError), staying.ingest() as tx:
            tx.write(entry("ثان"), seen_at=NOW)
            raise ZeroDivisionError
        tell(staying, "ثالث")
    staying.look_up()
    assert on_disk(staying).entries == 3
    assert not staying.known_raw("local", [entry("ثان").fingerprint.raw])


def test_what_was_held_is_written_when_the_process_ends_in_order(staying: SqliteStore) -> None:
    with refusing_disk():
        tell_stubbornly(staying, "أول")
    staying.close()
    assert on_disk(staying).alerts == 2


def test_a_process_that_ends_soon_holds_nothing_and_fails(tmp_path: Path) -> None:
    store = open_store(tmp_path / "state", now=NOW)
    store.reserve(keeps_going=False)
    tell(store, "قبل")
    with refusing_disk(), pytest.raises(StateError, match=r"the disk (does not answer|is full)"):
        tell_stubbornly(store, "بعد")
    assert not store.holds
    assert on_disk(store).alerts == 1
    tell(store, "بعد")
    assert on_disk(store).alerts == 2
    store.close()


def test_if_what_was_held_cannot_be_written_after_all_the_operators_hear_that_it_is_lost(
    staying: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with refusing_disk():
        tell_stubbornly(staying, "أول")
        monkeypatch.setattr(ballast, "has_room", lambda *_: True)
        staying.look_up()
        assert not staying.holds
        assert "is lost" in (staying.trouble or "")
    assert on_disk(staying).alerts == 1
    tell(staying, "بعد")
    assert on_disk(staying).alerts == 2
    staying.look_up()
    assert staying.trouble is None


def test_if_the_disk_fails_while_it_is_read_what_was_held_is_lost_and_told_and_work_goes_on(
    staying: SqliteStore,
) -> None:
    with refusing_disk():
        tell_stubbornly(staying, "نسي")
    assert staying.holds
    with staying.database.read() as db:
        db.execute("ROLLBACK")  # as SQLite does upon SQLITE_IOERR
    assert not staying.holds
    assert "is lost" in (staying.trouble or "")
    tell(staying, "بعد")
    assert on_disk(staying).alerts == 2
    staying.look_up()
    assert staying.trouble is None


def test_a_process_that_stays_says_at_once_that_there_is_no_room_for_the_ballast(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = ballast.free
    monkeypatch.setattr(ballast, "free", lambda _directory: 1)
    store = open_store(tmp_path / "state", now=NOW)
    store.reserve(keeps_going=True)
    store.look_up()
    assert "nearly full" in (store.trouble or "")
    monkeypatch.setattr(ballast, "free", free)
    store.look_up()
    assert store.trouble is None
    store.close()


def test_what_is_held_is_bounded(staying: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "MOST", 400_000)
    with refusing_disk(), pytest.raises(StateError, match="wait in memory already"):
        tell_without_end(staying)
    staying.look_up()
    told = on_disk(staying).alerts
    assert 5 < told < 400


def tell_without_end(store: SqliteStore) -> None:
    for n in range(1000):
        tell_stubbornly(store, f"خبر {n}")


@pytest.mark.parametrize("rows", [1, 30, 400])
def test_what_a_commit_will_write_is_estimated_from_above(staying: SqliteStore, rows: int) -> None:
    assert staying.path is not None
    with refusing_disk():
        tell_stubbornly(staying, "أول")
        for n in range(rows):
            tell(staying, f"خبر {n}")
        assert staying.database.held is not None
        estimated = staying.database.held.size
    log = staying.path.with_name("monitor.db-wal")
    before = log.stat().st_size
    staying.database.let_go()
    assert log.stat().st_size - before <= estimated


def test_alerts_go_out_once_while_the_disk_takes_nothing(tmp_path: Path) -> None:
    """The whole way: polled, decided, sent, known; and after the disk has recovered nothing is sent again."""
    store = open_store(tmp_path / "state", now=NOW)
    store.reserve(keeps_going=True)
    world = World(store=store)
    world.poll(item("هدوء", n=0))
    with refusing_disk():
        assert world.poll(item("غارة على الجسر", n=1), item("هدوء", n=0)) == ["غارة على الجسر"]
        assert world.deliver() == ["غارة على الجسر"]
        assert world.poll(item("غارة على الجسر", n=1), item("هدوء", n=0)) == []
        assert world.poll(item("غارة على المطار", n=2), item("غارة على الجسر", n=1)) == ["غارة على المطار"]
    store.look_up()
    assert world.deliver() == ["غارة على المطار"]
    assert world.poll(item("غارة على المطار", n=2), item("غارة على الجسر", n=1)) == []
    assert on_disk(store).alerts == 2
    world.polls.stop()
    world.deliveries.stop()
    store.close()


@pytest.mark.parametrize("keeps_going", [True, False], ids=["a process that stays", "a pass"])
def test_a_poll_that_the_disk_refuses_is_tried_again_at_once(tmp_path: Path, keeps_going: bool) -> None:
    """Not ten minutes later, when its lease ends. A pass only has the ballast's room, which this disk does not give."""
    store = open_store(tmp_path / "state", now=NOW)
    store.reserve(keeps_going=keeps_going)
    world = World(store=store)
    world.poll(item("هدوء", n=0))
    with contextlib.ExitStack() as refusing:
        submit = world.network.submit

        def submit_and_refuse(request: FetchRequest) -> Future[FetchResult]:
            refusing.enter_context(refusing_disk())
            return submit(request)

        world.network.submit = submit_and_refuse  # type: ignore[method-assign]
        if keeps_going:
            assert world.poll(item("غارة على الجسر", n=1)) == ["غارة على الجسر"]
            assert world.polls.trouble is None
        else:
            world.poll(item("غارة على الجسر", n=1))
            assert isinstance(world.polls.trouble, StateError)
    store.look_up()
    assert on_disk(store).alerts == keeps_going
    world.polls.stop()
    world.deliveries.stop()
    store.close()


def test_no_room_beside_the_database_is_told_as_a_full_disk() -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE  # what SQLite says of a -shm file that finds no room
    with pytest.raises(StateError, match="the disk is full"), explained("state/monitor.db"):
        raise error


def test_a_store_in_memory_knows_no_straits() -> None:
    store = SqliteStore.in_memory(now=NOW)
    store.reserve(keeps_going=True)
    store.look_up()
    store.check()
    with store.ingest() as tx:
        tx.feed_state(FeedState(feed_id="local", next_poll_at=NOW))
    assert (store.trouble, store.holds) == (None, False)
    store.close()
