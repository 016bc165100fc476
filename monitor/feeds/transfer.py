"""One request and its answer, as a libcurl handle.

Making a handle and telling it all that never changes is a third of what a poll costs, so a handle may serve again.
What one feed alone has (a password, a proxy, a pin) is never told to a handle that serves another.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

import pycurl

from monitor.feeds.answer import WIRE_LIMIT, Answer
from monitor.feeds.pins import present_pin
from monitor.feeds.urls import IPAddress, Proxy, WebAddress
from monitor.model import FetchFailure

_FAILURES: Final[Mapping[int, FetchFailure]] = {
    pycurl.E_URL_MALFORMAT: FetchFailure.BAD_ADDRESS,
    pycurl.E_COULDNT_RESOLVE_HOST: FetchFailure.NAME,
    pycurl.E_COULDNT_RESOLVE_PROXY: FetchFailure.NAME,
    pycurl.E_COULDNT_CONNECT: FetchFailure.CONNECT,
    97: FetchFailure.CONNECT,  # CURLE_PROXY, which pycurl does not name
    pycurl.E_FILESIZE_EXCEEDED: FetchFailure.TOO_LARGE,
    100: FetchFailure.TOO_LARGE,  # CURLE_TOO_LARGE: libcurl's own bound on headers
    pycurl.E_OPERATION_TIMEDOUT: FetchFailure.TIMEOUT,
    pycurl.E_SSL_CONNECT_ERROR: FetchFailure.TLS,
    pycurl.E_PEER_FAILED_VERIFICATION: FetchFailure.TLS,
    pycurl.E_SSL_CIPHER: FetchFailure.TLS,
    pycurl.E_SSL_CACERT_BADFILE: FetchFailure.TLS,
    pycurl.E_SSL_ISSUER_ERROR: FetchFailure.TLS,
    pycurl.E_SSL_INVALIDCERTSTATUS: FetchFailure.TLS,
    pycurl.E_SSL_PINNEDPUBKEYNOTMATCH: FetchFailure.TLS,
}
_WORDS: Final[Mapping[FetchFailure, str]] = {
    FetchFailure.BAD_ADDRESS: "the address cannot be used",
    FetchFailure.NAME: "the name was not found",
    FetchFailure.CONNECT: "no connection",
    FetchFailure.TOO_LARGE: f"more than {WIRE_LIMIT:,} bytes",
    FetchFailure.TIMEOUT: "no answer in time",
    FetchFailure.TLS: "no secure connection",
    FetchFailure.BROKEN: "the answer broke off",
}
# A pin says whose key is right, so names and authorities are not asked; but there must be a key, and it must be used.
_CIPHERS_WITH_A_KEY = "DEFAULT:!aNULL:!eNULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One request to send. `names` pins host names to addresses; `allowed` are the only ones to connect to (None: any,
    for the way to a proxy). `binding` is what validators of this address are bound to. `pins`: the server must show one
    of these keys, and need show nothing else."""

    address: WebAddress
    binding: str
    is_conditional: bool
    headers: tuple[tuple[str, bytes], ...]
    credentials: str | None = None
    proxy: Proxy | None = None
    pins: tuple[str, ...] = ()
    names: tuple[tuple[str, int, tuple[IPAddress, ...]], ...] = ()
    allowed: frozenset[IPAddress] | None = frozenset()

    @property
    def is_plain(self) -> bool:
        """Whether it has nothing that another request must not have."""
        return self.credentials is None and self.proxy is None and not self.pins


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom TLS believes: certificates in a file, or in memory. One of them is given."""

    file: str | None = None
    certificates: bytes | None = field(default=None, repr=False)


class Transfer:
    """`ask` once; once more only if what was asked before, and is over, was plain."""

    def __init__(self, trust: Trust) -> None:
        self.answer = Answer()
        self.curl = pycurl.Curl()
        self.hop: Hop
        self._was_refused = False
        self._begin()
        self._secure(trust)

    def ask(self, hop: Hop) -> None:
        """Say what to send and where to; the handle is then ready for the wire."""
        self.hop, self.answer, self._was_refused = hop, Answer(), False
        self.curl.setopt(pycurl.URL, hop.address.url.encode("ascii"))
        self.curl.setopt(pycurl.HTTPHEADER, [_header(name, value) for name, value in hop.headers])
        self.curl.setopt(pycurl.RESOLVE, [_pinned(*name) for name in hop.names])
        if not hop.is_plain:
            self._authorize(hop.credentials)
            self._go_through(hop.proxy)
            self._believe_only(hop.pins)

    def rest(self) -> None:
        """Let go of the answer, which may be large."""
        self.answer = Answer()

    def peer(self) -> str:
        """The address that we were connected to; a proxy's where there is one. '' if unknown."""
        return str(self.curl.getinfo(pycurl.PRIMARY_IP) or "")

    def failure(self, code: int, message: str) -> tuple[FetchFailure, str] | None:
        """What went wrong, in words without a secret; None if the answer came whole, or as much of it as matters."""
        if code == 0 or self.answer.is_enough:
            return None
        host = self.hop.address.host
        if self.answer.excess:
            return FetchFailure.TOO_LARGE, f"{host}: {self.answer.excess}"
        if self._was_refused and code == pycurl.E_COULDNT_CONNECT:
            return FetchFailure.FORBIDDEN_ADDRESS, f"{host} leads to an address that was not approved"
        if code == pycurl.E_SSL_PINNEDPUBKEYNOTMATCH:
            return FetchFailure.TLS, f"{host}: {self._other_key()}"
        failure = _FAILURES.get(code, FetchFailure.BROKEN)
        # Only these of libcurl's sentences say more than ours, and they quote certificates and addresses, no request.
        tells = message if failure in (FetchFailure.TLS, FetchFailure.CONNECT) else ""
        return failure, f"{host}: {_printable(tells) or _WORDS[failure]}"

    def _other_key(self) -> str:
        shown = present_pin(self.curl.getinfo(pycurl.INFO_CERTINFO))
        remedy = f"; if its owner says that it is new, write pin: {shown}" if shown else ""
        return f"the server's key is not the one that is pinned{remedy}"

    def _begin(self) -> None:
        curl = self.curl
        curl.setopt(pycurl.PATH_AS_IS, 1)
        curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
        curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
        curl.setopt(pycurl.HTTP09_ALLOWED, 0)
        curl.setopt(pycurl.FOLLOWLOCATION, 0)
        curl.setopt(pycurl.NOSIGNAL, 1)
        curl.setopt(pycurl.MAXFILESIZE, WIRE_LIMIT)
        curl.setopt(pycurl.HEADERFUNCTION, self._take_header)
        curl.setopt(pycurl.WRITEFUNCTION, self._take_chunk)
        curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open_socket)
        # Both are set even when empty: else libcurl takes them from http_proxy, all_proxy and no_proxy.
        curl.setopt(pycurl.PROXY, "")
        curl.setopt(pycurl.NOPROXY, "")

    def _secure(self, trust: Trust) -> None:
        self.curl.setopt(pycurl.SSL_VERIFYPEER, 1)
        self.curl.setopt(pycurl.SSL_VERIFYHOST, 2)
        self.curl.setopt(pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_2)
        if trust.certificates is not None:
            self.curl.setopt(pycurl.CAINFO_BLOB, trust.certificates)
        elif trust.file is not None:
            self.curl.setopt(pycurl.CAINFO, trust.file)

    def _authorize(self, credentials: str | None) -> None:
        if credentials is not None:
            user, _, password = credentials.partition(":")
            self.curl.setopt(pycurl.HTTPAUTH, pycurl.HTTPAUTH_BASIC)
            self.curl.setopt(pycurl.USERNAME, user.encode())
            self.curl.setopt(pycurl.PASSWORD, password.encode())

    def _go_through(self, proxy: Proxy | None) -> None:
        if proxy is None:
            return
        self.curl.setopt(pycurl.PROXY, proxy.url)
        if proxy.credentials is not None:
            user, _, password = proxy.credentials.partition(":")
            self.curl.setopt(pycurl.PROXYUSERNAME, user.encode())
            self.curl.setopt(pycurl.PROXYPASSWORD, password.encode())

    def _believe_only(self, pins: tuple[str, ...]) -> None:
        """Whoever holds the pinned key is the server; the authorities need not vouch for it, nor for its name."""
        if pins:
            self.curl.setopt(pycurl.PINNEDPUBLICKEY, ";".join(pins))
            self.curl.setopt(pycurl.SSL_VERIFYPEER, 0)
            self.curl.setopt(pycurl.SSL_VERIFYHOST, 0)
            self.curl.setopt(pycurl.SSL_CIPHER_LIST, _CIPHERS_WITH_A_KEY)
            self.curl.setopt(pycurl.OPT_CERTINFO, 1)

    def _open_socket(self, _purpose: int, peer: tuple[int, int, int, tuple[str, int]]) -> _Opened | int:
        """The last word on where we connect: it sees the very address that the socket is for."""
        family, kind, protocol, where = peer
        allowed = self.hop.allowed
        if allowed is not None and ip_address(where[0].partition("%")[0]) not in allowed:
            self._was_refused = True
            return pycurl.SOCKET_BAD
        return _Opened(socket.socket(family, kind, protocol).detach())

    def _take_header(self, line: bytes) -> int | None:
        return None if self.answer.take_header(line) else -1

    def _take_chunk(self, chunk: bytes) -> int | None:
        return None if self.answer.take_chunk(chunk) else -1


class _Opened:
    """A socket on its way to pycurl, which takes a copy of the descriptor and forgets this one. A socket object would
    complain of that when it is collected, which costs more than to open it."""

    __slots__ = ("_descriptor",)

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def fileno(self) -> int:
        return self._descriptor

    def __del__(self) -> None:
        os.close(self._descriptor)


def _header(name: str, value: bytes) -> bytes:
    return name.encode("latin-1") + (b": " + value if value else b";")  # libcurl's way to write an empty one


def _pinned(host: str, port: int, addresses: tuple[IPAddress, ...]) -> str:
    shown = ",".join(f"[{address}]" if address.version == 6 else str(address) for address in addresses)
    return f"{host}:{port}:{shown}"


def _printable(text: str) -> str:
    return "".join(c for c in text if c.isprintable())[:200]
