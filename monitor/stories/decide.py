"""Whom to tell, and why, or why not. Pure: what is known comes in, verdicts go out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.model import LastAlert, Match, MuteKind, Reason, Severity, Tag, Verdict, VolumeTold
from monitor.stories import additions, changes
from monitor.stories import volume as volumes
from monitor.stories.case import Case
from monitor.stories.inhibition import Inhibitors, in_order, nobody, stands_for

if TYPE_CHECKING:  # importing it takes as long as Python's own start
    from monitor.language import Rule, Volume

# How long a report looks back for its story, from when the others were seen. Copies lie minutes to hours apart; how
# long two reports may lie apart and tell one event is `kinship`'s to say.
STORY_WINDOW = timedelta(hours=24)

_Found = tuple[Reason, str]
_Standing = Sequence[tuple["Rule", Verdict | None]]  # rules that stand for one, and what became of their own match


def is_stale(published_at: datetime | None, *, now: datetime, max_age: timedelta) -> bool:
    """Whether the entry is older than `max_age`. An undated entry is never stale."""
    return published_at is not None and now - published_at > max_age


def decide(
    case: Case, matches: Sequence[Match], *, rules: Callable[[str], Rule], inhibitors: Inhibitors = nobody
) -> tuple[Verdict, ...]:
    """One verdict a match, in their order. `inhibitors` tells by a rule's id which rules stand for it."""
    decided: dict[str, Verdict] = {}
    for match in in_order(matches, inhibitors):
        standing = [(other, decided.get(other.id)) for other in inhibitors(match.rule_id)]
        decided[match.rule_id] = _verdict(case, match, rules(match.rule_id), standing)
    return tuple(decided[match.rule_id] for match in matches)


def _verdict(case: Case, match: Match, rule: Rule, standing: _Standing) -> Verdict:
    """The first of these that holds, in the order of docs/why/dedup.md."""
    for look in (_repeated, _baseline, _stale, _expired, _muted):
        found = look(case, rule)
        if found is not None:
            return Verdict(match=match, reason=found[0], why=found[1])
    inhibited = _inhibited(case, match, rule, standing)
    if inhibited:
        return Verdict(match=match, reason=Reason.INHIBITED, why=inhibited)
    if rule.kind is not None:
        return _of_kind(case, match, rule)
    last = case.told(rule.id)
    return _first(case, match, rule) if last is None else _further(case, match, rule, last)


# --- what keeps a report quiet, whatever it says


def _repeated(case: Case, rule: Rule) -> _Found | None:
    if case.known is None or rule.id not in case.known.matched_rules:
        return None
    if changes.version_changes(case, after=rule.throttle):
        return None
    return Reason.DUPLICATE, "an edit that changes nothing that is told"


def _baseline(case: Case, _rule: Rule) -> _Found | None:
    return (Reason.BASELINE, "") if case.baseline else None


def _stale(case: Case, rule: Rule) -> _Found | None:
    if not is_stale(case.entry.published_at, now=case.now, max_age=rule.max_age):
        return None
    return Reason.STALE, f"published {_at(case.entry.published_at)}, and the rule's max_age is {_span(rule.max_age)}"


def _expired(case: Case, rule: Rule) -> _Found | None:
    if rule.expires is None or case.today <= rule.expires:
        return None
    return Reason.EXPIRED, f"the rule's last day was {rule.expires.isoformat()}"


def _muted(case: Case, rule: Rule) -> _Found | None:
    for mute in case.mutes:
        if mute.covers(
            rule_id=rule.id,
            story_id=case.story.id if case.story is not None else None,
            sources=(case.report.origin.newsroom, case.report.feed_id),
            places=case.facts.places,
            within=case.within,
        ):
            return Reason.MUTED, mute.in_words
        if mute.kind is MuteKind.STORY and rule.id in case.volumes and mute.subject in _volume_stories(case, rule):
            return Reason.MUTED, mute.in_words
    return None


def _volume_stories(case: Case, rule: Rule) -> set[str]:
    """Those that alerts of a volume are told under: who mutes such an alert means all of it."""
    return {told.alert_id.partition(".")[0] for told in case.volumes[rule.id].told}


# --- another rule stands for it


def _inhibited(case: Case, match: Match, rule: Rule, standing: _Standing) -> str:
    """Critical passes, as it passes quiet hours, digests and bursts: only a person's mute keeps it quiet."""
    if not standing or _severity(case, match, rule) is Severity.CRITICAL:
        return ""
    for other, verdict in standing:
        if verdict is not None and verdict.tells is not None:
            return f"rule {other.id} tells this very story"
        told = stands_for(case, other)
        if told is not None and other.inhibit is not None:
            until = _at(told.told_at + other.inhibit.lasts)
            return f"alert {told.alert_id} of rule {other.id} stands for it until {until}: {told.title}"
    return ""


