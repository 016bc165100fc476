"""Where a request may go, and what goes with it, over every redirect."""

from __future__ import annotations

import itertools
import threading
from ipaddress import ip_address

import pytest

from monitor.feeds.network import is_public
from monitor.feeds.request import plan
from monitor.feeds.urls import IPAddress, read_address
from monitor.model import Fetched, FetchFailed, FetchFailure, FetchRequest, Secret

from .conftest import Fetchers
from .loopback import answer, serve
from .made import addresses, ask, feed

PAGE = b"<rss version='2.0'><channel/></rss>"
OPEN = ip_address("127.0.0.1")  # these tests' public internet; all the rest of loopback is the inside


def is_open(address: IPAddress) -> bool:
    return address == OPEN


def failed(result: object, why: FetchFailure) -> FetchFailed:
    assert isinstance(result, FetchFailed), result
    assert result.failure is why, result
    return result


def test_five_redirects_are_followed_and_the_sixth_is_not(fetchers: Fetchers) -> None:
    scripts = {f"/{n}": answer(status, location=f"/{n + 1}") for n, status in enumerate((301, 302, 303, 307, 308, 302))}
    with serve({**scripts, "/6": answer(200, PAGE)}) as server:
        one = fetchers()
        assert isinstance(ask(one, server.url("/1")), Fetched)
        failed(ask(one, server.url("/0")), FetchFailure.REDIRECTS)


def test_a_redirect_to_itself_ends(fetchers: Fetchers) -> None:
    with serve({"*": answer(302, location="/")}) as server:
        failed(ask(fetchers(), server.url()), FetchFailure.REDIRECTS)
        assert len(server.requests) == 6


def test_a_page_found_by_redirect_has_the_final_address(fetchers: Fetchers) -> None:
    with serve({"/a": answer(301, location="%D8%AE?a=[1] 2"), "*": answer(200, PAGE)}) as server:
        page = ask(fetchers(), server.url("/a"))
    assert isinstance(page, Fetched)
    assert page.url == server.url("/%D8%AE?a=[1]%202")


def test_the_redirects_bytes_may_be_bare_utf8(fetchers: Fetchers) -> None:
    location = "/أخبار".encode().decode("latin-1")
    with serve({"/a": answer(301, location=location), "*": answer(200, PAGE)}) as server:
        ask(fetchers(), server.url("/a"))
    assert server.paths()[1] == "/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1"


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "//user@127.0.0.1/x", "http://a.example\\@127.0.0.1/",
     "http://127.0.0.1:99999/", "http://[::1/", "http:///x", "javascript:alert(1)", "\tdata:,x", "/a\x01b"],
)  # fmt: skip
def test_a_redirect_to_what_cannot_be_used_is_not_followed(fetchers: Fetchers, location: str) -> None:
    with serve({"/start": answer(302, location=location), "*": answer(200, PAGE)}) as server:
        result = ask(fetchers(), server.url("/start"))
    failed(result, FetchFailure.BAD_ADDRESS)
    assert server.paths() == ["/start"]


# The inside


INSIDE = [
    "127.0.0.2",
    "127.2",
    "2130706434",
    "0x7f.0.0.2",
    "0177.0.0.2",
    "[::ffff:127.0.0.2]",
    "127.0.0.2.",
    "１２７.0.0.2",
]


@pytest.mark.parametrize("host", INSIDE)
def test_a_redirect_to_the_inside_is_never_connected_to(fetchers: Fetchers, host: str) -> None:
    with serve({"*": answer(200, PAGE)}, host="127.0.0.2") as inside:
        target = f"http://{host}:{inside.port}/"
        with serve({"*": answer(302, location=target.encode().decode("latin-1"))}) as outside:
            result = ask(fetchers(), outside.url())
    failed(result, FetchFailure.FORBIDDEN_ADDRESS)
    assert inside.connections == 0


@pytest.mark.parametrize("host", INSIDE)
def test_a_public_feed_is_not_led_inside(fetchers: Fetchers, host: str) -> None:
    with serve({"*": answer(200, PAGE)}, host="127.0.0.2") as inside:
        target = f"http://{host}:{inside.port}/"
        with serve({"*": answer(302, location=target.encode().decode("latin-1"))}) as outside:
            one = fetchers(resolve=lambda *_: [OPEN], is_public=is_open)
            result = ask(one, outside.url(host="news.example"))
    failed(result, FetchFailure.FORBIDDEN_ADDRESS)
    assert inside.connections == 0


def test_a_redirect_to_a_name_on_the_inside_is_never_connected_to(fetchers: Fetchers) -> None:
    names = {"news.example": OPEN, "inside.example": ip_address("127.0.0.2")}
    with (
        serve({"*": answer(200, PAGE)}, host="127.0.0.2") as inside,
        serve({"*": answer(302, location=inside.url(host="inside.example"))}) as outside,
    ):
        one = fetchers(resolve=lambda host, _: [names[host]], is_public=is_open)
        failed(ask(one, outside.url(host="news.example")), FetchFailure.FORBIDDEN_ADDRESS)
    assert inside.connections == 0


