"""What a reader sees when something went wrong: a page in the frame that says so in plain words, and what to do."""

from __future__ import annotations

from playwright.sync_api import expect

from monitor.web.words import text
from tests.web.browser.eyes import CONTRAST, axe, everywhere, keep_picture

PLAIN = "/no-such-page"


@everywhere
def test_a_page_that_is_not_there_says_so_in_the_frame(look, language, width):
    page = look(PLAIN, language, width, status=404)
    told(look, page, language, "error.404", f"error-404-{language}-{width}")
    axe(look(PLAIN, language, width, dark=True, status=404), only=CONTRAST)
    page = look("/stories/999999", language, width, status=404)
    told(look, page, language, "story.gone", f"story-gone-{language}-{width}", remedy="")


@everywhere
def test_a_form_that_stood_open_for_too_long_is_refused_and_says_why(look, language, width):
    page = look("/search", language, width)
    page.evaluate("document.querySelector('footer [name=csrf]').value = 'A'.repeat(43)")
    page.locator("footer button[name=theme][value=dark]").click()
    told(look, page, language, "access.stale", f"error-403-{language}-{width}", remedy="")


@everywhere
def test_what_breaks_is_our_fault_and_said_to_be(look_own, monkeypatch, caplog, language, width):
    monkeypatch.setattr("monitor.web.pages.map.render", lambda *_, **__: 1 / 0)
    page = look_own("/map", language, width, status=500)
    assert "ZeroDivisionError" in caplog.text
    told(look_own, page, language, "error.500", f"error-500-{language}-{width}")


@everywhere
def test_a_state_that_cannot_be_read_is_told_with_the_remedy(look_own, own_site, tmp_path, language, width):
    (tmp_path / "monitor.db").write_bytes(b"no database of ours" * 99)
    own_site.desk.state = tmp_path
    page = look_own("/", language, width, status=503)
    told(look_own, page, language, "error.state", f"error-503-{language}-{width}")


def told(look, page, language, key, name, *, remedy=".remedy"):
    expect(page.locator("h1")).to_have_text(text(language, key))
    if remedy:
        expect(page.get_by_text(text(language, key + remedy))).to_be_visible()
    look.check(page)
    axe(page)
    keep_picture(page, name)


@everywhere
def test_a_deed_that_is_refused_says_so_in_its_card_which_stays(look, language, width):
    page = look("/", language, width)
    page.evaluate("for (const each of document.querySelectorAll('[name=csrf]')) each.value = each.content = 'A'")
    page.keyboard.press("j")
    page.keyboard.press("e")
    card = page.locator("article[data-item]").first
    expect(card.get_by_role("alert").locator("p")).to_have_text(text(language, "access.stale"))
    expect(card.locator("h3")).to_be_visible()
    expect(card).to_be_focused()
    look.faults.clear()  # the browser tells of the status
    look.check(page)
    axe(page)
    keep_picture(page, f"error-part-{language}-{width}")
