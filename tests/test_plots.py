"""Drawings that any page may hold, and everybody may read."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from monitor.plots import bars, spark

DAYS = [("1 Nov", 3.0), ("2 Nov", 0.0), ("3 Nov", 17.0)]


def parts(svg: str, name: str) -> list[ElementTree.Element]:
    return [each for each in ElementTree.fromstring(svg).iter() if each.tag.rpartition("}")[2] == name]


def bars_of(svg: str) -> list[ElementTree.Element]:
    return [each for each in parts(svg, "rect") if each.get("class") == "plot-bar"]


@pytest.mark.parametrize(
    "svg", [bars(DAYS, title="t"), spark([1, 2, 0], title="t"), bars([], title="t"), spark([], title="t")]
)
def test_a_drawing_has_a_title_a_description_and_a_role(svg):
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert parts(svg, "title")[0].text == "t"
    assert parts(svg, "desc")[0].text


@pytest.mark.parametrize("standalone", [False, True])
def test_it_stands_under_the_strictest_policy(standalone):
    svg = bars(DAYS, title="t", standalone=standalone)
    assert not re.search(r"style|<script|href|\son\w+=|data:|url\(", svg)
    assert ("http" in svg) == standalone  # the namespace, which only a file of its own needs


def test_each_bar_tells_its_number_and_is_as_tall():
    svg = bars(DAYS, title="t")
    assert [bar[0].text for bar in bars_of(svg)] == ["1 Nov: 3", "2 Nov: 0", "3 Nov: 17"]
    tall = [float(bar.get("height")) for bar in bars_of(svg)]
    assert tall[1] == 0
    assert tall[2] / tall[0] == pytest.approx(17 / 3, rel=0.01)


def test_every_bar_lies_within_the_drawing():
    for rtl in (False, True):
        for bar in bars_of(bars([(str(n), n * n) for n in range(61)], title="t", rtl=rtl)):
            x, y, wide, tall = (float(bar.get(name)) for name in ("x", "y", "width", "height"))
            assert 0 <= x <= x + wide <= 720
            assert 0 <= y <= y + tall <= 200


@pytest.mark.parametrize("rtl", [False, True])
def test_a_day_alone_is_a_bar_and_no_wall(rtl):
    (bar,) = bars_of(bars([("26 Nov", 12)], title="t", rtl=rtl))
    assert float(bar.get("width")) <= 48
    across = (0, 680) if rtl else (40, 720)
    assert float(bar.get("x")) + float(bar.get("width")) / 2 == pytest.approx(sum(across) / 2)


def test_each_day_says_its_number_and_a_day_without_says_nought():
    svg = bars([*DAYS, ("4 Nov", 1234)], title="t")
    told = [each for each in parts(svg, "text") if each.get("class") == "plot-number few"]
    assert [each.text for each in told] == ["3", "0", "17", "1,234"]
    for text, bar in zip(told, bars_of(svg), strict=True):
        assert 12 <= float(text.get("y")) <= float(bar.get("y"))
        assert float(text.get("x")) == pytest.approx(float(bar.get("x")) + float(bar.get("width")) / 2, abs=0.1)


def test_numbers_that_would_have_no_room_on_a_phone_are_not_few():
    told = {each.get("class") for each in parts(bars([(str(n), n) for n in range(30)], title="t"), "text")}
    assert told == {"plot-label", "plot-number"}


def test_numbers_without_room_are_left_to_the_title_of_their_bar():
    svg = bars([(str(n), 10_000 + n) for n in range(60)], title="t")
    assert "plot-number" not in svg
    assert bars_of(svg)[7][0].text == "7: 10,007"


def test_from_right_to_left_the_first_stands_at_the_right():
    left = [float(bar.get("x")) for bar in bars_of(bars(DAYS, title="t"))]
    right = [float(bar.get("x")) for bar in bars_of(bars(DAYS, title="t", rtl=True))]
    assert left == sorted(left)
    assert right == sorted(right, reverse=True)
    points = parts(spark([1, 2, 3], title="t", rtl=True), "polyline")[0].get("points").split()
    assert float(points[0].split(",")[0]) > float(points[-1].split(",")[0])


def test_what_others_wrote_is_escaped():
    svg = bars([("<b>\"'&", 1)], title="<i>", description="a & b")
    assert "<b>" not in svg
    assert parts(svg, "title")[0].text == "<i>"
    assert parts(svg, "desc")[0].text == "a & b"


def test_few_days_of_many_are_named():
    svg = bars([(f"day {n}", 1) for n in range(90)], title="t")
    named = [each.text for each in parts(svg, "text") if each.text.startswith("day")]
    assert named[0] == "day 0"
    assert len(named) <= 8


@pytest.mark.parametrize("most", [0, 1, 4, 5, 9, 10, 11, 99, 101, 5000])
def test_the_scale_has_whole_numbers_and_reaches_the_highest(most):
    labels = [each.text for each in parts(bars([("", most)], title="t"), "text") if each.get("class") == "plot-label"]
    numbers = [int(label.replace(",", "")) for label in labels if label]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] >= most or numbers[-1] + (numbers[1] - numbers[0]) > most
    assert len(numbers) <= 6


def test_lines_that_are_to_be_compared_stand_on_one_scale():
    alone, beside = spark([0, 2], title="t"), spark([0, 2], title="t", top=20)
    assert _heights(alone)[-1] < _heights(beside)[-1], "two of twenty do not reach as high as two of two"
    assert _heights(spark([0, 20], title="t", top=2)) == _heights(spark([0, 20], title="t")), "nothing stands above"


def _heights(drawn):
    """From the top."""
    points = re.search(r'<polyline [^>]*points="([^"]+)"', drawn)
    return [float(point.split(",")[1]) for point in points[1].split()]
