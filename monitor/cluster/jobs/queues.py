"""What a worker works on: queues of jobs, each with its tasks and its threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Payload = Mapping[str, object]  # plain JSON
Work = Callable[[Payload], None]

ENGINE, REAP = "engine", "reap"  # the queue, and the task in it, of what keeps the engine itself going
LONGEST_NAME = 40  # bytes; PostgreSQL cuts the name of a NOTIFY channel after 63, and Procrastinate's begins with 23


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Jobs that share threads. What must not wait for other work has a queue of its own."""

    name: str
    at_once: int  # jobs of it that a process works on at a time, each in a thread
    tasks: Mapping[str, Work]


def queue_of(queues: Sequence[Queue]) -> dict[str, str]:
    """The queue of each task. Raises ValueError where names clash or do not fit."""
    found: dict[str, str] = {}
    for queue in queues:
        if queue.at_once < 1 or not 0 < len(queue.name.encode()) <= LONGEST_NAME:
            raise ValueError(f"queue {queue.name!r}: a name of 1 to {LONGEST_NAME} bytes, and at least one at once")
        if queue.name == ENGINE or REAP in queue.tasks:
            raise ValueError(f"queue {ENGINE!r} and task {REAP!r} are the engine's own")
        for task in queue.tasks:
            if task in found:
                raise ValueError(f"task {task!r} stands in two queues: {found[task]}, {queue.name}")
            found[task] = queue.name
    if len({queue.name for queue in queues}) < len(queues):
        raise ValueError("two queues have one name")
    return found
