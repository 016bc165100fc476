"""Trials: a rule, in force or a draft, tried on what is stored, by the jobs of the pages. One runs at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from monitor.language import Rule
from monitor.web import rule_list
from monitor.web.api.asked import Id, Integer, Sent, not_there, unknown
from monitor.web.api.drafts import WHAT, Draft, draft_of
from monitor.web.api.operation import Answer, Call, Leads, Operation
from monitor.web.api.problems import Refused
from monitor.web.api.shapes.trials import TrialShape, trial_shape
from monitor.web.trying import Placed
from monitor.web.workshop.jobs import Job
from monitor.web.workshop.studio import studio_of


def _with(name: str) -> JsonDict:
    return {"required": [name], "properties": {name: {"not": {"type": "null"}}}}


class NewTrial(Sent):
    """Which rule is tried, or a draft of one, and on how many days."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [_with("rule"), _with("draft")]})

    rule: Id | None = Field(default=None, description="The id of a rule in force.", examples=["strikes"])
    draft: Draft | None = Field(
        default=None, description=f"{WHAT} It is compared with that one: see `compared`. Either this or `rule`."
    )
    days: Integer = Field(default=30, ge=1, le=366)


def begin(call: Call) -> Answer:
    sent = call.sent(NewTrial)
    if (sent.rule is None) == (sent.draft is None):
        raise unknown("body", "Send either `rule` or `draft`.")
    begun = _of_rule(call, sent.rule) if sent.draft is None else _of_draft(call, draft_of(call.desk, sent.draft))
    job = studio_of(call.request).begin_trial(
        before=begun.before,
        after=[begun.rule.id],
        changed=begun.changed,
        days=sent.days,
        about={"title": rule_list.title_of(begun.rule, call.visit.language), "rule": begun.known},
    )
    if job is None:
        raise Refused(409, "Another trial runs: wait for it, or stop it.")
    return Answer(trial_shape(job), 201, {"Location": f"/api/v1/trials/{job.id}"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """`before`: what it is compared with; `known`: the id of a rule in force that it is, or '' for a new one."""

    rule: Rule
    known: str
    before: Sequence[str] = ()
    changed: Mapping[Path, bytes] = field(default_factory=dict)


def _of_rule(call: Call, rule_id: str | None) -> _Begun:
    rule = next((rule for rule in call.desk.config.rules if rule.id == rule_id), None)
    if rule is None:
        raise unknown("body.rule", "There is no rule of this id.")
    return _Begun(rule=rule, known=rule.id)


def _of_draft(call: Call, draft: Placed) -> _Begun:
    rule = next(rule for rule in draft.sound(call.desk).rules if rule.id == draft.rule_id)
    known = [draft.rule_id] if draft.in_force else []
    return _Begun(rule=rule, known="".join(known), before=known, changed=draft.changed)


def read(call: Call) -> Answer:
    return Answer(trial_shape(_job(call)))


def stop(call: Call) -> Answer:
    job = _job(call)
    job.stop()
    return Answer(trial_shape(job))


def _job(call: Call) -> Job:
    job = studio_of(call.request).jobs.get(call.path["trial"])
    if job is None:
        raise not_there("trial")
    return job


OPERATIONS: Final = (
    Operation(
        id="beginTrial",
        method="POST",
        path="/trials",
        tag="trials",
        summary="Try a rule, or a draft of one, on the past",
        description="Ask for it until its state is no longer `running`. One runs at a time; the last 12 are kept.",
        act=begin,
        body=NewTrial,
        answers=TrialShape,
        created=True,
        problems=(409,),
        judged=("body.rule", "body.draft"),  # a rule of this id is in force; a draft is judged as the rules are
        leads=(Leads("/id", "trial", ("getTrial", "stopTrial")),),
    ),
    Operation(
        id="getTrial",
        method="GET",
        path="/trials/{trial}",
        tag="trials",
        summary="How far it is, and what came of it",
        act=read,
        answers=TrialShape,
    ),
    Operation(
        id="stopTrial",
        method="POST",
        path="/trials/{trial}/stop",
        tag="trials",
        summary="Stop it",
        description="One that is over stays as it is.",
        act=stop,
        answers=TrialShape,
    ),
)
