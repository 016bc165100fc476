"""When an article is tried again, whether a page is its own, and whether what was read of it is worth having. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from monitor.feeds.urls import WebAddress, read_address
from monitor.model import FetchFailed, FetchFailure, Line, NoArticle, Unread

# Feeds are often quicker than the pages that they name, and a site that is down is so for minutes or for the day.
WAITS: Final = (timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=60))
# What broke the reader will most likely break it again, and costs seconds each time.
WAITS_BROKEN: Final = (timedelta(minutes=10),)
NO_TURN: Final = timedelta(seconds=10)  # one is put off whose host has no turn to give soon; it was no try
AFTER_TROUBLE: Final = timedelta(minutes=2)  # of ours: a page is not asked for again and again meanwhile; no try either
LONGEST_WISH: Final = timedelta(hours=6)  # of a server that asks to be left alone

# What sites call their front pages, and those of their languages: there the addresses of removed articles often lead.
_FRONT: Final = re.compile(
    r"/(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|default|home)(?:\.[a-z]{3,5})?/?)?", re.IGNORECASE
)

_NEVER: Final = frozenset({Unread.REFUSED, Unread.NO_PAGE})
_REFUSED: Final = frozenset(
    {FetchFailure.BAD_ADDRESS, FetchFailure.FORBIDDEN_ADDRESS, FetchFailure.REDIRECTS, FetchFailure.TOO_LARGE}
)


def of_failure(failed: FetchFailed) -> NoArticle:
    """A page that could not be had, as an article that was not read."""
    why = Unread.REFUSED if failed.failure in _REFUSED else Unread.UNREACHED
    detail = f"{failed.failure.value}: {failed.detail}"
    return NoArticle(why=why, detail=detail, retry_after=failed.retry_after)


def again_at(failed: NoArticle, *, attempts: int, now: datetime) -> datetime | None:
    """None where it is given up. `attempts`: those before this one."""
    if failed.why in _NEVER:
        return None
    waits = WAITS_BROKEN if failed.why is Unread.BROKE else WAITS
    if attempts >= len(waits):
        return None
    wish = min(failed.retry_after or timedelta(0), LONGEST_WISH)
    return now + max(waits[attempts], wish)


def leads_home(link: str, end: str) -> bool:
    """Whether redirects led from an article's address to a front page. Both are addresses that were asked."""
    return _is_front(read_address(end)) and not _is_front(read_address(link))


def is_led_away(link: str, end: str) -> bool:
    """Whether redirects led to an address that is not merely another way to write the first."""
    return _bare(read_address(link)) != _bare(read_address(end))


def _is_front(address: WebAddress) -> bool:
    return _FRONT.fullmatch(address.path.partition("?")[0]) is not None


def _bare(address: WebAddress) -> tuple[str, str]:
    return address.host.removeprefix("www."), address.path.removesuffix("/")


def is_worth_having(body: str, line: Line) -> bool:
    """Whether a page tells more than the feed did, be it as body or as summary: its notice of a wall or of cookies must
    not take the place of a text. An article that was read before may become shorter by an edit, but not by half."""
    from monitor.text.clean import display

    length, had, summary = (len(display(text)) for text in (body, line.entry.body, line.entry.summary))
    return length > summary and (2 * length if line.has_article else length) > had
