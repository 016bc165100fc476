from __future__ import annotations

import errno
import fcntl
import os
import signal
from pathlib import Path

import pytest

from monitor.errors import StateError, StateLocked
from monitor.store import PollLock, holder

from . import children
from .builders import HOUR, NOW

HOLD = """
    lock = PollLock.acquire(directory, command="monitor run", now=NOW)
    print(os.getpid(), flush=True)
    sys.stdin.readline()
"""


def acquire(directory: Path) -> PollLock:
    return PollLock.acquire(directory, command="monitor check", now=NOW + HOUR)


def test_a_second_process_is_refused_and_told_who_polls(tmp_path: Path) -> None:
    with children.start(tmp_path, HOLD) as child:
        pid = children.first_line(child)
        with pytest.raises(StateLocked) as refused:
            acquire(tmp_path)
        assert refused.value.directory == tmp_path
        assert refused.value.holder == f"pid {pid} (monitor run) since 2026-03-04 05:06:07 UTC"
        told = holder(tmp_path)
        assert told is not None
        assert (told.pid, told.command, told.started_at) == (int(pid), "monitor run", NOW)
        child.communicate("done\n")
    acquire(tmp_path).release()


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    with children.start(tmp_path, HOLD) as child:
        os.kill(int(children.first_line(child)), signal.SIGKILL)
        child.wait()
    assert holder(tmp_path) is None
    with acquire(tmp_path):
        told = holder(tmp_path)
        assert told is not None
        assert told.pid == os.getpid()


def test_a_child_that_outlives_its_parent_does_not_keep_the_lock(tmp_path: Path) -> None:
    code = """
    import subprocess
    lock = PollLock.acquire(directory, command="monitor run", now=NOW)
    print(subprocess.Popen(["sleep", "60"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).pid, flush=True)
    sys.stdin.readline()
    """
    with children.start(tmp_path, code) as child:
        sleeper = int(children.first_line(child))
        child.kill()
        child.wait()
    try:
        acquire(tmp_path).release()
    finally:
        os.kill(sleeper, signal.SIGKILL)


def test_one_process_cannot_take_it_twice(tmp_path: Path) -> None:
    with acquire(tmp_path), pytest.raises(StateLocked, match=f"pid {os.getpid()} "):
        acquire(tmp_path)
    with acquire(tmp_path):
        pass


def test_nobody_holds_a_lock_that_was_given_up_or_never_taken(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    lock = acquire(tmp_path / "state")
    lock.release()
    lock.release()
    assert holder(tmp_path / "state") is None


@pytest.mark.parametrize("told", ["", "[]", "{}", '{"pid": 1, "host": "h", "command": "c", "started_at": 5}', "\0\xff"])
def test_a_holder_that_has_not_said_who_it_is_still_holds(tmp_path: Path, told: str) -> None:
    with acquire(tmp_path):
        (tmp_path / "poll.lock").write_text(told, encoding="latin-1")
        with pytest.raises(StateLocked, match="is in use: another process"):
            acquire(tmp_path)
        assert holder(tmp_path) is None


def test_a_file_system_without_locks_is_told_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_locks(_descriptor: int, _how: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", without_locks)
    with pytest.raises(StateError, match=r"poll\.lock cannot be locked: No locks available\. Put the state on a local"):
        acquire(tmp_path)
    assert holder(tmp_path) is None


def test_a_lock_file_that_cannot_be_opened_is_told_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "poll.lock").mkdir()
    with pytest.raises(StateError, match=r"poll\.lock cannot be written: .*permission"):
        acquire(tmp_path)
