"""Searching in a browser: as one types, from the keyboard alone, without script, on a phone, and by ear."""

from __future__ import annotations

import pytest

from tests.web.browser.eyes import axe, keep_picture

PAGES = {
    "start": "/search",
    "found": "/search?q=قصف OR غارة&where=all&days=30",
    "name": "/search?q=بدير الزور",
    "nothing": "/search?q=زلزال",
    "mistake": "/search?q=قصف (غارة",
}


VIEWS = {("ar", 390): [*PAGES], ("ar", 1200): ["found"], ("en", 390): ["found"], ("en", 1200): ["mistake", "nothing"]}


@pytest.mark.parametrize(("view", "names"), VIEWS.items(), ids=lambda each: str(each[0]))
def test_each_state_of_the_page_is_accessible(look, view, names):
    language, width = view
    page = look("/search", language, width)
    for name in names:
        address = PAGES[name]
        page.goto(look.address + address)
        look.check(page)
        axe(page)
        keep_picture(page, f"search-{name}-{language}-{width}")


def test_it_is_accessible_in_the_dark(look):
    axe(look(PAGES["found"], "ar", dark=True))


def test_results_come_as_one_types_and_the_address_says_what_is_shown(look):
    page = look("/search", "en")
    page.fill("#q", "بدير الزور")
    page.wait_for_selector("#found article mark")
    assert {"دير", "الزور"} <= set(" ".join(page.locator("#found mark").all_inner_texts()).split())
    page.wait_for_url(lambda url: "q=" in url)
    assert page.evaluate("document.activeElement.id") == "q"
    look.check(page)
    again = look(page.url.removeprefix(look.address), "en")
    assert again.locator("#found article").count() == page.locator("#found article").count() > 0


def test_a_filter_changes_what_is_shown(look):
    page = look("/search?q=قصف OR غارة", "en")
    everything = page.locator("#found article").count()
    page.locator("summary").first.click()
    page.select_option("#feed", "manara")
    page.wait_for_selector("#found .chip")
    assert 0 < page.locator("#found article").count() < everything


def test_without_script_the_form_is_enough(look):
    page = look("/search", "ar", 390, script=False)
    page.fill("#q", "مشفى NOT طبيب")
    page.press("#q", "Enter")
    page.wait_for_selector("#found article")
    assert page.locator("#found mark").count() > 0
