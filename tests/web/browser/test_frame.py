"""What stands around every page: in both languages, on a phone and in a window, light and dark, with and without
script, by keyboard; and the news that it tells."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from monitor.web.pages import sections
from monitor.web.words import text
from tests.web.browser.covered import covers
from tests.web.browser.eyes import CONTRAST, axe, everywhere, in_both_languages, keep_picture
from tests.web.browser.served import serve

PAGES = [section.path for section in sections()]
PLAIN = "/no-such-page"  # has the frame, whatever pages there are
GROUND = "getComputedStyle(document.body).backgroundColor"
in_every_page = pytest.mark.parametrize("path", PAGES)


@in_every_page
@everywhere
def test_every_section_is_accessible_and_fits(look, path, language, width):
    page = look(path, language, width)
    assert page.get_attribute("html", "lang") == language
    assert page.get_attribute("html", "dir") == ("rtl" if language == "ar" else "ltr")
    assert page.locator("h1").count() == 1
    assert page.locator("nav [aria-current=page]").count() == 1
    axe(page)
    keep_picture(page, f"{path.strip('/') or 'alerts'}-{language}-{width}")


@in_every_page
@in_both_languages
def test_every_section_is_accessible_in_the_dark(look, path, language):
    page = look(path, language, 390, dark=True)
    axe(page, only=CONTRAST)
    keep_picture(page, f"{path.strip('/') or 'alerts'}-{language}-390-dark")


@in_every_page
def test_every_section_can_be_read_without_script(look, path):
    page = look(path, "ar", 390, script=False)
    assert page.locator("h1").inner_text().strip()
    assert page.locator("nav.sections a").count() == len(PAGES)
    expect(page.locator("#keys")).to_be_hidden()


# --- language and look


@everywhere
@covers("POST /preferences language=", "POST /preferences theme=dark", "POST /preferences theme=light")
@covers("POST /preferences theme=auto", "GET /no-such-page")
def test_a_reader_changes_language_and_look_and_stays_where_they_were(look, language, width):
    page = look(f"{PLAIN}?q=a%26b&lang={language}", language, width, status=404)
    page.get_by_role("button", name=text(language, "language.other")).click()
    other = "en" if language == "ar" else "ar"
    expect(page.locator("html")).to_have_attribute("lang", other)
    assert page.url.endswith(f"{PLAIN}?q=a%26b")
    look.check(page)
    grounds = {}
    for theme in ("dark", "light", "auto"):
        button = page.get_by_role("button", name=text(other, f"theme.{theme}"))
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        assert page.get_attribute("html", "lang") == other
        grounds[theme] = page.evaluate(GROUND)
        axe(page, only=CONTRAST)
    assert grounds["auto"] == grounds["light"] != grounds["dark"]
    page.get_by_role("button", name=text(other, "language.other")).click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")


def test_the_same_without_script(look):
    page = look(f"{PLAIN}?lang=ar", "ar", 390, script=False, status=404)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith(PLAIN)
    page.get_by_role("button", name="Dark").click()
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")


def test_a_reader_chooses_the_look_whatever_the_system_asks_for(look):
    page = look(PLAIN, "en", dark=True, status=404)
    dark = page.evaluate(GROUND)
    page.get_by_role("button", name="Light").click()
    light = page.evaluate(GROUND)
    assert light != dark
    page.get_by_role("button", name="Automatic").click()
    assert page.evaluate(GROUND) == dark
    page.emulate_media(color_scheme="light")
    assert page.evaluate(GROUND) == light


# --- keys

OUTLINED = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
}"""
LIST = """() => {
  const list = [1, 2, 3].map(n => `<article class="card" data-item id="i${n}">
    <h2><a data-open href="#opened-${n}">${n}</a></h2><button data-key="e">seen</button></article>`);
  list.push('<label>Words <input type="search"></label>');
  document.querySelector('main').insertAdjacentHTML('beforeend', list.join(''));
  document.querySelectorAll('[data-key]').forEach(each => { each.onclick = () => { each.textContent = 'done'; }; });
}"""
PRESS = "given => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', given))"
ARABIC = {"j": ("ت", "KeyJ"), "k": ("ن", "KeyK"), "e": ("ث", "KeyE"), "/": ("ظ", "Slash")}


@pytest.fixture
def page(look):
    page = look(PLAIN, "en", status=404)
    page.evaluate(LIST)
    return page


def focused(page):
    return page.evaluate("document.activeElement.id")


def test_the_keys_walk_through_the_items_open_them_and_press_their_buttons(page):
    page.keyboard.press("j")
    assert focused(page) == "i1"
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == "i3"
    page.keyboard.press("k")
    assert focused(page) == "i2"
    page.keyboard.press("e")
    assert [each.inner_text() for each in page.locator("[data-key]").all()] == ["seen", "done", "seen"]
    page.keyboard.press("o")
    expect(page).to_have_url(re.compile("#opened-2$"))
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#opened-1$"))


def test_the_keys_work_with_an_arabic_keyboard(page):
    def press(key):
        letter, code = ARABIC[key]
        page.evaluate(PRESS, {"key": letter, "code": code, "bubbles": True, "cancelable": True})

    press("j")
    press("j")
    press("k")
    assert focused(page) == "i1"
    press("e")
    expect(page.locator("#i1 button")).to_have_text("done")
    press("/")
    assert page.evaluate("document.activeElement.type") == "search"


def test_the_keys_are_off_where_somebody_writes_or_means_the_browser(page):
    page.keyboard.press("/")
    page.keyboard.type("jek?ge")
    assert page.input_value("input[type=search]") == "jek?ge"
    assert page.locator("[data-key]").all_inner_texts() == ["seen"] * 3
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Alt+j")
    assert focused(page) == ""


