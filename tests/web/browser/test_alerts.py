"""The alerts and their stories, looked at: in both languages, on phone and desk, by keyboard and without script."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from monitor.alerts.words import SEVERITIES
from monitor.model import Severity
from monitor.web.words import counted, text
from tests.web.browser.covered import covers
from tests.web.browser.eyes import axe, everywhere, keep_picture

FIRST, THIRD = "article[data-item] >> nth=0", "article[data-item] >> nth=2"

IN_SIGHT = """() => {
  const box = document.activeElement.closest('[data-item]')?.getBoundingClientRect();
  return box && box.bottom > 0 && box.top < innerHeight;
}"""

# Of an alert: its severity by a shape too, what was found marked, what is told of it, why, who else told it.
TOLD = (".severity .shape", "h3 mark", ".alert-facts", "dl.facts q", "a[href^='https://manara.example']", "details ol")
# Of a story: each report, how its text changed, what was decided, where it was sent, the evidence, the files.
PARTS = (
    "#reports ~ article", "del + ins", "#reports ~ article ul li .badge", ".story-sent td", "a[href$='/evidence']",
    "a[href*='format=']",
)  # fmt: skip


def open_all(page: Page) -> None:
    page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")


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
    open_all(page)
    for part in PARTS:
        expect(page.locator(part).first).to_be_visible()
    look.check(page)
    axe(page)
    keep_picture(page, f"story-{language}-{width}")


@everywhere
def test_the_alerts_are_accessible_with_everything_folded_out(look, language, width):
    page = look("/", language, width)
    open_all(page)
    assert page.locator("section[data-day] h2").count() > 2
    card = page.locator("article[data-item]", has_text="إدلب").first
    for part in TOLD:
        expect(card.locator(part).first).to_be_visible()
    expect(card.locator("time").first).to_contain_text("UTC")
    expect(card.locator(".severity").first).to_contain_text(SEVERITIES[language][Severity.CRITICAL])
    look.check(page)
    axe(page)
    keep_picture(page, f"alerts-open-{language}-{width}")


@everywhere
@covers(
    "POST /alerts/{alert_id}/seen",
    "POST /alerts/{alert_id}/unseen",
    "POST /alerts/{alert_id}/wrong",
    "POST /alerts/{alert_id}/right",
    "POST /alerts/{alert_id}/mute subject=rule lasts=7d",
    "POST /alerts/{alert_id}/unmute",
)
def test_what_is_done_with_an_alert_is_told_and_taken_back_by_keys_alone(look_own, language, width):
    page = look_own("/", language, width)
    outcome = page.locator("#outcome")
    for _ in range(3):
        page.keyboard.press("j")
    card = page.locator(THIRD)
    expect(card).to_be_focused()
    assert card.evaluate("card => getComputedStyle(card).outlineStyle") != "none"
    where = page.evaluate("scrollY")
    for key, done, undone in (("e", "seen", "unseen"), ("x", "wrong", "right")):
        for deed in (done, undone):
            page.keyboard.press(key)
            expect(outcome).to_have_text(text(language, f"alerts.did.{deed}"))
            expect(card).to_be_focused()
        assert page.evaluate("scrollY") == where
    page.keyboard.press("m")
    form = card.locator("form[action$='/mute']")
    expect(form).to_be_visible()
    form.get_by_label(text(language, "alerts.mute.rule")).check()
    form.get_by_label(text(language, "alerts.mute.lasts")).select_option("7d")
    form.get_by_label(text(language, "alerts.mute.reason")).fill("أعمال صيانة (2)")
    axe(page, context=f"#{card.get_attribute('id')}")
    form.get_by_label(text(language, "alerts.mute.reason")).press("Enter")
    expect(outcome).to_have_text(text(language, "alerts.did.mute"))
    expect(card).to_have_class(re.compile("done"))
    expect(card).to_contain_text("أعمال صيانة (2)")
    card.locator("[data-key=x]").click()
    expect(card.locator("[data-key=x]")).to_be_focused()
    look_own.check(page)
    axe(page)
    keep_picture(page, f"alerts-done-{language}-{width}")
    page.keyboard.press("m")
    expect(outcome).to_have_text(text(language, "alerts.did.unmute"))
    expect(card).not_to_have_class(re.compile("done"))


@everywhere
@covers("GET /stories/{story_id}", "POST /alerts/{alert_id}/seen view=story")
def test_a_story_is_opened_by_a_key_and_its_alert_is_seen_there_too(look_own, language, width):
    page = look_own("/", language, width)
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url("**/stories/*")
    page.wait_for_selector(
        "article[data-htmx-powered], article [data-htmx-powered]"
    )  # earlier, a form is sent as a page
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator("#outcome")).to_have_text(text(language, "alerts.did.seen"))
    expect(page.locator(FIRST)).to_be_focused()
    look_own.check(page)
    page.go_back()
    expect(page.locator("h1")).to_have_text(text(language, "alerts.title"))


def test_a_rule_is_muted_for_a_while_and_the_mute_ended_without_script(look_own):
    page = look_own("/", "en", 390, script=False)
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
    look_own.check(page)


@everywhere
@covers("GET / rule=clashes", "GET / day=")
def test_a_reader_filters_and_takes_a_condition_away_again(look, language, width):
    page = look("/", language, width, script=width > 600)
    page.locator("summary", has_text=text(language, "alerts.filter")).click()
    if width > 600:  # it needs script itself
        axe(page, context=".filters")
    page.locator("#by-rule").select_option("clashes")
    page.locator("form.filters button").click()
    titles = page.locator("article[data-item] h3").all_inner_texts()
    assert titles
    assert all(re.search("Clashes|çatışma|اشتباكات", title) for title in titles)
    look.check(page)
    page.locator(".chips a", has_text=text(language, "alerts.by.rule")).click()
    assert page.locator("article[data-item]").count() > len(titles)
    page.locator("summary", has_text=text(language, "alerts.by_day.figures")).click()
    page.locator("a.chip[href*='day=']").first.click()
    expect(page.locator(".chips a", has_text=text(language, "alerts.by.day"))).to_be_visible()
    assert page.locator("article[data-item]").count() > 0
    look.check(page)


@everywhere
@covers("GET /alerts/new", "GET /live")
def test_what_is_new_is_put_above_and_what_is_read_stays_where_it_is(look_own, own_site, language, width):
    page = look_own("/", language, width)
    reading = page.locator(f"#{page.locator('article[data-item]').nth(3).get_attribute('id')}")
    reading.evaluate("card => scrollTo({top: card.offsetTop - 150, behavior: 'instant'})")
    reading.focus()
    before = reading.bounding_box()["y"]
    cards = page.locator("article[data-item]").count()
    own_site.scene.tell("difaf", "غارة جوية على صوامع في ريف منبج", n=900)
    news = page.locator("[role=status][aria-live=polite].live")
    expect(news).to_contain_text(counted(language, "count.news", 1))
    assert reading.bounding_box()["y"] == before
    keep_picture(page, f"alerts-live-{language}-{width}")
    news.locator("a").click()
    expect(page.locator("article[data-item]")).to_have_count(cards + 1)
    expect(page.locator("article[data-item]").first).to_contain_text("منبج")
    expect(page.locator("#outcome")).to_contain_text(counted(language, "count.alerts", 1))
    expect(news.locator("a")).to_have_count(0)
    assert abs(reading.bounding_box()["y"] - before) < 2
    assert page.evaluate(IN_SIGHT), "the focus went with the link that was pressed"
    page.locator("article[data-item]").first.locator("[data-key=e]").click()
    expect(page.locator("article[data-item]").first).to_have_class(re.compile("done"))
    look_own.check(page)
