"""No spelling of an address, and no change of a name's mind, leads a feed to where it must not go.

Two witnesses: listeners on this machine's inside, and every socket that is opened for a connection at all. Should a
guard fail, the second one keeps the socket from leaving this machine.
"""

from __future__ import annotations

import itertools
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from typing import Any

import pycurl
import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from monitor.clock import SystemClock
from monitor.feeds import network
from monitor.feeds.fetch import CurlFetcher, trust_with
from monitor.feeds.transfer import Transfer
from monitor.feeds.urls import IPAddress
from monitor.model import Fetched, FetchFailed, FetchFailure, FetchRequest, FetchResult
from tests.faults.spellings import INSIDE_4, INSIDE_6, NAMES, spellings
from tests.feeds.certificates import Made, made
from tests.feeds.loopback import Request, Script, answer, serve
from tests.feeds.made import feed

PAGE = b"<rss version='2.0'><channel/></rss>"
OUTSIDE = ip_address("127.77.0.1")  # these tests' public internet, together with the real one
# CONNECT: a few spellings, read as octal, are public addresses, to which the witness lets nothing through. BROKEN: an
# answer with a zero byte in its headers is none.
REFUSED = {
    FetchFailure.FORBIDDEN_ADDRESS,
    FetchFailure.BAD_ADDRESS,
    FetchFailure.NAME,
    FetchFailure.CONNECT,
    FetchFailure.BROKEN,
}
FLIPS = 1_000

Answers = Callable[[str, int], list[IPAddress]]


def is_public(address: IPAddress) -> bool:
    return address == OUTSIDE or network.is_public(address)


@dataclass
class Witness:
    """`opened`: where sockets were opened for. `port`: on which the inside listens, on every address of this machine.
    `came`: how many came there."""

    opened: list[str] = field(default_factory=list)
    came: int = 0
    port: int = 0


@pytest.fixture
def witness(monkeypatch: pytest.MonkeyPatch) -> Iterator[Witness]:
    seen = Witness()
    checked = Transfer._open_socket

    def open_socket(transfer: Transfer, purpose: int, peer: Any) -> Any:
        opened = checked(transfer, purpose, peer)
        if opened == pycurl.SOCKET_BAD:
            return opened
        seen.opened.append(peer[3][0])
        return opened if ip_address(peer[3][0]).is_loopback else pycurl.SOCKET_BAD

    monkeypatch.setattr(Transfer, "_open_socket", open_socket)
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True, backlog=64) as listener:
        seen.port = listener.getsockname()[1]
        threading.Thread(target=_accept, args=(listener, seen), daemon=True).start()
        yield seen
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, seen: Witness) -> None:
    while True:
        try:
            stream, _ = listener.accept()
        except OSError:
            return
        seen.came += 1
        with suppress(OSError), stream:
            stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 35\r\nConnection: close\r\n\r\n" + PAGE)


@pytest.fixture
def fetchers() -> Iterator[Callable[..., CurlFetcher]]:
    with ExitStack() as stack:

        def make(resolve: Answers, **settings: Any) -> CurlFetcher:
            one = CurlFetcher(
                clock=SystemClock(), deadline=timedelta(seconds=10), resolve=resolve, is_public=is_public, **settings
            )
            return stack.enter_context(closing(one))

        yield make


def ask(fetcher: CurlFetcher, urls: list[str], **settings: Any) -> list[FetchResult]:
    futures = [fetcher.submit(FetchRequest(feed=feed(url, **settings))) for url in urls]
    return [future.result(60) for future in futures]


def credulous(host: str, _port: int) -> list[IPAddress]:
    """A resolver that understands as much as any: every number that the system's library reads, and inside names."""
    if host == "public.example":
        return [OUTSIDE]
    if host in NAMES:
        return [ip_address(NAMES[host])]
    try:
        return [IPv4Address(socket.inet_aton(host))]
    except OSError:
        raise OSError(-2, "Name or service not known") from None


def redirects(targets: list[str]) -> Script:
    """`/7` leads to the seventh of them."""

    def script(stream: socket.socket, request: Request) -> None:
        location = targets[int(request.path[1:])].encode("utf-8").decode("latin-1")
        answer(302, location=location)(stream, request)

    return script


def test_no_spelling_of_an_inside_address_is_connected_to(
    witness: Witness, fetchers: Callable[..., CurlFetcher]
) -> None:
    written = spellings()
    targets = [f"http://{spelling}:{witness.port}/" for spelling in written] + [
        f"//{spelling}/" for spelling in written
    ]
    with serve({"*": redirects(targets)}, host=str(OUTSIDE)) as outside:
        urls = [outside.url(f"/{n}", host="public.example") for n in range(len(targets))]
        results = ask(fetchers(credulous), urls)
    assert len(written) >= 500
    assert {where for where in witness.opened if not is_public(ip_address(where))} == set()
    assert witness.came == 0
    wrong = [
        f"{target!r}: {result}"
        for target, result in zip(targets, results, strict=True)
        if not (isinstance(result, FetchFailed) and result.failure in REFUSED)
    ]
    assert wrong == []


