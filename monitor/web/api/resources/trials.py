"""Trials: a rule in force tried on what is stored, by the jobs of the pages. One runs at a time."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from monitor.web import rule_list
from monitor.web.api.asked import Id, Sent, not_there, unknown
from monitor.web.api.operation import Answer, Call, Operation
from monitor.web.api.problems import Refused
from monitor.web.api.shapes.trials import TrialShape, trial_shape
from monitor.web.workshop.jobs import Job
from monitor.web.workshop.studio import studio_of


class NewTrial(Sent):
    """Which rule is tried, and on how many days."""

    rule: Id = Field(description="The id of a rule in force.", examples=["strikes"])
    days: int = Field(default=30, ge=1, le=366)


def begin(call: Call) -> Answer:
    sent = call.sent(NewTrial)
    rule = next((rule for rule in call.desk.config.rules if rule.id == sent.rule), None)
    if rule is None:
        raise unknown("body.rule", "There is no rule of this id.")
    about = {"title": rule_list.title_of(rule, call.visit.language), "rule": rule.id}
    job = studio_of(call.request).begin_trial(before=[], after=[rule.id], changed={}, days=sent.days, about=about)
    if job is None:
        raise Refused(409, "Another trial runs: wait for it, or stop it.")
    return Answer(trial_shape(job), 201, {"Location": f"/api/v1/trials/{job.id}"})


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
        summary="Try a rule on the past",
        description="Ask for it until its state is no longer `running`. One runs at a time; the last 12 are kept.",
        act=begin,
        body=NewTrial,
        answers=TrialShape,
        created=True,
        problems=(409,),
        parses=True,
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
