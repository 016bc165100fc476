"""Operations: what the page of that name shows, as figures."""

from __future__ import annotations

from typing import Final

from monitor import __version__
from monitor.alerts.troubles import remedy, what
from monitor.status import Status, status
from monitor.store.read import Reader
from monitor.store.views import operations as recorded
from monitor.web.api.operation import Answer, Call, Operation
from monitor.web.api.shapes.deliveries import hold_name
from monitor.web.api.shapes.operations import ChannelShape, Operations, RulesProblem, TroubleShape


def read(call: Call) -> Answer:
    desk, now = call.desk, call.visit.now
    with desk.reader() as reader:
        found = status(desk.state, reader, now)
        stored = recorded.stored(reader)
        holds = recorded.holds(reader, now)
        channels = _channels(call, reader)
    totals = found.totals
    return Answer(
        Operations(
            version=__version__,
            schema_version=stored.schema,
            sight=found.account.sight,
            nobody_looks=found.account.nobody_looks,
            running=found.running is not None or found.workers_alive > 0,
            healthy=found.healthy,
            last_polled_at=found.last_polled_at,
            troubles=_troubles(call, found),
            failing_feeds=found.failing,
            rules_refused=_refused(call),
            feeds=totals.feeds,
            entries=totals.entries,
            stories=totals.stories,
            alerts=totals.alerts,
            deliveries=dict(totals.deliveries),
            held={name: number for hold, number in holds.items() if (name := hold_name(hold))},
            undelivered_since=found.undelivered_since,
            channels=channels,
            mutes=found.mutes,
            last_day=dict(found.reasons),
            state_bytes=stored.bytes,
            backed_up_at=stored.backed_up_at,
        )
    )


def _troubles(call: Call, found: Status) -> tuple[TroubleShape, ...]:
    language, now = call.visit.language, call.visit.now
    return tuple(
        TroubleShape(
            kind=each.finding.kind,
            subject=each.finding.subject,
            what=what(each, language, now=now),
            remedy=remedy(each, language),
            begun_at=each.begun_at,
        )
        for each in found.account.troubles
    )


def _channels(call: Call, reader: Reader) -> tuple[ChannelShape, ...]:
    known = [channel.id for channel in call.desk.config.channels]
    return tuple(
        ChannelShape(
            id=channel_id,
            in_rules=channel_id in known,
            waiting=each.waiting,
            held=each.held,
            retrying=each.retrying,
            dead=each.dead,
            waiting_since=each.since,
            last_sent_at=each.last_sent_at,
            sent_last_day=each.sent,
        )
        for channel_id, each in recorded.channels(reader, known, now=call.visit.now).items()
    )


def _refused(call: Call) -> tuple[RulesProblem, ...]:
    refused = call.desk.refused
    return tuple(
        RulesProblem(
            file=each.file, line=each.line, column=each.column, code=each.code, what=each.what, remedy=each.remedy
        )
        for each in (refused.problems if refused else ())
        if each.level == "error"
    )


OPERATIONS: Final = (
    Operation(
        id="getOperations",
        method="GET",
        path="/operations",
        tag="operations",
        summary="Whether it sees, runs and tells",
        act=read,
        answers=Operations,
    ),
)
