"""What a report changes: of an earlier version of its entry, and of what was told of its story. Pure.

Each is told for people, and empty where there is no change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Literal

from monitor.model import Facts, Figure, LastAlert, Reason, Report, Span, Tag
from monitor.stories.case import Case, Within
from monitor.stories.families import are_kin

Kind = Literal["killed", "wounded"]
KINDS: tuple[Kind, ...] = ("killed", "wounded")


def least(facts: Facts, kind: Kind) -> int | None:
    figure = facts.killed if kind == "killed" else facts.wounded
    return figure.least if figure is not None else None


def as_told(case: Case, last: LastAlert | None, reason: Reason) -> Facts:
    """The facts of an alert: the report's own, with the figures, places and classes of one that still waits and makes
    way for it. People have not seen them, and would never hear of them."""
    facts = case.facts
    if last is None or last.told_at <= case.now or last.alerted_at > case.now:
        return facts
    for kind in KINDS:
        waiting, seen, own = getattr(last, kind), getattr(last.shown, kind, None), least(facts, kind)
        outdone = own is None or (own < (waiting or 0) and reason is not Reason.CORRECTED)
        if waiting is not None and waiting != seen and outdone:
            facts = _with_figure(facts, kind, waiting)
    return facts if reason is Reason.CORRECTED else _with_unseen(facts, last)


def _with_unseen(facts: Facts, last: LastAlert) -> Facts:
    seen_places, seen_events = (last.shown.places, last.shown.events) if last.shown else (frozenset(), frozenset())
    places, events = last.places - seen_places, last.events - seen_events
    return replace(
        facts,
        places=(*facts.places, *sorted(places.difference(facts.places))),
        events=(*facts.events, *sorted(events.difference(facts.events))),
    )


def _with_figure(facts: Facts, kind: Kind, number: int) -> Facts:
    """It stands nowhere in this report's text."""
    figure = Figure(kind=kind, least=number, most=number, span=Span(field="title", start=0, end=0, clause=kind))
    return replace(facts, killed=figure) if kind == "killed" else replace(facts, wounded=figure)


# --- against what was told


def denies(case: Case, last: LastAlert) -> str:
    return "it denies the event" if _denies(case) and not last.denied else ""


def _denies(case: Case) -> bool:
    return Tag.DENIED in case.facts.tags


def affirms(case: Case, last: LastAlert) -> str:
    """Whoever heard of a denial alone believes that nothing happened."""
    only_denials = last.sources == 0
    return "it tells the event, of which only a denial was told" if only_denials and not _denies(case) else ""


def corrects(case: Case, last: LastAlert) -> str:
    """A correction is told once for what it says: its repetition by others is none."""
    if last.corrected and not _says_other_than(case.facts, last):
        return ""
    if Tag.CORRECTION in case.facts.tags and not (case.before and Tag.CORRECTION in case.before.sketch.facts.tags):
        return "it is published as a correction"
    if case.before is None:
        return ""
    fell = [text for kind in KINDS if (text := _fell(case, last, kind))]
    moved = [] if case.completes or _is_told(case.facts, last) else [another_place(case), another_event(case)]
    return "; ".join(filter(None, (*fell, *moved)))


def raises(case: Case, last: LastAlert) -> str:
    """More killed or wounded than was told. A number that a correction took back is no news in a late copy."""
    return "; ".join(text for kind in KINDS if (text := _rose(case, last, kind)))


def rewrites(case: Case, last: LastAlert) -> str:
    """A version that says something new."""
    if case.before is None or case.completes:
        return ""
    new = [new_headline(case.before, case.report)]
    if not _is_told(case.facts, last):
        new += _added(case.before.sketch.facts, case.facts)
    return "; ".join(filter(None, new))


def repeats(case: Case, last: LastAlert, *, after: timedelta) -> str:
    """Whether its newsroom published a headline of its own again, dated later than what was told last by more than
    `after`: then it means to be heard again."""
    dated = case.entry.published_at
    if dated is None or dated - last.told_at <= after or (case.known is not None and (_later(case) or after) <= after):
        return ""
    own = [each for each in (*case.others, case.before) if each is not None and _is_own(case.report, each)]
    if any(each.sketch.headline == case.report.sketch.headline for each in own):
        return "its newsroom published the headline anew"
    return ""


def _is_own(report: Report, other: Report) -> bool:
    return report.origin.newsroom == other.origin.newsroom


