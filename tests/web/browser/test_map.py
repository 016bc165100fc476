"""The map as a reader sees it."""

from __future__ import annotations

from tests.web.browser.eyes import Eyes, axe, everywhere


@everywhere
def test_the_map_is_drawn_and_its_table_says_the_same(look: Eyes, language: str, width: int) -> None:
    page = look("/map", language, width)
    circles, rows = page.locator("svg.map:visible a circle"), page.locator("table.rows tbody tr")
    assert 0 < circles.count() <= rows.count()
    words = page.locator("svg.map:visible text").all()
    assert len(words) > 2
    assert min(each.bounding_box()["height"] for each in words) >= 12, "no letters that nobody can read"
    map_, main = page.locator("svg.map:visible").bounding_box(), page.locator("main").bounding_box()
    assert map_["width"] <= main["width"]
    assert map_["height"] > 0.35 * map_["width"]
    axe(page)


@everywhere
def test_no_name_on_the_map_covers_another(look: Eyes, language: str, width: int) -> None:
    page = look("/map?days=30", language, width)
    boxes = [each.bounding_box() for each in page.locator("svg.map:visible text").all()]
    assert len(boxes) > 1
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            assert (
                one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
                or one["y"] + one["height"] <= other["y"] + 4 or other["y"] + other["height"] <= one["y"] + 4
            )  # fmt: skip


def test_a_circle_leads_to_the_alerts_of_its_place(look: Eyes) -> None:
    page = look("/map")
    place = page.locator("table.rows tbody th a").first
    address = place.get_attribute("href")
    assert address == page.locator("svg.map a").first.get_attribute("href")
    assert address.startswith("/?place=")
    page.goto(look.address + address)
    look.check(page)
