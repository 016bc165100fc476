"""Names beside points, so that none lies over another."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.web.map.geometry import WIDTH, Point

SIZE: Final = 20  # units, of the letters
MOST_NAMED: Final = 80  # circles; beyond it no room was left in any map that we drew
_GAP: Final = 4
_WIDE: Final = 0.6  # of the size: a letter, on the average of the fonts that we name, with some air
_LINE: Final = 1.25

Rectangle = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Named:
    """A circle with the name that it would like to have; a region has no radius."""

    at: Point
    radius: float
    name: str


@dataclass(frozen=True, slots=True)
class Label:
    """`at`: the middle of its base line."""

    at: Point
    text: str
    is_region: bool = False


def width(text: str, size: float = SIZE) -> float:
    """A guess. Marks take no room."""
    return sum(unicodedata.category(char) != "Mn" for char in text) * size * _WIDE


def placed(
    named: Sequence[Named], regions: Sequence[Named], height: int, *, rtl: bool, size: float = SIZE
) -> Iterator[Label]:
    """The first come first: behind its circle in the direction of reading, else before, below or above it; a region in
    its middle. A name that has no room is left out: a table has it. None covers a circle of another's."""
    taken: list[Rectangle] = []
    circles = [_square(each) for each in named]
    for index, each in enumerate(named[:MOST_NAMED]):
        others = [circle for number, circle in enumerate(circles) if number != index]
        yield from _in_room(each.name, _tries(each, size, rtl=rtl), taken, others, height)
    for region in regions:
        yield from _in_room(region.name, [_centred(region, size)], taken, circles, height, is_region=True)


def _in_room(
    name: str,
    tries: Iterable[tuple[Point, Rectangle]],
    taken: list[Rectangle],
    circles: Sequence[Rectangle],
    height: int,
    *,
    is_region: bool = False,
) -> Iterator[Label]:
    for middle, rectangle in tries:
        inside = rectangle[0] >= 0 and rectangle[1] >= 0 and rectangle[2] <= WIDTH and rectangle[3] <= height
        if inside and not _meets(rectangle, (*taken, *circles)):
            taken.append(rectangle)
            yield Label(middle, name, is_region)
            return


def _centred(region: Named, size: float) -> tuple[Point, Rectangle]:
    x, y = region.at
    return (x, y), _rectangle(x, y, width(region.name, size) / 2, size)


def _rectangle(x: float, base: float, half: float, size: float) -> Rectangle:
    return x - half, base - size, x + half, base + size * (_LINE - 1)


def _tries(each: Named, size: float, *, rtl: bool) -> Iterator[tuple[Point, Rectangle]]:
    half, high = width(each.name, size) / 2, size * _LINE
    x, y = each.at
    aside = each.radius + _GAP + half
    first = -aside if rtl else aside
    for dx, dy in (
        (first, size * 0.35), (-first, size * 0.35), (0, each.radius + high), (0, -each.radius - _GAP),
    ):  # fmt: skip
        middle, base = x + dx, y + dy
        yield (middle, base), _rectangle(middle, base, half, size)


def _square(each: Named) -> Rectangle:
    (x, y), radius = each.at, each.radius
    return x - radius, y - radius, x + radius, y + radius


def _meets(one: Rectangle, others: Iterable[Rectangle]) -> bool:
    return any(one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3] for other in others)