def _severity(case: Case, match: Match, rule: Rule) -> Severity:
    """What an alert would have."""
    last = case.told(rule.id)
    severity = _kept(rule, match.severity, last) if last is not None else match.severity
    return _raised(rule) if _escalates(case, rule, severity) else severity


# --- a rule that counts


def _of_kind(case: Case, match: Match, rule: Rule) -> Verdict:
    from monitor.language import Volume

    if isinstance(rule.kind, Volume):
        return _counted(case, match, rule, rule.kind)
    return Verdict(match=match, reason=Reason.COUNTED, why="what the rule waits for: it is not silent")


def _counted(case: Case, match: Match, rule: Rule, volume: Volume) -> Verdict:
    counted = case.volumes[rule.id]
    found = volumes.reached(volume, counted)
    many = f"{len(found.stories)} {'story' if len(found.stories) == 1 else 'stories'} within {_span(volume.within)}"
    if found.threshold is None:
        since = f"and this rule has looked since {_at(counted.begun_at)}"
        return Verdict(
            match=match, reason=Reason.COUNTED, why=f"{many}: a surge wants two weeks to compare with, {since}"
        )
    if volume.surge is not None:
        many += f" (usual at these hours: {counted.usual:.1f})"
    if found.at is None:
        return Verdict(match=match, reason=Reason.COUNTED, why=f"{many}, of {found.threshold}")
    told = volumes.told_already(volume, counted, found) or _waiting(case, counted.told)
    if told is not None:
        waits = f" when its throttle ends at {_at(told.told_at)}" if told.told_at > case.now else ""
        return Verdict(match=match, reason=Reason.COUNTED, why=f"{many}: alert {told.alert_id} tells it{waits}")
    due_at = _throttled_volume(counted.told, rule, now=case.now)
    if due_at is None:
        return Verdict(match=match, reason=Reason.FIRST_REPORT, why=many, tells=Reason.FIRST_REPORT)
    why = f"{many}, told when the throttle ends at {_at(due_at)}"
    return Verdict(match=match, reason=Reason.THROTTLED, why=why, tells=Reason.FIRST_REPORT, due_at=due_at)


def _waiting(case: Case, told: Sequence[VolumeTold]) -> VolumeTold | None:
    """One alert waits at a time; it tells how many there are."""
    return next((each for each in told if each.decided_at <= case.now < each.told_at), None)


def _throttled_volume(told: Sequence[VolumeTold], rule: Rule, *, now: datetime) -> datetime | None:
    ends = [each.told_at + rule.throttle for each in told if each.decided_at <= now]
    end = max(ends, default=now)
    return end if end > now else None


# --- nothing was told of the story under the rule


def _first(case: Case, match: Match, rule: Rule) -> Verdict:
    sources = case.voices.independent
    if sources < rule.min_sources:
        why = f"{_sources(sources)} so far, and the rule wants {rule.min_sources}"
        return Verdict(match=match, reason=Reason.TOO_FEW_SOURCES, why=why)
    confirms = case.adds_a_voice and Tag.DENIED not in case.facts.tags
    reached = rule.min_sources > 1 and confirms and sources == rule.min_sources
    reason = Reason.CORROBORATED if reached else Reason.FIRST_REPORT
    return Verdict(
        match=match,
        reason=reason,
        why=f"{_sources(sources)}: the rule wants {rule.min_sources}" if reached else "",
        tells=reason,
        severity=_raised(rule) if _escalates(case, rule, match.severity) else None,
    )


# --- something was told


def _further(case: Case, match: Match, rule: Rule, last: LastAlert) -> Verdict:
    severity = _kept(rule, match.severity, last)
    for reason, why in _news(case, rule, last, severity):
        if why:
            return _telling(case, match, rule, last, reason=reason, why=why, severity=severity)
    return Verdict(
        match=match, reason=Reason.DUPLICATE, why=f"alert {last.alert_id} told the story; nothing is new here"
    )


