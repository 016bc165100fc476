"""Whether a file could be written, before anybody types."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest

from monitor.web import writable
from monitor.web.writable import hindered, hindrance


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "my rules" / "rules.yaml"
    path.parent.mkdir()
    path.write_text("version: 1\n")
    return path


def mounts(tmp_path, monkeypatch, *points):
    """As the kernel tells them, with an optional field and without."""
    listed = tmp_path / "mountinfo"
    lines = [f"36 35 98:0 /from {point} rw,noatime master:1 - ext4 /dev/root rw\n" for point in points]
    listed.write_text("".join(lines))
    monkeypatch.setattr(writable, "_MOUNTS", listed)


def test_nothing_is_against_a_file_of_ours_and_nothing_is_written(file):
    before = sorted(file.parent.iterdir()), file.stat().st_mtime_ns
    assert hindrance(file) is None
    assert hindered([file]) == []
    assert (sorted(file.parent.iterdir()), file.stat().st_mtime_ns) == before


def test_a_folder_that_is_mounted_to_read_only(file, monkeypatch):
    monkeypatch.setattr(writable.os, "statvfs", lambda _: SimpleNamespace(f_flag=os.ST_RDONLY | os.ST_NOSUID))
    assert hindered([file]) == [(file, "read_only")]


@pytest.mark.parametrize("which", ["file", "folder"])
def test_a_file_or_folder_without_permission(file, monkeypatch, which):
    closed = file if which == "file" else file.parent
    monkeypatch.setattr(writable.os, "access", lambda path, _: path != closed)
    assert hindrance(file) == "forbidden"


def test_a_file_that_is_mounted_by_itself(file, tmp_path, monkeypatch):
    mounts(tmp_path, monkeypatch, "/proc", str(file).replace(" ", r"\040"))
    assert hindrance(file) == "mounted"
    mounts(tmp_path, monkeypatch, "/proc", str(file.parent).replace(" ", r"\040"))
    assert hindrance(file) is None, "its folder may be"


def test_a_system_that_does_not_tell_what_is_mounted(file, tmp_path, monkeypatch):
    monkeypatch.setattr(writable, "_MOUNTS", tmp_path / "nowhere")
    assert hindrance(file) is None


def test_a_file_of_another_user(file, monkeypatch):
    monkeypatch.setattr(writable.os, "geteuid", lambda: file.stat().st_uid + 1)
    assert hindrance(file) == "foreign"


def test_root_may_write_files_of_others(file, monkeypatch):
    monkeypatch.setattr(writable.os, "geteuid", lambda: 0)
    assert hindrance(file) is None


def test_of_a_symbolic_link_the_file_it_leads_to_counts(file, tmp_path, monkeypatch):
    link = tmp_path / "rules.yaml"
    link.symlink_to(file)
    monkeypatch.setattr(writable.os, "access", lambda path, _: path != file.parent)
    assert hindrance(link) == "forbidden"


def test_a_file_that_is_gone(file):
    file.unlink()
    assert hindrance(file) == "unreadable"
