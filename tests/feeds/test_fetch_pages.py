"""Pages that a feed names: asked as a stranger's, whatever the feed itself may."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from ipaddress import ip_address

import pytest

from monitor.feeds.fetch import CurlFetcher
from monitor.feeds.urls import IPAddress
from monitor.model import Feed, Fetched, FetchFailed, FetchFailure, FetchRequest, FetchResult, Secret
from tests.feeds.conftest import Fetchers
from tests.feeds.loopback import answer, gated, hang, raw, serve, until
from tests.feeds.made import feed
from tests.feeds.test_fetch_proxy import socks5

PAGE = b"<html><p>x</p></html>"
OPEN = ip_address("127.0.0.1")  # these tests' public internet
PASSWORD = {"headers": (("Authorization", Secret("Bearer hushed")), ("X-Key", Secret("hushed")))}


def is_open(address: IPAddress) -> bool:
    return address == OPEN


def visit(fetcher: CurlFetcher, of: Feed, page: str) -> FetchResult:
    return fetcher.submit(FetchRequest(feed=of, page=page)).result(60)


def outside(fetchers: Fetchers, **names: str) -> CurlFetcher:
    known = {f"{name}.example": ip_address(address) for name, address in names.items()}
    return fetchers(resolve=lambda host, _: [known.get(host, OPEN)], is_public=is_open)


@pytest.mark.parametrize("own", [True, False], ids=["the feed's host", "another host"])
def test_a_page_is_asked_without_the_feeds_headers_and_password(fetchers: Fetchers, own: bool) -> None:
    with serve({"*": answer(200, PAGE)}) as server:
        of = feed(server.url("/feed").replace("://", "://user:hushed@"), **PASSWORD)
        page = server.url("/1") if own else server.url("/1", host="other.example")
        assert isinstance(visit(outside(fetchers), of, page), Fetched)
    [asked] = server.requests
    assert "hushed" not in str(asked.headers)
    assert not {"authorization", "x-key"} & asked.headers.keys()
    assert asked.headers["accept"].startswith("text/html")


def test_a_password_in_a_pages_own_address_is_not_sent(fetchers: Fetchers) -> None:
    with serve({"*": answer(200, PAGE)}) as server:
        visit(fetchers(), feed(server.url("/feed")), server.url("/1").replace("://", "://user:hushed@"))
    assert "authorization" not in server.requests[0].headers


@pytest.mark.parametrize("inside", ["127.0.0.2", "169.254.169.254", "10.0.0.1", "[::1]", "0x7f.0.0.2", "lan.example"])
def test_a_page_inside_the_network_is_not_asked_for(fetchers: Fetchers, inside: str) -> None:
    """Whoever writes the feed chose the address, so it is not meant as one that the operator wrote."""
    result = visit(outside(fetchers, lan="192.168.1.1"), feed("http://news.example/feed"), f"http://{inside}:9/admin")
    assert isinstance(result, FetchFailed)
    assert result.failure is FetchFailure.FORBIDDEN_ADDRESS
    assert "allow_private" not in result.detail


def test_a_feed_of_the_own_network_opens_its_own_host_and_port_alone(fetchers: Fetchers) -> None:
    with serve({"*": answer(200, PAGE)}) as own, serve({"*": answer(200, PAGE)}) as other:
        one = fetchers()  # to which all of loopback is the inside
        assert isinstance(visit(one, feed(own.url("/feed")), own.url("/1")), Fetched)
        refused = visit(one, feed(own.url("/feed")), other.url("/1"))
        assert isinstance(refused, FetchFailed)
        assert refused.failure is FetchFailure.FORBIDDEN_ADDRESS
    assert other.connections == 0


@pytest.mark.parametrize("inside", ["http://169.254.169.254/latest", "http://127.0.0.2:9/", "http://inside.example:9/"])
def test_a_page_leads_nowhere_inside_by_redirect(fetchers: Fetchers, inside: str) -> None:
    with serve({"*": answer(302, location=inside)}) as server:
        one = outside(fetchers, inside="127.0.0.2")
        result = visit(one, feed("http://news.example/feed"), server.url("/1", host="pages.example"))
    assert isinstance(result, FetchFailed)
    assert result.failure is FetchFailure.FORBIDDEN_ADDRESS


def test_the_address_where_a_page_was_found_is_known_whole_also_of_a_feed_with_a_secret(fetchers: Fetchers) -> None:
    """Many sites number their articles in it, and the page was asked for without the secret."""
    with serve({"/1": answer(302, location="/story?id=7"), "*": answer(200, PAGE)}) as server:
        of = feed(server.url("/feed?key=hushed"), address=server.url("/feed"))
        found = visit(fetchers(), of, server.url("/1"))
    assert isinstance(found, Fetched)
    assert found.url == server.url("/story?id=7")


def test_a_page_that_fails_is_not_taken_for_a_feed_that_moved(fetchers: Fetchers) -> None:
    """The feed's own address is not asked in its place."""
    with serve({"/1": answer(500), "*": answer(200, PAGE)}) as server:
        result = visit(fetchers(), feed(server.url("/feed")), server.url("/1"))
    assert isinstance(result, FetchFailed)
    assert server.paths() == ["/1"]


