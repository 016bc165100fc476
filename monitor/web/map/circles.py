"""How large circles are, and where those of one spot stand."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot, sqrt
from typing import Final

from monitor.web.map.geometry import Point

LEAST, LARGEST = 9.0, 34.0  # units
_FEW: Final = 4  # stories: where the most are fewer, a circle is not as large as those of many
_SEEN: Final = 4.0  # units of a circle that another leaves free
_FURTHEST: Final = 5.0  # radii that one is moved; beyond, it would stand where nothing happened


def radius(stories: int, most: int) -> float:
    """The area goes with the number of stories; one story is never large."""
    return max(LEAST, LARGEST * sqrt(stories / max(most, _FEW)))


def apart(circles: Sequence[tuple[Point, float]]) -> list[Point]:
    """Where each stands, of those drawn one over another in this order, none larger than the one before it: one that
    would hide another stands beside it, to the east, if there is room near by."""
    placed: list[tuple[Point, float]] = []
    for (x, y), own in circles:
        beside = x
        while (hidden := _hidden(beside, y, own, placed)) is not None:
            beside = hidden[0][0] + hidden[1] + own / 2
        placed.append(((beside if beside - x < _FURTHEST * own else x, y), own))
    return [at for at, _ in placed]


def _hidden(x: float, y: float, own: float, placed: Sequence[tuple[Point, float]]) -> tuple[Point, float] | None:
    """The one furthest to the east of those that it would cover, but for a sliver."""
    covered = [(at, size) for at, size in placed if hypot(at[0] - x, at[1] - y) + size < own + _SEEN]
    return max(covered, key=lambda each: each[0][0], default=None)
