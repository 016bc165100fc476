"""The rules as the page lists them: how each fares, what it needs, in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from monitor.alerts.content import rule_title
from monitor.alerts.words import Language
from monitor.errors import Problem
from monitor.language import Rule
from monitor.store.views.rules import Hits

NOISY: Final = 0.3  # of what was judged, called wrong
JUDGED: Final = 3  # alerts, fewer of which tell nothing

STATES: Final = ("attention", "warnings", "noisy", "idle", "muted", "expired", "off", "untested")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`states` of STATES, but 'attention', the gravest first. `channels` as their ids."""

    rule: Rule
    title: str
    hits: Hits
    channels: tuple[str, ...]
    muted_until: datetime | None
    warnings: int
    states: tuple[str, ...]

    @property
    def needs_a_look(self) -> bool:
        return any(state in ("warnings", "noisy", "idle", "expired", "untested") for state in self.states)


def title_of(rule: Rule, language: Language) -> str:
    return rule_title(rule.title, language) or rule.id


def row(
    rule: Rule,
    hits: Hits,
    *,
    channels: Iterable[str],
    muted_until: datetime | None,
    warnings: int,
    today: date,
    long_kept: bool,
    language: Language,
) -> Row:
    """`long_kept`: whether there are records of all the days that `hits` are of; else nobody knows a rule as idle."""
    expired = rule.expires is not None and today > rule.expires
    share = hits.share_wrong
    noisy = share is not None and share >= NOISY and hits.right + hits.wrong >= JUDGED
    states = {
        "expired": expired,
        "noisy": noisy,
        "warnings": bool(warnings),
        "muted": muted_until is not None,
        "off": not rule.enabled,
        "idle": rule.enabled and not expired and rule.seeks and long_kept and not any(hits.matches),
        "untested": rule.seeks and not rule.tests,
    }
    return Row(
        rule=rule,
        title=title_of(rule, language),
        hits=hits,
        channels=tuple(channels),
        muted_until=muted_until,
        warnings=warnings,
        states=tuple(name for name, is_so in states.items() if is_so),
    )


_WEIGHTS: Final = {"noisy": 32, "expired": 16, "warnings": 8, "idle": 4, "untested": 2, "muted": 1, "off": 1}


def ordered(rows: Sequence[Row], by: str) -> list[Row]:
    """By 'name', or what needs a look first; what is alike in that, in the order of the file."""
    if by == "name":
        return sorted(rows, key=lambda each: (each.title.casefold(), each.rule.id))
    return sorted(rows, key=lambda each: -sum(_WEIGHTS[state] for state in each.states))


def chosen(rows: Sequence[Row], *, words: str, severity: str, state: str) -> list[Row]:
    wanted = words.casefold().split()
    return [
        each
        for each in rows
        if all(word in _searched(each) for word in wanted)
        and severity in ("", each.rule.severity.value)
        and (not state or state in each.states or (state == "attention" and each.needs_a_look))
    ]


def _searched(each: Row) -> str:
    rule = each.rule
    return " ".join([rule.id, *rule.title.values(), rule.description, rule.owner, *rule.tags]).casefold()


def warnings_by_rule(problems: Iterable[Problem], rules: Sequence[Rule]) -> Mapping[str, list[Problem]]:
    """Each problem to the rule in whose lines it stands: the last one that begins above it in its file. What stands
    before the first rule of a file is none's."""
    begins: dict[str, list[tuple[int, str]]] = {}
    for rule in rules:
        begins.setdefault(rule.at.file, []).append((rule.at.line, rule.id))
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        above = [each for each in begins.get(problem.file, ()) if each[0] <= problem.line]
        if above:
            found.setdefault(max(above)[1], []).append(problem)
    return found


def counted(problems: Mapping[str, Sequence[Problem]]) -> Counter[str]:
    return Counter({rule_id: len(each) for rule_id, each in problems.items()})
