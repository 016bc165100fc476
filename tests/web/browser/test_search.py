"""Searching in a browser: as one types, from the keyboard alone, without script, on a phone, and by ear."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.web.browser.covered import covers
from tests.web.browser.eyes import axe, everywhere, keep_picture

PAGES = {
    "start": "/search",
    "found": "/search?q=قصف OR غارة&where=all&days=30",
    "name": "/search?q=بدير الزور",
    "nothing": "/search?q=زلزال",
    "mistake": "/search?q=قصف (غارة",
}


@everywhere
@covers("GET /search", "GET /search q=زلزال")
def test_each_state_of_the_page_is_accessible(look, language, width):
    page = look("/search", language, width)
    for name, address in PAGES.items():
        page.goto(look.address + address)
        look.check(page)
        axe(page, context="html" if name == "found" else "main")
        keep_picture(page, f"search-{name}-{language}-{width}")


def test_it_is_accessible_in_the_dark(look):
    axe(look(PAGES["found"], "ar", dark=True))


@everywhere
@covers("GET /search q=", "GET /search feed=manara")
def test_results_come_as_one_types_and_the_address_says_what_is_shown(look, language, width):
    page = look("/search", language, width)
    page.keyboard.press("/")
    page.keyboard.insert_text("بدير الزور")
    page.wait_for_selector("#found article mark")
    assert {"دير", "الزور"} <= set(" ".join(page.locator("#found mark").all_inner_texts()).split())
    page.wait_for_url(lambda url: "q=" in url)
    assert page.evaluate("document.activeElement.id") == "q"
    look.check(page)
    page.fill("#q", "قصف OR غارة")
    found = page.locator("#found article")
    expect(found.filter(has_text="إدلب").first).to_be_visible()
    everything = found.count()
    page.locator("form[role=search] summary").click()
    page.select_option("#feed", "manara")
    page.locator("#found .chip").first.wait_for()
    assert 0 < found.count() < everything
    look.check(page)
    page.reload()
    assert 0 < found.count() < everything
    page.locator("#found .chip").first.click()
    expect(found).to_have_count(everything)
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url("**/stories/*")


def test_what_is_typed_last_is_what_is_shown_however_slow_the_first_answer(look):
    page = look("/search", "en")
    held = []
    page.route("**/search?*", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/search?*"):
        page.fill("#q", "قصف")
    page.fill("#q", "غارة")
    page.dispatch_event("#q", "change")
    page.fill("#q", "انقطاع المياه")
    page.dispatch_event("#q", "change")
    held[0].continue_()
    expect(page.locator("#found article").first).to_contain_text("الرقة")
    expect(page.locator("#found mark").first).to_have_text(re.compile("انقطاع"))


def test_without_script_the_form_is_enough(look):
    page = look("/search", "ar", 390, script=False)
    page.fill("#q", "مشفى NOT طبيب")
    page.press("#q", "Enter")
    page.wait_for_selector("#found article")
    assert page.locator("#found mark").count() > 0
