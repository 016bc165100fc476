"""From degrees to a drawing."""

from __future__ import annotations

import re
from itertools import pairwise
from math import cos, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as some

from monitor.web.map.geometry import WIDTH, Box, View, simplified

LEVANT = Box(34, 30, 44, 38)
POINTS = some.lists(some.tuples(some.floats(-20, 80), some.floats(-10, 60)), min_size=1, max_size=20)


def walked(path: str) -> list[tuple[int, int]]:
    """The corners of a path."""
    start, steps = re.fullmatch(r"M(-?\d+ ?-?\d+)l(.*?)z?", path).groups()
    numbers = [int(number) for number in re.findall(r"-?\d+", f"{start} {steps}")]
    corners = [(numbers[0], numbers[1])]
    for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
        corners.append((corners[-1][0] + dx, corners[-1][1] + dy))
    return corners


@given(POINTS)
def test_a_view_shows_all_that_it_is_made_for(points):
    box = Box.around(points, least=2, margin=0.1)
    view = View.of(box)
    assert all(view.shows(view.at(*point)) for point in points)
    assert 0.39 * WIDTH <= view.height <= 1.11 * WIDTH


def test_a_degree_eastward_is_as_long_as_it_is_on_the_ground():
    view = View.of(LEVANT)
    (x0, y0), (x1, _), (_, y2) = view.at(39, 34), view.at(40, 34), view.at(39, 35)
    assert (x1 - x0) / (y0 - y2) == pytest.approx(cos(radians(34)))


def test_north_is_up_and_east_is_right():
    view = View.of(LEVANT)
    damascus, aleppo = view.at(36.3, 33.5), view.at(37.2, 36.2)
    assert aleppo[0] > damascus[0]
    assert aleppo[1] < damascus[1]


def test_what_is_seen_is_at_least_so_large():
    assert Box.around([(36, 33)], least=2, margin=0.1) == Box(35, 32, 37, 34)


def test_an_area_is_drawn_where_it_lies_and_closed():
    view = View.of(LEVANT)
    path = view.area([(36, 32), (40, 32), (40, 36), (36, 36), (36, 32)])
    assert path.endswith("z")
    expected = [view.at(36, 32), view.at(40, 32), view.at(40, 36), view.at(36, 36)]
    assert {(round(x), round(y)) for x, y in expected} <= set(walked(path))


@pytest.mark.parametrize(
    ("ring", "because"),
    [
        ([(10, 10), (12, 10), (12, 12), (10, 10)], "it lies elsewhere"),
        ([(36, 33), (36.001, 33), (36, 33.001), (36, 33)], "it is but a dot"),
        ([(36, 33)], "it is a point"),
        ([], "there is none"),
    ],
)
def test_what_nobody_would_see_is_not_drawn(ring, because):
    assert View.of(LEVANT).area(ring) == "", because


def test_a_land_all_around_fills_the_view_and_no_more_than_a_little_beyond():
    view = View.of(LEVANT)
    corners = walked(view.area([(-20, -10), (80, -10), (80, 60), (-20, 60), (-20, -10)]))
    assert max(x for x, _ in corners) == round(WIDTH * 1.05)
    assert min(x for x, _ in corners) == -round(WIDTH * 0.05)


def test_of_a_line_is_drawn_what_is_seen_with_the_steps_that_leave():
    view = View.of(LEVANT)
    path = view.line([(0, 34), (30, 34), (36, 34), (38, 34.5), (36, 35), (30, 35), (0, 35), (0, 20), (36, 20)])
    corners = [(round(x), round(y)) for x, y in (view.at(30, 34), view.at(36, 34), view.at(38, 34.5))]
    assert path.count("M") == 1
    assert walked(path)[0] == corners[0]
    assert set(walked(path)) >= {corners[0], corners[2]}
    assert min(x for x, _ in walked(path)) == corners[0][0]


def test_a_line_that_leaves_and_comes_back_is_two():
    path = View.of(LEVANT).line([(36, 33), (37, 33), (60, 33), (60, 50), (37, 50), (37, 36), (36, 36)])
    assert path.count("M") == 2


def test_a_line_elsewhere_is_not_drawn():
    assert View.of(LEVANT).line([(10, 10), (12, 10)]) == ""


@given(some.lists(some.tuples(some.floats(0, 100), some.floats(0, 100)), max_size=30))
def test_a_simplified_line_stays_close_to_the_line(points):
    kept = simplified(points, 1.0)
    assert kept[:1] == points[:1]
    assert kept[-1:] == points[-1:]
    for point in points:
        assert point in kept or min(_from_line(point, *ends) for ends in pairwise(kept)) <= 1.0001


def _from_line(point, first, last):
    """From the line without end, which is what the tolerance is of."""
    length = hypot(last[0] - first[0], last[1] - first[1])
    if not length:
        return hypot(point[0] - first[0], point[1] - first[1])
    across = (last[0] - first[0]) * (first[1] - point[1]) - (first[0] - point[0]) * (last[1] - first[1])
    return abs(across) / length


def test_points_on_a_line_are_left_out():
    assert simplified([(0, 0), (1, 0.1), (2, 0), (3, 5)], 0.5) == [(0, 0), (2, 0), (3, 5)]
