"""What circles mean, below the map."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from monitor.model import Severity
from monitor.web.map.circles import radius
from monitor.web.map.geometry import WIDTH
from monitor.web.map.legend import Legend, examples, strip

LEGEND = Legend(
    sizes=((1, "خبر واحد"), (9, "9 أخبار"), (36, "36 خبرًا")),
    colours=((Severity.CRITICAL, "حرج"), (Severity.LOW, "منخفض")),
)


@pytest.mark.parametrize(
    ("stories", "shown"),
    [((), ()), ((1, 1), (1,)), ((3, 1, 2), (1, 3)), ((40, 1), (1, 10, 40)), ((8, 2, 8), (2, 8))],
)
def test_the_least_the_most_and_one_between_are_shown(stories, shown):
    assert examples(stories) == shown


def read(legend, **how):
    drawn, high = strip(legend, **({"scale": 1.0, "rtl": True} | how))
    return ElementTree.fromstring(f"<g>{drawn}</g>"), high


@pytest.mark.parametrize("scale", [1.0, 1.8])
def test_its_circles_are_as_large_as_those_of_the_map(scale):
    root, high = read(LEGEND, scale=scale)
    sizes = [float(each.get("r")) for each in root.iter("circle") if "map-size" in each.get("class")]
    assert sizes == pytest.approx([radius(stories, 36) * scale for stories, _ in LEGEND.sizes], abs=0.5)
    assert all(float(each.get("cy")) + float(each.get("r")) <= high for each in root.iter("circle"))
    assert [each.text for each in root.iter("text")] == ["خبر واحد", "9 أخبار", "36 خبرًا", "حرج", "منخفض"]


def test_it_begins_where_reading_does():
    (right, _), (left, _) = read(LEGEND, rtl=True), read(LEGEND, rtl=False)
    one, other = (float(next(root.iter("circle")).get("cx")) for root in (right, left))
    assert one == WIDTH - other > WIDTH / 2


def test_a_map_without_circles_has_none():
    assert strip(Legend(), scale=1.0, rtl=True) == ("", 0)


def test_words_without_room_are_left_out_with_their_circle():
    root, _ = read(Legend(sizes=((1, "x"), (2, "y" * 100), (3, "z"))))
    assert [each.text for each in root.iter("text")] == ["x"]
    assert len(list(root.iter("circle"))) == 1
