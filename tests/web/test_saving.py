"""A rules file is replaced whole, as it was but for what it says; or left, and it is said why."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from monitor.web import saving
from monitor.web.saving import NotWritten, hindrance, opened, write


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_bytes(b"\xef\xbb\xbfversion: 1\r\n")
    path.chmod(0o640)
    return path


def test_it_is_replaced_with_its_mode_and_what_it_was_is_kept_beside_it(file):
    before = opened(file)
    backup = write(before, before.with_text("version: 2\r\n"), digest=before.digest)
    assert file.read_bytes() == b"\xef\xbb\xbfversion: 2\r\n"
    assert stat.S_IMODE(file.stat().st_mode) == stat.S_IMODE(backup.stat().st_mode) == 0o640
    assert backup.read_bytes() == before.raw
    assert sorted(each.name for each in file.parent.iterdir()) == ["rules.yaml", "rules.yaml.bak"]


def test_a_file_that_was_changed_meanwhile_is_left(file):
    before = opened(file)
    file.write_text("version: 1 # somebody else\n")
    with pytest.raises(NotWritten) as told:
        write(opened(file), b"mine", digest=before.digest)
    assert told.value.key == "saving.changed"
    assert file.read_text() == "version: 1 # somebody else\n"
    assert [each.name for each in file.parent.iterdir()] == ["rules.yaml"]


def test_a_link_stays_a_link_and_the_file_that_it_leads_to_is_changed(file, tmp_path):
    folder = tmp_path / "etc"
    folder.mkdir()
    link = folder / "rules.yaml"
    link.symlink_to(file)
    before = opened(link)
    assert before.is_link
    assert not opened(file).is_link
    write(before, b"new\n", digest=before.digest)
    assert link.is_symlink()
    assert file.read_bytes() == b"new\n"


def test_a_file_that_nobody_may_write_is_left_though_the_folder_would_allow_it(file):
    file.chmod(0o440)
    before = opened(file)
    with pytest.raises(NotWritten) as told:
        write(before, b"new\n", digest=before.digest)
    assert told.value.key == "saving.read_only"
    assert file.read_bytes() == before.raw


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_tried(file, monkeypatch):
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != file.parent and real(path, mode))
    found = hindrance(opened(file))
    assert found is not None
    assert (found.key, found.told) == ("saving.folder", {"folder": str(file.parent)})


@pytest.mark.parametrize(
    ("number", "key"),
    [(errno.EBUSY, "saving.mounted"), (errno.EROFS, "saving.folder"), (errno.ENOSPC, "saving.failed")],
)
def test_what_the_disk_says_is_told_and_nothing_is_left_behind(file, monkeypatch, number, key):
    def refuse(self, target):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "replace", refuse)
    before = opened(file)
    with pytest.raises(NotWritten) as told:
        write(before, b"new\n", digest=before.digest)
    assert told.value.key == key
    assert file.read_bytes() == before.raw
    assert [each.name for each in file.parent.iterdir()] == ["rules.yaml"]


def test_an_owner_that_cannot_be_kept_leaves_the_file_as_it_is(file, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EPERM, "not permitted")

    monkeypatch.setattr(saving, "_as_it_was", refuse)
    before = opened(file)
    with pytest.raises(NotWritten) as told:
        write(before, b"new\n", digest=before.digest)
    assert told.value.key == "saving.owner"
    assert [each.name for each in file.parent.iterdir()] == ["rules.yaml"]


def test_what_is_no_file_or_no_text_is_told(file):
    with pytest.raises(NotWritten) as told:
        opened(file.parent)
    assert told.value.key == "saving.unreadable"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(NotWritten) as told:
        _ = opened(file).text
    assert told.value.key == "saving.no_text"
