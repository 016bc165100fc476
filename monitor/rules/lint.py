"""Weak spots of a configuration that loads: warnings for authors, none of which keeps anything from running.

A check that cries wolf is switched off by everybody, so each tells only what is certain, and what to write instead.
"""

from __future__ import annotations

from datetime import date

from monitor.errors import Problem
from monitor.rules.lint_exclusions import check_exclusions
from monitor.rules.lint_pairs import check_pairs
from monitor.rules.lint_rules import check_rules
from monitor.rules.lint_words import check_words
from monitor.rules.linted import Linted


def lint(config: Linted, *, today: date | None = None) -> tuple[Problem, ...]:
    """Warnings, in file order. Rules that have expired are told only if it is said what day it is."""
    report = config.report.anew()
    check_words(config, report)
    check_rules(config, today, report)
    check_exclusions(config, report)
    check_pairs(config, report)
    return report.problems()