def test_a_page_goes_by_the_feeds_proxy(fetchers: Fetchers) -> None:
    with serve({"*": answer(200, PAGE)}) as proxy:
        of = feed("http://news.example/feed", proxy=Secret(f"http://127.0.0.1:{proxy.port}"))
        visit(fetchers(resolve=lambda *_: [OPEN], is_public=is_open), of, "http://pages.example/1")
    assert proxy.paths() == ["http://pages.example/1"]


def test_a_page_holds_up_the_feed_of_its_host_no_longer_than_its_own_short_deadline(fetchers: Fetchers) -> None:
    """A feed may name pages of another newsroom's host that never answer."""
    with serve({"/hang": raw(then=hang), "*": answer(200, PAGE)}) as server:
        fetcher = fetchers(seconds=300, page_deadline=timedelta(seconds=0.5))
        page = fetcher.submit(FetchRequest(feed=feed(server.url("/other")), page=server.url("/hang")))
        until(server.paths)
        poll = fetcher.submit(FetchRequest(feed=feed(server.url("/feed"))))
        assert isinstance(poll.result(60), Fetched)
        late = page.result(60)
    assert isinstance(late, FetchFailed)
    assert (late.failure, late.detail) == (FetchFailure.TIMEOUT, "127.0.0.1: no whole answer within 0.5 s")


def test_a_poll_goes_before_the_pages_that_wait_for_its_host(fetchers: Fetchers) -> None:
    opened, gate = gated()
    with serve({"/1": gate, "*": answer(200, PAGE)}) as server:
        fetcher = outside(fetchers)
        url = partial(server.url, host="news.example")
        pages = [fetcher.submit(FetchRequest(feed=feed(url("/feed")), page=url(f"/{n}"))) for n in (1, 2, 3)]
        until(server.paths)
        poll = fetcher.submit(FetchRequest(feed=feed(url("/feed"))))
        opened.set()
        assert all(isinstance(each.result(60), Fetched) for each in (*pages, poll))
    assert server.paths() == ["/1", "/feed", "/2", "/3"]


# --- behind a proxy, which may stand in a network that we do not see


def proxied(port: int, scheme: str = "http") -> Feed:
    return feed("http://news.example/feed", proxy=Secret(f"{scheme}://127.0.0.1:{port}"))


