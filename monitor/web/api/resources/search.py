"""Search: what the page of it finds, for programs."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Final, Literal

from pydantic import Field

from monitor.alerts.clean import safe_link
from monitor.model import FIELDS
from monitor.search.page import END, Found, Outcome, Page, Wanted
from monitor.search.sought import HEADLINES, QueryRefused, Sought
from monitor.web.api.asked import Asked, Flag, Id, Instant, Whole
from monitor.web.api.operation import Answer, Call, Operation
from monitor.web.api.problems import Refused, Wrong
from monitor.web.api.shapes.alerts import AlertId, FeedId, Link, RuleId, StoryId
from monitor.web.api.shapes.base import Count, Shape, Text, text_of
from monitor.web.pages.search import Known, compiled, index_of, one_page

MOST: Final = 200
LONGEST: Final = 1000  # code points of a query


class Where(Enum):
    """The fields that are searched."""

    HEADLINES = "headlines"
    ALL = "all"


class SearchAsked(Asked):
    q: str = Field(
        min_length=1, max_length=LONGEST, description="As on the page of searching, and in a rule's `query`."
    )
    feed: tuple[Id, ...] = Field(default=(), max_length=20, description="Of one of these feeds.")
    since: Instant | None = Field(default=None, description="Seen then or later.")
    until: Instant | None = Field(default=None, description="Seen before then.")
    outcome: Literal["alerted", "matched", "unmatched"] | None = Field(default=None, description="What became of it.")
    language: str | None = Field(default=None, pattern="^[a-z]{2,3}$", max_length=3, description="As `ar` or `en`.")
    where: Where = Field(default=Where.HEADLINES, description="Title and summary, or the body as well.")
    as_written: Flag = Field(default=False, description="No words are taken for the name of a place.")
    limit: Whole = Field(default=50, ge=1, le=MOST, description="How many at most.")
    after: str | None = Field(
        default=None, pattern="^[1-9][0-9]{0,17}$", max_length=18, description="`next` of the page before."
    )


class FoundShape(Shape):
    """An entry, by the newest of its texts in which the query holds."""

    entry: str = Field(examples=["7"])
    version: str = Field(description="The id of the text in which it was found.", examples=["9"])
    feed: FeedId
    title: Text
    summary: Text
    body: Text = Field(description="'' unless `where=all`.")
    url: Link
    published_at: datetime | None
    seen_at: datetime
    edited_since: bool = Field(description="Whether the entry says something else by now.")
    story: StoryId | None = Field(description="null where no rule matched it.")
    rules: tuple[RuleId, ...]
    alerts: tuple[AlertId, ...]


class SearchPage(Shape):
    """The newest first."""

    query: str = Field(description="As it was understood.")
    found: tuple[FoundShape, ...]
    next: str | None = Field(description="To be handed back as `after`; null where nothing is left.")
    back_to: datetime | None = Field(
        description="The work of one request is bounded: it ended there although the page is not full. null otherwise."
    )
    unindexed: Count = Field(description="About how many texts the index does not have yet; they are read one by one.")


def found(call: Call) -> Answer:
    asked, lexicon = call.asked(SearchAsked), call.desk.config.lexicon
    fields = FIELDS if asked.where is Where.ALL else HEADLINES
    query = " ".join(asked.q.split())
    try:
        read, sought = compiled(query, fields, asked.language or "", asked.as_written, Known(lexicon))
    except QueryRefused as refused:
        wrong = [
            Wrong(where="query.q", what=f"{each.what}; {each.remedy}", column=max(1, each.column))
            for each in refused.problems
        ]
        raise Refused(422, "The query cannot be read.", errors=wrong) from None
    page = _page(call, asked, sought)
    return Answer(
        SearchPage(
            query=read.query,
            found=tuple(map(_shape, page.found)),
            next=str(page.go_on) if page.go_on else None,
            back_to=page.back_to,
            unindexed=page.unindexed,
        )
    )


def _page(call: Call, asked: SearchAsked, sought: Sought) -> Page:
    outcome: Outcome | None = asked.outcome
    wanted = Wanted(
        feeds=frozenset(asked.feed) if asked.feed else None, since=asked.since, until=asked.until, outcome=outcome
    )
    before = int(asked.after) if asked.after else END
    with call.desk.reader() as reader, index_of(call.desk, reader) as index:
        return one_page(reader, index, sought, wanted, before, limit=asked.limit)


def _shape(each: Found) -> FoundShape:
    title, summary, body = (
        text_of(getattr(each, name), [span for span in each.spans if span.field == name]) for name in FIELDS
    )
    return FoundShape(
        entry=str(each.entry_id),
        version=str(each.version_id),
        feed=each.feed_id,
        title=title,
        summary=summary,
        body=body,
        url=safe_link(each.link) or None,
        published_at=each.published_at,
        seen_at=each.seen_at,
        edited_since=each.is_edited_since,
        story=str(each.story_id) if each.story_id is not None else None,
        rules=each.rules,
        alerts=each.alerts,
    )


OPERATIONS: Final = (
    Operation(
        id="search",
        method="GET",
        path="/search",
        tag="search",
        summary="Entries in which a query holds, the newest first",
        act=found,
        query=SearchAsked,
        answers=SearchPage,
        paged=True,
        judged=("query.q",),  # it has a grammar, which no regular expression can tell
    ),
)
