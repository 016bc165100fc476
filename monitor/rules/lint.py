"""Weak spots of a configuration that loads: warnings for authors, none of which keeps anything from running.

A check that cries wolf is switched off by everybody, so each tells only what is certain, and what to write instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from monitor.errors import Problem
from monitor.language import Lexicon, Location, Rule
from monitor.model import Channel, Feed
from monitor.rules.items import OfGroup, walk
from monitor.rules.lint_articles import check_articles
from monitor.rules.lint_exclusions import check_exclusions
from monitor.rules.lint_pairs import check_pairs
from monitor.rules.lint_rules import check_rules
from monitor.rules.lint_words import check_words
from monitor.rules.linted import Linted
from monitor.rules.problems import Report
from monitor.rules.written import RulesFile
from monitor.rules.written_rule import WrittenRule


def lint(config: Linted, *, today: date | None = None) -> tuple[Problem, ...]:
    """Warnings, in file order. Rules that have expired are told only if it is said what day it is."""
    report = config.report.anew()
    check_words(config, report)
    check_rules(config, today, report)
    check_exclusions(config, report)
    check_pairs(config, report)
    check_articles(config, report)
    return report.problems()


@dataclass(frozen=True, slots=True)
class _OneRule:
    """A configuration of which one rule alone is looked at, beside all that it may name."""

    written: tuple[RulesFile, ...]
    rules: tuple[Rule, ...]
    feeds: tuple[Feed, ...]
    channels: tuple[Channel, ...]
    lexicon: Lexicon
    report: Report


def of_one_rule(config: Linted, rule_id: str, *, today: date | None = None) -> tuple[Problem, ...]:
    """What is weak in the words and settings of one rule, at once: exclusions and pairs of rules, which take seconds,
    are left out."""
    of_rule = [rule for file in config.written for rule in file.rules if rule.id == rule_id]
    files = tuple(file.model_copy(update=_kept(file, of_rule)) for file in config.written)
    rules = tuple(rule for rule in config.rules if rule.id == rule_id)
    report = config.report.anew()
    one = _OneRule(files, rules, config.feeds, (), config.lexicon, report)
    check_words(one, report)
    check_rules(one, today, report)
    begins = [(at.file, at.line) for file in config.written for at in _beginnings(file)]
    mine = next(((rule.at.file, rule.at.line) for rule in of_rule), None)
    return tuple(
        problem
        for problem in report.problems()
        if mine == max((each for each in begins if each <= (problem.file, problem.line)), default=None)
    )


def _kept(file: RulesFile, of_rule: Sequence[WrittenRule]) -> Mapping[str, Any]:
    """Of a file: the rule, and the groups that may vouch for its words."""
    boxes = [box for rule in of_rule for box in (rule.all, rule.any, rule.query.inner() if rule.query else ()) if box]
    used = {str(name) for box in boxes for item in walk(box) if isinstance(item, OfGroup) for name in item.group}
    return {
        "rules": [rule for rule in file.rules if any(rule is one for one in of_rule)],
        "groups": {key: items for key, items in file.groups.items() if key in used},
    }


def _beginnings(file: RulesFile) -> Iterator[Location]:
    """Of whatever a problem may stand in."""
    yield from (rule.at for rule in file.rules)
    yield from (key.at for part in (file.groups, file.channels, file.places) for key in part)
