"""What another set of rules would send instead, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from monitor.backtest.values import Altered, Change, Difference, Said, Trial, WouldSend
from monitor.model import Entry
from monitor.rules.explain import explained
from monitor.rules.explain_text import brief
from monitor.rules.explanation import Clause, Explanation
from monitor.text.document import read

_SHOWN = 3  # words of one clause


def compare(old: Trial, new: Trial) -> Difference:
    """Of two trials over the same history. An alert is the same in both if the same text brought it under the same
    rule."""
    of_old = {each.key: each for each in old.alerts}
    of_new = {each.key: each for each in new.alerts}
    kept = tuple(each for each in new.alerts if each.key in of_old)
    both = [(of_old[each.key], each) for each in kept]
    return Difference(
        gained=tuple(
            Change(alert=each, said=tuple(_why(each, there=new, not_there=old, gained=True)))
            for each in new.alerts
            if each.key not in of_old
        ),
        lost=tuple(
            Change(alert=each, said=tuple(_why(each, there=old, not_there=new, gained=False)))
            for each in old.alerts
            if each.key not in of_new
        ),
        kept=kept,
        altered=tuple(Altered(old=one, new=other) for one, other in both if _differ(one, other)),
    )


def _differ(one: WouldSend, other: WouldSend) -> bool:
    return (one.severity, one.reason, one.at, one.held) != (other.severity, other.reason, other.at, other.held)


def _why(alert: WouldSend, *, there: Trial, not_there: Trial, gained: bool) -> Iterator[Said]:
    """`not_there` is the trial that does not send it."""
    decided = not_there.quiet.get(alert.key)
    before = "before" if gained else "now"
    if decided is not None:
        yield Said(text=f"{before}: {decided.reason.value}{f' ({decided.why})' if decided.why else ''}")
    elif alert.rule_id not in not_there.rules:
        yield Said(text="the rule is new" if gained else "the rule is gone")
    else:
        yield from _clauses(alert, there, not_there, gained=gained)


def _clauses(alert: WouldSend, there: Trial, not_there: Trial, *, gained: bool) -> Iterator[Said]:
    """Where the one rule matches the text and the other does not."""
    entry = there.documents.get(alert.document)
    holds, fails = _explained(there, alert.rule_id, entry), _explained(not_there, alert.rule_id, entry)
    if holds is None or fails is None:
        yield Said(text="the rule was not matched before" if gained else "the rule is not matched now")
        return
    told = brief(fails).partition(": does not match: ")[2]
    if told:
        when: Literal["before", "now"] = "before" if gained else "now"
        yield Said(text=f"{when}: {told}", when=when, obstacles=fails.obstacles, problems=fails.problems)
    yield from _held_only(holds, fails, "now holds" if gained else "held before")


def _held_only(holds: Explanation, fails: Explanation, when: Literal["now holds", "held before"]) -> Iterator[Said]:
    held = dict(_held(fails))
    for title, surfaces in _held(holds):
        if title not in held:
            words = ", ".join(f"«{surface}»" for surface in surfaces)
            yield Said(
                text=f"{when}: {title}{f' ({words})' if words else ''}", when=when, title=title, surfaces=surfaces
            )


def _explained(trial: Trial, rule_id: str, entry: Entry | None) -> Explanation | None:
    """None for a rule that waits for silence alone, and where there is nothing to explain with."""
    if trial.ruleset is None or entry is None:
        return None
    matcher = trial.ruleset.matcher
    compiled = next((each for each in matcher.rules if each.rule.id == rule_id), None)
    return explained(compiled, trial.ruleset.lexicon, matcher.search(read(entry))) if compiled is not None else None


def _held(explanation: Explanation) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each thing that was looked for and found, by name, with the words that said it."""
    for _, clause in explanation.boxes:
        if not clause.excludes:
            yield from _found(clause)


def _found(clause: Clause) -> Iterator[tuple[str, tuple[str, ...]]]:
    if clause.held and not clause.parts and not clause.excludes:
        yield clause.title, tuple(dict.fromkeys(each.surface for each in clause.sightings))[:_SHOWN]
    for part in clause.parts:
        yield from _found(part)
