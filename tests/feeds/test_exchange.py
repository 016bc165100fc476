"""What is kept of a request and its answer, over a real connection."""

from __future__ import annotations

import pytest

from monitor.feeds.exchange import written_address
from monitor.feeds.fetch import CurlFetcher
from monitor.model import Exchange, Fetched, FetchRequest, Secret

from .loopback import answer, serve
from .made import ask, feed

PAGE = b"<rss version='2.0'><channel><title>a</title></channel></rss>"


def exchange(page: object) -> Exchange:
    assert isinstance(page, Fetched), page
    assert page.exchange is not None
    return page.exchange


def test_what_was_sent_and_what_came_back_is_told_with_who_answered(fetcher: CurlFetcher) -> None:
    with serve({"*": answer(200, PAGE, etag='"7"', server="nginx")}) as server:
        page = ask(fetcher, server.url())
        seen = exchange(page)
        again = exchange(ask(fetcher, server.url(), validators=page.validators))
    assert (seen.method, seen.status, seen.peer, seen.proxied, seen.secure) == ("GET", 200, "127.0.0.1", False, "")
    assert dict(seen.request)["User-Agent"].startswith("monitor/")
    assert "If-None-Match" not in dict(seen.request)
    assert dict(again.request)["If-None-Match"] == '"7"'
    assert dict(seen.response)["server"] == "nginx"


def test_cookies_passwords_and_the_operators_own_headers_are_not_kept(fetcher: CurlFetcher) -> None:
    headers = (
        ("Cookie", Secret("id=c0okie")),
        ("X-Key", Secret("k3y-of-mine")),
        ("Authorization", Secret("Bearer t0ken99")),
        ("X-Pin", Secret("123")),
    )
    script = answer(200, PAGE, set_cookie="session=s3ssion", x_echo="you sent k3y-of-mine and t0ken99", x_page="3")
    with serve({"*": script}) as server:
        url = server.url("/feed?key=hushhush1").replace("://", "://user:passw0rd@")
        secret = feed(url, headers=headers, address=server.url("/feed?key=${KEY}"))
        seen = exchange(fetcher.submit(FetchRequest(feed=secret)).result(10))
        sent = server.requests[0].headers
    told = repr(seen)
    assert sent["x-key"] == "k3y-of-mine"
    assert (dict(seen.request)["X-Key"], dict(seen.request)["X-Pin"]) == ("***", "***")
    assert dict(seen.response)["x-page"] == "3"
    for hidden in ("c0okie", "k3y-of-mine", "t0ken99", "s3ssion", "passw0rd", "hushhush1", "Authorization"):
        assert hidden not in told


@pytest.mark.parametrize(
    ("url", "address", "written"),
    [
        ("https://a.example/rss?x=1", "https://a.example/rss?x=1", "https://a.example/rss?x=1"),
        ("https://u:p@a.example/rss", "https://u:p@a.example/rss", "https://a.example/rss"),
        ("https://a.example/s3cret", "https://a.example/${KEY}", "https://a.example/${KEY}"),
    ],
)
def test_the_written_address_holds_no_password(url: str, address: str, written: str) -> None:
    assert written_address(feed(url, address=address)) == written
