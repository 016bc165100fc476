"""What rules would have sent in the past."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from monitor.alerts.clean import safe_link
from monitor.model import Hold, Reason, Severity, Span
from monitor.text.clean import tidy
from monitor.web.api.shapes.alerts import Link, RuleId
from monitor.web.api.shapes.base import Count, Shape, Text, text_of
from monitor.web.api.shapes.deliveries import HOLDS, HoldName
from monitor.web.words import TEXTS
from monitor.web.workshop.jobs import Job


class Judged(Shape):
    """Stored alerts that readers judged."""

    alerts: Count
    right: Count
    wrong: Count
    share: float | None = Field(description="Of what was said, how much was 'a match' (0 to 1).")


class Precision(Shape):
    """By what readers said of stored alerts."""

    sent: Judged = Field(description="Of those that it would have sent.")
    other: Judged = Field(description="Of those that it would not.")


class HeldShape(Shape):
    channel: str
    hold: HoldName
    until: datetime


class WouldBe(Shape):
    """An alert as it would have been."""

    headline: Text
    url: Link
    source: str
    severity: Severity
    reason: Reason
    at: datetime
    held: tuple[HeldShape, ...] = Field(description="Channels that would have kept it from then on, and until when.")


class OfDay(Shape):
    day: date = Field(description="By the clock of the rules.")
    alerts: Count


class OfSource(Shape):
    source: str = Field(description="The newsroom's name.")
    alerts: Count


class Outcome(Shape):
    alerts: Count
    matches: Count
    entries: Count = Field(description="How many it was tried on.")
    first_at: datetime | None
    last_at: datetime | None
    by_day: tuple[OfDay, ...]
    by_source: tuple[OfSource, ...] = Field(description="The most first.")
    samples: tuple[WouldBe, ...]
    precision: Precision | None = Field(description="null where nobody judged any of them.")
    complete: bool
    left_out: tuple[str, ...] = Field(description="What a trial cannot tell of; English.")
    problems: tuple[str, ...] = Field(description="Of rules that may have missed something.")


class ChangedAlert(WouldBe):
    """An alert that one of two would send and the other would not."""

    why: tuple[str, ...] = Field(description="What makes the difference; English.")


class Changes(Shape):
    number: Count
    shown: tuple[ChangedAlert, ...] = Field(description="The first 100, the earliest first.")


class Compared(Shape):
    """A draft beside the rule in force whose id it has."""

    alerts: Count = Field(description="Those of the rule in force.")
    gained: Changes
    lost: Changes
    kept: Count
    altered: Count = Field(description="Sent by both, in another way.")


class TrialShape(Shape):
    id: str = Field(examples=["b3XyZ0aQ1w2e"])
    rule: RuleId = Field(description="The rule that is tried, or that a draft would replace; '' for a new one.")
    state: Literal["running", "done", "failed", "stopped"]
    begun_at: datetime
    share: float | None = Field(ge=0, le=1, description="How much is done; null where nobody knows.")
    outcome: Outcome | None = Field(description="Of one that is done.")
    compared: Compared | None = Field(description="Of a draft that is done, where a rule of its id is in force.")
    trouble: str | None = Field(description="Why one failed or was stopped; for people.")


def trial_shape(job: Job) -> TrialShape:
    trouble = job.trouble
    what = " ".join(filter(None, (TEXTS["en"].get(trouble.key, ""), trouble.detail))) if trouble else None
    return TrialShape(
        id=job.id,
        rule=str(job.about.get("rule") or ""),
        state=job.state,
        begun_at=job.begun_at,
        share=1.0 if job.state == "done" else job.share,
        outcome=_outcome(job.result["new"]) if job.state == "done" and job.result else None,
        compared=_compared(job.result) if job.state == "done" and job.result and job.result["old"] else None,
        trouble=what,
    )


def _outcome(told: Mapping[str, Any]) -> Outcome:
    return Outcome.model_validate(
        {
            "alerts": told["alerts"],
            "matches": told["hits"],
            "entries": told["entries"],
            "first_at": told["first_at"],
            "last_at": told["last_at"],
            "by_day": tuple({"day": day, "alerts": number} for day, number in told["days"]),
            "by_source": tuple({"source": source, "alerts": number} for source, number in told["by_source"]),
            "samples": tuple(map(_would_be, told["samples"])),
            "precision": told["precision"],
            "complete": told["complete"],
            "left_out": tuple(told["left_out"]),
            "problems": tuple(told["problems"]),
        }
    )


def _compared(told: Mapping[str, Any]) -> Compared:
    return Compared(
        alerts=told["old"]["alerts"],
        gained=_changes(told["gained"]),
        lost=_changes(told["lost"]),
        kept=told["kept"],
        altered=told["altered"],
    )


def _changes(told: Mapping[str, Any]) -> Changes:
    shown = (ChangedAlert(**dict(_would_be(each)), why=tuple(each["why"])) for each in told["shown"])
    return Changes(number=told["number"], shown=tuple(shown))


def _would_be(told: Mapping[str, Any]) -> WouldBe:
    spans = [Span(field=field, start=start, end=end, clause=clause) for field, start, end, clause in told["spans"]]
    return WouldBe(
        headline=text_of(told["title"], (each for each in spans if each.field == "title")),
        url=safe_link(told["link"]) or None,
        source=tidy(told["source"]),
        severity=Severity(told["severity"]),
        reason=Reason(told["reason"]),
        at=datetime.fromisoformat(told["at"]),
        held=tuple(_held(*each) for each in told["held"]),
    )


def _held(channel: str, hold: str, until: str) -> HeldShape:
    return HeldShape(channel=channel, hold=HOLDS[Hold[hold]], until=datetime.fromisoformat(until))
