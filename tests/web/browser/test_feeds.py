"""The pages of feeds and of operations in a browser: they fit, are accessible, and do what they say, without script
too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from monitor.web.words import text
from tests.servers import site as servers
from tests.web.browser.covered import covers
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
        made.pages["/page"] = (
            b"<!doctype html><title>Valley</title>"
            b'<link rel="alternate" type="application/rss+xml" title="Valley (news)" href="/new">'
        )
        made.pages |= {f"/new?{n}": made.pages["/new"] for n in range(12)}
        rules = Path(own_site.desk.path)
        written = rules.read_text(encoding="utf-8")
        own = f"feeds:\n  - {{id: own, url: '{made.url('/own')}', allow_private: true}}\n"
        rules.write_text(written.replace("feeds:\n", own, 1), encoding="utf-8")
        own_site.desk.take(_loaded(rules))
        yield made


def _loaded(rules: Path):
    from monitor import config

    return config.load(rules, environ={})


@everywhere
@covers("GET /feeds", "GET /feeds level=down", "GET /feeds q=harbour", "GET /feeds/{id}", "GET /feeds.opml")
def test_feeds_are_looked_through_and_kept_as_a_list(look, language, width):
    page = look("/feeds", language, width)
    cards = page.locator("article[data-item]")
    all_of_them = cards.count()
    page.locator("a.chip[href='/feeds?level=down']").click()
    assert 0 < cards.count() < all_of_them
    look.check(page)
    page.locator("a.chip[href='/feeds']").click()
    page.locator("#q").fill("harbour")
    page.locator("#q").press("Enter")
    expect(cards).to_have_count(1)
    look.check(page)
    with page.expect_download() as kept:
        page.locator("a[href='/feeds.opml']").click()
    assert "https://difaf.example/rss" in Path(kept.value.path()).read_text(encoding="utf-8")
    cards.first.get_by_role("link", name="Harbour Desk").click()
    expect(page.locator("h1")).to_have_text("Harbour Desk")
    look.check(page)


@everywhere
@covers("GET /feeds/add", "POST /feeds/add/look", "POST /feeds/add", "GET /feeds/{id} saved=1")
def test_a_feed_is_looked_at_and_added(look_own, own_site, news, language, width):
    page = look_own("/feeds/add", language, width)
    page.locator("#url").fill(news.url("/nothing"))
    page.locator("#url").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(text(language, "feed_adding.unreadable"))
    look_own.check(page)
    keep_picture(page, f"feed-unreadable-{language}-{width}")
    page.goto(look_own.address + "/feeds/add")
    page.locator("#url").fill(news.url("/page"))
    page.locator("form[action='/feeds/add/look'] button").click()
    expect(page.get_by_text(text(language, "feed_adding.announced"))).to_be_visible()
    look_own.check(page)
    axe(page)
    keep_picture(page, f"feed-announced-{language}-{width}")
    page.locator("form[action='/feeds/add/look'] button").click()
    expect(page.locator("h1")).to_have_text(text(language, "feed_adding.preview"))
    look_own.check(page)
    axe(page)
    keep_picture(page, f"feed-preview-{language}-{width}")
    _add(page, own_site)
    look_own.check(page)


def test_the_same_without_script(look_own, own_site, news):
    page = look_own("/feeds/add", "en", script=False)
    page.locator("#url").fill(news.url("/new"))
    page.locator("form[action='/feeds/add/look'] button").click()
    _add(page, own_site)


def _add(page, own_site):
    page.locator("#id").fill("valley")
    page.locator("#name").fill("وكالة الوادي")
    page.locator("form[action='/feeds/add'] button").click()
    expect(page).to_have_url(re.compile("/feeds/valley"))
    expect(page.locator("h1")).to_have_text("وكالة الوادي")
    expect(page.locator(".notice.ok")).to_be_visible()
    assert "id: valley" in Path(own_site.desk.path).read_text(encoding="utf-8")


@everywhere
@covers("POST /feeds/add/list", "POST /feeds/add/chosen do=look", "POST /feeds/add/chosen do=add")
def test_a_list_is_chosen_from(look_own, own_site, news, tmp_path, language, width):
    outlines = "".join(f'<outline text="خلاصة {n}" type="rss" xmlUrl="{news.url(f"/new?{n}")}"/>' for n in range(12))
    known = '<outline text="منارة" type="rss" xmlUrl="https://manara.example/rss"/>'
    file = tmp_path / "list.opml"
    file.write_text(f'<opml version="2.0"><body>{outlines}{known}</body></opml>', encoding="utf-8")
    page = look_own("/feeds/add", language, width)
    page.locator("#opml").set_input_files(file)
    page.locator("form[action='/feeds/add/list'] button").click()
    expect(page.locator("input[type=checkbox]")).to_have_count(13)
    expect(page.locator("input[type=checkbox]:disabled")).to_have_count(1)
    page.locator("#feed-3").check()
    page.locator("button[value=look]").click()
    expect(page.locator("section.card h2").first).to_have_text("t")  # as it calls itself
    expect(page.locator("#feed-3")).to_be_checked()
    look_own.check(page)
    axe(page)
    keep_picture(page, f"feed-list-{language}-{width}")
    page.locator("button[value=add]").click()
    expect(page).to_have_url(re.compile(r"/feeds\?level=new"))
    look_own.check(page)
    written = Path(own_site.desk.path).read_text(encoding="utf-8")
    assert news.url("/new?3") in written
    assert news.url("/new?4") not in written
