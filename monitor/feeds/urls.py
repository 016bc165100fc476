"""Addresses of feeds and of their redirects, read once, by us alone.

Two parsers that disagree about one address are how requests reach places that a check had ruled out. So an address
is read here, and what goes to the HTTP library is put together anew from the parts.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import quote, unquote, urljoin

from monitor.model.feeds import LONGEST_HOST

IPAddress = IPv4Address | IPv6Address

DEFAULT_PORTS = {"http": 80, "https": 443}
LONGEST = 8_000  # characters; RFC 9110 §4.1 asks for at least so much
_URL = re.compile(r"(https?)://([^/?#]*)([^?#]*)(\?[^#]*)?(?:#.*)?", re.IGNORECASE | re.DOTALL)
_AUTHORITY = re.compile(r"(?:(.*)@)?(\[[0-9A-Fa-f:.]+\]|[^:@\[\]]+)(?::(\d{0,5}))?", re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PROXY = re.compile(r"(http|socks5h?)://([^/?#]*)/?", re.IGNORECASE)
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)*[a-z0-9_][a-z0-9_-]{0,62}")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\\ud800-\udfff]")
_KEPT = "%/:=&?~+!$,;'@()*[]|"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAddress:
    """An http or https address in canonical form. `path` begins with '/', holds the query, and is plain ASCII."""

    scheme: str
    host: str  # lower case, IDNA, an IP address in its usual spelling without brackets
    port: int
    path: str
    credentials: str | None = None  # 'user:password', percent-decoded

    def __repr__(self) -> str:
        return f"WebAddress({self.place})"  # the path and the credentials may be secret

    @property
    def place(self) -> str:
        """Scheme, host and port: what may be shown."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{shown}" + ("" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}")

    @property
    def url(self) -> str:
        """The whole address, without credentials."""
        return self.place + self.path

    @property
    def literal(self) -> IPAddress | None:
        """The host, where it is an IP address and no name."""
        return as_literal(self.host)

    def is_same_site(self, other: WebAddress) -> bool:
        """Whether what is meant for this address alone may go to the other one: the same scheme, host and port, or
        the plain step up from http to https on their usual ports."""
        if self.host != other.host:
            return False
        here, there = (self.scheme, self.port), (other.scheme, other.port)
        return here == there or (here, there) == (("http", 80), ("https", 443))


class BadAddress(ValueError):
    """The address cannot be used. The text is fit for an operator and does not quote the address."""


@lru_cache(maxsize=4096)
def as_literal(host: str) -> IPAddress | None:
    """A host in canonical form as an IP address, or None for a name."""
    if not host[-1].isdigit() and ":" not in host:
        return None
    try:
        return ip_address(host)
    except ValueError:
        return None


@lru_cache(maxsize=4096)  # the same feeds are asked again and again, and this took a third of a poll's time
def read_address(text: str) -> WebAddress:
    """The address that an operator wrote. Raises `BadAddress`."""
    text = text.strip()
    if len(text) > LONGEST:
        raise BadAddress("the address is too long")
    if _FORBIDDEN.search(text):
        raise BadAddress("the address holds a space, a control character or a backslash")
    parts = _URL.fullmatch(text)
    if parts is None:
        raise BadAddress("the address does not begin with http:// or https://")
    scheme = parts[1].lower()
    authority = _AUTHORITY.fullmatch(parts[2])
    if authority is None:
        raise BadAddress("the address names no host that could be understood")
    address = WebAddress(
        scheme=scheme,
        host=_host(authority[2]),
        port=_port(authority[3], scheme),
        path=quote((parts[3] or "/") + (parts[4] or ""), safe=_KEPT),
        credentials=None if authority[1] is None else unquote(authority[1]),
    )
    if len(address.url) > LONGEST:  # once it is written in ASCII; it is kept so, and read again
        raise BadAddress("the address is too long")
    return address


def follow(here: WebAddress, location: str) -> WebAddress:
    """Where a redirect leads. Raises `BadAddress` for what must not be followed.

    From https a redirect never leads to http: who can read or change the way would then decide what we are told.
    An operator for whom that is acceptable writes the http address.
    """
    location = location.strip(" \t")
    if _FORBIDDEN.search(location.replace(" ", "")):
        raise BadAddress("the redirect's address holds a control character or a backslash")
    there = read_address(_absolute(here, location.replace(" ", "%20")))
    if there.credentials is not None:
        raise BadAddress("the redirect's address holds a user name")
    if here.scheme == "https" and there.scheme == "http":
        raise BadAddress(f"the redirect to {there.host} leaves https for http")
    return there


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """Where requests go through. `credentials` as in `WebAddress`."""

    scheme: str  # http, socks5 (names are looked up here) or socks5h (names are looked up there)
    host: str
    port: int
    credentials: str | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """The whole address, without credentials."""
        return f"{self.scheme}://" + (f"[{self.host}]" if ":" in self.host else self.host) + f":{self.port}"


def read_proxy(text: str) -> Proxy:
    """A feed's proxy as the operator wrote it. Raises `BadAddress`."""
    parts = _PROXY.fullmatch(text.strip())
    authority = parts and _AUTHORITY.fullmatch(parts[2])
    if parts is None or not authority or _FORBIDDEN.search(text.strip()):
        raise BadAddress("the proxy's address is not http://, socks5:// or socks5h:// with a host and a port")
    if not authority[3]:
        raise BadAddress("the proxy's address has no port")
    return Proxy(
        scheme=parts[1].lower(),
        host=_host(authority[2]),
        port=_port(authority[3], "http"),
        credentials=None if authority[1] is None else unquote(authority[1]),
    )


def _absolute(here: WebAddress, location: str) -> str:
    """Only paths are joined by the library: what names a host is read by `read_address` and nobody else."""
    if _SCHEME.match(location):
        return location
    return f"{here.scheme}:{location}" if location.startswith("//") else urljoin(here.url, location)


def _port(digits: str | None, scheme: str) -> int:
    if not digits:
        return DEFAULT_PORTS[scheme]
    if not 0 < int(digits) < 65_536:
        raise BadAddress("the address has an impossible port")
    return int(digits)


def _host(written: str) -> str:
    if written.startswith("["):
        return _ip6(written[1:-1])
    name = _ascii(written).lower().removesuffix(".")
    if len(name) > LONGEST_HOST or not _NAME.fullmatch(name):
        raise BadAddress("the address names no host that could be understood")
    return _ip4(name) if _ends_in_number(name) else name


def _ip6(written: str) -> str:
    try:
        return str(IPv6Address(written))
    except ValueError:
        raise BadAddress("the address has an IPv6 host that cannot be read") from None


def _ends_in_number(name: str) -> bool:
    """Whether resolvers take the name for an IPv4 address, as the WHATWG URL standard says (§3.5)."""
    last = name.rpartition(".")[2]
    return last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last) is not None


def _ip4(name: str) -> str:
    """127.1, 0x7f000001, 017700000001 and their like, in the usual spelling."""
    try:
        return socket.inet_ntoa(socket.inet_aton(name))
    except OSError:
        raise BadAddress("the address has an IPv4 host that cannot be read") from None


def _ascii(name: str) -> str:
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        raise BadAddress("the address has a host name that cannot be written in IDNA") from None
