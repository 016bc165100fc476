"""Adding feeds: looked at through the real fetcher and parser, then written, and nothing else of the file touched."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape

import pytest

from monitor.web import writable
from monitor.web.feeds import preview
from monitor.web.saving import KEPT
from tests.servers import site
from tests.web.site import a_desk, client, post
from tests.world import NOW, item, rss

STRIKE = "غارة جوية على أطراف البلدة"
RULES = """\
version: 1
timezone: Asia/Damascus
# our feeds
feeds:
  - id: first
    url: {first}
    name: First  # the oldest
    allow_private: true
  # - url: https://off.example/
rules:
  - id: strikes
    title: {{ar: غارات, en: Air strikes}}
    any: [غارة]
  - id: floods
    any: [فيضان]
"""


@pytest.fixture(scope="module")
def web():
    with site() as made:
        made.pages["/new"] = rss(*(item(f"{STRIKE} {n}", n=n, at=NOW + timedelta(hours=n)) for n in range(1, 13)))
        made.pages["/undated"] = rss(item("خبر", n=1, at=None), item(STRIKE, n=2, at=None))
        made.pages["/empty"] = rss()
        made.pages["/page"] = (
            b'<!doctype html><html><head><link rel=alternate type="application/rss+xml" title="All" href="/new">'
            b"<title>Paper</title></head></html>"
        )
        made.pages["/plain"] = b"<html><body>nothing to see</body></html>"
        yield made


@pytest.fixture
def desk(tmp_path, web):
    return a_desk(tmp_path, RULES.format(first=web.url("/first")))


@pytest.fixture
def browser(desk):
    return client(desk, accept_language="en")


def look(browser, url, status=200):
    answer = post(browser, "/feeds/add/look", {"url": url}, on="/feeds/add")
    assert answer.status_code == status, answer.text
    return unescape(answer.text)


def fields(page: str) -> dict[str, str]:
    """What the form that adds would bring, as it stands."""
    form = page[page.index('action="/feeds/add">') :]
    return {
        name: value
        for name in ("url", "name", "id", "tags", "file")
        if (value := (re.search(rf'name="{name}"[^>]*? value="([^"]*)"', form) or [None, ""])[1])
    } | {"language": (re.search(r"<option selected>(\w+)", form) or [None, ""])[1]}


def test_a_feed_is_looked_at_before_anything_is_written(browser, desk, web):
    before = desk.path.read_bytes()
    page = look(browser, web.url("/new"))
    assert 'Air strikes</bdi> <span class="num">12</span>' in page
    assert page.count('<td data-label="Published">') == 10
    assert fields(page)["language"] == "ar"
    assert desk.path.read_bytes() == before
    assert not (desk.state / KEPT).exists()


def test_it_is_added_between_what_was_there(browser, desk, web):
    before = desk.path.read_text(encoding="utf-8")
    page = look(browser, web.url("/new"))
    sent = fields(page) | {"name": "وكالة الوادي", "id": "valley", "tags": "syria، local", "language": "ar"}
    answer = post(browser, "/feeds/add", sent, on="/feeds/add")
    assert (answer.status_code, answer.headers["location"]) == (303, "/feeds/valley?saved=1")
    written = desk.path.read_text(encoding="utf-8")
    new = (
        "  - id: valley\n    name: وكالة الوادي\n"
        f"    url: {web.url('/new')}\n    language: ar\n    tags: [syria, local]\n    allow_private: true\n"
    )
    assert written == before.replace("    allow_private: true\n", "    allow_private: true\n" + new, 1)
    [_, valley] = desk.config.feeds
    assert (valley.id, valley.languages, valley.tags) == ("valley", ("ar",), {"syria", "local"})
    page = browser.get("/feeds/valley?saved=1")
    assert "The feed is added" in page.text


def test_of_a_feed_that_carries_headlines_only_that_is_said_and_its_articles_are_offered(browser, desk, web):
    page = look(browser, web.url("/new"))
    assert "This feed carries headlines only" in page
    assert re.search(r'name="full_text" value="on" aria-describedby', page), "a tick that nobody has set"
    answer = post(browser, "/feeds/add", fields(page) | {"id": "valley", "full_text": "on"}, on="/feeds/add")
    assert answer.headers["location"] == "/feeds/valley?saved=1"
    assert [feed.full_text for feed in desk.config.feeds] == [False, True]


def test_of_a_feed_with_whole_summaries_nothing_is_said_of_headlines(browser, web):
    web.pages["/long"] = rss(*(item(f"{STRIKE} {n}", n=n, at=NOW, summary="كلمة أخرى في الخبر " * 5) for n in (1, 2)))
    assert "headlines only" not in look(browser, web.url("/long"))


def test_where_nothing_can_read_articles_the_tick_cannot_be_set_and_it_is_said_what_to_install(
    browser, web, monkeypatch
):
    monkeypatch.setattr("monitor.web.pages.feed_adding.find_spec", lambda _: None)
    page = look(browser, web.url("/new"))
    assert re.search(r'name="full_text" value="on" disabled', page)
    assert "pip install 'monitor[articles]'" in page


@pytest.mark.parametrize(
    ("changed", "status", "told"),
    [
        ({"id": "first"}, 409, "R308"),
        ({"id": "no id"}, 409, "R205"),
        ({"language": "nonsense"}, 409, "R209"),
        ({"file": "0" * 64 + " FILE"}, 409, "has changed since you opened this page"),
        ({"file": "0" * 64 + " /etc/passwd"}, 409, "none of the rules files"),
        ({"url": "https://a.example/?key=${HOME}"}, 422, "a secret of ours would be put there"),
        ({"url": "http://127.0.0.1:1/rss"}, 422, "inside your network"),
        ({"url": "file:///etc/passwd"}, 422, "the address does not begin with http"),
        ({"url": ""}, 422, "the address does not begin with http"),
    ],
)
def test_what_would_break_the_rules_is_refused_and_the_file_stays(browser, desk, web, changed, status, told):
    before = desk.path.read_bytes()
    changed = {key: value.replace("FILE", str(desk.path)) for key, value in changed.items()}
    sent = fields(look(browser, web.url("/new"))) | {"id": "new"} | changed
    answer = post(browser, "/feeds/add", sent, on="/feeds/add")
    assert answer.status_code == status
    assert told in unescape(answer.text)
    assert desk.path.read_bytes() == before
    assert [feed.id for feed in desk.config.feeds] == ["first"]


def test_what_was_filled_in_is_not_lost_by_a_refusal(browser, web):
    sent = fields(look(browser, web.url("/new"))) | {"id": "first", "name": "<b>Mine</b>", "tags": "a, b"}
    again = fields(unescape(post(browser, "/feeds/add", sent, on="/feeds/add").text))
    assert (again["id"], again["name"], again["tags"], again["url"]) == (
        "first",
        "<b>Mine</b>",
        "a, b",
        web.url("/new"),
    )


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/missing", "the server refused"),
        ("/plain", "the answer is not a feed"),
        ("/undated", "have no dates"),
        ("/empty", "has no entry just now"),
        ("/first", "the server refused"),
    ],
)
def test_a_reader_is_told_what_is_odd(browser, web, path, told):
    assert told in look(browser, web.url(path))


def test_a_page_names_its_feeds_and_each_can_be_looked_at(browser, web):
    page = look(browser, web.url("/page"))
    assert f'name="url" value="{web.url("/new")}"' in page
    assert 'action="/feeds/add">' not in page


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1:1/rss", "inside your network"),
        ("http://localhost/rss", "inside your network"),
        ("http://169.254.169.254/latest/meta-data/", "not on the public internet"),
        ("http://192.168.1.1/", "inside your network"),
        ("http://[::ffff:127.0.0.1]:1/", "inside your network"),
        ("https://a.example/${HOME}", "a secret of ours"),
        ("ftp://a.example/", "cannot be used"),
        ("javascript:alert(1)", "cannot be used"),
    ],
)
def test_nothing_inside_is_asked_for_a_stranger(browser, web, url, told):
    before = len(web.requests)
    assert told in look(browser, url)
    assert len(web.requests) == before


def test_a_feed_that_is_there_already_is_named(browser, web):
    web.pages["/first"] = web.pages["/new"]
    try:
        assert 'href="/feeds/first"' in look(browser, web.url("/first/").removesuffix("/"))
    finally:
        del web.pages["/first"]


def test_a_feed_that_brings_the_same_entries_is_named(browser, desk, web):
    from tests.store.builders import item as stored

    with desk.store() as store, store.ingest() as tx:
        for n in range(8, 13):
            tx.write(stored(f"{n}", feed_id="first", link=f"https://news.example/{n}"), seen_at=NOW)
    assert "seems to bring the same news" in look(browser, web.url("/new"))


def test_only_a_few_are_looked_at_together(browser, web, monkeypatch):
    monkeypatch.setattr(preview, "_PATIENCE", 0.01)
    assert preview._AT_ONCE.acquire()
    assert preview._AT_ONCE.acquire()
    try:
        assert "Try again in a moment" in look(browser, web.url("/new"), status=503)
    finally:
        preview._AT_ONCE.release()
        preview._AT_ONCE.release()
    assert "Air strikes" in look(browser, web.url("/new"))


def test_a_file_that_cannot_be_written_is_told_before_anybody_types(browser, desk, monkeypatch):
    assert "cannot be saved from here" not in browser.get("/feeds/add").text
    monkeypatch.setattr(writable, "hindrance", lambda _: "mounted")
    text = browser.get("/feeds/add").text
    assert f"<code>{desk.path}</code> The file is mounted by itself" in text


def test_without_an_address_the_form_comes_back(browser):
    assert "Write an address" in look(browser, "  ", status=422)


def test_of_several_files_the_reader_chooses_the_one_with_feeds_first(tmp_path, web):
    rules = RULES.format(first=web.url("/first")).partition("# our feeds")
    feeds = "version: 1\n" + rules[2][rules[2].index("feeds:") : rules[2].index("rules:")]
    main = rules[0] + "include: [feeds.yaml]\n" + rules[2][rules[2].index("rules:") :]
    desk = a_desk(tmp_path, main, feeds=feeds)
    browser = client(desk, accept_language="en")
    page = look(browser, web.url("/new"))
    offered = re.findall(r'<option value="([^"]+)"[^>]*>(\w+\.yaml)', page)
    assert [name for _, name in offered] == ["feeds.yaml", "rules.yaml"]
    sent = fields(page) | {"file": offered[0][0], "id": "new"}
    assert post(browser, "/feeds/add", sent, on="/feeds/add").status_code == 303
    assert "- id: new" in (tmp_path / "feeds.yaml").read_text(encoding="utf-8")
    assert desk.path.read_text(encoding="utf-8") == main


def opml(*feeds: tuple[str, str]) -> bytes:
    outlines = "".join(f'<outline text="{title}" type="rss" xmlUrl="{url}"/>' for title, url in feeds)
    return f'<opml version="2.0"><body><outline text="syria">{outlines}</outline></body></opml>'.encode()


def upload(browser, content: bytes):
    return post(browser, "/feeds/add/list", on="/feeds/add", files={"opml": ("feeds.opml", content, "text/xml")})


def of_list(page: str) -> dict[str, str]:
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("listed", "file")}
    return {name: unescape(match[1]) for name, match in found.items() if match}


def test_a_list_is_shown_to_choose_from_and_nothing_of_it_is_asked(browser, desk, web):
    before = len(web.requests)
    answer = upload(browser, opml(("<New>", web.url("/new")), ("Ours", web.url("/first")), ("In", "http://10.0.0.1/x")))
    assert answer.status_code == 200
    rows = re.findall(r"<tr>\s*<td.*?</tr>", answer.text, re.DOTALL)
    assert ["disabled" in row for row in rows] == [False, True, True]
    assert 'There already: <bdi dir="auto">First</bdi>' in rows[1]
    assert "<b>" not in answer.text
    assert len(web.requests) == before


def test_those_chosen_are_looked_at_a_few_at_a_time(browser, web):
    listed = of_list(upload(browser, opml(*((f"F{n}", web.url(f"/new?{n}")) for n in range(9)))).text)
    before = len(web.requests)
    answer = post(
        browser, "/feeds/add/chosen", listed | {"do": "look", "chosen": [str(n) for n in range(9)]}, on="/feeds/add"
    )
    assert answer.status_code == 200
    assert len(web.requests) - before == preview.MOST
    assert answer.text.count('aria-labelledby="look-') == preview.MOST
    assert answer.text.count(" checked") == 9


def test_those_chosen_are_added_with_their_folders_as_tags(browser, desk, web):
    listed = of_list(upload(browser, opml(("New", web.url("/new")), ("Other", "https://other.example/rss"))).text)
    answer = post(browser, "/feeds/add/chosen", listed | {"do": "add", "chosen": ["0", "1", "1", "7"]}, on="/feeds/add")
    assert answer.status_code == 303
    new = {feed.name: feed for feed in desk.config.feeds if feed.id != "first"}
    assert {name: (feed.address, feed.tags) for name, feed in new.items()} == {
        "New": (web.url("/new"), {"syria"}),
        "Other": ("https://other.example/rss", {"syria"}),
    }


@pytest.mark.parametrize(
    "sent",
    [
        {"listed": "nonsense"},
        {"listed": "[" * 100_000},
        {"listed": "{}"},
        {"listed": '[["https://a.example/", "A"], [1, 2, 3], "x"]'},
        {"listed": '[["https://a.example/", "A", []]]', "chosen": ["x", "-1", "٣", "9"]},
        {},
    ],
)
def test_a_list_that_is_not_as_we_wrote_it_adds_nothing(browser, desk, sent):
    before = desk.path.read_bytes()
    answer = post(browser, "/feeds/add/chosen", {"do": "add", "chosen": ["0"]} | sent, on="/feeds/add")
    assert answer.status_code == 422
    assert desk.path.read_bytes() == before


def test_of_a_list_no_address_inside_or_with_our_secrets_is_added(browser, desk):
    urls = ("http://127.0.0.1:9/x", "https://a.example/${HOME}", "https://b.example/")
    listed = json.dumps([[url, "${HOME}", []] for url in urls])
    files = of_list(upload(browser, opml(("New", "https://new.example/"))).text)["file"]
    sent = {"do": "add", "chosen": ["0", "1", "2"], "listed": listed, "file": files}
    assert post(browser, "/feeds/add/chosen", sent, on="/feeds/add").status_code == 303
    assert [feed.address for feed in desk.config.feeds][1:] == ["https://b.example/"]
    assert desk.config.feeds[1].name == "$ {HOME}"


@pytest.mark.parametrize("content", [b"no list", b"", b"<!DOCTYPE opml [<!ENTITY a 'b'>]><opml version='2.0'/>"])
def test_a_file_that_is_no_list_is_refused(browser, content):
    assert upload(browser, content).status_code == 422


def test_a_long_list_is_cut_and_says_so(browser):
    answer = upload(browser, opml(*((f"F{n}", f"https://f{n}.example/rss") for n in range(520))))
    assert answer.text.count('type="checkbox"') == 500
    assert "Not shown behind the first ones: 20" in answer.text