def _rose(case: Case, last: LastAlert, kind: Kind) -> str:
    now, told = least(case.facts, kind), getattr(last, kind)
    if not now or (f"{kind} {now}" in last.withdrawn and not _insists(case, last, kind, now)):
        return ""
    if told is None or now > told:
        return f"{kind}: {now}, told before: {told if told is not None else 'none'}"
    if _BEYOND * now <= told and now > _credible(last, kind, told) and _is_alone(case, kind, now):
        return f"{kind}: {now}, told before: {told}, which one newsroom alone says"
    return ""


def _insists(case: Case, last: LastAlert, kind: Kind, now: int) -> bool:
    """Whether its newsroom, which told the number before another took it back, tells it again since then."""
    own = [each for each in case.others if _is_own(case.report, each)]
    told_it = any(least(each.sketch.facts, kind) == now for each in own)
    took_back = any(Tag.CORRECTION in each.sketch.facts.tags for each in own)
    return told_it and not took_back and case.report.sketch.told_at > last.alerted_at


_BEYOND = 10  # times as many as all others say; a toll that is wrong by less may be early, or late


def _credible(last: LastAlert, kind: Kind, told: int) -> int:
    """The most that was told, without what goes far beyond it."""
    return max((number for of, number in last.figures if of == kind and _BEYOND * number <= told), default=0)


def _is_alone(case: Case, kind: Kind, now: int) -> bool:
    """Whether no two newsrooms say so many more: else anybody could keep a toll quiet by a greater one."""
    say_so = {each.origin.newsroom for each in case.others if (least(each.sketch.facts, kind) or 0) >= _BEYOND * now}
    return len(say_so - {case.report.origin.newsroom}) <= 1


def _fell(case: Case, last: LastAlert, kind: Kind) -> str:
    """The version's figure is less than it was, and less than what was told."""
    assert case.before is not None
    was, now, told = least(case.before.sketch.facts, kind), least(case.facts, kind), getattr(last, kind)
    if was is None or now is None or told is None or now >= min(was, told):
        return ""
    return f"{kind}: {now}, told before: {told}"


def _says_other_than(facts: Facts, last: LastAlert) -> bool:
    figures = any(least(facts, kind) not in (None, getattr(last, kind)) for kind in KINDS)
    return figures or not _is_told(facts, last)


def _is_told(facts: Facts, last: LastAlert) -> bool:
    """Whether its places and classes of event were told."""
    return last.places.issuperset(facts.places) and last.events.issuperset(facts.events)


# --- against an earlier version of the entry


def version_changes(case: Case, *, after: timedelta) -> bool:
    """Whether a version says anything that the one before did not, takes something back, or is dated later by more
    than `after`."""
    dated_anew = (_later(case) or after) > after
    if case.before is None:
        return dated_anew
    old, new = case.before.sketch.facts, case.facts
    tags = (new.tags - old.tags) & {Tag.DENIED, Tag.CORRECTION}
    figures = any(least(new, kind) not in (None, least(old, kind)) for kind in KINDS)
    more = not case.completes and any(_added(old, new))
    return bool(tags or figures or dated_anew or new_headline(case.before, case.report) or more)


def _later(case: Case) -> timedelta | None:
    """By how much the version is dated later."""
    dated, known = case.entry.published_at, case.known
    if dated is None or known is None or known.published_at is None or dated <= known.published_at:
        return None
    return dated - known.published_at


def new_headline(before: Report, report: Report) -> str:
    """Fewer than half of its words are in the old one."""
    from monitor.text.document import read_text

    if before.sketch.headline == report.sketch.headline:
        return ""
    old, new = set(read_text(before.title).words), set(read_text(report.title).words)
    return "a materially new headline" if new and 2 * len(new & old) < len(new) else ""


def another_place(case: Case) -> str:
    assert case.before is not None
    old, new = case.before.sketch.facts.places, case.facts.places
    if not old or not new or any(_near(one, other, case.within) for one in old for other in new):
        return ""
    return f"another place: {', '.join(new)}, before: {', '.join(old)}"


def another_event(case: Case) -> str:
    assert case.before is not None
    old, new = case.before.sketch.facts.events, case.facts.events
    if not old or not new or any(are_kin(one, other) for one in old for other in new):
        return ""
    return f"another class of event: {', '.join(new)}, before: {', '.join(old)}"


def _added(old: Facts, new: Facts) -> Iterator[str]:
    for name, was, now in (("place", old.places, new.places), ("class of event", old.events, new.events)):
        if was and (more := [each for each in now if each not in was]):
            yield f"a new {name}: {', '.join(more)}"


def _near(one: str, other: str, within: Within) -> bool:
    return one == other or one in within(other) or other in within(one)


def _one_event(one: str, other: str) -> bool:
    return one == other
