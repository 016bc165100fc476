"""Servers whose key is pinned: believed whatever their certificate says, and nobody else in their place."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest

from monitor.feeds.fetch import CurlFetcher
from monitor.feeds.pins import pin_of
from monitor.model import Fetched, FetchFailed, FetchFailure, FetchRequest

from .certificates import Made, made
from .conftest import Fetchers
from .loopback import answer, serve
from .made import ask, feed

PAGE = b"<rss version='2.0'><channel/></rss>"
OWN = made("desk.example")
OTHER = made("desk.example")


def pin(one: Made) -> str:
    found = pin_of(one.pem)
    assert found is not None
    return found


@pytest.fixture
def fetcher(fetchers: Fetchers) -> CurlFetcher:
    return fetchers(resolve=lambda *_: [ip_address("127.0.0.1")], is_public=lambda address: address.is_loopback)


def refused(result: object) -> FetchFailed:
    assert isinstance(result, FetchFailed), result
    assert result.failure is FetchFailure.TLS
    return result


@pytest.mark.parametrize(
    "shown",
    [OWN, made("desk.example", key=OWN.key), made("another.example", key=OWN.key),
     made("desk.example", key=OWN.key, ends=datetime(2021, 1, 1, tzinfo=UTC), begins=datetime(2020, 1, 1, tzinfo=UTC))],
    ids=["as pinned", "renewed", "for another name", "expired"],
)  # fmt: skip
def test_whoever_holds_the_pinned_key_is_believed(fetcher: CurlFetcher, tmp_path: Path, shown: Made) -> None:
    with serve({"*": answer(200, PAGE)}, tls=shown.context(tmp_path)) as server:
        result = ask(fetcher, server.url(host="desk.example"), pins=(pin(OWN),))
    assert isinstance(result, Fetched), result


@pytest.mark.parametrize(("host", "read"), [("desk.example", True), ("pages.example", False)])
def test_a_page_has_the_pins_of_its_feed_on_the_feeds_own_host_alone(
    fetcher: CurlFetcher, tmp_path: Path, host: str, read: bool
) -> None:
    with serve({"*": answer(200, PAGE)}, tls=OWN.context(tmp_path)) as server:
        of = feed(server.url(host="desk.example"), pins=(pin(OWN),))
        result = fetcher.submit(FetchRequest(feed=of, page=server.url("/1", host=host))).result(60)
    if read:
        assert isinstance(result, Fetched), result
    else:
        refused(result)


def test_one_of_several_pins_is_enough(fetcher: CurlFetcher, tmp_path: Path) -> None:
    with serve({"*": answer(200, PAGE)}, tls=OWN.context(tmp_path)) as server:
        result = ask(fetcher, server.url(host="desk.example"), pins=(pin(OTHER), pin(OWN)))
    assert isinstance(result, Fetched), result


def test_another_key_is_refused_and_its_pin_is_told(fetcher: CurlFetcher, tmp_path: Path) -> None:
    with serve({"*": answer(200, PAGE)}, tls=OTHER.context(tmp_path)) as server:
        result = refused(ask(fetcher, server.url(host="desk.example"), pins=(pin(OWN),)))
    assert f"write pin: {pin(OTHER)}" in result.detail
    assert server.requests == []


def test_the_key_of_the_authority_is_not_the_servers(fetcher: CurlFetcher, tmp_path: Path) -> None:
    authority = made("authority.example", authority=True)
    with serve({"*": answer(200, PAGE)}, tls=made("desk.example", by=authority).context(tmp_path)) as server:
        refused(ask(fetcher, server.url(host="desk.example"), pins=(pin(authority),)))
    assert server.requests == []


def test_a_server_without_a_key_is_refused(fetcher: CurlFetcher) -> None:
    anonymous = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    anonymous.maximum_version = ssl.TLSVersion.TLSv1_2
    anonymous.set_ciphers("aNULL:@SECLEVEL=0")
    with serve({"*": answer(200, PAGE)}, tls=anonymous) as server:
        refused(ask(fetcher, server.url(host="desk.example"), pins=(pin(OWN),)))
    assert server.requests == []


def test_a_pin_of_one_feed_opens_nothing_for_another(fetcher: CurlFetcher, tmp_path: Path) -> None:
    """Not even on the connection that is open already, nor with the handle that made it."""
    with serve({"*": answer(200, PAGE)}, tls=OWN.context(tmp_path)) as server:
        url = server.url(host="desk.example")
        for _ in range(3):
            assert isinstance(ask(fetcher, url, pins=(pin(OWN),)), Fetched)
            refused(ask(fetcher, url))
            refused(ask(fetcher, url, pins=(pin(OTHER),)))
    assert len(server.requests) == 3


def test_a_pin_is_not_asked_of_whom_a_redirect_leads_to(fetcher: CurlFetcher, tmp_path: Path) -> None:
    with serve({"*": answer(200, PAGE)}, tls=OTHER.context(tmp_path)) as elsewhere:
        script = answer(302, location=elsewhere.url(host="elsewhere.example"))
        with serve({"*": script}, tls=OWN.context(tmp_path)) as server:
            refused(ask(fetcher, server.url(host="desk.example"), pins=(pin(OWN), pin(OTHER))))
    assert elsewhere.requests == []
