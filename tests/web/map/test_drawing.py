"""The SVG."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from monitor.lexicon.load import load
from monitor.model import Severity
from monitor.web.map import drawing, outlines
from monitor.web.map.drawing import Dot, draw
from monitor.web.map.geometry import Box
from monitor.web.map.legend import Legend

SVG = "{http://www.w3.org/2000/svg}"
REGION = Box(8, 2, 60, 40)
SYRIA = Box(35, 32, 43, 38)


def dot(longitude=38.0, latitude=35.0, *, stories=1, worst=Severity.HIGH, name="الرقة") -> Dot:
    return Dot(
        longitude=longitude, latitude=latitude, stories=stories, worst=worst, name=name, title=f"{name}: {stories}",
        href="/?place=raqqa&since=2026-11-15",
    )  # fmt: skip


def read(svg) -> ElementTree.Element:
    return ElementTree.fromstring(f'<div xmlns="http://www.w3.org/2000/svg">{svg}</div>')


def circles(svg) -> list[ElementTree.Element]:
    """Those of places on the sheet for windows."""
    return [each for link in sheet(svg, "map-large").iter(f"{SVG}a") for each in link]


def sheet(svg, name) -> ElementTree.Element:
    (found,) = [each for each in read(svg) if name in each.get("class").split()]
    return found


def test_a_place_is_a_circle_that_leads_to_its_alerts_and_says_what_it_is():
    (link,) = sheet(draw([dot()], SYRIA, rtl=True), "map-large").iter(f"{SVG}a")
    (circle,) = link
    assert link.get("href") == "/?place=raqqa&since=2026-11-15"
    assert circle.get("class") == "map-dot high"
    assert circle.findtext(f"{SVG}title") == "الرقة: 1"


def test_the_area_of_a_circle_goes_with_the_stories():
    large, small = circles(draw([dot(stories=16), dot(36.5, 33.5, stories=4)], SYRIA, rtl=False))
    assert int(large.get("r")) == 2 * int(small.get("r"))


def test_a_single_story_is_not_as_large_as_many():
    (alone,) = circles(draw([dot(stories=1)], SYRIA, rtl=False))
    (many,) = circles(draw([dot(stories=90)], SYRIA, rtl=False))
    assert int(alone.get("r")) < int(many.get("r"))


def test_what_lies_elsewhere_is_not_drawn():
    assert circles(draw([dot(100, 60)], SYRIA, rtl=False)) == []


def test_nothing_of_it_is_a_style_or_a_script_whatever_a_place_is_called():
    svg = str(draw([dot(name='"><script>x</script> style=')], SYRIA, rtl=False))
    assert "<script" not in svg
    assert ' style="' not in svg
    read(svg)


def test_readers_of_screens_and_the_keyboard_pass_it_over():
    root = read(draw([dot()], SYRIA, rtl=False))
    assert {each.get("aria-hidden") for each in root} == {"true"}
    assert {link.get("tabindex") for link in root.iter(f"{SVG}a")} == {"-1"}


@pytest.mark.parametrize(("rtl", "direction"), [(True, "rtl"), (False, "ltr")])
def test_its_texts_run_as_the_page_does(rtl, direction):
    assert sheet(draw([dot()], SYRIA, rtl=rtl), "map-small").get("direction") == direction


def test_on_a_phone_circles_and_letters_are_larger_on_the_same_land():
    svg = draw([dot()], SYRIA, rtl=False)
    large, small = sheet(svg, "map-large"), sheet(svg, "map-small")
    for what, size in (("circle", "r"), ("text", "font-size")):
        first, second = (float(next(each.iter(f"{SVG}{what}")).get(size)) for each in (large, small))
        assert second == pytest.approx(first * 1.8, rel=0.05)
    assert [each.get("href") for sheet in (large, small) for each in sheet.iter(f"{SVG}use")] == ["#map-land"] * 2


def test_of_two_places_at_one_spot_both_are_seen():
    first, second = circles(draw([dot(name="Kirkuk"), dot(name="Kirkuk airport")], SYRIA, rtl=False))
    assert int(second.get("cx")) - int(first.get("cx")) >= int(first.get("r"))


def test_below_it_stands_what_circles_mean():
    legend = Legend(sizes=((1, "1 story"), (9, "9 stories")), colours=((Severity.HIGH, "HIGH"),))
    with_it, without = (
        sheet(draw([dot(stories=9)], SYRIA, rtl=False, legend=each), "map-large") for each in (legend, Legend())
    )
    assert int(with_it.get("height")) > int(without.get("height"))
    assert [each.text for each in with_it.iter(f"{SVG}text")][-3:] == ["1 story", "9 stories", "HIGH"]


@pytest.mark.parametrize("box", [REGION, SYRIA, Box(-20, 0, 75, 50)], ids=["region", "Syria", "as far as we know"])
def test_outlines_with_every_place_that_we_know_stay_below_a_hundred_and_fifty_kilobytes(box):
    places = [place for place in load().places.values() if place.lat is not None]
    dots = [dot(each.lon, each.lat, name=each.name["ar"]) for each in places]
    assert len(dots) > drawing.MOST_DRAWN
    assert len(str(draw(dots, box, rtl=True)).encode()) < 150_000


def test_the_lands_of_a_view_are_drawn_and_no_others():
    assert len({each.code for each in outlines.countries()}) > 50
    syria = {each.code for each in outlines.countries() if each.box.meets(SYRIA)}
    assert {"SY", "TR", "IQ", "LB", "JO"} <= syria
    assert "LY" not in syria
    ground, _river, border = (
        each.get("d") for each in next(read(draw([], SYRIA, rtl=False)).iter(f"{SVG}defs")).iter(f"{SVG}path")
    )
    assert 5 <= ground.count("z") <= 3 * len(syria)
    assert "z" not in border


def test_a_border_of_two_is_one_line():
    edges = [frozenset(step) for each in outlines.countries() for line in each.borders for step in pairwise(line)]
    assert len(edges) == len(set(edges)) > 50_000
    of = {
        each.code: {frozenset(step) for ring in each.rings for step in pairwise(ring)} for each in outlines.countries()
    }
    for one, other, least in (("SY", "TR", 150), ("IQ", "IR", 200), ("JO", "SA", 50), ("LY", "EG", 50)):
        assert len(of[one] & of[other]) > least


def test_a_river_is_no_ring():
    rivers = [river for each in outlines.countries() if each.code == "SY" for river in each.rivers]
    assert rivers
    assert all(river[0] != river[-1] for river in rivers)


def test_without_the_extra_there_is_no_outline(monkeypatch):
    monkeypatch.setattr(outlines, "PACKAGE", "no_such_package_here")
    assert outlines.countries.__wrapped__() == ()