def test_no_name_that_leads_inside_is_connected_to(witness: Witness, fetchers: Callable[..., CurlFetcher]) -> None:
    """Also not with a public address beside it, for then it is that one which is asked."""
    inside = [
        *INSIDE_4,
        *INSIDE_6,
        *(f"::ffff:{each}" for each in INSIDE_4),
        *(f"64:ff9b::{each}" for each in INSIDE_4),
    ]
    known = {f"name{n}.example": [ip_address(each)] for n, each in enumerate(inside)}
    both = {f"both{n}.example": [ip_address(each), OUTSIDE] for n, each in enumerate(inside)}
    one = fetchers(lambda host, _: (known | both)[host])
    results = ask(one, [f"http://{name}:{witness.port}/" for name in known])
    with serve({"*": answer(200, PAGE)}, host=str(OUTSIDE)) as outside:
        mixed = ask(one, [outside.url(host=name) for name in both])
    assert {result.failure for result in results if isinstance(result, FetchFailed)} == {FetchFailure.FORBIDDEN_ADDRESS}
    assert not any(isinstance(result, Fetched) for result in results)
    assert all(isinstance(result, Fetched) for result in mixed)
    assert set(witness.opened) == {str(OUTSIDE)}
    assert witness.came == 0


@pytest.mark.parametrize("inside", ["127.0.0.1", "169.254.169.254", "::1", "64:ff9b::7f00:1"])
def test_a_name_that_changes_its_mind_never_gets_us_inside(
    witness: Witness, fetchers: Callable[..., CurlFetcher], inside: str
) -> None:
    """DNS rebinding: a name that is public when it is checked, and leads inside a moment later."""
    turns = itertools.cycle([[OUTSIDE], [ip_address(inside)]])
    names = threading.Lock()

    def resolve(host: str, port: int) -> list[IPAddress]:
        with names:
            return next(turns)

    with serve({"*": answer(200, PAGE, connection="close")}, host=str(OUTSIDE)) as outside:
        urls = [outside.url(f"/{n}", host=f"rebind{n % 16}.example") for n in range(FLIPS // 2)]
        results = ask(fetchers(resolve), urls)
    told = [result for result in results if isinstance(result, FetchFailed)]
    assert (len(results) - len(told), len(told)) == (FLIPS // 4, FLIPS // 4)
    assert {result.failure for result in told} == {FetchFailure.FORBIDDEN_ADDRESS}
    assert set(witness.opened) == {str(OUTSIDE)}


def test_a_redirect_to_a_name_that_changes_its_mind_never_gets_us_inside(
    witness: Witness, fetchers: Callable[..., CurlFetcher]
) -> None:
    turns = itertools.cycle([[OUTSIDE], [ip_address("127.0.0.1")], [ip_address("10.0.0.1"), OUTSIDE]])

    def resolve(host: str, port: int) -> list[IPAddress]:
        return [OUTSIDE] if host == "public.example" else next(turns)

    with serve({"/page": answer(200, PAGE), "*": answer(302, location="placeholder")}, host=str(OUTSIDE)) as outside:
        outside.scripts = {
            "/page": answer(200, PAGE, connection="close"),
            "*": answer(302, location=outside.url("/page", host="rebind.example")),
        }
        results = ask(fetchers(resolve), [outside.url(f"/{n}", host="public.example") for n in range(300)])
    assert sum(isinstance(result, Fetched) for result in results) == 200
    assert set(witness.opened) == {str(OUTSIDE)}


# Certificates

AUTHORITY = made("authority.example", authority=True)
LATER = datetime(2120, 1, 1, tzinfo=UTC)
OLD = datetime(2020, 1, 1, tzinfo=UTC)
BAD = {
    "expired": made("news.example", by=AUTHORITY, begins=OLD, ends=OLD + timedelta(days=30)),
    "not yet valid": made("news.example", by=AUTHORITY, begins=LATER, ends=LATER + timedelta(days=30)),
    "for another host": made("other.example", by=AUTHORITY),
    "signed by itself": made("news.example"),
    "of an unknown authority": made("news.example", by=made("nobody.example", authority=True)),
    "for clients, not for servers": made("news.example", by=AUTHORITY, purpose=ExtendedKeyUsageOID.CLIENT_AUTH),
    "signed by one that is no authority": made("news.example", by=made("news.example", by=AUTHORITY)),
    "for every host of a country": made("*.example", by=AUTHORITY),
}  # fmt: skip


def secured(fetchers: Callable[..., CurlFetcher], folder: Path) -> CurlFetcher:
    bundle = folder / "authority.pem"
    bundle.write_text(AUTHORITY.pem)
    return fetchers(lambda *_: [OUTSIDE], trust=trust_with(str(bundle)))


@pytest.mark.parametrize("certificate", BAD.values(), ids=BAD)
def test_a_bad_certificate_is_refused_before_anything_is_asked(
    fetchers: Callable[..., CurlFetcher], tmp_path: Path, certificate: Made
) -> None:
    context: ssl.SSLContext = certificate.context(tmp_path)
    with serve({"*": answer(200, PAGE)}, host=str(OUTSIDE), tls=context) as server:
        (result,) = ask(secured(fetchers, tmp_path), [server.url(host="news.example")])
    assert isinstance(result, FetchFailed), result
    assert result.failure is FetchFailure.TLS
    assert server.requests == []


def test_a_good_certificate_is_accepted(fetchers: Callable[..., CurlFetcher], tmp_path: Path) -> None:
    context = made("news.example", by=AUTHORITY).context(tmp_path)
    with serve({"*": answer(200, PAGE)}, host=str(OUTSIDE), tls=context) as server:
        (result,) = ask(secured(fetchers, tmp_path), [server.url(host="news.example")])
    assert isinstance(result, Fetched), result
