"""The operations in a browser: what is done there, and rules that were refused."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from monitor.web.words import text
from tests.web.browser.covered import covers
from tests.web.browser.eyes import axe, everywhere, keep_picture

DEAD, MUTES = "section[aria-labelledby=dead] tbody tr", "section[aria-labelledby=mutes] tbody tr"
CHANNELS = "section[aria-labelledby=channels] tbody tr"


@everywhere
@covers(
    "GET /operations", "POST /operations/resend id=", "POST /operations/resend channel=mail", "POST /operations/unmute"
)
def test_dead_letters_are_sent_again_and_mutes_ended(look_own, language, width):
    page = look_own("/operations", language, width)
    done, dead = page.locator(".notice.ok[role=status]"), page.locator(DEAD)
    before, mutes = dead.count(), page.locator(MUTES).count()
    assert before > 1
    dead.first.get_by_role("button", name=text(language, "operations.resend")).press("Enter")
    expect(done).to_have_text(text(language, "operations.resent", count=1))
    expect(dead).to_have_count(before - 1)
    axe(page)
    keep_picture(page, f"operations-done-{language}-{width}")
    page.locator(CHANNELS, has_text="mail").get_by_role("button").click()
    expect(done).to_have_text(text(language, "operations.resent", count=before - 1))
    expect(dead).to_have_count(0)
    page.locator(MUTES).first.get_by_role("button").click()
    expect(done).to_have_text(text(language, "operations.unmuted"))
    expect(page.locator(MUTES)).to_have_count(mutes - 1)
    look_own.check(page)


@pytest.mark.parametrize("button", [f"{DEAD} button >> nth=0", f"{MUTES} button >> nth=0"])
def test_the_same_without_script(look_own, button):
    page = look_own("/operations", "ar", 390, script=False)
    page.locator(button).click()
    expect(page.locator(".notice.ok")).to_be_visible()
    look_own.check(page)


@everywhere
def test_rules_that_were_refused_are_told_on_every_page_and_each_mistake_here(
    look_own, own_site, monkeypatch, language, width
):
    monkeypatch.setattr("monitor.web.desk.LOOK_EVERY", 0.0)
    good = own_site.scene.rules.read_text(encoding="utf-8")
    broken = good.replace("severity: critical", "severity: urgnt").replace("near: 12 words", "nearr: 12 words")
    own_site.scene.rules.write_text(broken, encoding="utf-8")
    for _ in range(2):  # a file is read once it has come to rest
        page = look_own("/search", language, width)
    notice = page.locator("main > .notice.warning")
    expect(notice).to_contain_text(text(language, "refused"))
    axe(page)
    keep_picture(page, f"rules-refused-{language}-{width}")
    notice.get_by_role("link").click()
    section = page.locator("section[aria-labelledby=rules]")
    expect(section).to_contain_text(text(language, "operations.rules_refused"))
    expect(section).to_contain_text("nearr")
    expect(section).to_contain_text("urgnt")
    look_own.check(page)
    axe(page, context="main")
    keep_picture(page, f"operations-refused-{language}-{width}")
