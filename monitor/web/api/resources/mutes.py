"""Mutes: listed, begun, ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pydantic import Field

from monitor.model import MuteKind
from monitor.store.mute_rows import Kept
from monitor.store.mute_rows import Mutes as MuteRows
from monitor.web import deeds
from monitor.web.api.asked import Asked, Flag, Id, Integer, Sent, Whole, not_there, unknown
from monitor.web.api.operation import Answer, Call, Leads, Operation
from monitor.web.api.resources.alerts import LONGEST_MUTE
from monitor.web.api.shapes.mutes import Mutes, MuteShape, kept_shape, mute_shape
from monitor.web.names import Names

MOST: Final = 500
_LARGEST_DIGITS: Final = 18


class MutesAsked(Asked):
    over: Flag = Field(default=False, description="Also those that are over, the newest `limit`.")
    limit: Whole = Field(default=100, ge=1, le=MOST, description="With `over`: how many at most.")


class NewMute(Sent):
    """What nobody wants to hear of for a while."""

    kind: MuteKind
    subject: Id = Field(
        description="The id of a rule, a place of the lexicon, a story, or of a feed or newsroom.", examples=["strikes"]
    )
    lasts_seconds: Integer = Field(ge=60, le=LONGEST_MUTE, examples=[7200])
    reason: str = Field(default="", max_length=deeds.LONGEST_REASON)


@dataclass(frozen=True, slots=True)
class _Muter:
    by: str
    now: datetime
    within: Callable[[str], Sequence[str]]


def listed(call: Call) -> Answer:
    asked, now = call.asked(MutesAsked), call.visit.now
    with call.desk.reader() as reader:
        rows = MuteRows(reader.database)
        found = rows.all(limit=asked.limit) if asked.over else [Kept(each, None) for each in rows.in_force(now)]
    return Answer(Mutes(mutes=tuple(kept_shape(each, now) for each in found)))


def begin(call: Call) -> Answer:
    """What is muted for as long already stays as it is."""
    sent, now = call.sent(NewMute), call.visit.now
    _check(call, sent)
    muter = _Muter(call.visit.user or deeds.PAGE, now, Names(call.desk.config, call.visit.language).around)
    until = now + timedelta(seconds=sent.lasts_seconds)
    with call.desk.store() as store:
        rows = MuteRows(store.database)
        made, is_new = deeds.mute(rows, sent.kind, sent.subject, until, sent.reason.strip(), muter)
    headers = {"Location": f"/api/v1/mutes/{made.id}"} if is_new else {}
    return Answer(mute_shape(made, now), 201 if is_new else 200, headers)


def end(call: Call) -> Answer:
    """One that is over stays as it is."""
    number, now = int(call.path["mute"]), call.visit.now
    with call.desk.store() as store:
        rows = MuteRows(store.database)
        before = rows.end(number, now=now)
    if before is None:
        raise not_there("mute")
    held = before.ended_at is None and before.mute.until > now
    return Answer(mute_shape(before.mute, now, now if held else before.ended_at))


def _check(call: Call, sent: NewMute) -> None:
    """Raises Refused for what is not there: a mute of it would hold for nothing."""
    config, subject = call.desk.config, sent.subject
    match sent.kind:
        case MuteKind.RULE:
            known = subject in {rule.id for rule in config.rules}
        case MuteKind.PLACE:
            known = subject in config.lexicon.places
        case MuteKind.SOURCE:
            feeds = {each for feed in config.feeds for each in (feed.id, feed.source)}
            known = subject in feeds or subject in config.lexicon.newsrooms
        case MuteKind.STORY:
            known = _is_story(call, subject)
    if not known:
        raise unknown("body.subject", f"There is no {sent.kind.value} of this id.")


def _is_story(call: Call, written: str) -> bool:
    if not (written.isascii() and written.isdigit() and len(written) <= _LARGEST_DIGITS and written[0] != "0"):
        return False
    with call.desk.reader() as reader:
        return reader.has_story(int(written))


OPERATIONS: Final = (
    Operation(
        id="listMutes",
        method="GET",
        path="/mutes",
        tag="mutes",
        summary="What is muted",
        act=listed,
        query=MutesAsked,
        answers=Mutes,
        leads=(Leads("/mutes/0/id", "mute", ("unmute",)),),
    ),
    Operation(
        id="mute",
        method="POST",
        path="/mutes",
        tag="mutes",
        summary="Mute a rule, place, story or source",
        description=(
            "It holds at once. What waits to be sent is ended. What the mute swallows is recorded, and not told later. "
            "200 with the mute that stands, where that is muted for as long already."
        ),
        act=begin,
        body=NewMute,
        answers=MuteShape,
        created=True,
        judged=(
            "body.subject",
            "body.lasts_seconds",
        ),  # there is one of this id; 60.0 is refused
        leads=(Leads("/id", "mute", ("unmute",)),),
    ),
    Operation(
        id="unmute",
        method="DELETE",
        path="/mutes/{mute}",
        tag="mutes",
        summary="End a mute",
        description="What it swallowed is not told afterwards; the next change is.",
        act=end,
        answers=MuteShape,
    ),
)
