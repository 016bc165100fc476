"""What is to be explained: a text, or what a file or an address holds; a feed's newest entries."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from monitor import config as configuration
from monitor.clock import SystemClock
from monitor.errors import ConfigError, MonitorError
from monitor.feeds.glance import STRANGER, asked_as, newest_first, read_feed
from monitor.given_text import entry_of
from monitor.model import Entry, Feed, Fetched, FetchFailed, FetchFailure, FetchRequest
from monitor.regular import read_regular

_MOST_BYTES: Final = 16 * 1024 * 1024  # of a file, as of a feed
_BROWSER: Final = "open it in a browser"
_REMEDIES: Final = {
    FetchFailure.BAD_ADDRESS: "write the whole address, as the browser shows it",
    FetchFailure.FORBIDDEN_ADDRESS: "save the page, and name the file instead",
    FetchFailure.NAME: "look at the spelling of its host, and at the name servers of this machine",
    FetchFailure.CONNECT: f"{_BROWSER}; if it opens there, look at this machine's firewall and proxy",
    FetchFailure.TLS: f"{_BROWSER} and look at its certificate",
    FetchFailure.TIMEOUT: f"{_BROWSER}; if it opens quickly there, look at this machine's network",
    FetchFailure.TOO_LARGE: "save what matters of it, and name the file instead",
    FetchFailure.BROKEN: f"{_BROWSER}; if it is whole there, save the page and name the file instead",
    FetchFailure.REDIRECTS: f"{_BROWSER}, and give the address where you end",
    FetchFailure.STATUS: f"{_BROWSER}; if it opens there, save the page and name the file instead",
}


class Unreadable(MonitorError):
    """An address or a file that cannot be explained; says why, and what can be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One thing to explain. `kind` is how it was read, `source` where it comes from ('' for a text as given); `feed`
    where it is known which of the operator's had it."""

    entry: Entry
    kind: str = "text"
    source: str = ""
    feed: Feed | None = None


def given_in(text: str, *, limit: int, config: Path, state: Path, fresh: bool) -> list[Given]:
    """What a command line's TEXT means: an address, the name of a file, or a text. Never empty.

    `limit`: how many entries of a feed. `fresh`: an address is asked for even if it is stored. Raises Unreadable,
    StateError.
    """
    if is_address(text):
        return at_address(text, limit=limit, feeds=_feeds(config), state=state, fresh=fresh)
    path = _file(text)
    return _in_file(path, limit) if path else [Given(entry=entry_of(text))]


def at_address(text: str, *, limit: int, feeds: Sequence[Feed], state: Path, fresh: bool) -> list[Given]:
    """The same of an address. `feeds`: the operator's, which say how it is asked. Raises Unreadable, StateError."""
    url = text.strip()
    return ([] if fresh else _stored(url, feeds, state)) or _fetched(url, feeds, limit)


def is_address(text: str) -> bool:
    written = text.strip()
    return written.lower().startswith(("http://", "https://")) and len(written.split()) == 1


def _file(text: str) -> Path | None:
    """The file of this name; a headline is none, whatever is in it."""
    if not text or len(text) > 4096 or "\n" in text or "\0" in text:
        return None
    try:
        path = Path(text).expanduser()
        return path if path.is_file() else None
    except (OSError, RuntimeError, ValueError):  # too long a name, no such home
        return None


def _in_file(path: Path, limit: int) -> list[Given]:
    try:
        body = read_regular(path, _MOST_BYTES + 1)
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror or error}; look at its permissions") from error
    if len(body) > _MOST_BYTES:
        raise Unreadable(f"{path} is larger than {_MOST_BYTES:,} bytes; cut out what you want explained")
    page = Fetched(url="", body=body, content_type=None, validators=None, fetched_at=SystemClock().now())
    return _read(page, source=str(path), feed=None, limit=limit)


# --- addresses


def _stored(url: str, feeds: Sequence[Feed], state: Path) -> list[Given]:
    from monitor.store.by_link import entries_at

    known = {feed.id: feed for feed in feeds}
    return [
        Given(entry=entry, kind="stored entry", source=entry.link or url, feed=known.get(entry.feed_id))
        for entry in entries_at(state, url)
    ]


def _fetched(url: str, feeds: Sequence[Feed], limit: int) -> list[Given]:
    from monitor.feeds.fetch import fetcher_from

    feed = asked_as(url, feeds)
    fetcher = fetcher_from(os.environ, clock=SystemClock())
    try:
        result = fetcher.submit(FetchRequest(feed=feed)).result()
    finally:
        fetcher.close()
    if isinstance(result, FetchFailed):
        remedy = _REMEDIES.get(result.failure, _BROWSER)
        raise Unreadable(f"the address cannot be read: {result.failure.value}: {result.detail}; {remedy}")
    assert isinstance(result, Fetched), "it was asked without conditions"
    known = feed if feed.id != STRANGER else None
    return _read(result, source=result.url, feed=known, limit=limit)


def _feeds(config: Path) -> Sequence[Feed]:
    """The operator's feeds, as far as they can be had: the rules are read, and their errors told, elsewhere."""
    from monitor.hidden import hide

    try:
        loaded = configuration.load(config, environ=os.environ)
    except ConfigError:
        return ()
    hide(loaded.secrets())
    return loaded.feeds


# --- documents


def _read(page: Fetched, *, source: str, feed: Feed | None, limit: int) -> list[Given]:
    """A feed, a web page, or a text, by what it holds."""
    from monitor.feeds.article import is_page, read_article
    from monitor.feeds.decode import decode
    from monitor.text.clean import display

    entries = _entries(page, feed)
    if entries is not None:
        if not entries:
            raise Unreadable(f"{source} is a feed without an entry; try again when something is published")
        newest = sorted(entries, key=newest_first)[:limit]
        named = [replace(entry, feed_id=feed.id if feed else "") for entry in newest]
        return [Given(entry=entry, kind="feed", source=entry.link or source, feed=feed) for entry in named]
    if is_page(page.body, page.content_type):
        entry = read_article(page.body, page.content_type, url=page.url)
        if not any(map(display, (entry.title, entry.summary, entry.body))):
            raise Unreadable(
                f"{source} has no text that can be read without running its scripts; copy the text instead"
            )
        return [Given(entry=entry, kind="page", source=source)]
    text = decode(page.body, page.content_type).text
    if "\0" in text or not text.strip():
        raise Unreadable(f"{source} is no feed, no web page and no text; save or copy its text, and give that")
    return [Given(entry=entry_of(text), kind="text", source=source)]


def _entries(page: Fetched, feed: Feed | None) -> tuple[Entry, ...] | None:
    """A feed's entries; None for what is no feed. Read as any feed is, in a process of its own."""
    from monitor.feeds.box import BoxedParser

    parser = BoxedParser(clock=SystemClock(), processes=1)
    try:
        parsed = read_feed(page, feed.id if feed else STRANGER, parser)
    finally:
        parser.close()
    return parsed.entries if parsed else None
