"""A page that stays open while its server is away, late, broken, or no longer knows who looks: what was pressed and did
not happen is said where it was pressed, and by ear, and pressing again does it; that nothing new comes is said, too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from monitor.web.words import text
from tests.web.access.made import PASSWORD, USERS
from tests.web.browser.eyes import axe, in_both_languages, keep_picture
from tests.web.browser.served import serve

SOON = 1  # seconds until a browser that lost the stream asks again


@pytest.fixture
def soon_again(monkeypatch):
    monkeypatch.setattr("monitor.web.pages.live.AGAIN_AFTER", SOON)


def ready(page: Page) -> Page:
    """htmx takes over the forms a little after the page is there."""
    page.wait_for_function("document.querySelector('[data-htmx-powered]')")
    return page


def said(page: Page, language: str, key: str, **told: object):
    """The notice with these words."""
    return page.get_by_role("alert").filter(has_text=text(language, f"undone.{key}", **told))


@pytest.mark.usefixtures("soon_again")
@pytest.mark.parametrize(("language", "width"), [("ar", 390), ("en", 1200)])
def test_what_is_pressed_while_the_server_is_away_is_said_and_done_once_it_is_back(look_own, own_site, language, width):
    page = ready(look_own("/", language, width))
    strip = page.locator(".cut-off[role=status][aria-live=polite]")
    expect(strip).to_have_text("")
    card = page.locator("article[data-item]").first
    own_site.stop()
    card.locator("[data-key=e]").click()
    undone = said(page, language, "away")
    expect(undone).to_be_visible()
    assert undone.evaluate("(notice, card) => card.contains(notice)", card.element_handle())
    expect(card).not_to_have_class(re.compile("done"))
    card.locator("[data-key=e]").click()
    expect(undone).to_have_count(1)  # said again, not heaped up
    reading = card.bounding_box()
    expect(strip).to_have_text(re.compile(text(language, "live.cut_off", time=r"\d\d:\d\d")))
    assert card.bounding_box() == reading  # it lies over the end of the page, and moves nothing
    axe(page, context=".told")
    axe(page, context="article[data-item]")
    keep_picture(page, f"cut-off-{language}-{width}")
    with serve(own_site.scene, port=int(own_site.address.rpartition(":")[2])):
        card.locator("[data-key=e]").click()
        expect(card).to_have_class(re.compile("done"))
        expect(undone).to_have_count(0)
        expect(page.locator("#outcome")).to_have_text(text(language, "alerts.did.seen"))
        expect(strip).to_have_text("")
        look_own.faults.clear()  # the browser says that nobody answered
        look_own.check(page)
        page.close()
    look_own.faults.clear()


@pytest.mark.usefixtures("soon_again")
def test_every_tab_of_a_browser_says_that_it_is_cut_off(look_own, own_site):
    first = look_own("/", "en")
    tabs = [first, look_own("/stories/1", "en", beside=first), look_own("/operations", "en", beside=first)]
    own_site.stop()
    for tab in tabs:
        expect(tab.locator(".cut-off")).to_contain_text("what you see may be old")
    with serve(own_site.scene, port=int(own_site.address.rpartition(":")[2])):
        for tab in tabs:
            expect(tab.locator(".cut-off")).to_have_text("")
        for tab in tabs:
            tab.close()
    look_own.faults.clear()


def test_a_stream_that_the_server_ends_and_takes_up_again_is_no_cut(look_own, monkeypatch):
    """It ends every one after a while."""
    monkeypatch.setattr("monitor.web.pages.live.AGAIN_AFTER", 0)
    monkeypatch.setattr("monitor.web.pages.live.LASTS", 0.05)
    page = look_own("/", "en")
    page.evaluate("""() => { window.cuts = []; new MutationObserver(() => {
      window.cuts.push(document.querySelector('.cut-off').textContent);
    }).observe(document.querySelector('.cut-off'), {childList: true}); }""")
    streams = []
    page.on("request", lambda request: streams.append(request) if request.resource_type == "eventsource" else None)
    while len(streams) < 4:
        page.wait_for_event("request", lambda request: request.resource_type == "eventsource")
    assert page.evaluate("window.cuts") == []


def test_a_stream_that_is_silent_though_it_stands_is_cut_off_and_taken_up_anew(look_own):
    """A server whose machine was switched off ends nothing; nor does a network that somebody left."""
    page = look_own("/stories/1", "en")
    page.clock.install()
    page.add_init_script("""window.streams = []; window.EventSource = class extends EventTarget {
      constructor(url) { super(); window.streams.push(this); this.readyState = 1; }
      close() { this.readyState = 2; this.closed = true; }
    };""")
    page.reload()
    page.wait_for_function("streams.length === 1")
    page.evaluate("streams[0].dispatchEvent(new Event('open'))")
    for _ in range(3):
        page.clock.run_for(60_000)
        page.evaluate("streams[0].dispatchEvent(new Event('ping'))")
    assert page.evaluate("streams.length") == 1
    page.clock.run_for(75_000)
    assert page.evaluate("[streams.length, streams[0].closed]") == [2, True]
    expect(page.locator(".cut-off")).to_have_text("")  # a machine that slept has not heard either
    page.clock.run_for(20_000)
    expect(page.locator(".cut-off")).to_contain_text("what you see may be old")
    page.evaluate("streams.at(-1).dispatchEvent(new Event('open'))")
    expect(page.locator(".cut-off")).to_have_text("")


# --- what else may be answered

OURS = '<div role="alert" data-trouble><p><strong>No such thing.</strong></p><p>Look elsewhere.</p></div>'


def answering(page: Page, path: str, **answer: object) -> None:
    """To htmx alone."""
    page.route(
        path,
        lambda route: route.fulfill(**answer) if route.request.headers.get("hx-request") else route.continue_(),
    )


@in_both_languages
def test_an_answer_of_a_proxy_does_not_take_the_place_of_what_is_there(look_own, language):
    page = ready(look_own("/", language, 390))
    answering(page, "**/alerts/**", status=502, body="<h1>Bad Gateway</h1><article>nginx</article>")
    card = page.locator("article[data-item]").first
    headline = card.locator("h3").inner_text()
    card.locator("[data-key=x]").click()
    expect(said(page, language, "broken", status=502)).to_be_visible()
    assert card.locator("h3").inner_text() == headline
    expect(page.locator("body")).not_to_contain_text("nginx")
    page.unroute("**/alerts/**")
    card.locator("[data-key=x]").click()
    expect(page.locator("#outcome")).to_have_text(text(language, "alerts.did.wrong"))
    look_own.faults.clear()


def test_an_answer_of_ours_says_itself_what_is_wrong(look_own):
    page = ready(look_own("/", "en"))
    answering(page, "**/alerts/**", status=404, body=OURS)
    card = page.locator("article[data-item]").first
    card.locator("summary[data-key=m]").click()
    card.locator("form[action$='/mute'] button").click()
    expect(card.locator("form[action$='/mute'] [role=alert]")).to_have_text("No such thing.Look elsewhere.")
    look_own.faults.clear()


def test_what_takes_too_long_is_given_up_and_nobody_claims_that_it_was_not_done(look_own):
    page = ready(look_own("/", "en"))
    page.evaluate("htmx.config.defaultTimeout = 50")
    waiting = []
    page.route("**/alerts/**", lambda route: waiting.append(route))
    page.locator("article[data-item]").first.locator("[data-key=e]").click()
    expect(said(page, "en", "late")).to_be_visible()
    for each in waiting:
        each.abort()
    look_own.faults.clear()


@pytest.mark.parametrize(
    ("path", "asks", "way"),
    [
        ("/search", "**/search?**", "main input[type=search]"),
        ("/rules/try", "**/rules/try/told", "main textarea"),
        ("/rules/new", "**/rules/sync/**", "#boxes textarea"),
    ],
)
def test_what_is_asked_for_while_one_types_says_it_too_and_nothing_of_it_is_lost(look_own, path, asks, way):
    page = ready(look_own(path, "en"))
    page.route(asks, lambda route: route.abort("connectionrefused"))
    field = page.locator(way).first
    field.press_sequentially("airport")
    expect(said(page, "en", "away")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value("airport")
    page.unroute(asks)
    field.press_sequentially("s")
    expect(said(page, "en", "away")).to_have_count(0)
    look_own.faults.clear()


def test_what_a_page_asks_for_by_itself_can_be_asked_for_again(look_own):
    page = look_own("/rules", "en")
    page.route("**/rules/lint", lambda route: route.abort("connectionrefused"))
    page.reload()
    undone = said(page, "en", "away")
    expect(undone).to_be_visible()
    page.unroute("**/rules/lint")
    undone.get_by_role("link", name=text("en", "undone.reload")).click()
    expect(page.locator("#lint")).not_to_contain_text(text("en", "rules.lint.looking"))
    look_own.faults.clear()


class TestLoggedOut:
    @pytest.fixture
    def more_rules(self) -> str:
        return f"web: {{{USERS}}}\n"

    @in_both_languages
    def test_whose_session_ended_is_led_to_the_log_in_and_back(self, look_own, language):
        page = look_own("/stories/1", language, 390)
        log_in(page, language)
        page.wait_for_url("**/stories/1")
        ready(page)
        page.context.clear_cookies(name=re.compile("session"))
        page.locator("article[data-item] [data-key=e]").first.click()
        page.wait_for_url("**/login?next=%2Fstories%2F1")
        look_own.faults.clear()  # 401
        log_in(page, language)
        page.wait_for_url("**/stories/1")
        look_own.check(page)

    @pytest.mark.usefixtures("soon_again")
    def test_a_page_that_is_only_looked_at_says_that_its_session_ended(self, look_own, own_site, monkeypatch):
        monkeypatch.setattr("monitor.web.pages.live.LASTS", 0.5)
        page = look_own("/stories/1", "en")
        log_in(page, "en")
        page.wait_for_url("**/stories/1")
        page.context.clear_cookies(name=re.compile("session"))
        strip = page.locator(".cut-off")
        expect(strip).to_contain_text(text("en", "live.logged_out"))
        strip.get_by_role("link").click()
        page.wait_for_url("**/login?next=%2Fstories%2F1")
        look_own.faults.clear()


def log_in(page: Page, language: str) -> None:
    page.get_by_label(text(language, "login.name")).fill("salma")
    page.get_by_label(text(language, "login.password")).fill(PASSWORD)
    page.get_by_label(text(language, "login.password")).press("Enter")