@everywhere
def test_the_keys_are_listed_in_a_window_that_keeps_the_focus_and_gives_it_back(look, language, width):
    page = look(PLAIN, language, width, status=404)
    button, dialog = page.locator("#keys-button"), page.get_by_role("dialog")
    button.focus()
    page.keyboard.press("?")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text(text(language, "keys.j"))
    axe(page)
    keep_picture(page, f"keys-{language}-{width}")
    for _ in range(4):  # round and round: what lies under it cannot be reached
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('[data-item]')") is None
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name=text(language, "close")).click()
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()


@in_both_languages
def test_two_keys_lead_to_another_page(look, language):
    page = look(PLAIN, language, status=404)
    for key, address in (("r", "/rules"), ("f", "/feeds"), ("s", "/search"), ("o", "/operations"), ("a", "/")):
        page.keyboard.press("g")
        page.keyboard.press(key)
        page.wait_for_url(f"{look.address}{address}")


@everywhere
def test_the_first_key_tab_leads_past_the_navigation_and_what_has_the_focus_shows_it(look, language, width):
    page = look("/", language, width)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name=text(language, "skip"))
    expect(skip).to_be_focused()
    assert skip.bounding_box()["y"] >= 0
    for _ in range(12):
        assert page.evaluate(OUTLINED), page.evaluate("document.activeElement.outerHTML")
        page.keyboard.press("Tab")
    skip.focus()
    page.keyboard.press("Enter")
    assert focused(page) == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('main')")


# --- news

TOLD = {
    "ar": ("تنبيه جديد واحد – عرض", "3 تنبيهات جديدة – عرض"),
    "en": ("1 new alert – show", "3 new alerts – show"),
}
WHERE = "[scrollY, document.querySelector('#i3').getBoundingClientRect().top, document.activeElement.hash]"


@everywhere
@covers("GET /live after=")
def test_a_new_alert_is_announced_and_the_reader_is_not_moved(look_own, own_site, language, width):
    page = look_own(PLAIN, language, width, status=404)
    page.evaluate(LIST)
    page.evaluate("document.querySelector('main').style.paddingBlockEnd = '200vh'")
    page.locator("#i3 a").focus()
    page.evaluate("scrollTo(0, 120)")
    before = page.evaluate(WHERE)
    live = page.locator("[data-live][role=status][aria-live=polite]")
    expect(live).to_have_text("")
    assert own_site.scene.tell("harbour", "Clashes reported on the northern road", n=101)
    expect(live).to_have_text(TOLD[language][0])
    for n in (102, 103):
        assert own_site.scene.tell("harbour", f"Clashes near bridge number {n}, and a wounded driver", n=n)
    expect(live).to_have_text(TOLD[language][1])
    assert page.title().startswith("(3) ")
    assert page.evaluate(WHERE) == before
    axe(page, context="[data-live]")
    keep_picture(page, f"live-{language}-{width}")
    page.evaluate("document.addEventListener('monitor:show', event => event.preventDefault())")
    live.get_by_role("link").click()
    assert page.url.endswith(PLAIN)
    page.evaluate("document.dispatchEvent(new CustomEvent('monitor:shown', {detail: {after: 1e6}}))")
    expect(live).to_have_text("")
    assert not page.title().startswith("(")


def test_tabs_of_one_browser_share_one_stream(look_own, own_site):
    asked = []
    first = look_own(PLAIN, "en", status=404)
    first.context.on("request", lambda request: asked.append(request) if "/live" in request.url else None)
    tabs = [look_own(PLAIN, "en", status=404, beside=first) for _ in range(3)]
    assert own_site.scene.tell("harbour", "Clashes reported on the northern road", n=101)
    for tab in (first, *tabs):
        expect(tab.locator("[data-live]")).to_have_text("1 new alert – show")
    assert [request.resource_type for request in asked].count("eventsource") <= 1
    first.close()
    assert own_site.scene.tell("harbour", "More clashes, this time at the southern gate", n=102)
    for tab in tabs:
        expect(tab.locator("[data-live]")).to_have_text("2 new alerts – show")
    assert [request.resource_type for request in asked].count("eventsource") <= 2


def test_the_server_ends_while_pages_listen(look_own, own_site, caplog):
    page = look_own(PLAIN, "en", status=404)
    assert own_site.scene.tell("harbour", "Clashes reported on the northern road", n=101)
    expect(page.locator("[data-live]")).to_have_text("1 new alert – show")
    own_site.stop()
    assert "graceful shutdown exceeded" not in caplog.text  # nobody had to cut the stream off
    look_own.faults.clear()  # the browser says that the stream broke off


def test_a_server_that_comes_back_tells_what_came_meanwhile(look_own, own_site, monkeypatch):
    monkeypatch.setattr("monitor.web.pages.live.AGAIN_AFTER", 1)  # seconds
    page = look_own(PLAIN, "en", status=404)
    live = page.locator("[data-live]")
    assert own_site.scene.tell("harbour", "Clashes reported on the northern road", n=101)
    expect(live).to_have_text(TOLD["en"][0])
    own_site.stop()
    for n in (102, 103):
        assert own_site.scene.tell("harbour", f"Clashes near bridge number {n}, and a wounded driver", n=n)
    with serve(own_site.scene, port=int(own_site.address.rpartition(":")[2])):
        expect(live).to_have_text(TOLD["en"][1])
        page.close()
    look_own.faults.clear()  # the browser says that the stream broke off
