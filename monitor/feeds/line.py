"""Who may ask next: one at a time for each host, so many in all, in the order in which they came; but some give way to
others."""

from __future__ import annotations

from collections import defaultdict, deque
from heapq import heappop, heappush
from itertools import count
from typing import Generic, TypeVar

T = TypeVar("T")
_Number = tuple[bool, int]  # whether it gives way, and its place among its like


class Line(Generic[T]):
    """A waiting line. Not for several threads at once. No step takes longer because many wait."""

    def __init__(self, most: int) -> None:
        if most < 1:
            raise ValueError("a line needs room for at least one")
        self._most = most
        # By host, each with its number; those who give way in the second.
        self._waiting: dict[str, tuple[deque[tuple[_Number, T]], ...]] = defaultdict(lambda: (deque(), deque()))
        self._busy: set[str] = set()
        # The first of each free host, by number. What was overtaken since stays in it, and is passed over.
        self._firsts: list[tuple[_Number, str]] = []
        self._back, self._front = count(0), count(-1, -1)

    def join(self, host: str, job: T, *, first: bool = False, yields: bool = False) -> None:
        """`yields`: behind all that do not, whenever they come. `first`: before all others that do as it does, for one
        whose turn had come already."""
        waiting = self._waiting[host][yields]
        if first:
            waiting.appendleft(((yields, next(self._front)), job))
        else:
            waiting.append(((yields, next(self._back)), job))
        self._offer(host)

    def call(self) -> tuple[str, T] | None:
        """The first whose host is free, if there is room; its host is then taken until `leave`."""
        while self._firsts and len(self._busy) < self._most:
            number, host = heappop(self._firsts)
            jobs = self._next(host)
            if jobs and jobs[0][0] == number and host not in self._busy:
                self._busy.add(host)
                _, job = jobs.popleft()
                self._tidy(host)
                return host, job
        return None

    def leave(self, host: str) -> None:
        self._busy.remove(host)
        self._offer(host)

    def withdraw(self, host: str, job: T) -> None:
        """Take a waiting one out of the line."""
        if host in self._waiting:
            left = (deque(each for each in jobs if each[1] is not job) for jobs in self._waiting[host])
            self._waiting[host] = tuple(left)
            self._tidy(host)
            self._offer(host)

    def empty(self) -> list[T]:
        """Everybody who waits; the line is then empty."""
        jobs = [job for waiting in self._waiting.values() for each in waiting for _, job in each]
        self._waiting.clear()
        self._firsts.clear()
        return jobs

    def _offer(self, host: str) -> None:
        jobs = self._next(host)
        if jobs and host not in self._busy:
            heappush(self._firsts, (jobs[0][0], host))

    def _next(self, host: str) -> deque[tuple[_Number, T]] | None:
        """Those of whom one is next; None where nobody waits."""
        return next(filter(None, self._waiting.get(host, ())), None)

    def _tidy(self, host: str) -> None:
        if not any(self._waiting[host]):
            del self._waiting[host]
