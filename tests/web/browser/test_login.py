"""Who looks from elsewhere logs in: the page, a wrong password, the right one, the way out, and too many tries."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from monitor.web.words import text
from tests.web.access.made import PASSWORD, USERS
from tests.web.browser.covered import covers
from tests.web.browser.eyes import CONTRAST, axe, everywhere, in_both_languages, keep_picture


@pytest.fixture
def more_rules() -> str:
    return f"web: {{{USERS}}}\n"


@everywhere
@covers("GET /login", "POST /login", "GET /logout", "POST /logout", "GET /feeds", "POST /preferences language=")
def test_a_reader_logs_in_goes_where_they_wanted_and_leaves(look_own, language, width):
    page = look_own("/feeds?q=harbour", language, width)
    expect(page.locator("h1")).to_have_text(text(language, "login.title"))
    expect(page.locator("nav.sections")).to_have_count(0)
    axe(page)
    keep_picture(page, f"login-{language}-{width}")
    name = page.get_by_label(text(language, "login.name"))
    name.fill("salma")
    page.get_by_label(text(language, "login.password")).fill("not the password")
    page.get_by_role("button", name=text(language, "login.do"), exact=True).click()
    expect(page.get_by_role("alert")).to_have_text(text(language, "login.wrong"))
    expect(name).to_have_value("salma")
    look_own.check(page)
    axe(page)
    keep_picture(page, f"login-wrong-{language}-{width}")
    page.get_by_label(text(language, "login.password")).fill(PASSWORD)
    page.get_by_label(text(language, "login.password")).press("Enter")
    page.wait_for_url("**/feeds?q=harbour")
    expect(page.locator(".who")).to_contain_text("salma")
    look_own.check(page)
    axe(page, context="header")
    page.goto(look_own.address + "/logout")
    expect(page.locator("main")).to_contain_text("salma")
    axe(page)
    keep_picture(page, f"logout-{language}-{width}")
    page.locator("main form button").click()
    page.wait_for_url("**/login")
    page.goto(look_own.address + "/operations")
    expect(page.locator("h1")).to_have_text(text(language, "login.title"))
    page.get_by_role("button", name=text(language, "language.other")).click()
    assert page.get_attribute("html", "lang") != language
    look_own.check(page)


@pytest.fixture
def few_tries(monkeypatch):
    monkeypatch.setattr("monitor.web.access.tries.PER_ACCOUNT", 2)


@pytest.mark.usefixtures("few_tries")  # before the site is made
@everywhere
def test_who_tries_too_often_is_told_to_wait(look_own, language, width):
    page = look_own("/login", language, width, dark=True)
    alert = page.get_by_role("alert")
    for _ in range(4):
        page.get_by_label(text(language, "login.name")).fill("salma")
        page.get_by_label(text(language, "login.password")).fill("x")
        page.get_by_label(text(language, "login.password")).press("Enter")
        alert.wait_for()
        if alert.inner_text() != text(language, "login.wrong"):
            break
    assert alert.inner_text().startswith(text(language, "login.later").split(".")[0])
    look_own.check(page)
    axe(page, only=CONTRAST)
    keep_picture(page, f"login-later-{language}-{width}")


ROWS = """() => {
  const parts = [...document.querySelectorAll('header :is(a, button, .who > span)')].map(each => {
    const box = each.getBoundingClientRect();
    return box.width > 1 ? (box.top + box.bottom) / 2 : null;
  }).filter(middle => middle !== null).sort((a, b) => a - b);
  return parts.filter((middle, at) => at === 0 || middle - parts[at - 1] > 12).length;
}"""


@in_both_languages
def test_the_head_of_a_page_is_two_rows_on_a_phone_with_a_name_of_any_length(look_own, language):
    page = look_own("/feeds", language, 390)
    assert page.evaluate(ROWS) == 1
    page.get_by_label(text(language, "login.name")).fill("salma")
    page.get_by_label(text(language, "login.password")).fill(PASSWORD)
    page.get_by_label(text(language, "login.password")).press("Enter")
    page.wait_for_url("**/feeds")
    assert page.evaluate(ROWS) == 2
    page.evaluate("document.querySelector('.who bdi').textContent = 'a-rather-long-name-of-somebody@newsroom.example'")
    assert page.evaluate(ROWS) == 2
    look_own.check(page)
    here = page.locator("nav [aria-current=page]")
    assert here.evaluate(
        "each => { const box = each.getBoundingClientRect(); return box.left >= 0 && box.right <= 390; }"
    )
    last = page.locator("nav.sections a").last
    last.focus()
    expect(last).to_be_in_viewport()
    axe(page, context="header")
    keep_picture(page, f"head-{language}-390")
