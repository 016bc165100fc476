"""From degrees to the units of a drawing, and lines short enough for a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians
from typing import Final

Point = tuple[float, float]  # longitude and latitude in degrees, or x and y of a drawing
WIDTH: Final = 1000  # units of a drawing
_FLATTEST, _STEEPEST = 0.4, 1.1  # height by width
_UNSEEN: Final = 0.7  # units that a line may be off
_SMALLEST: Final = 3  # units: islands below are left out
_BEYOND: Final = 0.05  # of the width: lines are cut so far outside of what is seen


@dataclass(frozen=True, slots=True)
class Box:
    """In degrees."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, points: Iterable[Point], *, least: float, margin: float) -> Box:
        """Of points that are at least one: with a margin by its size, and at least so many degrees wide and high."""
        each = list(points)
        longitudes, latitudes = [point[0] for point in each], [point[1] for point in each]
        half = [
            max((max(axis) - min(axis)) * (0.5 + margin), least / 2) for axis in (longitudes, latitudes)
        ]  # fmt: skip
        middle = [(max(axis) + min(axis)) / 2 for axis in (longitudes, latitudes)]
        return cls(middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1])

    def meets(self, other: Box) -> bool:
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )


@dataclass(frozen=True, slots=True)
class View:
    """An equidistant cylindrical projection, true to scale in the middle of what it shows. `box` fits into it."""

    west: float
    north: float
    scale: float  # units a degree of latitude
    squeeze: float  # of a degree of longitude, by the cosine of the latitude in the middle
    height: int

    @classmethod
    def of(cls, box: Box) -> View:
        """As wide as a drawing is; higher or wider than the box where that would make a ribbon."""
        squeeze = cos(radians((box.south + box.north) / 2))
        wide, high = (box.east - box.west) * squeeze, box.north - box.south
        wide, high = max(wide, high / _STEEPEST), max(high, wide * _FLATTEST)
        scale = WIDTH / wide
        return cls(
            west=(box.west + box.east) / 2 - wide / squeeze / 2,
            north=(box.south + box.north) / 2 + high / 2,
            scale=scale,
            squeeze=squeeze,
            height=round(high * scale),
        )

    @property
    def box(self) -> Box:
        """All that is seen."""
        return Box(
            self.west,
            self.north - self.height / self.scale,
            self.west + WIDTH / self.scale / self.squeeze,
            self.north,
        )

    def at(self, longitude: float, latitude: float) -> Point:
        return (longitude - self.west) * self.squeeze * self.scale, (self.north - latitude) * self.scale

    def shows(self, point: Point) -> bool:
        return 0 <= point[0] <= WIDTH and 0 <= point[1] <= self.height

    def area(self, ring: Sequence[Point]) -> str:
        """A closed path of what is seen of a ring; '' for nothing."""
        margin = WIDTH * _BEYOND
        seen = _clipped([self.at(*point) for point in ring], -margin, -margin, WIDTH + margin, self.height + margin)
        path = _path(seen)
        return f"{path}z" if path else ""

    def line(self, points: Sequence[Point]) -> str:
        """A path of what is seen of a line, and a little beyond; '' for nothing."""
        return "".join(_path(run, least=1) for run in self._runs([self.at(*point) for point in points]))

    def _runs(self, points: Sequence[Point]) -> Iterator[list[Point]]:
        """Of steps that may be seen."""
        run: list[Point] = []
        for here, there in pairwise(points):
            if self._may_show(here, there):
                run = run or [here]
                run.append(there)
            elif run:
                yield run
                run = []
        if run:
            yield run

    def _may_show(self, here: Point, there: Point) -> bool:
        (x0, y0), (x1, y1) = here, there
        return max(x0, x1) >= 0 and min(x0, x1) <= WIDTH and max(y0, y1) >= 0 and min(y0, y1) <= self.height


def _path(points: Sequence[Point], *, least: int = _SMALLEST) -> str:
    """On whole units, without what nobody would see. Relative, which is shortest. '' for what is but a dot: of few
    steps, each below `least` units."""
    kept = [(round(x), round(y)) for x, y in simplified(points, _UNSEEN)]
    steps = [(x - x0, y - y0) for (x0, y0), (x, y) in pairwise(kept) if (x, y) != (x0, y0)]
    if not steps or (max(max(map(abs, step)) for step in steps) < least and len(steps) < 4):
        return ""
    return f"M{kept[0][0]} {kept[0][1]}l{' '.join(f'{dx} {dy}' for dx, dy in steps)}".replace(" -", "-")


def simplified(points: Sequence[Point], tolerance: float) -> list[Point]:
    """Without the points that lie within the tolerance of the line between those that stay (Douglas and Peucker). The
    first and the last stay."""
    stays, waiting = {0, len(points) - 1}, [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        between = range(first + 1, last)
        farthest = max(between, key=lambda index: _aside(points[index], points[first], points[last]), default=first)
        if farthest != first and _aside(points[farthest], points[first], points[last]) > tolerance:
            stays.add(farthest)
            waiting += [(first, farthest), (farthest, last)]
    return [points[index] for index in sorted(stays) if points]


def _aside(point: Point, first: Point, last: Point) -> float:
    """How far a point is from the line between two; from the first, where both are one."""
    (x, y), (x0, y0), (x1, y1) = point, first, last
    length = hypot(x1 - x0, y1 - y0)
    return abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / length if length else hypot(x - x0, y - y0)


def _clipped(ring: Sequence[Point], left: float, top: float, right: float, bottom: float) -> list[Point]:
    """By each edge in turn (Sutherland and Hodgman). What it adds along the edges lies outside of what is seen."""
    kept = list(ring)
    for axis, limit, sign in ((0, left, 1), (0, right, -1), (1, top, 1), (1, bottom, -1)):
        kept = _cut(kept, axis, limit, sign)
    return kept


def _cut(ring: Sequence[Point], axis: int, limit: float, sign: int) -> list[Point]:
    kept: list[Point] = []
    for here, before in zip(ring, [ring[-1], *ring[:-1]] if ring else [], strict=True):
        inside, was_inside = sign * (here[axis] - limit) >= 0, sign * (before[axis] - limit) >= 0
        if inside != was_inside:
            share = (limit - before[axis]) / (here[axis] - before[axis])
            kept.append((before[0] + (here[0] - before[0]) * share, before[1] + (here[1] - before[1]) * share))
        if inside:
            kept.append(here)
    return kept
