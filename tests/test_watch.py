from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config import digest_of
from monitor.watch import Watch


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "rules.yaml"
    made.write_text("a")
    return made


def watch(file: Path) -> Watch:
    return Watch({file: digest_of(file)}, digest_of)


def test_a_change_is_told_once_it_has_come_to_rest(file):
    watching = watch(file)
    assert not watching.settled_change()
    file.write_text("half of ")
    assert not watching.settled_change(), "it may still be written"
    file.write_text("half of it, and the rest")
    assert not watching.settled_change()
    assert watching.settled_change()


def test_what_is_followed_anew_is_known(file):
    watching = watch(file)
    file.write_text("b")
    watching.settled_change()
    watching.follow({file: digest_of(file)})
    assert not watching.settled_change()


def test_an_edit_that_came_while_the_one_before_was_read_is_not_lost(file):
    file.write_text("what was read")
    read = {file: digest_of(file)}
    file.write_text("what came meanwhile")
    watching = Watch(read, digest_of)
    watching.settled_change()
    assert watching.settled_change()


def test_a_file_that_was_touched_has_not_changed(file):
    watching = watch(file)
    file.write_text("a")
    watching.settled_change()
    assert not watching.settled_change()


def test_a_file_that_vanished_has_changed(file):
    watching = watch(file)
    file.unlink()
    watching.settled_change()
    assert watching.settled_change()
