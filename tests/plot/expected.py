"""What the day calls for: alerts, and the reports after which nobody is told. See `arcs.py` for who decided so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.plot.arcs_weighed import MUTED_RULE, NOON
from tests.plot.serving import POLL_EVERY, seen_at
from tests.plot.values import Call, Entry, How, Plot, Quiet, Told, Verdict


@dataclass(frozen=True, slots=True)
class Policy:
    """What rules.yaml says of a rule and an alert shows."""

    severity: str
    throttle: int  # minutes


POLICIES = {
    "dez-clashes": Policy("high", 30),
    "idlib-strikes": Policy("high", 0),
    "diyala-explosions": Policy("medium", 30),
    "lebanon-shelling": Policy("medium", 30),
    "yemen-shelling": Policy("low", 30),
    "yemen-many-killed": Policy("critical", 0),
    "kordofan-drones": Policy("medium", 20),
}


@dataclass(frozen=True, slots=True)
class Mute:
    """What the operator does at `minute`: mute the rule until the day is over."""

    minute: int
    rule: str
    reason: str


MUTE = Mute(NOON, MUTED_RULE, "كل شيء معروف عن الجنوب اليوم")

# A guard list tags a report by its words. An edit that lowers a figure has none, and is a correction without the tag.
TAGS = {
    How.DENIAL: frozenset({"denied"}),
    How.CORRECTION: frozenset({"correction"}),
    How.DRILL: frozenset({"drill"}),
    How.ANNIVERSARY: frozenset({"anniversary"}),
}


def expected(plot: Plot) -> list[Call]:
    """The alerts to be sent, in the order in which they become due.

    A report is seen at the next poll, so an alert is due between its report's minute and that poll. A throttled one is
    due a throttle's length after what was last told of its event under its rule. One that another took the place of is
    not here: it is never sent.
    """
    calls = [call for told, rule, verdict in _judged(plot) for call in _calls(plot, told, rule, verdict)]
    return sorted(calls, key=lambda call: (call.earliest, call.event, call.rule))


def quiet(plot: Plot) -> list[Quiet]:
    """Every report that matches a rule and sends no alert by itself, with why; a throttled one is here as well as, once
    released, among `expected`. Versions that change a matched entry count as reports of their own."""
    plotted = [
        Quiet(
            event=told.event.id,
            rule=rule,
            reason=verdict.reason,
            entry=told.entry,
            version=told.version,
            at=plot.instant(told.minute),
            because=verdict.because,
        )
        for told, rule, verdict in _judged(plot)
        if not verdict.told
    ]
    old = _unplotted(plot, plot.stale, "stale", "dated more than max_age before it came")
    known = _unplotted(plot, plot.yesterday, "baseline", "it stood in the feed when that was read for the first time")
    return sorted([*plotted, *old, *known], key=lambda each: (each.at, each.entry, each.rule))


def counts(plot: Plot) -> Counter[str]:
    """How many reports got each quiet verdict."""
    return Counter(each.reason for each in quiet(plot))


def _judged(plot: Plot) -> Iterator[tuple[Told, str, Verdict]]:
    for told in plot.told:
        yield told, told.event.arc.rule, told.beat.verdict
        if told.beat.second is not None:
            yield told, told.event.arc.second, told.beat.second


def _calls(plot: Plot, told: Told, rule: str, verdict: Verdict) -> Iterator[Call]:
    throttled = verdict.reason == "throttled" and not verdict.replaced
    if not (verdict.told or throttled):
        return
    since, throttle = (_last_told(plot, told, rule), POLICIES[rule].throttle) if throttled else (told.minute, 0)
    yield Call(
        event=told.event.id,
        rule=rule,
        reason=verdict.reason,
        saying=verdict.saying,
        sources=told.sources,
        reports=told.reports,
        severity="critical" if _escalated(plot, told, rule) else POLICIES[rule].severity,
        tags=TAGS.get(told.beat.how, frozenset()),
        earliest=plot.instant(since + throttle),
        latest=plot.instant(seen_at(since) + throttle + (POLL_EVERY if throttled else 0)),
        entry=told.entry,
        because=verdict.because,
    )


def _last_told(plot: Plot, told: Told, rule: str) -> int:
    """The minute of the report that the throttle of this one runs from."""
    return max(
        each.minute
        for each, judged_by, verdict in _judged(plot)
        if each.event == told.event and judged_by == rule and verdict.told and each.minute < told.minute
    )


def _escalated(plot: Plot, told: Told, rule: str) -> bool:
    """Whether the event was escalated with this report or before it: a raised severity stays."""
    return any(
        verdict.reason == "escalated"
        for each, judged_by, verdict in _judged(plot)
        if each.event == told.event and judged_by == rule and each.minute <= told.minute
    )


def _unplotted(plot: Plot, entries: tuple[Entry, ...], reason: str, because: str) -> list[Quiet]:
    # Their reports tell no figures, so the rule that wants killed has no say in them.
    return [
        Quiet(
            event="",
            rule=rule,
            reason=reason,
            entry=entry.guid,
            version=0,
            at=plot.instant(entry.minute),
            because=because,
        )
        for entry in entries
        for rule in sorted(entry.rules - {"yemen-many-killed"})
    ]
