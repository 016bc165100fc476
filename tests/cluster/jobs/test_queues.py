from __future__ import annotations

import pytest

from monitor.cluster.jobs.queues import Payload, Queue, queue_of


def work(_payload: Payload) -> None:
    pass


def queue(name: str, *tasks: str, at_once: int = 1) -> Queue:
    return Queue(name=name, at_once=at_once, tasks=dict.fromkeys(tasks, work))


def test_each_task_stands_in_one_queue() -> None:
    assert queue_of([queue("polls", "poll"), queue("rest", "plan", "sweep")]) == {
        "poll": "polls",
        "plan": "rest",
        "sweep": "rest",
    }


@pytest.mark.parametrize(
    ("queues", "what"),
    [
        ([queue("one", "poll"), queue("two", "poll")], "'poll' stands in two queues: one, two"),
        ([queue("one", "poll"), queue("one", "plan")], "two queues have one name"),
        ([queue("one", "poll", at_once=0)], "at least one at once"),
        ([queue("", "poll")], "a name of 1 to"),
        ([queue("ط" * 21, "poll")], "a name of 1 to"),
        ([queue("engine", "poll")], "the engine's own"),
        ([queue("one", "reap")], "the engine's own"),
    ],
)
def test_queues_that_clash_are_refused(queues: list[Queue], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        queue_of(queues)
