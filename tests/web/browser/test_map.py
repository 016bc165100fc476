"""The map as a reader sees it."""

from __future__ import annotations

from tests.web.browser.covered import covers
from tests.web.browser.eyes import Eyes, axe, everywhere, keep_picture


@everywhere
@covers("GET /map", "GET /map days=1", "GET / place=")
def test_the_map_is_drawn_and_its_table_says_the_same(look: Eyes, language: str, width: int) -> None:
    page = look("/map", language, width)
    circles, rows = page.locator("svg.map:visible a circle"), page.locator("table.rows tbody tr")
    of_a_week = rows.count()
    assert 0 < circles.count() <= of_a_week
    words = page.locator("svg.map:visible text").all()
    assert len(words) > 2
    assert min(each.bounding_box()["height"] for each in words) >= 12, "no letters that nobody can read"
    map_, main = page.locator("svg.map:visible").bounding_box(), page.locator("main").bounding_box()
    assert map_["width"] <= main["width"]
    assert map_["height"] > 0.35 * map_["width"]
    axe(page)
    page.locator("a.chip[href*='days=1']").first.click()
    assert 0 < rows.count() < of_a_week
    assert circles.count() <= rows.count()
    look.check(page)
    keep_picture(page, f"map-day-{language}-{width}")
    place = page.locator("svg.map:visible a").first
    assert place.get_attribute("href") in [each.get_attribute("href") for each in rows.locator("th a").all()]
    place.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/?place=*")
    assert page.locator("article[data-item]").count() > 0
    look.check(page)


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
