from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.compiled import Shelf
from monitor.store.vouched import EVERY, Vouched

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "monitor.db"
    path.write_bytes(b"pages")
    return path


@pytest.fixture
def vouched(path: Path) -> Vouched:
    made = Vouched(Shelf(path.parent), path)
    made.leave(NOW)
    return made


def cut(path: Path) -> None:
    os.truncate(path, 3)


def damage(path: Path) -> None:
    path.write_bytes(b"pagEs")


def put_another_in_its_place(path: Path) -> None:
    copy = path.with_name("copy")
    shutil.copy2(path, copy)
    copy.replace(path)


def log_beside_it(path: Path) -> None:
    path.with_name("monitor.db-wal").write_bytes(b"frames")


def test_a_state_that_nobody_touched_is_not_read_again_within_a_day(vouched: Vouched) -> None:
    assert vouched.checked_at(now=NOW + EVERY - timedelta(seconds=1)) == NOW


@pytest.mark.parametrize("now", [NOW + EVERY, NOW - timedelta(seconds=1)], ids=["a day later", "the clock set back"])
def test_it_is_read_once_a_day(vouched: Vouched, now: datetime) -> None:
    assert vouched.checked_at(now=now) is None


@pytest.mark.parametrize("touch", [cut, damage, put_another_in_its_place, log_beside_it, Path.unlink])
def test_whatever_was_done_to_it_has_it_read(vouched: Vouched, path: Path, touch) -> None:
    touch(path)
    assert vouched.checked_at(now=NOW) is None


def test_nothing_is_noted_while_another_process_uses_it(path: Path) -> None:
    log_beside_it(path)
    other = Vouched(Shelf(path.parent), path)
    other.leave(NOW)
    path.with_name("monitor.db-wal").unlink()
    assert other.checked_at(now=NOW) is None
