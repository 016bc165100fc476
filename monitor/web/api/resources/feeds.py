"""Feeds: how each does, and its newest entries."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from monitor.model import ArticlesRead
from monitor.store.read import Reader
from monitor.store.views import feeds as recorded
from monitor.web.api.asked import Asked, Whole, not_there
from monitor.web.api.operation import Answer, Call, Leads, Operation
from monitor.web.api.shapes.feeds import EntriesOfFeed, Feeds, FeedShape, entry_of_feed, feed_shape
from monitor.web.feeds.looked import looked_at
from monitor.web.feeds.standing import Level, Standing

MOST: Final = 200
_CURSOR: Final = "^[0-9]{1,18}[.][0-9]{1,18}$"


class FeedsAsked(Asked):
    level: tuple[Level, ...] = Field(default=(), max_length=5, description="Of one of these levels.")


class EntriesAsked(Asked):
    limit: Whole = Field(default=50, ge=1, le=MOST, description="How many at most.")
    after: str | None = Field(default=None, pattern=_CURSOR, max_length=40, description="`next` of the page before.")


def listed(call: Call) -> Answer:
    levels = call.asked(FeedsAsked).level
    with call.desk.reader() as reader:
        found = [each for each in _standings(call, reader) if not levels or each.level in levels]
        shapes = [feed_shape(each, _articles(reader, each)) for each in found]
    return Answer(Feeds(feeds=tuple(shapes)))


def read(call: Call) -> Answer:
    with call.desk.reader() as reader:
        found = next((each for each in _standings(call, reader) if each.feed.id == call.path["feed"]), None)
        if found is None:
            raise not_there("feed")
        return Answer(feed_shape(found, _articles(reader, found)))


def entries(call: Call) -> Answer:
    """Also of a feed that is in the rules no more."""
    asked, feed_id = call.asked(EntriesAsked), call.path["feed"]
    after = recorded.Cursor.read(asked.after) if asked.after else None
    with call.desk.reader() as reader:
        found = recorded.entries(reader, feed_id, limit=asked.limit + 1, after=after)
        if not found and feed_id not in _known(call) | {state.feed_id for state in reader.feeds(whole=False)}:
            raise not_there("feed")
    shown = found[: asked.limit]
    go_on = str(shown[-1].cursor) if len(found) > asked.limit else None
    return Answer(EntriesOfFeed(entries=tuple(map(entry_of_feed, shown)), next=go_on))


def _known(call: Call) -> set[str]:
    return {feed.id for feed in call.desk.config.feeds}


def _standings(call: Call, reader: Reader) -> list[Standing]:
    return looked_at(call.desk.config, reader, call.visit)


def _articles(reader: Reader, found: Standing) -> ArticlesRead | None:
    return reader.articles(found.feed.id) if found.feed.full_text else None


OPERATIONS: Final = (
    Operation(
        id="listFeeds",
        method="GET",
        path="/feeds",
        tag="feeds",
        summary="The feeds, and how each does",
        act=listed,
        query=FeedsAsked,
        answers=Feeds,
        leads=(Leads("/feeds/0/id", "feed", ("getFeed", "listEntriesOfFeed")),),
    ),
    Operation(
        id="getFeed", method="GET", path="/feeds/{feed}", tag="feeds", summary="One feed", act=read, answers=FeedShape
    ),
    Operation(
        id="listEntriesOfFeed",
        method="GET",
        path="/feeds/{feed}/entries",
        tag="feeds",
        summary="Its newest entries, with what rules made of them",
        act=entries,
        query=EntriesAsked,
        answers=EntriesOfFeed,
        paged=True,
    ),
)
