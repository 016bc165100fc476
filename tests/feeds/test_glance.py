"""What a look at an address finds, and which addresses are looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.feeds.glance import Announced, announced_in, asked_as, leads_inside, may_be_private
from monitor.feeds.urls import BadAddress
from monitor.model import Fetched, Secret
from tests.world import NOW, feed

URL = "https://paper.example/news/"


def announced(page: str, *, content_type: str | None = "text/html; charset=utf-8"):
    return announced_in(
        Fetched(url=URL, body=page.encode(), content_type=content_type, validators=None, fetched_at=NOW)
    )


def link(href: str, kind: str = "application/rss+xml", rel: str = "alternate", title: str = "News") -> str:
    return f'<link rel="{rel}" type="{kind}" title="{title}" href="{href}">'


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (link("/rss"), ["https://paper.example/rss"]),
        (link("rss?a=1&amp;b=2"), ["https://paper.example/news/rss?a=1&b=2"]),
        (link("//feeds.example/x", "application/atom+xml; charset=utf-8"), ["https://feeds.example/x"]),
        ('<base href="https://cdn.example/a/">' + link("rss"), ["https://cdn.example/a/rss"]),
        (link("/rss", rel="Alternate home"), ["https://paper.example/rss"]),
        (link("/rss") + link("/rss") + link("/two"), ["https://paper.example/rss", "https://paper.example/two"]),
        (link("/rss", kind="text/html"), []),
        (link("/rss", rel="stylesheet"), []),
        (link("javascript:alert(1)"), []),
        (link("file:///etc/passwd"), []),
        (link("http://[::1"), []),
        (link(""), ["https://paper.example/news/"]),
        ("<!--" + link("/old") + "-->", ["https://paper.example/old"]),
    ],
)
def test_a_page_names_its_feeds(head, found):
    assert [each.url for each in announced(f"<!doctype html><html><head>{head}</head></html>")] == found


def test_a_page_that_names_very_many_feeds_is_cut():
    head = "".join(link(f"/{n}", title=f"T{n}") for n in range(500))
    found = announced(f"<html><head>{head}")
    assert (len(found), found[0]) == (20, Announced("https://paper.example/0", "T0"))


def test_what_is_no_page_names_none():
    assert announced(link("/rss"), content_type="text/plain") == ()


OWN = replace(feed("own"), url=Secret("http://127.0.0.1:8000/rss"), address="http://127.0.0.1:8000/rss")


@pytest.mark.parametrize(
    ("url", "inside"),
    [
        ("https://paper.example/", False),
        ("http://127.0.0.1:8000/other", False),
        ("http://127.0.0.1:8001/rss", True),
        ("http://127.1:8001/rss", True),
        ("http://localhost:8000/rss", True),
        ("http://[::1]/", True),
        ("http://192.168.1.1/admin", True),
        ("http://0x7f000001/", True),
    ],
)
def test_an_address_on_the_inside_is_only_asked_where_a_feed_of_ours_is(url, inside):
    assert leads_inside(url, [OWN]) is inside


def test_a_host_may_be_private_where_another_feed_there_is_said_to_be():
    named = replace(OWN, url=Secret("http://news.lan/rss"), allow_private=True)
    urls = ("http://news.lan/two", "http://news.lan:81/two", "https://news.lan/two", "http://127.0.0.1:8000/")
    assert [may_be_private(url, [named, OWN]) for url in urls] == [True, False, False, False]


@pytest.mark.parametrize("url", ["ftp://a.example/", "paper", "http://a b/", ""])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(BadAddress):
        leads_inside(url, [])


def test_a_feed_of_ours_is_asked_as_ever_and_its_newsroom_through_its_proxy():
    proxied = replace(feed("a"), url=Secret("https://www.paper.example/rss"), proxy=Secret("http://127.0.0.1:9"))
    assert asked_as("https://www.paper.example/rss", [proxied]) is proxied
    assert asked_as("https://paper.example/other", [proxied]).proxy == proxied.proxy
    assert asked_as("https://else.example/", [proxied]).proxy is None
