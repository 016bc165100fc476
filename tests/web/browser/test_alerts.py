"""The alerts and their stories, looked at: in both languages, on phone and desk, by keyboard and without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.browser.eyes import axe, everywhere, in_both_languages, keep_picture

FIRST = "article[data-item] >> nth=0"
SAID = {"ar": {"seen": "سُجّل الاطلاع.", "mute": "كُتم."}, "en": {"seen": "Recorded as seen.", "mute": "Muted."}}


def story_of(page: Page, words: str) -> str:
    """The address of the story whose card has these words."""
    link = page.locator("article[data-item]", has_text=words).first.locator("a[data-open]")
    return str(link.get_attribute("href"))


@everywhere
def test_a_story_is_accessible_and_fits(look, language, width):
    page = look("/", language, width)
    address = story_of(page, "إدلب")
    page = look(address, language, width)
    expect(page.locator("h1")).to_contain_text("إدلب")
    for fold in page.locator("details").all():
        fold.evaluate("fold => { fold.open = true; }")
    look.check(page)
    axe(page)
    keep_picture(page, f"story-{language}-{width}")


@everywhere
def test_the_alerts_are_accessible_with_everything_folded_out(look, language, width):
    page = look("/", language, width)
    for fold in page.locator("details").all():
        fold.evaluate("fold => { fold.open = true; }")
    look.check(page)
    axe(page)
    keep_picture(page, f"alerts-open-{language}-{width}")


@in_both_languages
def test_seen_is_one_key_and_so_is_taking_it_back(look, language):
    page = look("/", language)
    page.keyboard.press("j")
    card = page.locator(FIRST)
    expect(card).to_be_focused()
    before = page.evaluate("scrollY")
    page.keyboard.press("e")
    expect(page.locator("#outcome")).to_have_text(SAID[language]["seen"])
    expect(card).to_have_class(re.compile("done"))
    expect(card).to_be_focused()
    assert page.evaluate("scrollY") == before
    page.keyboard.press("e")
    expect(card).not_to_have_class(re.compile("done"))


def test_a_button_keeps_the_focus_that_it_was_pressed_with(look):
    page = look("/", "en")
    page.locator(FIRST).get_by_role("button", name="Not a match").click()
    back = page.locator(FIRST).get_by_role("button", name="Take back “not a match”")
    expect(back).to_be_focused()
    back.press("Enter")
    expect(page.locator(FIRST).get_by_role("button", name="Not a match")).to_be_focused()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_rule_is_muted_for_a_while_and_the_mute_ended(look, script):
    page = look("/", "en", 390, script=script)
    card = page.locator("article[data-item]", has_text="انقطاع المياه")
    card.locator("summary", has_text="Mute").click()
    card.get_by_label("all that this rule finds").check()
    card.get_by_label("For how long").select_option("7d")
    card.get_by_label("Why").fill("repairs")
    card.get_by_role("button", name="Mute", exact=True).click()
    expect(page.locator("#outcome")).to_have_text("Muted.")
    expect(card).to_contain_text("repairs")
    expect(card).to_contain_text("Muted until")
    card.get_by_role("button", name="End the mute").click()
    expect(card).not_to_contain_text("Muted until")
    look.check(page)


def test_a_reader_filters_by_a_form_and_takes_a_condition_away_again(look):
    page = look("/", "en", 390, script=False)
    page.locator("summary", has_text="Filter").click()
    page.get_by_label("Rule", exact=True).select_option("clashes")
    page.get_by_role("button", name="Apply").click()
    titles = page.locator("article[data-item] h3").all_inner_texts()
    assert titles
    assert all(re.search("Clashes|çatışma|اشتباكات", title) for title in titles)
    page.locator(".chips a", has_text="Rule").click()
    assert page.locator("article[data-item]").count() > len(titles)


def test_what_is_new_is_put_above_and_what_is_read_stays_where_it_is(look_own, own_site):
    page = look_own("/", "en", 1200)
    reading = page.locator(f"#{page.locator('article[data-item]').nth(3).get_attribute('id')}")
    reading.evaluate("card => scrollTo({top: card.offsetTop - 150, behavior: 'instant'})")
    reading.focus()
    before = reading.bounding_box()["y"]
    cards = page.locator("article[data-item]").count()
    own_site.scene.tell("difaf", "غارة جوية على صوامع في ريف منبج", n=900)
    page.locator(".live a").click()
    expect(page.locator("article[data-item]")).to_have_count(cards + 1)
    expect(page.locator("article[data-item]").first).to_contain_text("منبج")
    expect(page.locator("#outcome")).to_contain_text("1 alert")
    expect(page.locator(".live a")).to_have_count(0)
    assert abs(reading.bounding_box()["y"] - before) < 2
    page.locator("article[data-item]").first.get_by_role("button", name="Seen").click()
    expect(page.locator("article[data-item]").first).to_have_class(re.compile("done"))
    look_own.check(page)
