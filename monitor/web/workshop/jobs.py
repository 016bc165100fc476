"""Trials that run while people look at other pages: one at a time, each watched, stopped when asked, and kept for a
while when it is over."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Lock, Thread
from typing import Any, Final, Literal

from monitor.web.workshop.bench import Answer, Bench, NoAnswer

MOST_KEPT: Final = 12
STEP_WITHIN: Final = 300.0  # seconds without a word of progress after which it counts as stuck

State = Literal["running", "done", "failed", "stopped"]


@dataclass(slots=True)
class Job:
    """`about`: what pages want to know of it. `share`: how much is done (0 to 1), None where nobody knows. `trouble` of
    one that failed."""

    id: str
    about: Mapping[str, Any]
    begun_at: datetime
    state: State = "running"
    doing: str = ""
    done: int = 0
    share: float | None = None
    result: Answer | None = None
    trouble: NoAnswer | None = None
    bench: Bench = field(default_factory=Bench, repr=False)
    stopping: bool = False
    over: Event = field(default_factory=Event, repr=False)

    def stop(self) -> None:
        """At once; nothing of one that is over changes."""
        self.stopping = True
        if self.state == "running":
            self.bench.end()


class Jobs:
    """Safe from any thread."""

    def __init__(self) -> None:
        self._lock, self._jobs = Lock(), dict[str, Job]()

    def begin(self, order: Mapping[str, object], about: Mapping[str, Any], *, now: datetime) -> Job | None:
        """None while another one runs."""
        with self._lock:
            if self.running is not None:
                return None
            while len(self._jobs) >= MOST_KEPT:
                del self._jobs[next(iter(self._jobs))]
            job = Job(secrets.token_urlsafe(9), about, now)
            self._jobs[job.id] = job
        Thread(target=_work, args=(job, order), name="trial", daemon=True).start()
        return job

    @property
    def running(self) -> Job | None:
        return next((job for job in list(self._jobs.values()) if job.state == "running"), None)

    def get(self, job_id: str) -> Job | None:
        return self._jobs.get(job_id)

    def end(self) -> None:
        for job in list(self._jobs.values()):
            job.stop()


def _work(job: Job, order: Mapping[str, object]) -> None:
    def hears(answer: Answer) -> bool:
        told = answer.get("progress", {})
        job.doing, job.done, job.share = told.get("doing", ""), told.get("done", 0), told.get("share")
        return not job.stopping

    try:
        job.result = job.bench.ask(order, within=STEP_WITHIN, hears=hears)
        job.state = "done"
    except NoAnswer as error:
        job.trouble = error
        job.state = "stopped" if job.stopping else "failed"
    finally:
        job.bench.end()
        job.over.set()
