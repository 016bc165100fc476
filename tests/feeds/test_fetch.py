"""The promises of `ports.Fetcher`, against servers on loopback that keep none."""

from __future__ import annotations

import gzip
import socket
import threading
import zlib
from concurrent.futures import wait
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_address
from typing import Any

import pytest

from monitor import __version__
from monitor.feeds.fetch import CurlFetcher
from monitor.feeds.request import AT_ONCE_OWN_MACHINE, AT_ONCE_OWN_NETWORK
from monitor.model import Fetched, FetchFailed, FetchFailure, FetchRequest, NotModified, Secret

from .conftest import Fetchers
from .loopback import Request, answer, delayed, drip, endless, gated, hang, raw, reset, serve, until
from .made import ask, feed

PAGE = b"<rss version='2.0'><channel><title>a</title></channel></rss>"


def failure(result: object) -> FetchFailure:
    assert isinstance(result, FetchFailed), result
    return result.failure


def body(result: object) -> bytes:
    assert isinstance(result, Fetched), result
    return result.body


# What is sent and what comes back


def test_a_page_comes_with_its_address_type_and_validators(fetcher: CurlFetcher) -> None:
    script = answer(
        200, PAGE, content_type="text/xml; charset=utf-8", etag='W/"7-gzip"', last_modified="Sun, 1 Mar 2026"
    )
    with serve({"/feed?x=1": script}) as server:
        page = ask(fetcher, server.url("/feed?x=1"))
    assert isinstance(page, Fetched)
    assert (page.body, page.content_type, page.url) == (PAGE, "text/xml; charset=utf-8", server.url("/feed?x=1"))
    assert page.validators is not None
    assert (page.validators.etag, page.validators.last_modified) == ('W/"7-gzip"', "Sun, 1 Mar 2026")
    assert page.fetched_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("etag", ['"a"', 'W/"b-gzip"', "unquoted", '"caf\xe9"', '"a, b"', "'x'", '"a\\b"'])
def test_validators_go_back_byte_for_byte(fetcher: CurlFetcher, etag: str) -> None:
    with serve({"*": answer(200, PAGE, etag=etag, last_modified="yesterday \xfc")}) as server:
        page = ask(fetcher, server.url())
        assert isinstance(page, Fetched)
        ask(fetcher, server.url(), validators=page.validators)
    sent = server.requests[1].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == (etag, "yesterday \xfc")


def test_validators_are_sent_only_to_the_address_that_gave_them(fetcher: CurlFetcher) -> None:
    scripts = {"/old": answer(302, location="/new"), "/new": answer(200, PAGE, etag='"n"')}
    with serve(scripts) as server:
        page = ask(fetcher, server.url("/old"))
        assert isinstance(page, Fetched)
        ask(fetcher, server.url("/old"), validators=page.validators)
    assert [(each.path, each.headers.get("if-none-match")) for each in server.requests[2:]] == [
        ("/old", None),
        ("/new", '"n"'),
    ]


def test_304_to_our_validators_means_unchanged(fetcher: CurlFetcher) -> None:
    def script(stream: socket.socket, request: Request) -> None:
        made = answer(304) if "if-none-match" in request.headers else answer(200, PAGE, etag='"1"')
        made(stream, request)

    with serve({"*": script}) as server:
        page = ask(fetcher, server.url())
        assert isinstance(page, Fetched)
        assert isinstance(ask(fetcher, server.url(), validators=page.validators), NotModified)


def test_304_that_nobody_asked_for_is_a_failure(fetcher: CurlFetcher) -> None:
    with serve({"*": answer(304)}) as server:
        result = ask(fetcher, server.url())
    assert isinstance(result, FetchFailed)
    assert (result.failure, result.status) == (FetchFailure.STATUS, 304)


def test_we_say_who_we_are_and_whom_to_ask(fetchers: Fetchers) -> None:
    with serve({"*": answer(200, PAGE)}) as server:
        ask(fetchers(contact="https://desk.example/monitor"), server.url())
        ask(fetchers(contact=" "), server.url())
    agents = [request.headers["user-agent"] for request in server.requests]
    assert agents == [f"monitor/{__version__} (+https://desk.example/monitor)", f"monitor/{__version__}"]
    assert "application/atom+xml" in server.requests[0].headers["accept"]


