"""How large circles are, and where they stand."""

from __future__ import annotations

from math import hypot

from hypothesis import given
from hypothesis import strategies as some

from monitor.web.map.circles import LARGEST, LEAST, apart, radius

SIZES = some.lists(some.floats(LEAST, LARGEST), max_size=4).map(lambda each: sorted(each, reverse=True))


@given(SIZES, some.booleans())
def test_of_some_at_one_spot_each_is_seen(sizes, spread):
    circles = [((500.0 + 3 * number * spread, 300.0), size) for number, size in enumerate(sizes)]
    placed = list(zip(apart(circles), sizes, strict=True))
    for index, (at, size) in enumerate(placed):
        for above, larger in placed[index + 1 :]:
            assert hypot(at[0] - above[0], at[1] - above[1]) + size >= larger + 3.99


def test_of_very_many_none_is_moved_far():
    circles = [((500.0, 300.0), 10.0)] * 50
    assert max(x for x, _ in apart(circles)) <= 550


def test_those_with_room_stay_where_they_are():
    circles = [((500.0, 300.0), 30.0), ((505.0, 300.0), 10.0), ((600.0, 300.0), 10.0)]
    assert apart(circles) == [at for at, _ in circles]


def test_the_area_goes_with_the_stories_and_none_is_too_small_to_be_hit():
    assert radius(40, 40) == LARGEST
    assert radius(10, 40) == LARGEST / 2
    assert radius(1, 4000) == LEAST
    assert radius(1, 1) < LARGEST
