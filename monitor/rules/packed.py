"""Many things of which few are ever asked for, so that taking them from the shelf need not make them all.

Most of what compiled rules consist of are the spellings of places and words; a report meets a few dozen of tens of
thousands, and a check often ends with its first report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar, overload

from monitor import pickled

T = TypeVar("T")

BOX = 32
"""Things that are made together. Fewer: what neighbours share (the context of a place's spellings) is kept more often.
More: more is made for nothing."""


class Packed(Sequence[T]):
    """A sequence that is pickled in boxes, each opened when something in it is asked for. Immutable; safe from any
    thread."""

    def __init__(self, things: Iterable[T]) -> None:
        every = tuple(things)
        self._count = len(every)
        self._closed: tuple[bytes, ...] = ()
        self._opened = {start // BOX: every[start : start + BOX] for start in range(0, len(every), BOX)}

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, number: int) -> T: ...

    @overload
    def __getitem__(self, number: slice) -> tuple[T, ...]: ...

    def __getitem__(self, number: int | slice) -> T | tuple[T, ...]:
        """Raises ValueError for a box that cannot be read: what is on the shelf is checked, so that is a bug."""
        if isinstance(number, slice):
            return tuple(self[each] for each in range(*number.indices(self._count)))
        box, place = divmod(range(self._count)[number], BOX)
        things = self._opened.get(box)
        if things is None:  # two threads may open one box at a time, and find the same
            things = self._opened[box] = _read(self._closed[box])
        return things[place]

    def __iter__(self) -> Iterator[T]:
        """A box at a time: as quick as a tuple, nearly."""
        for box in range(0, self._count, BOX):
            self[box]
            yield from self._opened[box // BOX]

    def __getstate__(self) -> tuple[int, tuple[bytes, ...]]:
        boxes = range(0, self._count, BOX)
        return self._count, tuple(
            self._closed[at] if at not in self._opened else pickled.dump(self._opened[at]) for at in range(len(boxes))
        )

    def __setstate__(self, state: tuple[int, tuple[bytes, ...]]) -> None:
        self._count, self._closed = state
        self._opened = {}


def _read(raw: bytes) -> tuple[T, ...]:
    things = pickled.load(raw)
    if not isinstance(things, tuple):
        raise ValueError("a box of compiled rules cannot be read")
    return things
