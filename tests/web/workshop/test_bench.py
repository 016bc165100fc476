"""Work that does not end is ended; the next order finds a process again."""

from __future__ import annotations

import json
import os
import socket
import threading

import pytest

from monitor import processes
from monitor.web.workshop import bench
from monitor.web.workshop.bench import Bench, NoAnswer
from tests.world import NOW


@pytest.fixture
def made(monkeypatch):
    monkeypatch.setattr(bench, "_CHILD", "tests.web.workshop.stuck")
    found = Bench()
    yield found
    found.end()


def test_work_that_takes_too_long_is_ended_and_the_next_order_is_answered(made):
    first = made.ask({"task": "answer"}, within=30)["pid"]
    with pytest.raises(NoAnswer) as told:
        made.ask({"task": "hang"}, within=0.2)
    assert told.value.key == "workshop.slow"
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert made.ask({"task": "answer"}, within=30)["pid"] != first


def test_one_process_answers_many_orders(made):
    assert made.ask({"task": "answer"}, within=30) == made.ask({"task": "answer"}, within=30)


def test_a_process_that_was_made_ready_answers_the_first_order(made):
    made.warm({"task": "warm"})
    assert made._process is not None
    warmed = made._process.pid
    made.warm({"task": "warm"})
    assert [made.ask({"task": "answer"}, within=30)["pid"] for _ in range(2)] == [warmed, warmed]


def test_nothing_is_made_ready_where_no_process_can_be(made, monkeypatch):
    def refuse(*_, **__):
        raise OSError("too many")

    monkeypatch.setattr(processes, "start", refuse)
    made.warm({"task": "warm"})
    with pytest.raises(NoAnswer) as told:
        made.ask({"task": "answer"}, within=30)
    assert told.value.key == "workshop.broke"


def test_what_was_wrong_with_making_ready_is_nobodys_answer():
    ours, theirs = socket.socketpair()
    with theirs:
        process = processes.start("monitor.web.workshop.child", pipe=theirs)
    with ours, ours.makefile("rb") as lines:
        ours.sendall(b'{"task": "warm"}\n{"task": "none of ours"}\n')
        assert [next(iter(json.loads(lines.readline()))) for _ in range(2)] == ["ready", "failed"]
    assert process.wait(30) == 0


def test_a_process_that_dies_is_told(made):
    with pytest.raises(NoAnswer) as told:
        made.ask({"task": "die"}, within=30)
    assert told.value.key == "workshop.broke"


def test_work_is_ended_when_nobody_wants_its_result(made):
    with pytest.raises(NoAnswer) as told:
        made.ask({"task": "hang"}, within=30, hears=lambda _: False)
    assert told.value.key == "workshop.stopped"


def test_who_waits_for_somebody_elses_work_is_told_so(made):
    begun, end = threading.Event(), threading.Event()

    def hears(_):
        begun.set()
        return not end.wait(30)

    def work():
        with pytest.raises(NoAnswer):
            made.ask({"task": "hang"}, within=30, hears=hears)

    other = threading.Thread(target=work)
    other.start()
    begun.wait(30)
    with pytest.raises(NoAnswer) as told:
        made.ask({"task": "answer"}, within=0.05)
    end.set()
    other.join(30)
    assert told.value.key == "workshop.busy"


def test_a_process_ends_with_whoever_gave_it_work_also_when_its_answer_was_not_read():
    ours, theirs = socket.socketpair()
    with theirs:
        process = processes.start("monitor.web.workshop.child", pipe=theirs)
    ours.sendall(b'{"task": "none of ours"}\n')
    ours.recv(1, socket.MSG_PEEK)  # it has answered
    ours.close()
    assert process.wait(30) == 0


def test_a_job_that_is_stuck_is_stopped_from_elsewhere(made):
    from monitor.web.workshop.jobs import Jobs

    jobs = Jobs()
    job = jobs.begin({"task": "hang"}, {}, now=NOW)
    assert job is not None
    assert jobs.begin({"task": "hang"}, {}, now=NOW) is None
    job.stop()
    assert job.over.wait(30)
    assert job.state == "stopped"
    again = jobs.begin({"task": "answer"}, {}, now=NOW)
    assert again is not None
    assert again.over.wait(30)
    assert again.state == "done"