def _news(case: Case, rule: Rule, last: LastAlert, severity: Severity) -> Sequence[_Found]:
    """In the order in which they count."""
    return (
        (Reason.DENIED, changes.denies(case, last)),
        (Reason.CORRECTED, changes.corrects(case, last)),
        (Reason.ESCALATED, _escalation(case, rule, last, severity)),
        (Reason.UPDATED, _update(case, rule, last)),
        (Reason.CORROBORATED, _corroboration(case, last)),
        (Reason.UPDATED, additions.another_place(case, last)),
    )


def _update(case: Case, rule: Rule, last: LastAlert) -> str:
    if affirms := changes.affirms(case, last):
        return affirms
    more = (changes.raises(case, last) or changes.rewrites(case, last), additions.another_class(case, last))
    if any(more):
        return "; ".join(filter(None, (*more, additions.another_place(case, last))))
    return changes.repeats(case, last, after=rule.throttle)


def _telling(
    case: Case, match: Match, rule: Rule, last: LastAlert, *, reason: Reason, why: str, severity: Severity
) -> Verdict:
    if reason is Reason.ESCALATED:
        severity = _raised(rule)
    due_at = _throttled_until(last, rule, now=case.now) if _may_wait(case, last, reason) else None
    return Verdict(
        match=match,
        reason=reason if due_at is None else Reason.THROTTLED,
        why=why if due_at is None else f"{reason.value} ({why}), told when the throttle ends at {_at(due_at)}",
        tells=reason,
        due_at=due_at,
        severity=severity if severity is not match.severity else None,
        before=_before(case, last, reason, severity),
    )


def _may_wait(case: Case, last: LastAlert, reason: Reason) -> bool:
    """Not what nobody knows to have happened."""
    unknown = changes.affirms(case, last) or additions.another_class(case, last)
    return reason in (Reason.UPDATED, Reason.CORROBORATED) and not unknown


def _throttled_until(last: LastAlert, rule: Rule, *, now: datetime) -> datetime | None:
    """None where it may be told at once. What waits already gives its turn away, and nobody waits twice. An alert of
    the future throttles nothing: the clock was set back."""
    if last.alerted_at > now:
        return None
    end = last.told_at if last.told_at > now else last.told_at + rule.throttle
    return end if end > now else None


def _escalation(case: Case, rule: Rule, last: LastAlert, severity: Severity) -> str:
    if rule.escalate is None or last.escalated or not _escalates(case, rule, severity):
        return ""
    return f"{_sources(case.voices.independent)}, {rule.escalate.sources} within {_span(rule.escalate.within)}"


def _escalates(case: Case, rule: Rule, severity: Severity) -> bool:
    if rule.escalate is None or severity.rank >= rule.escalate.to.rank:
        return False
    return case.voices_within(rule.escalate.within) >= rule.escalate.sources


def _raised(rule: Rule) -> Severity:
    assert rule.escalate is not None
    return rule.escalate.to


def _kept(rule: Rule, severity: Severity, last: LastAlert) -> Severity:
    """What the story was escalated to stays, as the rule has it by now."""
    if rule.escalate is None or rule.escalate.to.rank <= severity.rank:
        return severity
    was_raised = last.escalated or last.severity.rank >= rule.escalate.to.rank
    return rule.escalate.to if was_raised else severity


def _corroboration(case: Case, last: LastAlert) -> str:
    """Told once. Who denies the event confirms nothing, whatever an earlier version of the entry said."""
    told = last.corroborated or last.sources >= 2
    if told or Tag.DENIED in case.facts.tags or not case.adds_a_voice or case.voices.independent < 2:
        return ""
    return f"{_sources(case.voices.independent)}, told before: one"


def _before(case: Case, last: LastAlert, reason: Reason, severity: Severity) -> Mapping[str, str]:
    """What people saw last, where this changes it."""
    seen = last.shown if last.told_at > case.now and last.shown is not None else last
    changed: dict[str, str] = {}
    told = changes.as_told(case, last, reason)
    for kind in changes.KINDS:
        now, was = changes.least(told, kind), getattr(seen, kind)
        if now is not None and was is not None and now != was:
            changed[kind] = str(was)
    if case.before is not None and changes.new_headline(case.before, case.report):
        changed["headline"] = case.before.title
    if case.before is not None and changes.another_place(case):
        changed["place"] = " ".join(case.before.sketch.facts.places)
    if severity is not seen.severity:
        changed["severity"] = seen.severity.value
    return changed


# --- words


def _sources(count: int) -> str:
    return "one independent source" if count == 1 else f"{count} independent sources"


def _at(instant: datetime | None) -> str:
    return instant.strftime("%Y-%m-%d %H:%M UTC") if instant else ""


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours and rest else f"{hours} h" if hours else f"{minutes} min"
