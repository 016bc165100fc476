"""What to send for a feed: which headers, by which way, and to which addresses it may go. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from monitor.feeds.moves import UNTOLD
from monitor.feeds.network import is_loopback, is_own_machine, is_own_machine_or_network
from monitor.feeds.transfer import Hop
from monitor.feeds.urls import BadAddress, IPAddress, Proxy, WebAddress, as_literal, follow, read_address, read_proxy
from monitor.model import Feed, FetchRequest, Validators

_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)  # fmt: skip
_ACCEPT_PAGES = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
_NOT_TO_REPLACE = frozenset({"if-none-match", "if-modified-since", "range", "accept-encoding"})
AT_ONCE_OWN_MACHINE = 50  # requests under way together: nobody is annoyed; there is room left for other hosts,
AT_ONCE_OWN_NETWORK = 4  # a helper of the operator's own that makes feeds out of pages, with many feeds on one host,
AT_ONCE = 1  # and a host of other people's, which bans who asks for thirty feeds at once
IsPublic = Callable[[IPAddress], bool]
Found = Mapping[tuple[str, int], Sequence[IPAddress]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A feed's request, read and found usable."""

    origin: WebAddress  # what the operator wrote
    start: WebAddress  # what is asked first: the same, or where it moved to, or a page that the feed names
    proxy: Proxy | None
    own_headers: tuple[tuple[str, bytes], ...]
    validators: Validators | None
    allow_private: bool = False
    pins: tuple[str, ...] = ()
    of_page: bool = False

    @property
    def has_one_way(self) -> bool:
        """Whether there is nothing else to ask where the start fails."""
        return self.of_page or self.start is self.origin

    def names(self, to: WebAddress) -> tuple[tuple[str, int], ...]:
        """The host names, with ports, whose addresses are needed before a hop. IP addresses need none, and
        neither do names that are the proxy's alone to look up."""
        hosts = []
        if not self._is_left_to_proxy(to) and not self._is_kept_from(to):
            hosts.append((to.host, to.port))
        if self.proxy is not None:
            hosts.append((self.proxy.host, self.proxy.port))
        return tuple((host, port) for host, port in hosts if as_literal(host) is None)

    def forbids(self, to: WebAddress, address: IPAddress, is_public: IsPublic) -> bool:
        """Whether a hop must not go to this address.

        Only the public internet is open, with one exception: an operator who wrote a private address, or localhost,
        or said that the host may be private, means it. The exception is for that very place; neither a redirect nor
        another feed has it.
        """
        if not self._is_own(to):
            return not is_public(address)
        return not self.allow_private and to.host == "localhost" and not is_loopback(address)

    def refusal(self, to: WebAddress) -> str:
        """Why a hop that `forbids` forbids is not taken, and what the operator can do if it is meant."""
        if self._is_kept_from(to):
            return f"{to.host} is not the feed's own host, and its name is for the socks5h proxy alone to look up"
        if self.of_page and to == self.start:
            return f"{to.host}, which the feed names, is not on the public internet"
        if not self.origin.is_same_site(to):
            return f"a redirect leads to {to.host}, which is not on the public internet"
        meant = "" if self.allow_private else "; if it is yours, write allow_private: true under the feed"
        return f"{to.host} is not on the public internet{meant}"

    def at_once(self, to: WebAddress) -> int:
        """How many requests may be under way together at the host that a hop leads to."""
        if not self._is_own(to):
            return AT_ONCE
        return AT_ONCE_OWN_MACHINE if is_own_machine(to) else AT_ONCE_OWN_NETWORK

    def _is_own(self, to: WebAddress) -> bool:
        return self.origin.is_same_site(to) and (self.allow_private or is_own_machine_or_network(self.origin))

    def hop(self, to: WebAddress, found: Found, *, agent: str, is_public: IsPublic) -> Hop | None:
        """The request for one hop, or None if it would leave what is allowed. `found` answers `names`."""
        open_to = self._open_to(to, found, is_public)
        if open_to is None:
            return None
        is_own, bound = self.origin.is_same_site(to), binding(to)
        known = self.validators if self.validators is not None and self.validators.url == bound else None
        return Hop(
            address=to,
            binding=bound,
            is_conditional=known is not None,
            headers=_headers(
                self.own_headers if is_own else (), known, agent, accept=_ACCEPT_PAGES if self.of_page else _ACCEPT
            ),
            credentials=self.origin.credentials if is_own else None,
            pins=self.pins if is_own else (),
            proxy=self.proxy,
            names=tuple((*name, open_to if name == (to.host, to.port) else tuple(found[name])) for name in found),
            allowed=None if self.proxy else frozenset(open_to),
        )

    def _open_to(self, to: WebAddress, found: Found, is_public: IsPublic) -> tuple[IPAddress, ...] | None:
        """Those of the target's addresses that may be connected to; () where a proxy looks the name up."""
        literal = to.literal
        addresses = found.get((to.host, to.port), ()) if literal is None else (literal,)
        open_to = tuple(address for address in addresses if not self.forbids(to, address, is_public))
        is_left = not addresses and self._is_left_to_proxy(to) and not _is_local_name(to.host)
        return open_to if open_to or is_left else None

    def _is_left_to_proxy(self, to: WebAddress) -> bool:
        """Whether a name is looked up by the proxy and by nobody else. The operator wrote the feed's host; who writes
        the feed named the others, and the proxy may reach networks that are not ours."""
        if self.proxy is None or self.proxy.scheme == "socks5":
            return False
        return not self.of_page or self._is_at_feeds_host(to)

    def _is_kept_from(self, to: WebAddress) -> bool:
        """Whether nobody could say what a page's name means but a proxy that alone may know the names: with socks5h
        the operator wants none of them to show in the own network."""
        resolves = self.proxy is not None and self.proxy.scheme == "socks5h"
        return self.of_page and resolves and to.literal is None and not self._is_at_feeds_host(to)

    def _is_at_feeds_host(self, to: WebAddress) -> bool:
        """With or without www: these have one owner."""
        is_one = self.origin.host.removeprefix("www.") == to.host.removeprefix("www.")
        return is_one and self.origin.is_same_site(replace(to, host=self.origin.host))


