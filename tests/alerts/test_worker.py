from __future__ import annotations

import pytest

from monitor.alerts import worker as module
from monitor.alerts.worker import Lost, Worker
from monitor.clock import SystemClock

BAD_ADDRESS = {"do": "describe", "url": "nosuch://x"}


@pytest.fixture
def worker():
    worker = Worker(clock=SystemClock(), idle=60)
    yield worker
    worker.close()


def test_an_interrupted_question_leaves_no_answer_for_the_next(worker, monkeypatch):
    assert "refused" in worker.ask(BAD_ADDRESS, seconds=45)
    lines = module._lines

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_lines", interrupted)
    with pytest.raises(KeyboardInterrupt):
        worker.ask({"do": "describe", "url": "json://localhost/"}, seconds=45)
    assert worker.pid is None
    monkeypatch.setattr(module, "_lines", lines)
    assert "refused" in worker.ask(BAD_ADDRESS, seconds=45)


def test_a_process_that_cannot_start_is_an_answer_too(worker, monkeypatch):
    monkeypatch.setattr(module, "_BOOT", "raise SystemExit(1)")
    reply = worker.ask(BAD_ADDRESS, seconds=45)
    assert isinstance(reply, Lost)
    assert (reply.sending, "does not start" in reply.why) == (False, True)


def test_a_question_that_nobody_reads_ends_in_time(worker, monkeypatch):
    monkeypatch.setattr(module, "_BOOT", "import time; time.sleep(60)")
    assert worker.ask(BAD_ADDRESS, seconds=0.2) == Lost("no end in time", sending=False)
    assert worker.pid is None


def test_its_process_ends_with_the_parent(worker):
    worker.ask(BAD_ADDRESS, seconds=45)
    process = worker._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()  # as the kernel does when the parent is killed
    assert process.wait(30) == 0
