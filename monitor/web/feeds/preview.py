"""A feed that is not watched yet, looked at before anything is written: asked within the limits of every poll, read in
the box, matched by the rules in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import BoundedSemaphore
from typing import Final

from monitor.errors import MonitorError
from monitor.feeds.box import BoxedParser
from monitor.feeds.fetch import fetcher_from
from monitor.feeds.glance import (
    STRANGER,
    Announced,
    announced_in,
    asked_as,
    host_of,
    leads_inside,
    may_be_private,
    newest_first,
    read_feed,
)
from monitor.feeds.moves import UNTOLD
from monitor.feeds.urls import BadAddress, read_address
from monitor.model import (
    Entry,
    Feed,
    Fetched,
    FetchFailed,
    FetchFailure,
    FetchRequest,
    FetchResult,
    Parsed,
)
from monitor.rules.addresses import derived_id
from monitor.rules.new_feeds import plain_name
from monitor.store.by_link import entries_at
from monitor.text.document import read
from monitor.text.guess import guess_language
from monitor.web.desk import Desk

MOST: Final = 5  # addresses at a time
SHOWN: Final = 10  # entries of each
_AT_ONCE: Final = BoundedSemaphore(2)
_PATIENCE: Final = 5.0  # seconds that a reader waits for a turn
_COMPARED: Final = 6  # newest entries, whose links tell whether it is a feed that is watched already
_A_LINE: Final = 15  # words; a summary of a sentence or two has more
_PLACEHOLDER: Final = "${"
_SOME: Final = 10  # entries


class Busy(MonitorError):
    """Others are having feeds looked at just now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenEntry:
    """`rules`: ids of those that find what they look for."""

    title: str
    link: str | None
    at: datetime | None
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """`failure`: why there is nothing to show; `placeholder`: because the address would be filled in with something of
    ours. `announced`: what a web page names as its feeds instead.

    `known`: the feed of the rules with this address; `twins`: those that bring the same, by address or entries.
    `headlines_only`: most of its entries have a headline and hardly a line more.
    `matched`: how many of all its entries each rule finds. `a_day`: entries, by their dates; None where they tell none.
    """

    url: str
    failure: FetchFailed | None = None
    placeholder: bool = False
    announced: tuple[Announced, ...] = ()
    id: str = ""
    name: str = ""
    language: str = ""
    entries: tuple[SeenEntry, ...] = ()
    number: int = 0
    dated: int = 0
    newest_at: datetime | None = None
    a_day: float | None = None
    matched: Mapping[str, int] | None = None
    known: Feed | None = None
    twins: tuple[Feed, ...] = ()
    moved_to: str | None = None
    oddities: tuple[str, ...] = ()
    allow_private: bool = False
    headlines_only: bool = False

    @property
    def is_feed(self) -> bool:
        return self.matched is not None


def objection(url: str, feeds: Sequence[Feed], now: datetime) -> Preview | None:
    """Why an address is not even asked; None if it may be."""
    if _PLACEHOLDER in url:
        return Preview(url=url, placeholder=True)
    try:
        inside = leads_inside(url, feeds)
    except BadAddress as error:
        return Preview(url=url, failure=_failed(FetchFailure.BAD_ADDRESS, str(error), now))
    if inside:
        return Preview(url=url, failure=_failed(FetchFailure.FORBIDDEN_ADDRESS, host_of(url), now))
    return None


def previews(desk: Desk, urls: Sequence[str]) -> list[Preview]:
    """In their order, `MOST` at most; they are asked side by side. Raises Busy, ConfigError (certificates)."""
    config, now = desk.config, desk.clock.now()
    asked: dict[str, Preview | Feed] = {}
    for url in dict.fromkeys(each.strip() for each in urls[:MOST]):
        against = objection(url, config.feeds, now)
        asked[url] = against or _asked(url, config.feeds)
    with a_turn():
        answers = _answers(desk, [each for each in asked.values() if isinstance(each, Feed)])
        return [
            each if isinstance(each, Preview) else _preview(desk, url, each, *answers[each.url.reveal()])
            for url, each in asked.items()
        ]


def proposed_id(url: str, taken: Sequence[str]) -> str:
    """What the rules would call it by its address, made to differ from those that are taken."""
    wanted = derived_id(url)
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(each for each in numbered if each not in taken)


def same_address(url: str, feeds: Sequence[Feed]) -> Feed | None:
    """The feed that is asked there, whatever the spelling: http or https, with 'www.' or without."""
    wanted = _bare(url)
    return next((feed for feed in feeds if _bare(feed.url.reveal()) == wanted), None)


# --- asking


@contextmanager
def a_turn() -> Iterator[None]:
    """To ask somebody else's server, of which few are asked at a time. Raises Busy."""
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise Busy("other feeds are being looked at")
    try:
        yield
    finally:
        _AT_ONCE.release()


def _asked(url: str, feeds: Sequence[Feed]) -> Feed:
    """With the operator's word that the host may be private, where it was given for another feed there."""
    feed = asked_as(url, feeds)
    return replace(feed, allow_private=True) if feed.id == STRANGER and may_be_private(url, feeds) else feed