@pytest.mark.parametrize("host", ["intranet.example", "169.254.169.254.names.example", "localhost", "10.0.0.1"])
def test_no_proxy_is_asked_for_a_page_that_a_look_here_finds_inside(fetchers: Fetchers, host: str) -> None:
    inside = ip_address("10.0.0.7")
    with serve({"*": answer(200, PAGE)}) as proxy:
        fetcher = fetchers(resolve=lambda *_: [inside], is_public=is_open)
        result = visit(fetcher, proxied(proxy.port), f"http://{host}/payroll")
    assert isinstance(result, FetchFailed)
    assert result.failure is FetchFailure.FORBIDDEN_ADDRESS
    assert proxy.paths() == []


def test_no_proxy_is_asked_for_a_page_whose_name_is_not_known_here(fetchers: Fetchers) -> None:
    with serve({"*": answer(200, PAGE)}) as proxy:
        result = visit(fetchers(resolve=unknown), proxied(proxy.port), "http://intranet.corp/payroll")
    assert isinstance(result, FetchFailed)
    assert result.failure is FetchFailure.NAME
    assert proxy.paths() == []


@pytest.mark.parametrize("host", ["news.example", "www.news.example"])
@pytest.mark.parametrize("scheme", ["http", "socks5h"])
def test_a_page_of_the_feeds_own_host_is_left_to_the_proxy_as_the_feed_is(
    fetchers: Fetchers, scheme: str, host: str
) -> None:
    asked: list[tuple[str, int]] = []
    with (
        serve({"*": answer(200, PAGE, connection="close")}) as server,
        socks5((server.host, server.port), asked, []) as port,
    ):
        of = proxied(port if scheme == "socks5h" else server.port, scheme)
        assert isinstance(visit(fetchers(resolve=unknown), of, f"http://{host}/1"), Fetched)
    assert asked == ([(host, 80)] if scheme == "socks5h" else [])


@pytest.mark.parametrize("page", ["http://pages.example/1", "http://sub.news.example/1", "http://news.example:81/1"])
def test_over_socks5h_no_name_is_looked_up_here_so_that_pages_of_other_hosts_are_not_asked_for(
    fetchers: Fetchers, page: str
) -> None:
    """Whoever names such a proxy does not want the names to show in the own network."""
    looked_up: list[str] = []

    def resolve(host: str, _: int) -> list[IPAddress]:
        looked_up.append(host)
        return [OPEN]

    asked: list[tuple[str, int]] = []
    with serve({"*": answer(200, PAGE)}) as server, socks5((server.host, server.port), asked, []) as port:
        result = visit(fetchers(resolve=resolve, is_public=is_open), proxied(port, "socks5h"), page)
    assert isinstance(result, FetchFailed)
    assert result.failure is FetchFailure.FORBIDDEN_ADDRESS
    assert "own host" in result.detail
    assert (asked, looked_up) == ([], [])


def test_a_redirect_through_a_proxy_is_looked_up_as_the_first_address_is(fetchers: Fetchers) -> None:
    known = {"pages.example": OPEN, "intranet.example": ip_address("10.0.0.7")}
    scripts = {"http://pages.example/1": answer(302, location="http://intranet.example/"), "*": answer(200, PAGE)}
    with serve(scripts) as proxy:
        fetcher = fetchers(resolve=lambda host, _: [known[host]], is_public=is_open)
        result = visit(fetcher, proxied(proxy.port), "http://pages.example/1")
    assert isinstance(result, FetchFailed)
    assert result.failure is FetchFailure.FORBIDDEN_ADDRESS
    assert proxy.paths() == ["http://pages.example/1"]


def unknown(_host: str, _port: int) -> list[IPAddress]:
    raise OSError("not known here")


@pytest.mark.parametrize("page", ["ftp://pages.example/1", "file:///etc/passwd", "http://", "http://a b/"])
def test_what_is_no_address_is_not_asked(fetchers: Fetchers, page: str) -> None:
    result = visit(fetchers(), feed(), page)
    assert isinstance(result, FetchFailed)
    assert result.failure is FetchFailure.BAD_ADDRESS
