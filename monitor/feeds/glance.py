"""One look at an address, asked as a feed is asked and read as it is read; nothing is kept of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urljoin, urlsplit

from monitor.feeds.article import attributes_of, is_page, tags_in
from monitor.feeds.decode import decode
from monitor.feeds.network import is_own_machine_or_network
from monitor.feeds.urls import BadAddress, read_address
from monitor.model import Entry, Feed, Fetched, Parsed, ParseFailed, Secret
from monitor.ports import Parser

STRANGER: Final = "stranger"  # the id of what is asked and is none of the operator's feeds
MOST_LINKS: Final = 20
_HEAD: Final = 500_000  # characters of a page in which it may name its feeds
_FEED_TYPES: Final = frozenset(("application/rss+xml", "application/atom+xml", "application/rdf+xml"))


@dataclass(frozen=True, slots=True)
class Announced:
    """A feed that a web page names as its own. `title` is '' where it says none."""

    url: str
    title: str


def asked_as(url: str, feeds: Sequence[Feed]) -> Feed:
    """How to ask: as the feed of that address is asked; else by the proxy of a feed of that host, for whoever reads a
    newsroom through a proxy wants no request to it past that."""
    for feed in feeds:
        if url in (feed.address, feed.url.reveal()):
            return feed
    host = host_of(url)
    proxy = next((feed.proxy for feed in feeds if feed.proxy and host == host_of(feed.url.reveal())), None)
    return Feed(
        id=STRANGER,
        url=Secret(url),
        address=url,
        name=host,
        source=host,
        every=timedelta(minutes=5),  # of no meaning: it is asked once
        proxy=proxy,
    )


def leads_inside(url: str, feeds: Sequence[Feed]) -> bool:
    """Whether an address names a host of this machine or its network at which no feed of the operator's is. In a rules
    file it is meant; in a list from elsewhere, or a form, it may be somebody else's idea. Raises BadAddress."""
    there = read_address(url)
    return is_own_machine_or_network(there) and not any(_is_at(feed, url) for feed in feeds)


def may_be_private(url: str, feeds: Sequence[Feed]) -> bool:
    """Whether the operator said so of another feed of the very same host and port. Raises BadAddress."""
    return any(feed.allow_private and _is_at(feed, url) for feed in feeds)


def _is_at(feed: Feed, url: str) -> bool:
    try:
        return read_address(feed.url.reveal()).place == read_address(url).place
    except BadAddress:
        return False


def host_of(url: str) -> str:
    """In small letters, without 'www.'; '' where there is none. Never raises."""
    try:
        return (urlsplit(url).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return ""


def read_feed(page: Fetched, feed_id: str, parser: Parser) -> Parsed | None:
    """A document as a feed; None for what is none."""
    if b"<" not in page.body[:256].replace(b"\0", b""):  # a text, or JSON
        return None
    parsed = parser.parse(feed_id, page)
    return None if isinstance(parsed, ParseFailed) else parsed


def newest_first(entry: Entry) -> tuple[float, int]:
    """A key to sort by: by date; those without one behind, in the order of the feed."""
    at = entry.published_at or entry.updated_at
    return (-at.timestamp() if at else float("inf"), entry.position)


def announced_in(page: Fetched) -> tuple[Announced, ...]:
    """The feeds that a web page names in its head (`<link rel="alternate">`), each once; none for what is no page."""
    if not is_page(page.body, page.content_type):
        return ()
    found: dict[str, Announced] = {}
    for each in _links(decode(page.body, page.content_type).text[:_HEAD], page.url):
        found.setdefault(each.url, each)
    return tuple(found.values())[:MOST_LINKS]


def _links(text: str, url: str) -> Iterator[Announced]:
    base = url
    for name, rest in tags_in(text):
        said = attributes_of(rest) if name in ("base", "link") else {}
        if name == "base" and said.get("href"):
            base = _joined(url, said["href"]) or base
        elif "alternate" in said.get("rel", "").lower().split() and _is_feed(said.get("type", "")):
            there = _joined(base, said.get("href", ""))
            if there:
                yield Announced(there, said.get("title", ""))


def _is_feed(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() in _FEED_TYPES


def _joined(base: str, href: str) -> str:
    """'' for what is no http address."""
    try:
        there = urljoin(base, href.strip())
        read_address(there)
    except ValueError:  # BadAddress is one
        return ""
    return there
