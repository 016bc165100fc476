"""A memory with bounds for what is read again and again: news repeats its words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

Value = TypeVar("Value")

LONGEST_KEY = 48  # characters; a longer word is none, and keeping it would let a hostile feed fill the memory


class Kept(Generic[Value]):
    """Values by text. What was asked for lately stays: between `half` and twice `half` of them.

    Two dictionaries, the newer and the older: when the newer is full it takes the place of the older, and what is found
    in the older moves to the newer. As good as dropping the least recently used, and a look costs no bookkeeping.
    Safe from any thread: each step is one operation on a dictionary, and a value lost in between is only made again.
    """

    def __init__(self, half: int) -> None:
        self._half = half
        self._newer: dict[str, Value] = {}
        self._older: dict[str, Value] = {}

    def newer(self, keys: Iterable[str]) -> list[Value | None]:
        """The values of many at once, None for each that `get` has to be asked for."""
        return list(map(self._newer.get, keys))

    def get(self, key: str) -> Value | None:
        value = self._newer.get(key)
        if value is None:
            value = self._older.get(key)
            if value is not None:
                self.keep(key, value)
        return value

    def keep(self, key: str, value: Value) -> None:
        if len(key) > LONGEST_KEY:
            return
        if len(self._newer) >= self._half:
            self._older, self._newer = self._newer, {}
        self._newer[key] = value
