"""The pages of feeds and of operations in a browser: they fit, are accessible, and do what they say, without script
too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.servers import site as servers
from tests.web.browser.eyes import axe, everywhere, in_both_languages, keep_picture
from tests.world import NOW, item, rss

STRIKE = "غارة جوية على أطراف البلدة"
PAGES = {
    "feed": "/feeds/difaf",
    "feed-down": "/feeds/sanabil",
    "feeds-add": "/feeds/add",
}


@pytest.mark.parametrize(("name", "path"), PAGES.items(), ids=PAGES.keys())
@everywhere
def test_each_page_is_accessible_and_fits(look, name, path, language, width):
    page = look(path, language, width)
    axe(page)
    keep_picture(page, f"{name}-{language}-{width}")


@in_both_languages
def test_what_drawings_show_is_told_in_words_too(look, language):
    page = look("/feeds/difaf", language, 390)
    drawings = page.locator("svg.plot[role=img]")
    assert drawings.count() == 2
    for drawing in drawings.all():
        assert drawing.locator("title").first.text_content()
        assert re.search(r"\d", drawing.locator("desc").first.text_content() or "")
    page.locator("details.fold summary").click()
    expect(page.locator("details.fold td").first).to_be_visible()
    axe(page)


@pytest.fixture
def news(own_site):
    """A server whose feeds the site may ask: a feed of the rules is there."""
    with servers() as made:
        made.pages["/new"] = rss(
            *(item(f"{STRIKE} {n}", n=n, at=NOW) for n in range(1, 4)), item("\u202e<b>x</b>" * 9, n=9)
        )
        rules = Path(own_site.desk.path)
        text = rules.read_text(encoding="utf-8")
        own = f"feeds:\n  - {{id: own, url: '{made.url('/own')}', allow_private: true}}\n"
        rules.write_text(text.replace("feeds:\n", own, 1), encoding="utf-8")
        own_site.desk.take(_loaded(rules))
        yield made


def _loaded(rules: Path):
    from monitor import config

    return config.load(rules, environ={})


@pytest.mark.parametrize(("language", "width", "script"), [("ar", 390, True), ("en", 1200, False)])
def test_a_feed_is_looked_at_and_added(look_own, own_site, news, language, width, script):
    page = look_own("/feeds/add", language, width, script=script)
    page.locator("#url").fill(news.url("/new"))
    page.locator("form[action='/feeds/add/look'] button").click()
    expect(page.locator("h1")).to_have_text({"ar": "نظرة على الخلاصة", "en": "A look at the feed"}[language])
    look_own.check(page)
    if script:  # it needs some itself
        axe(page)
    keep_picture(page, f"feed-preview-{language}-{width}")
    page.locator("#id").fill("valley")
    page.locator("#name").fill("وكالة الوادي")
    page.locator("form[action='/feeds/add'] button").click()
    expect(page).to_have_url(re.compile("/feeds/valley"))
    expect(page.locator("h1")).to_have_text("وكالة الوادي")
    expect(page.locator(".notice.ok")).to_be_visible()
    assert "id: valley" in Path(own_site.desk.path).read_text(encoding="utf-8")


def test_a_list_is_chosen_from(look_own, own_site, news, tmp_path):
    outlines = "".join(f'<outline text="خلاصة {n}" type="rss" xmlUrl="{news.url(f"/new?{n}")}"/>' for n in range(12))
    file = tmp_path / "list.opml"
    file.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>', encoding="utf-8")
    page = look_own("/feeds/add", "ar", 390)
    page.locator("#opml").set_input_files(file)
    page.locator("form[action='/feeds/add/list'] button").click()
    expect(page.locator("input[type=checkbox]")).to_have_count(12)
    look_own.check(page)
    axe(page)
    keep_picture(page, "feed-list-ar-390")
    page.locator("#feed-3").check()
    page.locator("button[value=add]").click()
    expect(page).to_have_url(re.compile(r"/feeds\?level=new"))
    assert news.url("/new?3") in Path(own_site.desk.path).read_text(encoding="utf-8")
    assert news.url("/new?4") not in Path(own_site.desk.path).read_text(encoding="utf-8")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_dead_letters_are_sent_again_and_mutes_ended(look_own, script):
    page = look_own("/operations", "en", 390, script=script)
    before = page.locator("section[aria-labelledby=dead] tbody tr").count()
    page.locator("section[aria-labelledby=dead] tbody button").first.click()
    expect(page.locator(".notice.ok")).to_have_text("To be sent again: 1")
    expect(page.locator("section[aria-labelledby=dead] tbody tr")).to_have_count(before - 1)
    page.locator("section[aria-labelledby=mutes] tbody button").first.click()
    expect(page.locator(".notice.ok")).to_contain_text("The mute has ended")
    expect(page.locator("section[aria-labelledby=mutes] tbody tr")).to_have_count(1)
    look_own.check(page)
