"""Feeds that moved: what is told of it, and what is asked when the move is believed."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

import pytest

from monitor.feeds.fetch import CurlFetcher
from monitor.model import Fetched, FetchFailed, FetchFailure, FetchRequest, FetchResult, NotModified, Secret

from .conftest import Fetchers
from .loopback import Script, answer, hang, raw, serve
from .made import feed

PAGE = b"<rss version='2.0'><channel/></rss>"


def ask(fetcher: CurlFetcher, url: str, *, moved_to: str | None = None, **settings: Any) -> FetchResult:
    return fetcher.submit(FetchRequest(feed=feed(url, **settings), moved_to=moved_to)).result(60)


@pytest.mark.parametrize(
    ("statuses", "where"),
    [([], None), ([301], "/1"), ([308], "/1"), ([302], None), ([303], None), ([307], None), ([301, 308], "/2"),
     ([301, 302], "/1"), ([302, 301], None), ([301, 302, 301], "/1")],
)  # fmt: skip
def test_only_permanent_redirects_before_any_other_are_a_move(
    fetcher: CurlFetcher, statuses: list[int], where: str | None
) -> None:
    scripts = {f"/{n}": answer(status, location=f"/{n + 1}") for n, status in enumerate(statuses)}
    with serve({**scripts, "*": answer(200, PAGE)}) as server:
        page = ask(fetcher, server.url("/0"))
    assert isinstance(page, Fetched)
    assert page.moved_to == (None if where is None else server.url(where))


def test_a_moved_feed_that_is_unchanged_tells_of_its_move_too(fetcher: CurlFetcher) -> None:
    with serve({"/old": answer(301, location="/new"), "*": answer(200, PAGE, etag='"1"')}) as server:
        page = ask(fetcher, server.url("/old"))
        assert isinstance(page, Fetched)
        server.scripts = {"/old": answer(301, location="/new"), "*": answer(304)}
        asked = FetchRequest(feed=feed(server.url("/old")), validators=page.validators)
        unchanged = fetcher.submit(asked).result(60)
    assert isinstance(unchanged, NotModified)
    assert unchanged.moved_to == server.url("/new")


@pytest.mark.parametrize(
    "settings",
    [{"address": "https://news.example/${KEY}"}, {"headers": (("Authorization", Secret("Bearer sesame-7")),)}],
)
def test_where_a_feed_with_a_secret_moved_is_not_told(fetcher: CurlFetcher, settings: dict[str, Any]) -> None:
    with serve({"/old": answer(301, location="/new?key=sesame-7"), "*": answer(200, PAGE)}) as server:
        page = ask(fetcher, server.url("/old"), **settings)
    assert isinstance(page, Fetched)
    assert page.moved_to == "…"


def test_a_believed_move_is_asked_first_and_its_own_address_is_left_alone(fetcher: CurlFetcher) -> None:
    with serve({"*": answer(200, PAGE)}) as server:
        page = ask(fetcher, server.url("/old"), moved_to=server.url("/new"))
    assert server.paths() == ["/new"]
    assert isinstance(page, Fetched)
    assert page.moved_to == server.url("/new")


@pytest.mark.parametrize(
    "broken",
    [answer(404), answer(500), answer(200), raw(b"nonsense"), raw(), answer(301, location="/new"), raw(then=hang),
     answer(302, location="http://127.0.0.2:9/"), answer(302, location="file:///etc/passwd")],
)  # fmt: skip
def test_where_the_new_address_fails_the_old_one_is_asked(fetchers: Fetchers, broken: Script) -> None:
    with serve({"/new": broken, "/old": answer(200, PAGE)}) as server:
        page = ask(fetchers(seconds=1.5), server.url("/old"), moved_to=server.url("/new"))
    assert server.paths()[0] == "/new"
    assert server.paths()[-1] == "/old"
    assert isinstance(page, Fetched), page
    assert page.moved_to is None


def test_where_both_addresses_fail_the_old_ones_failure_is_told(fetcher: CurlFetcher) -> None:
    with serve({"/new": answer(500), "/old": answer(403)}) as server:
        result = ask(fetcher, server.url("/old"), moved_to=server.url("/new"))
    assert isinstance(result, FetchFailed)
    assert result.status == 403
    assert server.paths() == ["/new", "/old"]


def test_two_addresses_that_hang_end_within_one_deadline(fetchers: Fetchers) -> None:
    with serve({"*": raw(then=hang)}) as server:
        result = ask(fetchers(seconds=0.6), server.url("/old"), moved_to=server.url("/new"))
    assert isinstance(result, FetchFailed)
    assert result.failure is FetchFailure.TIMEOUT
    assert server.paths() == ["/new", "/old"]


@pytest.mark.parametrize("moved_to", ["http://127.0.0.2:9/", "file:///etc/passwd", "", "http://me@127.0.0.1/"])
def test_a_move_is_bound_by_what_a_redirect_is_bound_by(fetcher: CurlFetcher, moved_to: str) -> None:
    with serve({"*": answer(200, PAGE)}) as server:
        page = ask(fetcher, server.url("/old"), moved_to=moved_to)
    assert isinstance(page, Fetched)
    assert len(server.requests) == 1
    assert page.moved_to is None


def test_secrets_do_not_go_where_a_feed_moved_to(fetchers: Fetchers) -> None:
    with serve({"*": answer(200, PAGE)}) as server:
        one = fetchers(resolve=lambda *_: [ip_address("127.0.0.1")], is_public=lambda _: True)
        settings = {"headers": (("X-Key", Secret("k")),)}
        moved_to = server.url("/new", host="new.example")
        ask(one, f"http://me:pass@old.example:{server.port}/", moved_to=moved_to, **settings)
    assert server.requests[0].headers["host"] == f"new.example:{server.port}"
    assert not {"x-key", "authorization"} & set(server.requests[0].headers)
