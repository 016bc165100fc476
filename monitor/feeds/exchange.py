"""What may be kept of a request and its answer: everything but secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.feeds.transfer import Hop
from monitor.feeds.urls import BadAddress, read_address
from monitor.hidden import MASK, parts
from monitor.model import Exchange, Feed

# Names of the answer's headers that serve to recognise us, or to let us in.
_DROPPED: Final = frozenset(
    {"set-cookie", "set-cookie2", "www-authenticate", "proxy-authenticate", "authentication-info"}
)
# The only headers that we write ourselves; any other is the operator's, whose value may be a password.
_OURS: Final = frozenset({"user-agent", "accept", "accept-encoding", "if-none-match", "if-modified-since"})
_NEVER: Final = frozenset({"authorization", "proxy-authorization", "cookie", "cookie2"})


def exchange(hop: Hop, status: int, headers: Mapping[str, str], *, peer: str, feed: Feed) -> Exchange:
    hidden = secrets_of(feed)
    own = {name.lower() for name, _ in feed.headers}
    sent = [(name, value.decode("latin-1")) for name, value in hop.headers if name.lower() not in _NEVER]
    return Exchange(
        method="GET",
        request=tuple(
            (name, masked(value, hidden) if name.lower() in _OURS - own else MASK) for name, value in sent
        ),
        status=status,
        response=tuple((name, masked(value, hidden)) for name, value in headers.items() if name not in _DROPPED),
        peer=peer,
        proxied=hop.proxy is not None,
        secure=_secure(hop),
    )  # fmt: skip


def secrets_of(feed: Feed) -> frozenset[str]:
    """What must not show of a feed's own address, headers and proxy, in every way that it may be written."""
    secrets = [value.reveal() for _, value in feed.headers]
    url = feed.url.reveal()
    secrets += [url] if url != feed.address or "@" in url else []
    secrets += [feed.proxy.reveal()] if feed.proxy is not None else []
    return frozenset(part for secret in secrets for part in parts(secret))


def written_address(feed: Feed) -> str:
    """As the operator wrote it, without user name and password."""
    if feed.url.reveal() != feed.address:
        return feed.address
    try:
        return read_address(feed.address).url
    except BadAddress:
        return ""


def masked(text: str, hidden: frozenset[str]) -> str:
    """`hidden` as `secrets_of` tells it."""
    for secret in sorted(hidden, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text


def _secure(hop: Hop) -> str:
    if not hop.address.url.startswith("https:"):
        return ""
    return "TLS, the server's key as pinned by the operator" if hop.pins else "TLS, certificate and name verified"
