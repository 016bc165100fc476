"""Who may ask next: one at a time for each host, so many in all, in the order in which they came."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Line(Generic[T]):
    """A waiting line. Not for several threads at once."""

    def __init__(self, most: int) -> None:
        if most < 1:
            raise ValueError("a line needs room for at least one")
        self._most = most
        self._waiting: deque[tuple[str, T]] = deque()
        self._busy: set[str] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    def join(self, host: str, job: T, *, first: bool = False) -> None:
        """`first`: before everybody, for one whose turn had come already."""
        if first:
            self._waiting.appendleft((host, job))
        else:
            self._waiting.append((host, job))

    def call(self) -> tuple[str, T] | None:
        """The first whose host is free, if there is room; its host is then taken until `leave`."""
        if len(self._busy) >= self._most:
            return None
        for place, (host, job) in enumerate(self._waiting):
            if host not in self._busy:
                del self._waiting[place]
                self._busy.add(host)
                return host, job
        return None

    def leave(self, host: str) -> None:
        self._busy.remove(host)

    def withdraw(self, job: T) -> None:
        """Take a waiting one out of the line."""
        self._waiting = deque(entry for entry in self._waiting if entry[1] is not job)

    def empty(self) -> list[T]:
        """Everybody who waits; the line is then empty."""
        jobs = [job for _, job in self._waiting]
        self._waiting.clear()
        return jobs