def _answers(desk: Desk, asked: Sequence[Feed]) -> dict[str, tuple[FetchResult, Parsed | None]]:
    """By address: the answer, and what it is as a feed."""
    fetcher = fetcher_from(desk.environ, clock=desk.clock)
    parser = BoxedParser(clock=desk.clock, processes=1)
    try:
        waiting = {feed.url.reveal(): fetcher.submit(FetchRequest(feed=feed)) for feed in asked}
        results = {url: future.result() for url, future in waiting.items()}
        return {
            url: (result, read_feed(result, STRANGER, parser) if isinstance(result, Fetched) else None)
            for url, result in results.items()
        }
    finally:
        fetcher.close()
        parser.close()


# --- what it is


def _preview(desk: Desk, url: str, feed: Feed, result: FetchResult, parsed: Parsed | None) -> Preview:
    if isinstance(result, FetchFailed):
        return Preview(url=url, failure=result)
    assert isinstance(result, Fetched), "it was asked without conditions"
    if parsed is None:
        announced = announced_in(result)
        failure = None if announced else _failed(FetchFailure.NOT_A_FEED, "", result.fetched_at)
        return Preview(url=url, announced=announced, failure=failure)
    return _of_feed(desk, url, feed, result, parsed)


def _of_feed(desk: Desk, url: str, feed: Feed, page: Fetched, parsed: Parsed) -> Preview:
    config = desk.config
    new = replace(feed, id=proposed_id(url, [each.id for each in config.feeds]))
    entries = sorted(parsed.entries, key=newest_first)
    told = [_seen(desk, entry, new) for entry in entries]
    dates = [at for entry in entries if (at := entry.published_at or entry.updated_at) and at <= page.fetched_at]
    known = same_address(url, config.feeds)
    return Preview(
        url=url,
        id=new.id,
        name=plain_name(parsed.title) or host_of(url),
        language=_language(entries),
        entries=tuple(told[:SHOWN]),
        number=len(entries),
        dated=sum(entry.published_at is not None or entry.updated_at is not None for entry in entries),
        newest_at=max(dates, default=None),
        a_day=_a_day(dates, page.fetched_at),
        matched=dict(Counter(rule for each in told for rule in each.rules).most_common()),
        known=known,
        twins=_twins(desk, page, entries, known),
        moved_to=page.moved_to if page.moved_to != UNTOLD else None,
        oddities=parsed.warnings,
        allow_private=feed.allow_private,
        headlines_only=_are_headlines(entries),
    )


def _seen(desk: Desk, entry: Entry, feed: Feed) -> SeenEntry:
    today = desk.clock.now().astimezone(desk.config.timezone).date()
    found = desk.content.match(read(entry), feed=feed, today=today)
    return SeenEntry(
        title=entry.title,
        link=entry.link,
        at=entry.published_at or entry.updated_at,
        rules=tuple(match.rule_id for match in found.matches),
    )


def _are_headlines(entries: Sequence[Entry]) -> bool:
    short = [entry for entry in entries if len(f"{entry.summary} {entry.body}".split()) < _A_LINE]
    return bool(entries) and 2 * len(short) > len(entries)


def _language(entries: Sequence[Entry]) -> str:
    """That of most entries; '' where they do not agree, or nobody can tell."""
    guessed = Counter(guess_language(f"{entry.title}\n{entry.summary}") for entry in entries)
    language, number = guessed.most_common(1)[0] if guessed else ("", 0)
    return language if 2 * number > len(entries) else ""


def _a_day(dates: Sequence[datetime], now: datetime) -> float | None:
    """A few of some hours say nothing of a day."""
    shown = now - min(dates) if dates else timedelta(0)
    if len(dates) < 2 or (shown < timedelta(days=1) and len(dates) < _SOME):
        return None
    return (len(dates) - 1) / max(shown / timedelta(days=1), 1 / 24)


def _twins(desk: Desk, page: Fetched, entries: Sequence[Entry], known: Feed | None) -> tuple[Feed, ...]:
    """Other feeds of the rules that are asked where this one ends, or that have brought most of its newest entries."""
    feeds = desk.config.feeds
    found = [same_address(url, feeds) for url in (page.url, page.moved_to) if url and url != UNTOLD]
    links = [entry.link for entry in entries[:_COMPARED] if entry.link]
    brought = Counter(stored for link in links for stored in {each.feed_id for each in entries_at(desk.state, link)})
    found += [feed for feed in feeds if 2 * brought[feed.id] > len(links)]
    return tuple(dict.fromkeys(feed for feed in found if feed is not None and feed is not known))


def _bare(url: str) -> str:
    try:
        there = read_address(url)
    except BadAddress:
        return url
    path = there.path.rstrip("/") if "?" not in there.path else there.path
    return f"{there.host.removeprefix('www.')}:{there.port if there.port not in (80, 443) else ''}{path}"


def _failed(failure: FetchFailure, detail: str, now: datetime) -> FetchFailed:
    return FetchFailed(failure=failure, detail=detail, fetched_at=now)
