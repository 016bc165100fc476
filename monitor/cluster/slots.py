"""Who asks a host when: feeds that are due get slots on their host's lane, one gap apart. Pure.

Slots are given out no further ahead than a horizon. Where a host has more feeds than that, the rest of them are put
off, each to a place in the queue of its host: they come back shortly before it, and are in nobody's way until then.
While a host has a queue, whoever becomes due goes to its end, so that each of its feeds has its turn.

All instants are integer microseconds, as in the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """`free_us`: when the host may be asked next. `tail_us`: the end of its queue; past, or before `free_us`: it has
    none."""

    host: str
    gap_us: int
    free_us: int = 0
    tail_us: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """`token`: of the feed's last lease. `returns`: it was put off, and its place has come near."""

    feed_id: str
    host: str
    token: int
    returns: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A feed, and its instant: when it may be asked, or its place in the queue."""

    due: Due
    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Every feed that was due is in one of the two. `lanes`: as they are now, in the order of their hosts."""

    given: tuple[Slot, ...]
    put_off: tuple[Slot, ...]
    lanes: tuple[Lane, ...]


def place(due: Sequence[Due], lanes: Mapping[str, Lane], *, now_us: int, horizon_us: int) -> Placed:
    """`due` in the order in which they became due; `lanes` by host, one for each of theirs."""
    by_host: dict[str, list[Due]] = {}
    for each in due:
        by_host.setdefault(each.host, []).append(each)
    given, put_off, after = list[Slot](), list[Slot](), list[Lane]()
    for host in sorted(by_host):
        turns = _Turns(lanes[host], now_us=now_us, edge_us=now_us + horizon_us)
        turns.take(by_host[host])
        given += turns.given
        put_off += turns.put_off
        after.append(turns.lane)
    return Placed(given=tuple(given), put_off=tuple(put_off), lanes=tuple(after))


class _Turns:
    """Of one host."""

    def __init__(self, lane: Lane, *, now_us: int, edge_us: int) -> None:
        self._was, self._edge_us = lane, edge_us
        self._next_us = max(lane.free_us, now_us)  # the first slot that nobody has
        self._late = 0  # of those who came back, so many could not be served
        self._tail_us = lane.tail_us
        self.given: list[Slot] = []
        self.put_off: list[Slot] = []

    def take(self, due: Iterable[Due]) -> None:
        for each in sorted(due, key=lambda each: not each.returns):  # stable: among their like as they came
            has_queue = self._tail_us > self._next_us and not each.returns
            if has_queue or self._next_us > self._edge_us:
                self._put_off(each)
            else:
                self._give(each)

    def _give(self, due: Due) -> None:
        self.given.append(Slot(due, self._next_us))
        self._next_us += self._was.gap_us

    def _put_off(self, due: Due) -> None:
        """Who came back goes before the queue, for it was its turn; nobody else does."""
        at_us = self._next_us + self._late * self._was.gap_us
        if due.returns:
            self._late += 1
        else:
            at_us = max(self._tail_us, at_us)
        self.put_off.append(Slot(due, at_us))
        self._tail_us = max(self._tail_us, at_us + self._was.gap_us)

    @property
    def lane(self) -> Lane:
        free_us = self._next_us if self.given else self._was.free_us
        return Lane(host=self._was.host, gap_us=self._was.gap_us, free_us=free_us, tail_us=self._tail_us)