@pytest.mark.parametrize("host", ["127.0.0.2", "localhost", "[::1]"])
def test_an_operator_may_name_a_host_on_the_inside(fetchers: Fetchers, host: str) -> None:
    """Refused it would be FORBIDDEN_ADDRESS; here the answer is whatever listens there."""
    with serve({"*": answer(200, PAGE)}, host="127.0.0.2") as server:
        result = ask(fetchers(seconds=0.5), server.url(host=host))
    assert isinstance(result, Fetched) == (host == "127.0.0.2")
    assert not isinstance(result, FetchFailed) or result.failure is not FetchFailure.FORBIDDEN_ADDRESS


def test_an_operators_name_that_leads_inside_is_refused(fetchers: Fetchers) -> None:
    with serve({"*": answer(200, PAGE)}) as server:
        one = fetchers(resolve=lambda *_: [OPEN])
        failed(ask(one, server.url(host="intranet.example")), FetchFailure.FORBIDDEN_ADDRESS)
    assert server.connections == 0


@pytest.mark.parametrize("host", ["intranet.example", "127.0.0.1", "localhost"])
def test_a_feed_whose_host_may_be_private_is_asked_wherever_its_name_leads(fetchers: Fetchers, host: str) -> None:
    with serve({"*": answer(200, PAGE)}) as server:
        one = fetchers(resolve=lambda *_: [OPEN])
        assert isinstance(ask(one, server.url(host=host), allow_private=True), Fetched)


@pytest.mark.parametrize(
    "literal",
    ["169.254.169.254", "169.254.0.7", "168.63.129.16", "100.100.100.200", "[fd00:ec2::254]", "[fe80::1]",
     "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]", "224.0.0.1", "0.0.0.0",
     "[::]", "[::127.0.0.1]"],
)  # fmt: skip
def test_numbers_that_are_seldom_meant_want_to_be_allowed(fetchers: Fetchers, literal: str) -> None:
    result = failed(ask(fetchers(), f"http://{literal}:9/"), FetchFailure.FORBIDDEN_ADDRESS)
    assert "allow_private: true" in result.detail


def test_allowed_numbers_are_asked() -> None:
    """In the plan alone: nothing is to be sent to such an address."""
    wanted = read_address("http://169.254.169.254/")
    for allowed in (False, True):
        ready = plan(FetchRequest(feed=feed("http://169.254.169.254/", allow_private=allowed)))
        assert ready.forbids(wanted, ip_address("169.254.169.254"), is_public) is not allowed


@pytest.mark.parametrize(
    "to", ["http://inside.example:{port}/", "http://127.0.0.2:{port}/", "https://own.example:{port}/"]
)
def test_a_private_host_opens_no_other_place_by_redirect(fetchers: Fetchers, to: str) -> None:
    names = {"own.example": ip_address("127.0.0.1"), "inside.example": ip_address("127.0.0.2")}
    with (
        serve({"*": answer(200, PAGE)}, host="127.0.0.2") as inside,
        serve({"*": answer(302, location=to.format(port=inside.port))}) as own,
    ):
        one = fetchers(resolve=lambda host, _: [names[host]])
        result = ask(one, own.url(host="own.example"), allow_private=True)
    assert failed(result, FetchFailure.FORBIDDEN_ADDRESS).detail.startswith("a redirect leads to ")
    assert inside.connections == 0


def test_a_private_host_of_one_feed_is_closed_to_another(fetchers: Fetchers) -> None:
    with serve({"*": answer(200, PAGE)}) as server:
        one = fetchers(resolve=lambda *_: [OPEN])
        assert isinstance(ask(one, server.url(host="own.example"), allow_private=True), Fetched)
        failed(ask(one, server.url(host="own.example")), FetchFailure.FORBIDDEN_ADDRESS)
    assert len(server.requests) == 1


def test_another_port_of_the_operators_own_inside_host_is_refused(fetchers: Fetchers) -> None:
    with serve({"*": answer(200, PAGE)}) as database, serve({"*": answer(302, location=database.url())}) as server:
        failed(ask(fetchers(), server.url()), FetchFailure.FORBIDDEN_ADDRESS)
    assert database.connections == 0


def test_an_open_connection_of_one_feed_is_no_way_inside_for_another(fetchers: Fetchers) -> None:
    with (
        serve({"*": answer(200, PAGE)}, host="127.0.0.2") as inside,
        serve({"*": answer(302, location=inside.url("/stolen"))}) as outside,
    ):
        one = fetchers(resolve=lambda *_: [OPEN], is_public=is_open)
        assert isinstance(ask(one, inside.url("/own")), Fetched)  # stays open, to be used again
        failed(ask(one, outside.url(host="news.example")), FetchFailure.FORBIDDEN_ADDRESS)
    assert inside.paths() == ["/own"]