def plan(request: FetchRequest) -> Plan:
    """Read what the operator wrote. Raises `BadAddress`."""
    feed = request.feed
    origin = read_address(feed.url.reveal())
    if request.page is not None:
        return _plan_of_page(feed, replace(origin, credentials=None), read_address(request.page))
    return Plan(
        origin=origin,
        start=origin if request.moved_to is None else _moved(origin, request.moved_to),
        proxy=read_proxy(feed.proxy.reveal()) if feed.proxy is not None else None,
        own_headers=tuple(_own_header(name, value.reveal()) for name, value in feed.headers),
        validators=request.validators,
        allow_private=feed.allow_private,
        pins=feed.pins,
    )


def _plan_of_page(feed: Feed, origin: WebAddress, page: WebAddress) -> Plan:
    return Plan(
        origin=origin,
        start=replace(page, credentials=None),
        proxy=read_proxy(feed.proxy.reveal()) if feed.proxy is not None else None,
        own_headers=(),
        validators=None,
        allow_private=feed.allow_private,
        pins=feed.pins,
        of_page=True,
    )


def _moved(origin: WebAddress, to: str) -> WebAddress:
    """As a redirect is read: what would not be followed is not asked first, either."""
    try:
        there = follow(origin, to)
    except BadAddress:
        return origin
    return origin if there == origin else there


def binding(address: WebAddress) -> str:
    """What validators are bound to: the final address, as a digest, for it may hold a secret and is stored."""
    return hashlib.blake2b(address.url.encode(), digest_size=16).hexdigest()


def shown_url(address: WebAddress, feed: Feed) -> str:
    """The final address as it may be kept: where the feed's own holds a secret, without the query."""
    return address.url.partition("?")[0] if _holds_secret(feed) else address.url


def moved_to(address: WebAddress, feed: Feed) -> str:
    """Where a feed moved to, as it may be kept: for a feed with a secret, that it did and no more. A server knows the
    secret and may repeat it anywhere in the address."""
    told = unquote(address.url)
    repeats = any(word in told for _, value in feed.headers for word in value.reveal().split() if len(word) > 5)
    return UNTOLD if _holds_secret(feed) or repeats else address.url


def _holds_secret(feed: Feed) -> bool:
    return feed.url.reveal() != feed.address


def _headers(
    own: Sequence[tuple[str, bytes]], known: Validators | None, agent: str, *, accept: str
) -> tuple[tuple[str, bytes], ...]:
    """The operator's headers replace ours of the same name, save those that our reading of the answer rests on."""
    headers = {"user-agent": ("User-Agent", agent.encode()), "accept": ("Accept", accept.encode())}
    headers |= {name.lower(): (name, value) for name, value in own if name.lower() not in _NOT_TO_REPLACE}
    headers["accept-encoding"] = ("Accept-Encoding", b"gzip, deflate")
    if known is not None and known.etag:
        headers["if-none-match"] = ("If-None-Match", known.etag.encode("latin-1"))
    if known is not None and known.last_modified:
        headers["if-modified-since"] = ("If-Modified-Since", known.last_modified.encode("latin-1"))
    return tuple(headers.values())


def _own_header(name: str, value: str) -> tuple[str, bytes]:
    is_token = bool(name) and name.isascii() and all(c.isalnum() or c in "!#$%&'*+-.^_`|~" for c in name)
    if not is_token or any(ord(c) < 32 or ord(c) == 127 for c in value):
        raise BadAddress("a header of the feed holds a character that no header can hold")
    return name, value.strip().encode("utf-8")


def _is_local_name(host: str) -> bool:
    return host == "localhost" or host.endswith(".localhost")  # RFC 6761 §6.3
