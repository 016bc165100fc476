"""Who may ask next: one at a time for each host, so many in all, in the order in which they came."""

from __future__ import annotations

from collections import defaultdict, deque
from heapq import heappop, heappush
from itertools import count
from typing import Generic, TypeVar

T = TypeVar("T")


class Line(Generic[T]):
    """A waiting line. Not for several threads at once. No step takes longer because many wait."""

    def __init__(self, most: int) -> None:
        if most < 1:
            raise ValueError("a line needs room for at least one")
        self._most = most
        self._waiting: dict[str, deque[tuple[int, T]]] = defaultdict(deque)  # by host, each with its number
        self._busy: set[str] = set()
        # The first of each free host, by number. What was overtaken since stays in it, and is passed over.
        self._firsts: list[tuple[int, str]] = []
        self._back, self._front = count(0), count(-1, -1)

    def join(self, host: str, job: T, *, first: bool = False) -> None:
        """`first`: before everybody, for one whose turn had come already."""
        if first:
            self._waiting[host].appendleft((next(self._front), job))
        else:
            self._waiting[host].append((next(self._back), job))
        self._offer(host)

    def call(self) -> tuple[str, T] | None:
        """The first whose host is free, if there is room; its host is then taken until `leave`."""
        while self._firsts and len(self._busy) < self._most:
            number, host = heappop(self._firsts)
            jobs = self._waiting.get(host)
            if jobs and jobs[0][0] == number and host not in self._busy:
                self._busy.add(host)
                return host, self._take(host)
        return None

    def leave(self, host: str) -> None:
        self._busy.remove(host)
        self._offer(host)

    def withdraw(self, host: str, job: T) -> None:
        """Take a waiting one out of the line."""
        left = deque(entry for entry in self._waiting.pop(host, ()) if entry[1] is not job)
        if left:
            self._waiting[host] = left
            self._offer(host)

    def empty(self) -> list[T]:
        """Everybody who waits; the line is then empty."""
        jobs = [job for waiting in self._waiting.values() for _, job in waiting]
        self._waiting.clear()
        self._firsts.clear()
        return jobs

    def _offer(self, host: str) -> None:
        if host in self._waiting and host not in self._busy:
            heappush(self._firsts, (self._waiting[host][0][0], host))

    def _take(self, host: str) -> T:
        jobs = self._waiting[host]
        _, job = jobs.popleft()
        if not jobs:
            del self._waiting[host]
        return job