def test_a_feeds_own_headers_are_sent_and_may_replace_ours(fetcher: CurlFetcher) -> None:
    headers = (("X-Key", Secret("k1")), ("user-agent", Secret("Reader/9")), ("Accept-Encoding", Secret("br")))
    with serve({"*": answer(200, PAGE)}) as server:
        ask(fetcher, server.url(), headers=headers)
    sent = server.requests[0].headers
    assert (sent["x-key"], sent["user-agent"], sent["accept-encoding"]) == ("k1", "Reader/9", "gzip, deflate")


def test_a_header_that_would_split_the_request_is_not_sent(fetcher: CurlFetcher) -> None:
    with serve({"*": answer(200, PAGE)}) as server:
        result = ask(fetcher, server.url(), headers=(("X-Key", Secret("a\r\nHost: evil.example")),))
    assert failure(result) is FetchFailure.BAD_ADDRESS
    assert server.connections == 0


def test_cookies_are_not_kept(fetcher: CurlFetcher) -> None:
    with serve({"*": answer(200, PAGE, set_cookie="id=1; Path=/")}) as server:
        ask(fetcher, server.url())
        ask(fetcher, server.url())
    assert all("cookie" not in request.headers for request in server.requests)


def test_credentials_in_the_address_are_sent_as_basic_auth_and_shown_nowhere(fetcher: CurlFetcher) -> None:
    with serve({"*": answer(200, PAGE)}) as server:
        url = f"http://me:s%40cret@127.0.0.1:{server.port}/feed"
        page = ask(fetcher, url, address="http://${USER}@127.0.0.1/feed")
    assert server.requests[0].headers["authorization"] == "Basic bWU6c0BjcmV0"  # me:s@cret
    assert "s@cret" not in repr(page)
    assert "s%40cret" not in repr(page)


# Statuses


@pytest.mark.parametrize("status", [201, 202, 203, 204, 206, 300, 400, 401, 403, 404, 410, 418, 500, 502, 503])
def test_whatever_is_not_200_is_a_failure_even_with_a_feed_in_it(fetcher: CurlFetcher, status: int) -> None:
    with serve({"*": answer(status, PAGE, location="")}) as server:
        result = ask(fetcher, server.url())
    assert isinstance(result, FetchFailed)
    assert (result.failure, result.status) == (FetchFailure.STATUS, status)


@pytest.mark.parametrize("text", [b"", b" \r\n\t "])
def test_a_page_without_content_is_a_failure(fetcher: CurlFetcher, text: bytes) -> None:
    with serve({"*": answer(200, text)}) as server:
        assert failure(ask(fetcher, server.url())) is FetchFailure.BROKEN


@pytest.mark.parametrize("status", [429, 503, 404])
def test_retry_after_in_seconds_is_reported(fetcher: CurlFetcher, status: int) -> None:
    with serve({"*": answer(status, retry_after="120")}) as server:
        result = ask(fetcher, server.url())
    assert isinstance(result, FetchFailed)
    assert result.retry_after == timedelta(seconds=120)


def test_retry_after_as_a_date_is_reported_as_the_time_until_then(fetcher: CurlFetcher) -> None:
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
    with serve({"*": answer(429, retry_after=format_datetime(at, usegmt=True))}) as server:
        result = ask(fetcher, server.url())
    assert isinstance(result, FetchFailed)
    assert result.retry_after == at - result.fetched_at


# Bodies

COMPRESSED = {
    "gzip": gzip.compress(PAGE),
    "x-gzip": gzip.compress(PAGE[:20]) + gzip.compress(PAGE[20:]),
    "deflate": zlib.compress(PAGE),
    "Deflate": zlib.compress(PAGE)[2:-4],  # raw, as some servers send it
    "identity": PAGE,
}


@pytest.mark.parametrize("coding", COMPRESSED)
def test_a_compressed_body_is_inflated(fetcher: CurlFetcher, coding: str) -> None:
    with serve({"*": answer(200, COMPRESSED[coding], content_encoding=coding)}) as server:
        assert body(ask(fetcher, server.url())) == PAGE


