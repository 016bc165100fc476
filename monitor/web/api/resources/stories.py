"""Stories: listed, one with everything that is known of it, and what is kept of it as evidence."""

from __future__ import annotations

from functools import partial
from typing import Final

from pydantic import Field

from monitor.model import Severity
from monitor.store.views import evidence as kept
from monitor.store.views.stories import Asked as Wanted
from monitor.store.views.stories import stories
from monitor.store.views.story import story
from monitor.store.views.wanted import Wanted as WantedAlert
from monitor.web.api.asked import Asked, Flag, Ids, Instant, Whole, not_there
from monitor.web.api.operation import Answer, Call, Leads, Operation
from monitor.web.api.shapes.evidence import EvidenceShape, seen_shape
from monitor.web.api.shapes.stories import StoryShape, story_shape
from monitor.web.api.shapes.story_list import StoryList, listed_story
from monitor.web.downloads import download
from monitor.web.names import Names
from monitor.web.pages.alerts import with_inner

MOST: Final = 200
USUAL: Final = 50
_CURSOR: Final = "^[1-9][0-9]{0,17}$"


class StoriesAsked(Asked):
    rule: Ids = Field(default=(), description="One of these rules told of it.")
    severity: tuple[Severity, ...] = Field(default=(), max_length=5, description="Told with one of these severities.")
    place: Ids = Field(default=(), description="Told as naming one of these places, or one within them; lexicon ids.")
    event: Ids = Field(default=(), description="Told as one of these classes of event; ids of the lexicon.")
    feed: Ids = Field(default=(), description="One of these feeds has a report of it.")
    source: Ids = Field(default=(), description="One of these newsrooms or feeds has a report of it.")
    since: Instant | None = Field(default=None, description="Begun then or later.")
    until: Instant | None = Field(default=None, description="Begun before then.")
    told: Flag | None = Field(default=None, description="Whether anybody was told of it.")
    limit: Whole = Field(default=USUAL, ge=1, le=MOST, description="How many at most.")
    after: str | None = Field(default=None, pattern=_CURSOR, max_length=18, description="`next` of the page before.")


class StoryAsked(Asked):
    after: str | None = Field(default=None, pattern=_CURSOR, max_length=18, description="`next` of the page before.")


class EvidenceAsked(Asked):
    limit: Whole = Field(default=USUAL, ge=1, le=MOST, description="How many at most.")
    after: str | None = Field(default=None, pattern=_CURSOR, max_length=18, description="`next` of the page before.")


def listed(call: Call) -> Answer:
    asked = call.asked(StoriesAsked)
    with call.desk.reader() as reader:
        names = Names(call.desk.config, call.visit.language)
        alert = WantedAlert(
            rules=frozenset(asked.rule),
            severities=frozenset(asked.severity),
            places=with_inner(asked.place, names, reader) if asked.place else frozenset(),
            events=frozenset(asked.event),
        )
        wanted = Wanted(
            alert=alert,
            feeds=frozenset(asked.feed),
            sources=frozenset(asked.source),
            since=asked.since,
            until=asked.until,
            told=asked.told,
        )
        found = stories(reader, wanted, limit=asked.limit + 1, before=int(asked.after) if asked.after else None)
    shown = found[: asked.limit]
    go_on = str(shown[-1].id) if len(found) > asked.limit else None
    return Answer(StoryList(stories=tuple(map(listed_story, shown)), next=go_on))


def read(call: Call) -> Answer:
    after = call.asked(StoryAsked).after
    with call.desk.reader() as reader:
        told = story(reader, int(call.path["story"]), after=int(after) if after else 0)
    if told is None:
        raise not_there("story")
    return Answer(story_shape(told))


def evidence(call: Call) -> Answer:
    asked = call.asked(EvidenceAsked)
    with call.desk.reader() as reader:
        found = kept.story_of(reader, call.path["story"])
        if found is None:
            raise not_there("story")
        after = int(asked.after) if asked.after else 0
        seen = kept.of_story(reader, found, after=after, limit=asked.limit + 1)
        shown = seen[: asked.limit]
        documents = kept.pages(reader, sorted({each.page_id for each in shown if each.page_id is not None}))
    go_on = str(shown[-1].version_id) if len(seen) > asked.limit else None
    told = tuple(seen_shape(each, documents) for each in shown)
    return Answer(EvidenceShape(story=str(found), seen=told, next=go_on))


def bundle(call: Call) -> Answer:
    from monitor.bundle.make import make

    with call.desk.reader() as reader:
        found = kept.story_of(reader, call.path["story"])
        if found is None:
            raise not_there("story")
        name = f"evidence-{found}.zip"
        return Answer(download(call.request, partial(make, reader, found), name=name, media="application/zip"))


_ONE: Final = "/stories/{story}"
OPERATIONS: Final = (
    Operation(
        id="listStories",
        method="GET",
        path="/stories",
        tag="stories",
        summary="Stories, that which began last first",
        description="Several values of one parameter: any of them. Several parameters: all of them; `rule`, `severity`,"
        " `place` and `event` of one and the same alert.",
        act=listed,
        query=StoriesAsked,
        answers=StoryList,
        paged=True,
        leads=(Leads("/stories/0/id", "story", ("getStory", "getEvidenceOfStory", "downloadEvidenceOfStory")),),
    ),
    Operation(
        id="getStory",
        method="GET",
        path=_ONE,
        tag="stories",
        summary="A story with its entries, their texts and decisions, its alerts and messages",
        act=read,
        query=StoryAsked,
        answers=StoryShape,
        paged=True,
    ),
    Operation(
        id="getEvidenceOfStory",
        method="GET",
        path=f"{_ONE}/evidence",
        tag="stories",
        summary="What is kept of its reports as they were served: digests, request and answer, the rules' digests",
        act=evidence,
        query=EvidenceAsked,
        answers=EvidenceShape,
        paged=True,
    ),
    Operation(
        id="downloadEvidenceOfStory",
        method="GET",
        path=f"{_ONE}/evidence.zip",
        tag="stories",
        summary="The same with all bytes, as the file that `monitor evidence` writes",
        description="Two are made at a time.",
        act=bundle,
        gives="application/zip",
    ),
)
