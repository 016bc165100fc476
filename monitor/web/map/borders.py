"""Borders that two lands share, as one line.

In the data each land has its outline with some points left out, and its neighbour with others: where they meet, two
lines run beside each other, with slivers between. Both kept some points, and between two of these the outline that left
out fewer is right for both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from math import hypot
from typing import Final

from monitor.web.map.geometry import Point

Ring = tuple[Point, ...]  # closed: the last point is the first
_MOST_BETWEEN: Final = 16  # points between two that both have; the data leave out eleven of twelve at most
_LONGEST: Final = 1.6  # times the other: a detour is a coast, or another border
_Where = Mapping[Point, Sequence[tuple[int, int]]]  # number of a ring, index in it


def shared(rings: Sequence[Ring]) -> list[Ring]:
    """The same outlines, in which neighbours have the same points wherever they had some in common."""
    opened = [ring[:-1] for ring in rings]
    where = _common(opened)
    along = [_along(ring) for ring in rings]
    return _with_corners([_with_those_of_others(number, opened, along, where) for number in range(len(opened))])


def once(rings: Iterable[Ring], drawn: set[frozenset[Point]]) -> Iterator[tuple[Point, ...]]:
    """Lines of the outlines without what is `drawn` already, to which theirs is added."""
    for ring in rings:
        line: list[Point] = []
        for here, there in pairwise(ring):
            step = frozenset((here, there))
            if step not in drawn:
                drawn.add(step)
                line = line or [here]
                line.append(there)
            elif line:
                yield tuple(line)
                line = []
        if line:
            yield tuple(line)


def _common(opened: Sequence[Ring]) -> _Where:
    """Where the points are that more than one outline has."""
    where: dict[Point, list[tuple[int, int]]] = defaultdict(list)
    for number, points in enumerate(opened):
        for index, point in enumerate(points):
            where[point].append((number, index))
    return {point: places for point, places in where.items() if len(places) > 1}


def _with_those_of_others(number: int, opened: Sequence[Ring], along: Sequence[Sequence[float]], where: _Where) -> Ring:
    points = opened[number]
    common = [index for index, point in enumerate(points) if point in where]
    if len(common) < 2:
        return (*points, points[0])
    made: list[Point] = []
    for here, there in pairwise([*common, common[0]]):
        own = _walk(points, here, there)
        made += max(_ways(own, number, opened, along, where), key=_preferred)[:-1]
    return (*made, made[0])


def _preferred(way: Sequence[Point]) -> tuple[int, tuple[Point, ...]]:
    """The same for both who look at it, in whichever direction."""
    return len(way), min(tuple(way), tuple(reversed(way)))


def _ways(
    own: Sequence[Point], number: int, opened: Sequence[Ring], along: Sequence[Sequence[float]], where: _Where
) -> Iterator[Sequence[Point]]:
    """From one common point to the next: one's own, and those of others that keep close to it."""
    yield own
    if len(own) > _MOST_BETWEEN + 2:
        return
    ends = dict(where[own[-1]])
    for other, index in where[own[0]]:
        if other != number and other in ends:
            way = _shorter(opened[other], along[other], index, ends[other])
            if len(way) <= _MOST_BETWEEN + 2 and 1 / _LONGEST < _length(way) / _length(own) < _LONGEST:
                yield way


def _walk(points: Sequence[Point], here: int, there: int) -> Sequence[Point]:
    """Forward, both ends with it."""
    return points[here : there + 1] if here < there else (*points[here:], *points[: there + 1])


def _shorter(points: Sequence[Point], along: Sequence[float], here: int, there: int) -> Sequence[Point]:
    onward = (along[there] - along[here]) % along[-1]
    return _walk(points, here, there) if 2 * onward < along[-1] else _walk(points, there, here)[::-1]


def _along(ring: Ring) -> Sequence[float]:
    """How far each point is from the first, all around."""
    return [0.0, *accumulate(hypot(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(ring))]


def _length(way: Sequence[Point]) -> float:
    """In degrees; more than none, for no outline has one point twice in a row."""
    return sum(hypot(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(way)) or 1e-9


def _with_corners(rings: Sequence[Ring]) -> list[Ring]:
    """Where three lands meet and one of them left out just that point, it has it."""
    common = _common([ring[:-1] for ring in rings])
    near: dict[Point, set[Point]] = defaultdict(set)
    lands: dict[tuple[Point, Point], int] = defaultdict(int)
    for ring in rings:
        for here, there in pairwise(ring):
            if here in common and there in common:
                near[here].add(there)
                near[there].add(here)
                lands[min(here, there), max(here, there)] += 1
    alone = {step for step, number in lands.items() if number == 1}  # no border of two: a coast, or a corner cut off
    return [tuple(_turning(ring, near, alone)) for ring in rings]


def _turning(ring: Ring, near: Mapping[Point, set[Point]], alone: Collection[tuple[Point, Point]]) -> Iterator[Point]:
    yield ring[0]
    for here, there in pairwise(ring):
        if (min(here, there), max(here, there)) in alone:
            most = _LONGEST * _length((here, there))
            corners = (near[here] & near[there]).difference(ring)
            yield from sorted(point for point in corners if _length((here, point, there)) < most)[:1]
        yield there
