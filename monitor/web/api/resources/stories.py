"""Stories: one, with everything that is known of it."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from monitor.store.views.story import story
from monitor.web.api.asked import Asked, not_there
from monitor.web.api.operation import Answer, Call, Operation
from monitor.web.api.shapes.stories import StoryShape, story_shape


class StoryAsked(Asked):
    after: str | None = Field(
        default=None, pattern="^[1-9][0-9]{0,17}$", max_length=18, description="`next` of the page before."
    )


def read(call: Call) -> Answer:
    after = call.asked(StoryAsked).after
    with call.desk.reader() as reader:
        told = story(reader, int(call.path["story"]), after=int(after) if after else 0)
    if told is None:
        raise not_there("story")
    return Answer(story_shape(told))


OPERATIONS: Final = (
    Operation(
        id="getStory",
        method="GET",
        path="/stories/{story}",
        tag="stories",
        summary="A story with its entries, their texts and decisions, its alerts and messages",
        act=read,
        query=StoryAsked,
        answers=StoryShape,
        paged=True,
    ),
)