def test_a_name_that_turns_inside_between_two_answers_never_gets_us_there(fetchers: Fetchers) -> None:
    """DNS rebinding: what is checked is what is connected to, so the name's next answer does not matter."""
    turns = itertools.cycle([addresses("127.0.0.1"), addresses("127.0.0.2")])
    with serve({"*": answer(200, PAGE, connection="close")}) as server:
        one = fetchers(resolve=lambda *_: next(turns), is_public=is_open)
        results = [ask(one, server.url(host="rebind.example")) for _ in range(40)]
    assert sum(isinstance(result, Fetched) for result in results) == 20
    assert all(
        result.failure is FetchFailure.FORBIDDEN_ADDRESS for result in results if isinstance(result, FetchFailed)
    )


def test_of_a_names_addresses_only_the_public_ones_are_tried(fetchers: Fetchers) -> None:
    with serve({"*": answer(200, PAGE)}) as server:
        one = fetchers(resolve=lambda *_: addresses("127.0.0.2", "::1", "127.0.0.1"), is_public=is_open)
        assert isinstance(ask(one, server.url(host="news.example")), Fetched)


# Names


def test_a_name_that_is_not_found_is_told(fetchers: Fetchers) -> None:
    def resolve(host: str, port: int) -> list[IPAddress]:
        raise OSError(-2, "Name or service not known")

    result = failed(ask(fetchers(resolve=resolve), "http://gone.example/?token=sesame"), FetchFailure.NAME)
    assert result.detail == "gone.example: Name or service not known"


def test_name_servers_that_do_not_answer_hold_up_no_other_name(fetchers: Fetchers) -> None:
    answered = threading.Event()

    def resolve(host: str, port: int) -> list[IPAddress]:
        if host.startswith("dead"):
            answered.wait(30)
        return [OPEN]

    with serve({"*": answer(200, PAGE)}) as server:
        one = fetchers(resolve=resolve, is_public=is_open, parallel=32)
        dead = [one.submit(FetchRequest(feed=feed(f"http://dead{n}.example:{server.port}/"))) for n in range(31)]
        assert isinstance(ask(one, server.url(host="alive.example")), Fetched)
        assert not any(future.done() for future in dead)
        answered.set()


def test_a_name_server_that_does_not_answer_ends_with_the_deadline(fetchers: Fetchers) -> None:
    answered = threading.Event()

    def resolve(host: str, port: int) -> list[IPAddress]:
        answered.wait(30)
        return [OPEN]

    failed(ask(fetchers(resolve=resolve, seconds=0.3), "http://dead.example/"), FetchFailure.TIMEOUT)
    answered.set()


# What is meant for one host only


def secretive(fetchers: Fetchers, url: str) -> object:
    one = fetchers(resolve=lambda *_: [OPEN], is_public=lambda _: True)
    return ask(one, url.replace("http://", "http://me:pass@"), headers=(("X-Key", Secret("k")),))


def test_secrets_follow_a_redirect_on_the_same_host(fetchers: Fetchers) -> None:
    with serve({"/a": answer(302, location="/b"), "*": answer(200, PAGE)}) as server:
        assert isinstance(secretive(fetchers, server.url("/a", host="news.example")), Fetched)
    assert [request.headers.get("x-key") for request in server.requests] == ["k", "k"]
    assert all("authorization" in request.headers for request in server.requests)


@pytest.mark.parametrize("other", ["evil.example", "sub.news.example"])
def test_secrets_do_not_follow_a_redirect_to_another_host(fetchers: Fetchers, other: str) -> None:
    with serve({"*": answer(200, PAGE)}) as server:
        target = server.url("/b", host=other)
        with serve({"*": answer(302, location=target)}) as first:
            assert isinstance(secretive(fetchers, first.url("/a", host="news.example")), Fetched)
    assert "x-key" not in server.requests[0].headers
    assert "authorization" not in server.requests[0].headers
    assert server.requests[0].headers["host"] == f"{other}:{server.port}"


def test_secrets_do_not_follow_a_redirect_to_another_port(fetchers: Fetchers) -> None:
    with (
        serve({"*": answer(200, PAGE)}) as server,
        serve({"*": answer(302, location=server.url("/b", host="news.example"))}) as first,
    ):
        assert isinstance(secretive(fetchers, first.url("/a", host="news.example")), Fetched)
    assert "x-key" not in server.requests[0].headers
    assert "authorization" not in server.requests[0].headers


def test_an_address_that_holds_a_secret_is_kept_without_its_query(fetchers: Fetchers) -> None:
    with serve({"*": answer(200, PAGE, etag='"1"')}) as server:
        page = ask(fetchers(), server.url("/feed?token=sesame"), address=server.url("/feed?token=${TOKEN}"))
    assert server.paths() == ["/feed?token=sesame"]
    assert isinstance(page, Fetched)
    assert page.validators is not None
    assert "sesame" not in repr(page)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://a\\@b/", "http://", "ftp://a.example/", "http://a b/", "x"]
)
def test_an_address_that_cannot_be_used_is_a_failure_and_no_exception(fetchers: Fetchers, url: str) -> None:
    failed(ask(fetchers(), url), FetchFailure.BAD_ADDRESS)
