"""No name lies over another, nor over a circle of another's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from monitor.web.map.geometry import WIDTH
from monitor.web.map.labels import SIZE, Named, placed, width

HEIGHT = 700
NAMES = some.text("دير الزورabc ", min_size=1, max_size=20)
ANY = some.builds(
    Named, at=some.tuples(some.floats(0, WIDTH), some.floats(0, HEIGHT)), radius=some.floats(9, 34), name=NAMES
)


def rectangle(label) -> tuple[float, float, float, float]:
    (x, y), half = label.at, width(label.text) / 2
    return x - half, y - SIZE, x + half, y + SIZE * 0.25


def overlap(one, other) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@given(some.lists(ANY, max_size=25), some.lists(ANY, max_size=5), some.booleans())
def test_names_have_room_for_themselves_and_stand_within_the_drawing(named, regions, rtl):
    labels = list(placed(named, regions, HEIGHT, rtl=rtl))
    rectangles = [rectangle(label) for label in labels]
    for index, one in enumerate(rectangles):
        assert one[0] >= 0
        assert one[2] <= WIDTH
        assert not any(overlap(one, other) for other in rectangles[index + 1 :])
    texts = [label.text for label in labels if not label.is_region]
    own = {name: sum(each.name == name for each in named) for name in texts}
    assert all(texts.count(name) <= number for name, number in own.items())


@pytest.mark.parametrize(("rtl", "side"), [(True, -1), (False, 1)])
def test_a_name_stands_behind_its_circle_in_the_direction_of_reading(rtl, side):
    (label,) = placed([Named((500, 300), 10, "الرقة")], [], HEIGHT, rtl=rtl)
    assert (label.at[0] - 500) * side == pytest.approx(14 + width("الرقة") / 2)


def test_at_the_edge_a_name_stands_on_the_other_side():
    (label,) = placed([Named((990, 300), 10, "Raqqa")], [], HEIGHT, rtl=False)
    assert label.at[0] < 990


def test_of_two_that_want_one_room_the_first_has_it():
    crowd = [Named((500, 300), 10, "first")] + [Named((500 + n, 300), 10, "x" * 60) for n in range(1, 9)]
    assert next(placed(crowd, [], HEIGHT, rtl=False)).text == "first"
    assert len(list(placed(crowd, [], HEIGHT, rtl=False))) < len(crowd)


def test_a_region_is_named_in_its_middle_where_nothing_stands():
    region = Named((500, 300), 0, "Syria")
    assert [(each.at, each.is_region) for each in placed([], [region], HEIGHT, rtl=False)] == [((500, 300), True)]
    assert "Syria" not in [each.text for each in placed([Named((500, 295), 20, "Homs")], [region], HEIGHT, rtl=False)]


def test_marks_of_arabic_take_no_room():
    assert width("مَدِينَة") == width("مدينة")
