from __future__ import annotations

import os

from monitor.watch import Watch


def test_a_change_is_told_once_it_has_come_to_rest_and_only_once(tmp_path):
    file = tmp_path / "rules.yaml"
    file.write_text("a")
    watch = Watch([file])
    assert not watch.settled_change()
    file.write_text("half of ")
    assert not watch.settled_change(), "it may still be written"
    file.write_text("half of it, and the rest")
    assert not watch.settled_change()
    assert watch.settled_change()
    assert not watch.settled_change()


def test_a_file_that_an_editor_replaced_has_changed_though_its_size_and_time_did_not(tmp_path):
    file, other = tmp_path / "rules.yaml", tmp_path / "new"
    file.write_text("old")
    before = file.stat()
    watch = Watch([file])
    other.write_text("new")
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(file)
    watch.settled_change()
    assert watch.settled_change()


def test_a_file_that_vanished_has_changed(tmp_path):
    file = tmp_path / "rules.yaml"
    file.write_text("a")
    watch = Watch([file])
    file.unlink()
    watch.settled_change()
    assert watch.settled_change()
