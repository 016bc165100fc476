"""Proxies: the one that the operator gave, and no other."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address

import pytest

from monitor.feeds.urls import IPAddress
from monitor.model import Fetched, FetchFailed, FetchFailure, Secret

from .conftest import Fetchers
from .loopback import answer, serve
from .made import ask

PAGE = b"<rss version='2.0'><channel/></rss>"
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


def not_called(host: str, port: int) -> list[IPAddress]:
    raise AssertionError(f"{host} was looked up here")


@contextmanager
def socks5(target: tuple[str, int], asked: list[tuple[str, int]], logins: list[bytes]) -> Iterator[int]:
    """A SOCKS5 proxy (RFC 1928, RFC 1929) that notes what it is asked for and always goes to `target`."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=converse, args=(client,), daemon=True).start()

    def converse(client: socket.socket) -> None:
        with suppress(OSError), client, client.makefile("rwb", buffering=0) as stream:
            _, count = stream.read(2)
            method = 2 if 2 in stream.read(count) else 0
            stream.write(bytes((5, method)))
            if method == 2:
                name = stream.read(stream.read(2)[1])
                logins.append(name + b":" + stream.read(stream.read(1)[0]))
                stream.write(b"\1\0")
            kind = stream.read(4)[3]
            host = stream.read(stream.read(1)[0]).decode() if kind == 3 else socket.inet_ntoa(stream.read(4))
            asked.append((host, struct.unpack(">H", stream.read(2))[0]))
            stream.write(b"\5\0\0\1\0\0\0\0\0\0")
            relay(client)

    def relay(client: socket.socket) -> None:
        with socket.create_connection(target) as server:
            server.sendall(client.recv(65536))
            while chunk := server.recv(65536):
                client.sendall(chunk)

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@pytest.mark.parametrize("variable", VARIABLES)
def test_proxies_of_the_environment_are_not_used(
    fetchers: Fetchers, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    with serve({"*": answer(500)}) as proxy, serve({"*": answer(200, PAGE)}) as server:
        monkeypatch.setenv(variable, proxy.url())
        assert isinstance(ask(fetchers(), server.url()), Fetched)
    assert proxy.connections == 0


@pytest.mark.parametrize("no_proxy", ["", "*", "news.example"])
def test_a_feeds_proxy_is_used_whatever_the_environment_exempts(
    fetchers: Fetchers, monkeypatch: pytest.MonkeyPatch, no_proxy: str
) -> None:
    monkeypatch.setenv("no_proxy", no_proxy)
    monkeypatch.setenv("NO_PROXY", no_proxy)
    with serve({"*": answer(200, PAGE)}) as proxy:
        result = ask(fetchers(resolve=not_called), "http://news.example/feed", proxy=Secret(proxy.url("")))
    assert isinstance(result, Fetched)
    assert proxy.paths() == ["http://news.example/feed"]


def test_a_proxys_credentials_go_to_the_proxy_and_the_feeds_do_not_replace_them(fetchers: Fetchers) -> None:
    with serve({"*": answer(200, PAGE)}) as proxy:
        given = proxy.url("").replace("http://", "http://me:pa%3Ass@")
        ask(fetchers(resolve=not_called), "http://news.example/", proxy=Secret(given))
    headers = proxy.requests[0].headers
    assert headers["proxy-authorization"] == "Basic bWU6cGE6c3M="  # me:pa:ss
    assert "authorization" not in headers


def test_over_socks5h_the_name_is_looked_up_at_the_far_end(fetchers: Fetchers) -> None:
    asked: list[tuple[str, int]] = []
    logins: list[bytes] = []
    with (
        serve({"*": answer(200, PAGE, connection="close")}) as server,
        socks5((server.host, server.port), asked, logins) as port,
    ):
        proxy = Secret(f"socks5h://me:secret@127.0.0.1:{port}")
        result = ask(fetchers(resolve=not_called), "http://news.example/feed", proxy=proxy)
    assert isinstance(result, Fetched), result
    assert (asked, logins) == ([("news.example", 80)], [b"me:secret"])


def test_over_socks5_the_name_is_looked_up_and_checked_here(fetchers: Fetchers) -> None:
    asked: list[tuple[str, int]] = []
    names = {"news.example": ip_address("93.184.216.34"), "inside.example": ip_address("10.0.0.1")}
    with (
        serve({"*": answer(200, PAGE, connection="close")}) as server,
        socks5((server.host, server.port), asked, []) as port,
    ):
        one = fetchers(resolve=lambda host, _: [names[host]])
        proxy = Secret(f"socks5://127.0.0.1:{port}")
        assert isinstance(ask(one, "http://news.example/", proxy=proxy), Fetched)
        refused = ask(one, "http://inside.example/", proxy=proxy)
    assert isinstance(refused, FetchFailed)
    assert refused.failure is FetchFailure.FORBIDDEN_ADDRESS
    assert asked == [("93.184.216.34", 80)]


@pytest.mark.parametrize("inside", ["http://127.0.0.1/", "http://10.1/", "http://localhost/", "http://a.localhost/"])
def test_a_redirect_through_a_proxy_does_not_lead_inside(fetchers: Fetchers, inside: str) -> None:
    scripts = {"http://news.example/": answer(302, location=inside), "*": answer(200, PAGE)}
    with serve(scripts) as proxy:
        result = ask(fetchers(resolve=not_called), "http://news.example/", proxy=Secret(proxy.url("")))
    assert isinstance(result, FetchFailed)
    assert result.failure is FetchFailure.FORBIDDEN_ADDRESS
    assert len(proxy.requests) == 1


@pytest.mark.parametrize(
    "proxy", ["https://p.example:1", "socks4://p.example:1", "p.example:8080", "http://p.example", "x"]
)
def test_a_proxy_that_cannot_be_used_is_a_failure_that_does_not_quote_it(fetchers: Fetchers, proxy: str) -> None:
    result = ask(fetchers(), "http://news.example/", proxy=Secret(proxy))
    assert isinstance(result, FetchFailed)
    assert result.failure is FetchFailure.BAD_ADDRESS
    assert "p.example" not in result.detail
