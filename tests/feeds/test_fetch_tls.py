"""Secure connections, with a certificate authority made for the test."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest
import trustme

from monitor.clock import SystemClock
from monitor.errors import ConfigError
from monitor.feeds.fetch import CurlFetcher, fetcher_from, trust_with
from monitor.model import Fetched, FetchFailed, FetchFailure

from .conftest import Fetchers
from .loopback import answer, serve
from .made import ask

PAGE = b"<rss version='2.0'><channel/></rss>"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> str:
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return str(file)


def context(authority: trustme.CA, name: str, **how: datetime) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, **how).configure_cert(made)  # type: ignore[arg-type]
    return made


def secured(fetchers: Fetchers, bundle: str) -> CurlFetcher:
    return fetchers(
        trust=trust_with(bundle),
        resolve=lambda *_: [ip_address("127.0.0.1")],
        is_public=lambda address: address.is_loopback,
    )


def test_a_certificate_that_we_trust_is_accepted(fetchers: Fetchers, authority: trustme.CA, bundle: str) -> None:
    with serve({"*": answer(200, PAGE)}, tls=context(authority, "news.example")) as server:
        result = ask(secured(fetchers, bundle), server.url(host="news.example"))
    assert isinstance(result, Fetched), result


@pytest.mark.parametrize("name", ["other.example", "*.example.org"])
def test_a_certificate_for_another_name_is_refused(
    fetchers: Fetchers, authority: trustme.CA, bundle: str, name: str
) -> None:
    with serve({"*": answer(200, PAGE)}, tls=context(authority, name)) as server:
        refused(ask(secured(fetchers, bundle), server.url(host="news.example")))
    assert server.requests == []


def test_a_certificate_of_nobody_we_trust_is_refused(fetchers: Fetchers, bundle: str) -> None:
    with serve({"*": answer(200, PAGE)}, tls=context(trustme.CA(), "news.example")) as server:
        refused(ask(secured(fetchers, bundle), server.url(host="news.example")))
    assert server.requests == []


def test_a_certificate_that_ran_out_is_refused(fetchers: Fetchers, authority: trustme.CA, bundle: str) -> None:
    old = context(
        authority,
        "news.example",
        not_before=datetime(2020, 1, 1, tzinfo=UTC),
        not_after=datetime(2020, 2, 1, tzinfo=UTC),
    )
    with serve({"*": answer(200, PAGE)}, tls=old) as server:
        result = ask(secured(fetchers, bundle), server.url(host="news.example"))
    assert "expired" in refused(result).detail
    assert server.requests == []


def test_a_server_that_speaks_no_tls_is_refused(fetchers: Fetchers, bundle: str) -> None:
    with serve({"*": answer(200, PAGE)}) as server:
        refused(ask(secured(fetchers, bundle), server.url(host="news.example").replace("http:", "https:")))


def test_a_redirect_from_https_to_http_is_not_followed(fetchers: Fetchers, authority: trustme.CA, bundle: str) -> None:
    with serve({"*": answer(200, PAGE)}) as plain:
        script = answer(301, location=plain.url(host="news.example"))
        with serve({"*": script}, tls=context(authority, "news.example")) as secure:
            result = ask(secured(fetchers, bundle), secure.url(host="news.example"))
    assert isinstance(result, FetchFailed)
    assert result.failure is FetchFailure.BAD_ADDRESS
    assert "leaves https" in result.detail
    assert plain.connections == 0


def test_ssl_cert_file_adds_to_the_certificates_that_are_trusted(bundle: str) -> None:
    trust = trust_with(bundle)
    assert trust.certificates is not None
    assert trust.certificates.count(b"BEGIN CERTIFICATE") > 50
    assert Path(bundle).read_bytes() in trust.certificates


def test_an_ssl_cert_file_that_is_not_there_is_bad_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="SSL_CERT_FILE"):
        fetcher_from({"SSL_CERT_FILE": str(tmp_path / "none.pem")}, clock=SystemClock())


def refused(result: object) -> FetchFailed:
    assert isinstance(result, FetchFailed), result
    assert result.failure is FetchFailure.TLS
    return result
