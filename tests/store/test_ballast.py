from __future__ import annotations

from pathlib import Path

import pytest

from monitor.store import ballast

from .refusing import refusing_disk

MIB = 2**20


def test_the_ballast_takes_real_room_and_gives_it_back(tmp_path: Path) -> None:
    assert ballast.lay(tmp_path)
    found = (tmp_path / ballast.FILE).stat()
    assert found.st_size == ballast.SIZE == 16 * MIB
    assert found.st_blocks * 512 >= ballast.SIZE
    assert ballast.drop(tmp_path)
    assert not ballast.is_laid(tmp_path)
    assert not ballast.drop(tmp_path)


def test_a_ballast_that_is_there_stays(tmp_path: Path) -> None:
    ballast.lay(tmp_path, size=MIB)
    assert ballast.lay(tmp_path)
    assert (tmp_path / ballast.FILE).stat().st_size == MIB


def test_no_ballast_is_laid_where_it_would_leave_too_little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ballast, "free", lambda _directory: 2 * MIB - 1)
    assert not ballast.lay(tmp_path, size=MIB)
    monkeypatch.setattr(ballast, "free", lambda _directory: 2 * MIB)
    assert ballast.lay(tmp_path, size=MIB)


def test_where_nothing_can_be_written_nothing_is_left_behind(tmp_path: Path) -> None:
    with refusing_disk(1000):
        assert not ballast.lay(tmp_path)
        assert not ballast.has_room(tmp_path, MIB)
    assert list(tmp_path.iterdir()) == []
    assert ballast.has_room(tmp_path, MIB)
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_is_not_there_has_no_room(tmp_path: Path) -> None:
    assert ballast.free(tmp_path / "none") == 0
    assert not ballast.lay(tmp_path / "none")
    assert not ballast.has_room(tmp_path / "none", 1)


def test_a_disk_that_takes_nothing_is_seen_without_writing(tmp_path: Path) -> None:
    assert ballast.shortage(tmp_path) == ""
    assert (
        ballast.shortage(Path("/proc")) == "the disk of /proc is full: make room on it"
    )  # no file system has less room
    assert "cannot be looked at: No such file" in ballast.shortage(tmp_path / "nowhere")
