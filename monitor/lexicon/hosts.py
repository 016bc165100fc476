"""Whose a host is: the domain that was registered, and the hosts that many newsrooms share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from monitor.model.feeds import LONGEST_HOST

# Second-level names under which countries register; enough for the newsrooms of the region.
_REGISTRIES = frozenset((
    "ac", "co", "com", "edu", "gen", "gov", "gob", "info", "int", "mil", "net", "news", "or", "org", "ltd", "me",
    "nom",
))  # fmt: skip
SHARED_BY_PATH: Final = (
    "feedburner.com", "feedburner.google.com", "google.com", "rss.app", "rsshub.app", "youtube.com", "t.me",
    "medium.com", "facebook.com", "twitter.com", "x.com", "github.io", "feedx.net", "inoreader.com",
    "fetchrss.com",
)  # fmt: skip
SHARED_BY_NAME: Final = ("blogspot.com", "wordpress.com", "substack.com", "tumblr.com", "medium.com", "github.io")


def host_in(address: str) -> str:
    """The host of an address without 'www.', in small letters; '' where there is none that may be. Never raises."""
    try:
        host = (urlsplit(address).hostname or "").lower().rstrip(".").removeprefix("www.")
    except ValueError:
        return ""
    return host if len(host) <= LONGEST_HOST else ""


def is_within(host: str, domain: str) -> bool:
    return host == domain or host.endswith("." + domain)


def named_on_shared(host: str) -> bool:
    """Whether the newsroom is the name before a host that many share: `town-news.blogspot.com`."""
    return any(host.endswith("." + shared) for shared in SHARED_BY_NAME)


def shared_by_path(host: str) -> bool:
    """Whether only the path tells whose it is."""
    return not named_on_shared(host) and any(is_within(host, shared) for shared in SHARED_BY_PATH)


def registered(host: str) -> str:
    """The name that somebody registered: `feeds.example.co.uk` is `example.co.uk`. A number stays as it is."""
    labels = host.split(".")
    if len(labels) < 3 or labels[-1].isdecimal() or ":" in host:
        return host
    wide = len(labels[-1]) == 2 and labels[-2] in _REGISTRIES
    return ".".join(labels[-3 if wide else -2 :])


def outward(host: str) -> Iterator[str]:
    """The host and each domain it lies within, the host first: `a.b.example`, `b.example`, `example`."""
    while host:
        yield host
        host = host.partition(".")[2]
