"""Alerts: listed, read, and what readers do with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from typing import Final, Literal

from pydantic import Field

from monitor.model import Reason, Severity
from monitor.store.feedback_rows import Feedback, Opinion
from monitor.store.feedback_rows import Said as Says
from monitor.store.mute_rows import Mutes
from monitor.store.views.history import Cursor, Told, Wanted, history, one
from monitor.web import deeds
from monitor.web.api.asked import Asked, Flag, Id, Ids, Instant, Integer, Sent, Whole, not_there, unknown
from monitor.web.api.operation import Answer, Call, Leads, Operation
from monitor.web.api.shapes.alerts import Alerts, AlertShape, alert_shape
from monitor.web.api.shapes.deliveries import DeliveriesOfAlert, delivery_shape
from monitor.web.api.shapes.mutes import MuteShape, mute_shape
from monitor.web.names import Names
from monitor.web.pages.alerts import with_inner

MOST: Final = 500
USUAL: Final = 50
CURSOR: Final = r"^[0-9]{1,18}[.][0-9]{1,18}[.][0-9]{1,18}$"
LONGEST_MUTE: Final = 366 * 86_400  # seconds


class Said(Enum):
    """What readers said of an alert."""

    MATCH = "match"
    WRONG = "not a match"
    NOTHING = "none"


_OPINIONS: Final[Mapping[Said, Opinion | Literal["none"]]] = {
    Said.MATCH: Opinion.MATCH, Said.WRONG: Opinion.WRONG, Said.NOTHING: "none",
}  # fmt: skip


class AlertsAsked(Asked):
    rule: Ids = Field(default=(), description="Of one of these rules.")
    severity: tuple[Severity, ...] = Field(default=(), max_length=5, description="Of one of these severities.")
    reason: tuple[Reason, ...] = Field(default=(), max_length=20, description="Told for one of these reasons.")
    place: Ids = Field(default=(), description="Naming one of these places, or one within them; ids of the lexicon.")
    event: Ids = Field(default=(), description="Of one of these classes of event; ids of the lexicon.")
    feed: Ids = Field(default=(), description="Told first by one of these feeds.")
    source: Ids = Field(default=(), description="Told first by one of these newsrooms or feeds.")
    since: Instant | None = Field(default=None, description="Decided then or later.")
    until: Instant | None = Field(default=None, description="Decided before then.")
    seen: Flag | None = Field(default=None, description="Whether somebody acknowledged it.")
    opinion: Said | None = Field(default=None, description="Somebody said so of it; `none`: nobody said anything.")
    story: str | None = Field(default=None, pattern="^[1-9][0-9]{0,17}$", max_length=18, description="Of this story.")
    limit: Whole = Field(default=USUAL, ge=1, le=MOST, description="How many at most.")
    after: str | None = Field(default=None, pattern=CURSOR, max_length=60, description="`next` of the page before.")


class OpinionSent(Sent):
    """What the asker says of an alert."""

    opinion: Opinion
    note: str = Field(default="", max_length=2000, description="Why; for whoever mends the rule.")


class MuteSent(Sent):
    """What of an alert nobody wants to hear of for a while."""

    about: Literal["story", "rule", "source", "place"] = "story"
    place: Id | None = Field(default=None, description="With `about: place`: which of those that the alert names.")
    lasts_seconds: Integer = Field(default=86_400, ge=60, le=LONGEST_MUTE)
    reason: str = Field(default="", max_length=deeds.LONGEST_REASON)


def listed(call: Call) -> Answer:
    asked = call.asked(AlertsAsked)
    with call.desk.reader() as reader:
        names = Names(call.desk.config, call.visit.language)
        wanted = Wanted(
            rules=frozenset(asked.rule),
            severities=frozenset(asked.severity),
            reasons=frozenset(asked.reason),
            places=with_inner(asked.place, names, reader) if asked.place else frozenset(),
            events=frozenset(asked.event),
            feeds=frozenset(asked.feed),
            sources=frozenset(asked.source),
            since=asked.since,
            until=asked.until,
            seen=asked.seen,
            opinion=_OPINIONS[asked.opinion] if asked.opinion else None,
            story=int(asked.story) if asked.story else None,
        )
        before = Cursor.read(asked.after) if asked.after else None
        found = history(reader, wanted, limit=asked.limit + 1, before=before)
    shown = found[: asked.limit]
    go_on = str(shown[-1].cursor) if len(found) > asked.limit else None
    return Answer(Alerts(alerts=tuple(map(alert_shape, shown)), next=go_on))


def read(call: Call) -> Answer:
    return Answer(alert_shape(_told(call)))


def deliveries(call: Call) -> Answer:
    alert_id = _told(call).alert.id
    with call.desk.reader() as reader:
        return Answer(DeliveriesOfAlert(deliveries=tuple(map(delivery_shape, reader.deliveries_of(alert_id)))))


def acknowledge(call: Call) -> Answer:
    return _done(call, "seen")


def unacknowledge(call: Call) -> Answer:
    return _done(call, "unseen")


def say(call: Call) -> Answer:
    """Saying the same again leaves what was said first as it was."""
    sent, told = call.sent(OpinionSent), _told(call)
    alert, by = told.alert, _by(call)
    said = next((each for each in told.said if each.by == by), None)
    if said is None or (said.opinion, said.note) != (sent.opinion, sent.note):
        says = Says(
            alert_id=alert.id, rule_id=alert.rule_id, opinion=sent.opinion, note=sent.note, by=by, at=call.visit.now
        )
        with call.desk.store() as store:
            Feedback(store.database).say(says)
    return read(call)


def take_back(call: Call) -> Answer:
    told = _told(call)
    with call.desk.store() as store:
        Feedback(store.database).take_back(told.alert.id, by=_by(call))
    return read(call)


def mute(call: Call) -> Answer:
    sent, deed = call.sent(MuteSent), _deed(call)
    written = f"place:{sent.place or ''}" if sent.about == "place" else sent.about
    try:
        kind, subject = deeds.subject(deed, written)
    except deeds.Unclear:
        raise unknown("body.place", "This is none of the places that the alert names.") from None
    until = deed.now + timedelta(seconds=sent.lasts_seconds)
    with call.desk.store() as store:
        made, is_new = deeds.mute(Mutes(store.database), kind, subject, until, sent.reason.strip(), deed)
    headers = {"Location": f"/api/v1/mutes/{made.id}"} if is_new else {}
    return Answer(mute_shape(made, deed.now), 201 if is_new else 200, headers)


def _told(call: Call) -> Told:
    with call.desk.reader() as reader:
        told = one(reader, call.path["alert"])
    if told is None:
        raise not_there("alert")
    return told


def _by(call: Call) -> str:
    return call.visit.user or deeds.PAGE


def _deed(call: Call) -> deeds.Deed:
    told = _told(call)
    return deeds.Deed(
        alert=told.alert,
        newsroom=told.newsroom,
        by=_by(call),
        now=call.visit.now,
        within=Names(call.desk.config, call.visit.language).around,
    )


def _done(call: Call, name: str) -> Answer:
    deed = _deed(call)
    with call.desk.store() as store:
        deeds.do(name, deed, {}, store.database)
    return read(call)


_ONE: Final = "/alerts/{alert}"
_OF_ONE: Final = (
    *("getAlert", "listDeliveriesOfAlert", "acknowledgeAlert", "unacknowledgeAlert"),
    *("judgeAlert", "takeOpinionBack", "muteFromAlert"),
)
OPERATIONS: Final = (
    Operation(
        id="listAlerts",
        method="GET",
        path="/alerts",
        tag="alerts",
        summary="Alerts of the past, the newest first",
        description="Several values of one parameter: any of them. Several parameters: all of them.",
        act=listed,
        query=AlertsAsked,
        answers=Alerts,
        paged=True,
        leads=(Leads("/alerts/0/id", "alert", _OF_ONE), Leads("/alerts/0/story", "story", ("getStory",))),
    ),
    Operation(id="getAlert", method="GET", path=_ONE, tag="alerts", summary="One alert", act=read, answers=AlertShape),
    Operation(
        id="listDeliveriesOfAlert",
        method="GET",
        path=f"{_ONE}/deliveries",
        tag="alerts",
        summary="What became of its messages",
        act=deliveries,
        answers=DeliveriesOfAlert,
    ),
    Operation(
        id="acknowledgeAlert",
        method="PUT",
        path=f"{_ONE}/acknowledgement",
        tag="alerts",
        summary="Seen: nobody further is told of it",
        description="Also of what came before it in its story under its rule. Who said so first stands.",
        act=acknowledge,
        answers=AlertShape,
    ),
    Operation(
        id="unacknowledgeAlert",
        method="DELETE",
        path=f"{_ONE}/acknowledgement",
        tag="alerts",
        summary="Take back that it was seen",
        act=unacknowledge,
        answers=AlertShape,
    ),
    Operation(
        id="judgeAlert",
        method="PUT",
        path=f"{_ONE}/opinion",
        tag="alerts",
        summary="Say whether it is a match",
        description="One opinion a person; another one replaces it.",
        act=say,
        body=OpinionSent,
        answers=AlertShape,
    ),
    Operation(
        id="takeOpinionBack",
        method="DELETE",
        path=f"{_ONE}/opinion",
        tag="alerts",
        summary="Take back what the asker said of it",
        act=take_back,
        answers=AlertShape,
    ),
    Operation(
        id="muteFromAlert",
        method="POST",
        path=f"{_ONE}/mute",
        tag="alerts",
        summary="Mute its story, rule, source or a place of it",
        description="200 with the mute that stands, where that is muted for as long already.",
        act=mute,
        body=MuteSent,
        answers=MuteShape,
        created=True,
        judged=("body.place", "body.lasts_seconds"),  # one of those that the alert names; 60.0 is no number of seconds
        leads=(Leads("/id", "mute", ("unmute",)),),
    ),
)
