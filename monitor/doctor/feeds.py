"""Each feed, asked once as it is asked in earnest, and read in the box; nothing is kept of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from monitor.doctor.findings import Finding, ok, problem, warning
from monitor.model import Feed, Fetched, FetchFailed, FetchFailure, FetchRequest, FetchResult, Parsed, ParseFailed
from monitor.ports import Fetcher, Parser
from monitor.text.clean import display

OLD: Final = timedelta(days=7)
_NO_KEY: Final = ("sha256//" + "A" * 43 + "=",)  # of no server: whatever key is shown is told
_BROWSER = "open its address in a browser"
_REMEDIES: Final = {
    FetchFailure.BAD_ADDRESS: "correct its url in the rules file",
    FetchFailure.FORBIDDEN_ADDRESS: "if it is a host of your own, write allow_private: true under the feed",
    FetchFailure.NAME: "look at the spelling of its host, and at the name servers of this machine",
    FetchFailure.CONNECT: f"{_BROWSER}; if it opens there, look at this machine's firewall and proxy",
    FetchFailure.TLS: f"{_BROWSER} and look at its certificate; for one of your own set SSL_CERT_FILE, or a pin",
    FetchFailure.TIMEOUT: f"{_BROWSER}; if it opens quickly there, look at this machine's network",
    FetchFailure.TOO_LARGE: "it is not taken; look for a shorter feed of the publisher's",
    FetchFailure.BROKEN: f"{_BROWSER}; tell the publisher if it is empty or breaks off there, too",
    FetchFailure.REDIRECTS: f"{_BROWSER}, and write the address where you end",
    FetchFailure.STATUS: f"{_BROWSER}; if it moved, change its url, and if it wants a browser, find another feed",
    FetchFailure.NOT_A_FEED: "look on the publisher's page for the address of its feed (RSS or Atom)",
}


def look(
    feed: Feed, asked: Future[FetchResult], parser: Parser, *, now: datetime, note: Callable[[Fetched], None]
) -> Iterator[Finding]:
    """What the answer to a feed tells. `note` is given an answer that came."""
    about = f"feed {feed.id}"
    result = asked.result()
    if isinstance(result, FetchFailed):
        yield problem(about, f"{result.failure.value}: {result.detail}", _REMEDIES[result.failure])
        return
    assert isinstance(result, Fetched), "it was asked without conditions"
    note(result)
    parsed = parser.parse(feed.id, result)
    if isinstance(parsed, ParseFailed):
        yield problem(about, f"answers, but cannot be read: {parsed.detail}", _REMEDIES[FetchFailure.NOT_A_FEED])
        return
    yield from _moved(about, result)
    yield from _content(about, parsed, now)
    if feed.pins:
        yield ok(about, "the server showed the key that is pinned")


def _moved(about: str, page: Fetched) -> Iterator[Finding]:
    if page.moved_to is not None:
        to = "another address" if page.moved_to == "…" else display(page.moved_to)
        yield warning(about, f"has moved for good to {to}", "write that address in the rules file")


def _content(about: str, parsed: Parsed, now: datetime) -> Iterator[Finding]:
    for oddity in parsed.warnings:
        yield warning(about, oddity, "it is read as well as can be; tell the publisher")
    held = f"{len(parsed.entries):,} {'entry' if len(parsed.entries) == 1 else 'entries'}"
    dated = [at for entry in parsed.entries if (at := entry.published_at or entry.updated_at) and at <= now]
    if not parsed.entries:
        yield warning(about, "can be read and has no entry", f"{_BROWSER}; if it stays empty, find another feed")
    elif dated and now - max(dated) > OLD:
        days = (now - max(dated)).days
        yield warning(
            about,
            f"{held}, the newest {days} days old",
            "is it still kept? Look at the publisher's page",
        )
    else:
        newest = f"the newest of {max(dated):%Y-%m-%d %H:%M} UTC" if dated else "none of them dated"
        yield ok(about, f"{held}, {newest}")


def pin(feed: Feed, fetcher: Fetcher) -> Iterator[Finding]:
    """The key that the feed's server shows: asked for with a pin that is none, so that no request is sent, and by the
    same way and rules as ever. Whose key it is nobody vouches for: a person has to."""
    about = f"feed {feed.id}"
    result = fetcher.submit(FetchRequest(feed=replace(feed, pins=_NO_KEY))).result()
    shown = re.search(r"sha256//[A-Za-z0-9+/]{43}=", result.detail) if isinstance(result, FetchFailed) else None
    if shown:
        yield ok(about, f"its server's key is pin: {shown[0]}")
    else:
        yield warning(about, "its server showed no key", "a pin is for https:// addresses alone")
