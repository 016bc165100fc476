"""What rules say of a text. Worked on in a process of its own, which is ended when it takes longer than seconds."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from monitor.model import Entry
from monitor.web.api.asked import Id, Sent, unknown
from monitor.web.api.drafts import WHAT, Draft, draft_of
from monitor.web.api.operation import Answer, Call, Operation
from monitor.web.api.problems import Refused
from monitor.web.api.shapes.explained import Explained
from monitor.web.words import TEXTS
from monitor.web.workshop.bench import NoAnswer
from monitor.web.workshop.studio import studio_of

LONGEST: Final = 20_000  # code points of all fields together, as in the playground


class TextSent(Sent):
    """A text as a feed would have it; markup is read as in a feed."""

    title: str = Field(default="", max_length=LONGEST, examples=["غارة جوية على أطراف البلدة"])
    summary: str = Field(default="", max_length=LONGEST)
    body: str = Field(default="", max_length=LONGEST)
    feed: Id | None = Field(default=None, description="As if it came from this feed: for rules that ask for feeds.")
    rules: tuple[Id, ...] = Field(default=(), max_length=200, description="These alone; none: all.")
    draft: Draft | None = Field(default=None, description=f"{WHAT} It alone is asked.")


def explain(call: Call) -> Answer:
    sent, config = call.sent(TextSent), call.desk.config
    if sum(map(len, (sent.title, sent.summary, sent.body))) > LONGEST:
        raise unknown("body", f"The text is longer than {LONGEST:,} characters.")
    if sent.feed is not None and sent.feed not in {feed.id for feed in config.feeds}:
        raise unknown("body.feed", "There is no feed of this id.")
    known = {rule.id for rule in config.rules}
    if strange := [each for each in sent.rules if each not in known]:
        raise unknown("body.rules", f"There is no rule '{strange[0]}'.")
    if sent.draft is not None and sent.rules:
        raise unknown("body.rules", "Name rules, or send a draft: not both.")
    draft = draft_of(call.desk, sent.draft) if sent.draft is not None else None
    ids, changed = ([draft.rule_id], draft.changed) if draft else ([*sent.rules], {})
    entry = Entry(feed_id=sent.feed or "", title=sent.title, summary=sent.summary, body=sent.body)
    try:
        (told,) = studio_of(call.request).explain([entry], ids, changed)
    except NoAnswer as error:
        raise no_answer(error) from None
    return Answer(Explained.model_validate(told))


def no_answer(error: NoAnswer) -> Refused:
    what = " ".join(filter(None, (TEXTS["en"].get(error.key, ""), error.detail)))
    if error.key == "workshop.busy":
        return Refused(429, what, headers={"Retry-After": "2"})
    if error.key in ("workshop.slow", "workshop.failed"):
        return Refused(422, what)
    return Refused(503, what, headers={"Retry-After": "2"})


OPERATIONS: Final = (
    Operation(
        id="explain",
        method="POST",
        path="/explain",
        tag="rules",
        summary="What rules, or a draft of one, say of a text",
        description="As the playground and `monitor explain` tell it. Nothing is recorded.",
        act=explain,
        body=TextSent,
        answers=Explained,
        problems=(429,),
        # All fields together are no longer than one may be. Ids are those of the rules; a draft is judged as these are.
        judged=("body", "body.feed", "body.rules", "body.draft"),
    ),
)
