from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from monitor.alerts import worker as module
from monitor.alerts import zygote as start
from monitor.alerts.worker import Lost, Worker
from monitor.alerts.zygote import Forked, NotForked, Zygote
from monitor.clock import SystemClock

BAD_ADDRESS = {"do": "describe", "url": "nosuch://x"}


@pytest.fixture
def zygote():
    zygote = Zygote(clock=SystemClock(), idle=60)
    yield zygote
    zygote.close()


@pytest.fixture
def worker(zygote):
    worker = Worker(zygote, clock=SystemClock())
    yield worker
    worker.close()


def has_ended(pid: int) -> bool:
    """Within half a minute; one that its parent has not waited for yet counts as ended."""
    for _ in range(600):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.05)
    return False


def test_an_interrupted_question_leaves_no_answer_for_the_next(worker, monkeypatch):
    assert "unusable" in worker.ask(BAD_ADDRESS, seconds=45)
    received = module.received

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "received", interrupted)
    with pytest.raises(KeyboardInterrupt):
        worker.ask({"do": "describe", "url": "json://localhost/"}, seconds=45)
    assert worker.pid is None
    monkeypatch.setattr(module, "received", received)
    assert "unusable" in worker.ask(BAD_ADDRESS, seconds=45)


def test_a_fork_that_was_waited_for_in_vain_is_not_taken_for_the_next(zygote, worker, monkeypatch):
    assert zygote.fork(SystemClock().monotonic() + 45)  # it runs
    readable = start.readable
    monkeypatch.setattr(start, "readable", lambda *_: False)
    assert isinstance(zygote.fork(SystemClock().monotonic() + 45), NotForked)
    monkeypatch.setattr(start, "readable", readable)
    assert "unusable" in worker.ask(BAD_ADDRESS, seconds=45)


def test_a_process_that_cannot_start_is_an_answer_too(worker, monkeypatch):
    monkeypatch.setattr(start, "_BOOT", "raise SystemExit(1)")
    reply = worker.ask(BAD_ADDRESS, seconds=45)
    assert isinstance(reply, Lost)
    assert (reply.sending, "does not start" in reply.why) == (False, True)


def test_a_question_that_nobody_reads_ends_in_time(worker, monkeypatch):
    monkeypatch.setattr(start, "_BOOT", "import time; time.sleep(60)")
    assert worker.ask(BAD_ADDRESS, seconds=0.2) == Lost("no end in time", sending=False)
    assert worker.pid is None


def test_a_first_process_that_hangs_is_started_again(worker, zygote, monkeypatch):
    boot = start._BOOT
    monkeypatch.setattr(start, "_BOOT", "import time; time.sleep(60)")
    monkeypatch.setattr(start, "STUCK", 0.1)
    assert isinstance(worker.ask(BAD_ADDRESS, seconds=0.2), Lost)
    assert zygote.pid is None
    monkeypatch.setattr(start, "_BOOT", boot)
    assert "unusable" in worker.ask(BAD_ADDRESS, seconds=45)


def test_a_first_process_that_was_killed_is_started_again_and_its_forks_ended_with_it(worker, zygote):
    assert "unusable" in worker.ask(BAD_ADDRESS, seconds=45)
    first, forked = zygote.pid, worker.pid
    os.kill(first, signal.SIGKILL)
    assert has_ended(forked)
    assert "unusable" in worker.ask(BAD_ADDRESS, seconds=45)
    assert zygote.pid not in (None, first)


def test_no_process_has_the_addresses_that_stand_in_our_environment(monkeypatch):
    monkeypatch.setenv("DESK_URL", "json://hooks.example/KaNaRiEnVoGeL")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    zygote = Zygote(clock=SystemClock(), idle=60.0)
    try:
        forked = zygote.fork(SystemClock().monotonic() + 60)
        assert isinstance(forked, Forked)
        for pid in (zygote.pid, forked.pid):
            environment = Path(f"/proc/{pid}/environ").read_bytes()
            assert b"KaNaRiEnVoGeL" not in environment
            assert b"HTTPS_PROXY=http://proxy.example:3128" in environment
    finally:
        zygote.close()


def test_what_is_imported_once_is_not_imported_for_each_process(zygote):
    """A fork answers in a fraction of what a start takes, measured in the same run."""
    clock = SystemClock()
    took = []
    for _ in range(4):
        begun = clock.monotonic()
        worker = Worker(zygote, clock=clock)
        assert "unusable" in worker.ask(BAD_ADDRESS, seconds=45)
        took.append(clock.monotonic() - begun)
        worker.close()
    assert min(took[1:]) < took[0] / 3


def test_a_process_that_was_ended_leaves_nothing_behind(worker, zygote):
    assert "unusable" in worker.ask(BAD_ADDRESS, seconds=45)
    pid = worker.pid
    worker.close()
    assert has_ended(pid)
    zygote.end(pid)  # who has gone cannot be harmed


ORPHANS = """
import os, sys
from monitor.alerts.worker import Worker
from monitor.alerts.zygote import Zygote
from monitor.clock import SystemClock
zygote = Zygote(clock=SystemClock(), idle=60)
worker = Worker(zygote, clock=SystemClock())
worker.ask({"do": "describe", "url": "nosuch://x"}, seconds=45)
print(zygote.pid, worker.pid, flush=True)
os.kill(os.getpid(), 9)
"""


def test_its_processes_end_with_the_monitor_however_it_ends():
    ran = subprocess.run([sys.executable, "-c", ORPHANS], capture_output=True, text=True, check=False)
    assert ran.returncode == -signal.SIGKILL
    assert [has_ended(int(pid)) for pid in ran.stdout.split()] == [True, True]
