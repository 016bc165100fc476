"""Weak spots of a configuration that loads: warnings for authors, none of which keeps anything from running."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from monitor import lexicon as shipped
from monitor.errors import Problem
from monitor.language import Rule
from monitor.model import Channel
from monitor.rules import terms
from monitor.rules.items import InPlace, OfGroup, Term, walk
from monitor.rules.names import CONSOLE
from monitor.rules.nodes import Scalar
from monitor.rules.problems import Report, shown
from monitor.rules.traps import TRAPS
from monitor.rules.values import plain_words
from monitor.rules.written import RulesFile, WrittenRule


class Linted(Protocol):
    """What lint looks at: a `Config`."""

    @property
    def written(self) -> tuple[RulesFile, ...]: ...
    @property
    def rules(self) -> tuple[Rule, ...]: ...
    @property
    def channels(self) -> tuple[Channel, ...]: ...
    @property
    def report(self) -> Report: ...


def lint(config: Linted, *, today: date | None = None) -> tuple[Problem, ...]:
    """Warnings, in file order. Rules that have expired are told only if it is said what day it is."""
    report = config.report.anew()
    written = [rule for file in config.written for rule in file.rules]
    for rule in written:
        _tests(rule, report)
        _place_alone(rule, report)
        _near(rule, report)
        _asleep(rule, today, report)
    for items in _lists(config.written):
        _twice(items, report)
    for word in _words(config.written):
        _short(word, report)
        _trap(word, report)
    _unused_groups(config.written, report)
    _unused_channels(config, report)
    _changed_places(config.written, report)
    return report.problems()


def _tests(rule: WrittenRule, report: Report) -> None:
    if not rule.tests:
        remedy = "add 'tests:' with a headline that it must match and one that it must not"
        report.warning(rule.id.at, "R401", f"the rule '{rule.id}' has no tests", remedy)
    elif not any(test.match for test in rule.tests):
        what = f"the rule '{rule.id}' has no test that it must match"
        report.warning(rule.id.at, "R401", what, "add '- match: …': a rule that matches nothing passes all others")


def _place_alone(rule: WrittenRule, report: Report) -> None:
    query = rule.query.inner() if rule.query else ()
    found = [item for item in walk([*(rule.all or ()), *(rule.any or ()), *query]) if not item.inner()]
    if found and all(isinstance(item, InPlace) for item in found):
        what = f"the rule '{rule.id}' matches all news of a place: weather, sport and culture, too"
        report.warning(rule.id.at, "R407", what, "add what must happen there, e.g. - event: clash")


def _near(rule: WrittenRule, report: Report) -> None:
    if rule.near is not None and rule.near != "title" and len(rule.all or ()) < 2:
        what = f"'near' has nothing to bind in the rule '{rule.id}': there are not two items under 'all'"
        report.warning(rule.id.at, "R409", what, "put the words that must stand close together under 'all'")


def _asleep(rule: WrittenRule, today: date | None, report: Report) -> None:
    if not rule.enabled:
        report.warning(rule.id.at, "R408", f"the rule '{rule.id}' is switched off", "remove 'enabled: false' to use it")
    elif rule.expires and today and rule.expires < today:
        what = f"the rule '{rule.id}' has looked at nothing since {rule.expires}"
        report.warning(rule.id.at, "R408", what, "give it a later day under 'expires', or remove the rule")


def _lists(files: Sequence[RulesFile]) -> Iterator[Sequence[Any]]:
    """Every list of items, the inner ones too."""
    tops = [items for file in files for items in file.groups.values()]
    tops += [box for file in files for rule in file.rules for box in (rule.all, rule.any, rule.none) if box]
    for top in tops:
        yield top
        yield from (item.inner() for item in walk(top) if item.inner())


def _twice(items: Sequence[Any], report: Report) -> None:
    first: dict[str, Scalar] = {}
    for term in (item.root for item in items if isinstance(item, Term)):
        known = first.setdefault(plain_words(term), term)
        if known is not term:
            what = f"«{shown(term)}» stands twice in one list (first on line {known.at.line})"
            report.warning(
                term.at, "R411", what, "remove one: spellings with and without hamza or marks are the same word"
            )


def _words(files: Sequence[RulesFile]) -> Iterator[Scalar]:
    """The plain terms that find something; exclusions may be as wide as they like."""
    for file in files:
        boxes: list[Sequence[Any]] = [*file.groups.values()]
        boxes += [box for rule in file.rules for box in (rule.all, rule.any) if box]
        boxes += [rule.query.inner() for rule in file.rules if rule.query]
        yield from (item.root for box in boxes for item in walk(box) if isinstance(item, Term))


def _short(word: Scalar, report: Report) -> None:
    if terms.length(word) == 2:
        what = f"«{shown(word)}» has two letters, and its forms are many"
        report.warning(word.at, "R406", what, f"write {{exact: {shown(word)}}}, or a longer phrase around it")


def _trap(word: Scalar, report: Report) -> None:
    meanings = TRAPS.get(plain_words(word))
    if meanings:
        remedy = f"write a phrase, e.g. «{meanings[1]}», or have something else under 'all' that tells them apart"
        report.warning(word.at, "R405", f"«{shown(word)}» also means: {meanings[0]}", remedy)


def _unused_groups(files: Sequence[RulesFile], report: Report) -> None:
    boxes: list[Sequence[Any]] = [items for file in files for items in file.groups.values()]
    boxes += [box for file in files for rule in file.rules for box in (rule.all, rule.any, rule.none) if box]
    queries = [rule.query for file in files for rule in file.rules if rule.query]
    boxes += [[*query.inner(), *query.excluded()] for query in queries]
    used = {str(name) for box in boxes for item in walk(box) if isinstance(item, OfGroup) for name in item.group}
    for key in (key for file in files for key in file.groups if key not in used):
        report.warning(key.at, "R412", f"no rule uses the group '{key}'", f"write '- group: {key}', or remove it")


def _unused_channels(config: Linted, report: Report) -> None:
    used = {name for rule in config.rules for name in rule.notify}
    there = {channel.id for channel in config.channels if not channel.operations}
    for key in (key for file in config.written for key in file.channels):
        if key in there and key not in used and key != CONSOLE:
            remedy = f"add 'notify: [{key}]' to a rule or under 'defaults'"
            report.warning(key.at, "R410", f"no rule tells the channel '{key}'", remedy)


def _changed_places(files: Sequence[RulesFile], report: Report) -> None:
    known: Mapping[str, object] = shipped.load().places
    for file in files:
        for key, place in file.places.items():
            if key in known and place.terms:
                what = f"'{key}' is a shipped place; its shipped spellings are replaced by yours"
                report.warning(key.at, "R413", what, "check that all spellings you need are in the list")
