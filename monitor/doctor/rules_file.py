"""The configuration: does it load, do its rules pass their own tests, does somebody hear of trouble?"""

from __future__ import annotations

from collections.abc import Iterator

from monitor.config import Config
from monitor.doctor.findings import Finding, ok, problem, warning
from monitor.errors import ConfigError, Problem
from monitor.reload import failed_tests

ABOUT = "rules file"


def unreadable(error: ConfigError) -> Iterator[Finding]:
    """Every problem of a configuration that does not load."""
    return (_finding(each) for each in error.problems)


def readable(config: Config) -> Iterator[Finding]:
    """What there is to say of a configuration that loads."""
    yield from (_finding(each) for each in config.warnings)
    if not config.feeds:
        yield problem(ABOUT, f"{config.path} has no feeds: nothing is watched", "add some under 'feeds:'")
    if not config.rules:
        yield problem(ABOUT, f"{config.path} has no rules: nothing is alerted", "add some under 'rules:'")
    failed = failed_tests(config)
    for line in failed.splitlines():
        yield problem("tests in rules", line, "'monitor test' explains why; mend the rule or its test")
    if not config.warnings:
        counts = f"rules {len(config.rules)}, feeds {len(config.feeds)}, channels {len(config.channels)}"
        yield ok(ABOUT, f"{config.path} loads ({counts})")
    if not failed:
        number = sum(len(rule.tests) for rule in config.rules)
        yield ok("tests in rules", f"all pass ({number})" if number else "there are none")
    yield _operations(config)


def _operations(config: Config) -> Finding:
    named = ", ".join(channel.id for channel in config.operations)
    if named:
        return ok("operations channel", f"trouble of the monitor is told to {named}")
    remedy = "add a channel with 'for: operations'; see docs/howto/know-when-it-is-blind.md"
    return warning("operations channel", "there is none: nobody hears when a feed or a channel breaks", remedy)


def _finding(each: Problem) -> Finding:
    where = f"{each.file}:{each.line}:{each.column}: {each.code}: {each.what}"
    return (problem if each.level == "error" else warning)(ABOUT, where, each.remedy)