BAD_BODIES = {
    "truncated gzip": (answer(200, gzip.compress(PAGE)[:-9], content_encoding="gzip"), FetchFailure.BROKEN),
    "damaged gzip": (answer(200, b"\x1f\x8b" + b"\xff" * 40, content_encoding="gzip"), FetchFailure.BROKEN),
    "not gzip at all": (answer(200, PAGE, content_encoding="gzip"), FetchFailure.BROKEN),
    "a coding we did not ask for": (answer(200, b"\x0b\x02", content_encoding="br"), FetchFailure.BROKEN),
    "two codings": (answer(200, gzip.compress(PAGE), content_encoding="gzip, gzip"), FetchFailure.BROKEN),
    "gzip bomb": (answer(200, gzip.compress(bytes(64 << 20)), content_encoding="gzip"), FetchFailure.TOO_LARGE),
    "short body": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", PAGE), FetchFailure.BROKEN),
    "broken chunk": (raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rs"), FetchFailure.BROKEN),
    "announced too large": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n"), FetchFailure.TOO_LARGE),
    "endless": (endless(b"x" * 65536, start=b"HTTP/1.1 200 OK\r\n\r\n"), FetchFailure.TOO_LARGE),
    "endless chunks": (
        endless(b"8000\r\n" + b"x" * 32768 + b"\r\n", start=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        FetchFailure.TOO_LARGE,
    ),
    "header flood": (endless(b"X-A: b\r\n" * 50, start=b"HTTP/1.1 200 OK\r\n"), FetchFailure.TOO_LARGE),
    "endless header line": (endless(b"a" * 4096, start=b"HTTP/1.1 200 OK\r\nX: "), FetchFailure.TOO_LARGE),
    "flood of 1xx answers": (endless(b"HTTP/1.1 103 Early\r\n\r\n" * 20, start=b""), FetchFailure.TOO_LARGE),
    "nothing": (raw(), FetchFailure.BROKEN),
    "no HTTP": (raw(b"SSH-2.0-OpenSSH_9.2\r\n"), FetchFailure.BROKEN),
    "reset": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<rss", then=reset), FetchFailure.BROKEN),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_answer_is_a_typed_failure(fetcher: CurlFetcher, name: str) -> None:
    script, expected = BAD_BODIES[name]
    with serve({"*": script}) as server:
        result = ask(fetcher, server.url("/secret-path?token=sesame"))
    assert failure(result) is expected
    assert "sesame" not in repr(result)
    assert "secret-path" not in repr(result)


def test_an_endless_error_page_is_still_the_error_that_it_is(fetcher: CurlFetcher) -> None:
    with serve({"*": endless(b"x" * 4096, start=b"HTTP/1.1 503 No\r\nRetry-After: 60\r\n\r\n")}) as server:
        result = ask(fetcher, server.url())
    assert isinstance(result, FetchFailed)
    assert (result.failure, result.retry_after) == (FetchFailure.STATUS, timedelta(seconds=60))


# The deadline


@pytest.mark.parametrize("what", ["silence", "headers that drip", "a body that drips", "half an answer"])
def test_the_deadline_is_for_the_whole_answer(fetchers: Fetchers, what: str) -> None:
    stopped = threading.Event()
    scripts = {
        "silence": raw(then=hang),
        "headers that drip": drip(b"X: y\r\n", start=b"HTTP/1.1 200 OK\r\n", stopped=stopped),
        "a body that drips": drip(b"x", start=b"HTTP/1.1 200 OK\r\n\r\n", stopped=stopped),
        "half an answer": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<rss", then=hang),
    }
    with serve({"*": scripts[what]}) as server:
        result = ask(fetchers(seconds=0.4), server.url("/?token=sesame"))
        stopped.set()
    assert failure(result) is FetchFailure.TIMEOUT
    assert "sesame" not in repr(result)


def test_the_deadline_is_for_all_redirects_together(fetchers: Fetchers) -> None:
    slow = delayed(0.25, lambda request: answer(302, location=f"/{int(request.path[1:]) + 1}"))
    with serve({"*": slow}) as server:
        assert failure(ask(fetchers(seconds=0.6), server.url("/1"))) is FetchFailure.TIMEOUT


def test_waiting_for_a_turn_does_not_count_against_the_deadline(fetchers: Fetchers) -> None:
    patient = fetchers(seconds=1.5, resolve=lambda *_: [ip_address("127.0.0.1")], is_public=lambda _: True)
    with serve({"*": delayed(0.3, lambda _: answer(200, PAGE))}) as server:
        asked = [FetchRequest(feed=feed(server.url(f"/{n}", host="news.example"))) for n in range(6)]
        futures = [patient.submit(each) for each in asked]  # 1.8 s in all
        assert all(isinstance(future.result(60), Fetched) for future in futures)


def test_nobody_listens(fetcher: CurlFetcher) -> None:
    with serve({}) as server:
        pass
    assert failure(ask(fetcher, server.url())) is FetchFailure.CONNECT


# Turns


def abroad(fetchers: Fetchers) -> CurlFetcher:
    """To it, names lead to hosts of other people's, and not to this machine."""
    return fetchers(resolve=lambda *_: [ip_address("127.0.0.1")], is_public=lambda _: True)


def test_one_host_is_asked_one_thing_at_a_time_in_order(fetchers: Fetchers) -> None:
    fetcher = abroad(fetchers)
    with serve({"*": answer(200, PAGE)}) as server:
        futures = [fetcher.submit(FetchRequest(feed=feed(server.url(f"/{n}", host="news.example")))) for n in range(40)]
        wait(futures, 60)
    assert server.most_at_once == 1
    assert server.paths() == [f"/{n}" for n in range(40)]


@pytest.mark.parametrize(
    ("settings", "at_once"),
    [({}, AT_ONCE_OWN_MACHINE), ({"host": "intranet.example", "allow_private": True}, AT_ONCE_OWN_NETWORK)],
)
def test_a_host_of_the_operators_own_is_asked_several_things_at_a_time(
    fetchers: Fetchers, settings: dict[str, Any], at_once: int
) -> None:
    fetcher = fetchers(resolve=lambda *_: [ip_address("127.0.0.1")])
    opened, script = gated()
    host = settings.pop("host", None)
    with serve({"*": script}) as server:
        futures = [
            fetcher.submit(FetchRequest(feed=feed(server.url(f"/{n}", host=host), **settings))) for n in range(80)
        ]
        until(lambda: server.under_way == at_once)
        opened.set()
        wait(futures, 60)
    assert server.most_at_once == at_once
    assert len(server.requests) == 80


def test_a_hung_host_holds_up_no_other(fetcher: CurlFetcher) -> None:
    opened, script = gated()
    with serve({"*": script}, host="127.0.0.1") as hung, serve({"*": answer(200, PAGE)}, host="127.0.0.2") as good:
        stuck = [fetcher.submit(FetchRequest(feed=feed(hung.url(f"/{n}")))) for n in range(80)]
        results = [ask(fetcher, good.url(f"/{n}")) for n in range(5)]
        assert all(isinstance(result, Fetched) for result in results)
        assert not any(future.done() for future in stuck)
        opened.set()
        wait(stuck, 60)
    assert len(hung.requests) == 80


def test_so_many_requests_are_under_way_and_no_more(fetchers: Fetchers) -> None:
    opened, script = gated()
    two = fetchers(parallel=2)
    with (
        serve({"*": script}, host="127.0.0.1") as first,
        serve({"*": script}, host="127.0.0.2") as second,
        serve({"*": answer(200, PAGE)}, host="127.0.0.3") as third,
    ):
        futures = [two.submit(FetchRequest(feed=feed(server.url()))) for server in (first, second, third)]
        until(lambda: len(first.requests) == 1 and len(second.requests) == 1)
        assert third.connections == 0
        opened.set()
        wait(futures, 60)
    assert len(third.requests) == 1


def test_a_request_that_was_cancelled_before_its_turn_is_not_made(fetchers: Fetchers) -> None:
    fetcher = abroad(fetchers)
    opened, script = gated()
    with serve({"*": script}) as server:
        first, second, third = (
            fetcher.submit(FetchRequest(feed=feed(server.url(f"/{n}", host="news.example")))) for n in "123"
        )
        until(lambda: server.requests)
        assert second.cancel()
        opened.set()
        wait([first, third], 60)
    assert server.paths() == ["/1", "/3"]


def test_closing_ends_what_is_under_way_and_what_waits(fetcher: CurlFetcher) -> None:
    opened, script = gated()
    with serve({"*": script}) as server:
        futures = [fetcher.submit(FetchRequest(feed=feed(server.url(f"/{n}")))) for n in range(3)]
        until(lambda: server.requests)
        fetcher.close()
        assert all(failure(future.result(0)) is FetchFailure.BROKEN for future in futures)
        opened.set()
    fetcher.close()
    assert failure(fetcher.submit(FetchRequest(feed=feed(server.url()))).result(0)) is FetchFailure.BROKEN


def test_many_threads_may_ask(fetcher: CurlFetcher) -> None:
    done: list[object] = []
    with serve({"*": answer(200, PAGE)}) as server:
        threads = [
            threading.Thread(target=lambda n=n: done.append(ask(fetcher, server.url(f"/{n}")))) for n in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert len(done) == 20
    assert all(isinstance(result, Fetched) for result in done)
