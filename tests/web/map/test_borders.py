"""Neighbours whose outlines left out different points."""

from __future__ import annotations

from itertools import pairwise
from math import sin

import pytest
from hypothesis import given
from hypothesis import strategies as some

from monitor.web.map.borders import once, shared

SEAM = [(sin(number) / 4, number / 2) for number in range(25)]  # from south to north


def west(every: int):
    return closed([*SEAM[:-1:every], SEAM[-1], (-20.0, 12.0), (-20.0, 0.0)])


def east(every: int):
    return closed([(20.0, 0.0), (20.0, 12.0), SEAM[-1], *SEAM[:-1:every][::-1]])


def closed(points):
    return (*points, points[0])


def steps(ring):
    return {frozenset(step) for step in pairwise(ring)}


@given(some.integers(1, 12), some.integers(1, 12))
def test_where_two_lands_meet_they_have_the_same_points(one, other):
    made = shared([west(one), east(other)])
    borders = [{step for step in steps(ring) if all(abs(x) < 1 for x, _ in step)} for ring in made]
    assert borders[0] == borders[1]
    assert len(borders[0]) >= max(len(SEAM[:-1:one]), len(SEAM[:-1:other]))


@given(some.integers(1, 12), some.integers(1, 12))
def test_what_lies_elsewhere_stays_and_outlines_stay_closed(one, other):
    before = [west(one), east(other)]
    for ring, made in zip(before, shared(before), strict=True):
        assert {point for point in ring if abs(point[0]) > 1} <= set(made) <= {*ring, *SEAM}
        assert made[0] == made[-1]


def test_a_land_does_not_take_over_the_coast_of_another():
    """They meet in two points alone, between which one has a long coast."""
    straight = closed([(0.0, 0.0), (0.0, 4.0), (-9.0, 4.0), (-9.0, 0.0)])
    curved = closed([(0.0, 4.0), (5.0, 4.0), (5.0, 2.0), (1.0, 2.0), (1.0, 1.0), (5.0, 1.0), (0.0, 0.0)])
    assert shared([straight, curved]) == [straight, curved]


def test_where_three_meet_the_one_that_left_out_the_corner_has_it():
    corner, south, north = (0.0, 2.0), (0.4, 1.0), (0.4, 3.0)
    below = closed([(-9.0, 2.0), corner, south, (0.4, -9.0), (-9.0, -9.0)])
    above = closed([(-9.0, 2.0), (-9.0, 9.0), (0.4, 9.0), north, corner])
    cut = closed([south, north, (0.4, 9.0), (9.0, 9.0), (9.0, -9.0), (0.4, -9.0)])
    assert corner in shared([below, above, cut])[2]


@pytest.mark.parametrize("rings", [[], [west(3)], [closed([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)])]])
def test_who_has_no_neighbour_stays_as_it_is(rings):
    assert shared(rings) == rings


@given(some.integers(1, 12), some.integers(1, 12))
def test_each_step_of_an_outline_is_drawn_once(one, other):
    made = shared([west(one), east(other)])
    drawn = [frozenset(step) for line in once(made, set()) for step in pairwise(line)]
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == steps(made[0]) | steps(made[1])
