"""What stands around every page: in both languages, on a phone and in a window, light and dark, with and without
script, by keyboard; and the news that it tells."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from monitor.web.pages import sections
from tests.web.browser.eyes import CONTRAST, axe, everywhere, in_both_languages, keep_picture

PAGES = [section.path for section in sections()]
PLAIN = "/no-such-page"  # has the frame, whatever pages there are
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


@everywhere
def test_a_page_that_is_not_there_says_so_in_the_frame(look, language, width):
    page = look(PLAIN, language, width, status=404)
    expect(page.locator("h1")).to_have_text(
        {"ar": "لا توجد صفحة بهذا العنوان.", "en": "There is no page at this address."}[language]
    )
    axe(page)
    axe(look(PLAIN, language, width, dark=True, status=404), only=CONTRAST)


# --- language and look


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_reader_changes_the_language_and_stays_where_they_were(look, script):
    page = look(f"{PLAIN}?q=a%26b&lang=ar", "ar", 390, script=script, status=404)
    page.get_by_role("button", name="English").click()
    assert page.url.endswith(f"{PLAIN}?q=a%26b")
    assert page.get_attribute("html", "lang") == "en"
    page.goto(look.address + PLAIN)
    assert page.get_attribute("html", "lang") == "en"
    page.get_by_role("button", name="العربية").click()
    assert page.get_attribute("html", "dir") == "rtl"


def test_a_reader_chooses_the_look_whatever_the_system_asks_for(look):
    ground = "getComputedStyle(document.body).backgroundColor"
    page = look(PLAIN, "en", dark=True, status=404)
    dark = page.evaluate(ground)
    page.get_by_role("button", name="Light").click()
    light = page.evaluate(ground)
    assert light != dark
    expect(page.get_by_role("button", name="Light")).to_have_attribute("aria-pressed", "true")
    axe(page)
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate(ground) == dark
    page.get_by_role("button", name="Automatic").click()
    page.emulate_media(color_scheme="light")
    assert page.evaluate(ground) == light


# --- keys

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
    assert page.url.endswith("#opened-2")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    assert page.url.endswith("#opened-1")


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


@in_both_languages
def test_the_keys_are_listed_in_the_language_of_the_page(look, language):
    page = look(PLAIN, language, 390, status=404)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text({"ar": "العنصر التالي", "en": "next item"}[language])
    axe(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.locator("#keys-button").click()
    expect(dialog).to_be_visible()


def test_two_keys_lead_to_another_page(page):
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/rules")


def test_the_first_key_tab_leads_past_the_navigation(look):
    page = look(PLAIN, "en", status=404)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    assert focused(page) == "content"


# --- news

WHERE = "[scrollY, document.querySelector('#i3').getBoundingClientRect().top, document.activeElement.hash]"


def test_a_new_alert_is_announced_and_the_reader_is_not_moved(look_own, own_site):
    page = look_own(PLAIN, "en", 390, status=404)
    other = look_own(PLAIN, "ar", status=404)
    page.evaluate(LIST)
    page.evaluate("document.querySelector('main').style.paddingBlockEnd = '200vh'")
    page.locator("#i3 a").focus()
    page.evaluate("scrollTo(0, 120)")
    before = page.evaluate(WHERE)
    live = page.locator("[data-live]")
    expect(live).to_have_text("")
    assert own_site.scene.tell("harbour", "Clashes reported on the northern road", n=101)
    expect(live).to_have_text("1 new alert – show")
    expect(other.locator("[data-live]")).to_have_text("تنبيه جديد واحد – عرض")
    for n in (102, 103):
        assert own_site.scene.tell("harbour", f"Clashes near bridge number {n}, and a wounded driver", n=n)
    expect(live).to_have_text("3 new alerts – show")
    assert page.title().startswith("(3) ")
    assert page.evaluate(WHERE) == before
    axe(page)
    keep_picture(page, "live-en-390")
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
