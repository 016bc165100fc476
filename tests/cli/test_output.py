"""What a command writes for other programs is whole, or not there."""

from __future__ import annotations

import io
import os
import stat
from threading import Thread

import pytest

from monitor.cli import output
from monitor.errors import UsageError


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_file_takes_the_place_of_the_old_one_only_when_all_is_written(tmp_path):
    file = tmp_path / "alerts.csv"
    file.write_bytes(b"old")
    file.chmod(0o640)
    with output.opened(str(file)) as out:
        out.write(b"new")
        assert file.read_bytes() == b"old"
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["alerts.csv"]


def test_what_ends_with_an_error_leaves_the_old_file_and_nothing_else(tmp_path):
    file = tmp_path / "alerts.csv"
    file.write_bytes(b"old")

    def broken() -> None:
        with output.opened(str(file)) as out:
            out.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert file.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["alerts.csv"]


def test_a_new_file_has_the_rights_that_new_files_have(tmp_path):
    before = os.umask(0o027)
    try:
        with output.opened(str(tmp_path / "new")) as out:
            out.write(b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


def test_a_link_stays_and_leads_to_what_is_written(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    with output.opened(str(tmp_path / "link")) as out:
        out.write(b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reading = Thread(target=lambda: read.append(pipe.read_bytes()))
    reading.start()
    with output.opened(str(pipe)) as out:
        out.write(b"rows")
    reading.join()
    assert read == [b"rows"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("where", ["missing/alerts.csv", "."])
def test_what_cannot_be_written_is_told_plainly(tmp_path, monkeypatch, where):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="cannot be written"), output.opened(where) as out:
        out.write(b"x")


def test_nothing_binary_goes_to_a_terminal(monkeypatch):
    monkeypatch.setattr("sys.stdout", Terminal())
    with pytest.raises(UsageError, match="-o FILE"), output.opened("-", binary=True):
        pass


def test_rows_are_counted_on_a_terminal_and_nowhere_else(monkeypatch):
    for screen, shown in ((Terminal(), "\r1,000 alerts …\r2,000 alerts …\r2,500 alerts  \n"), (io.StringIO(), "")):
        monkeypatch.setattr("sys.stderr", screen)
        assert sum(output.counting(range(2500), "alerts")) == sum(range(2500))
        assert screen.getvalue() == shown
