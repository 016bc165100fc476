"""`monitor test`: the tests that stand inside the rules."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import click

from monitor import config as configuration
from monitor.cli import EXIT_TESTS
from monitor.cli.options import config_option, json_option, state_accepted
from monitor.cli.show import counted, warn
from monitor.errors import UsageError
from monitor.language import Rule
from monitor.rules.inline_tests import TestResult, run_tests


@click.command()
@click.argument("rule_ids", metavar="[RULE]...", nargs=-1)
@config_option
@state_accepted
@json_option
@click.option("-v", "--verbose", is_flag=True, help="List the tests that passed, too.")
@click.pass_context
def test(ctx: click.Context, rule_ids: tuple[str, ...], config: Path, as_json: bool, verbose: bool) -> None:
    """Run the tests of all rules, or of the RULEs named, and explain those that fail.

    Exit codes: 0 all passed, 3 configuration, 7 tests failed.
    """
    loaded = configuration.load_rules(config, environ=os.environ)
    warn(loaded.warnings)
    rules = chosen(loaded.rules, rule_ids)
    results = run_tests(rules, loaded.lexicon)
    failed = [result for result in results if not result.passed]
    if as_json:
        click.echo(json.dumps([_as_json(result) for result in results], ensure_ascii=False))
    else:
        _tell(results, verbose=verbose)
        untested = [rule.id for rule in rules if not rule.tests]
        if untested:
            click.echo(f"without tests: {', '.join(untested)}")
        click.echo(f"{counted(len(results) - len(failed), 'test', 'tests')} passed, {len(failed)} failed")
    ctx.exit(EXIT_TESTS if failed else 0)


def chosen(rules: Sequence[Rule], wanted: Sequence[str]) -> tuple[Rule, ...]:
    """The rules named, in the file's order; all if none is named. Raises UsageError for a name that is not there."""
    known = {rule.id for rule in rules}
    for unknown in (rule_id for rule_id in wanted if rule_id not in known):
        close = get_close_matches(unknown, known, 1)
        raise UsageError(f"no rule '{unknown}'" + (f": did you mean '{close[0]}'?" if close else ""))
    return tuple(rule for rule in rules if not wanted or rule.id in wanted)


def told(result: TestResult) -> str:
    """Where the test stands, what it tried, and why it failed."""
    verb = "match" if result.test.matches else "no_match"
    text = " / ".join(result.test.fields.values())
    place = f"{result.at.file}:{result.at.line}:{result.at.column}"
    first = f"{place}: {'passed' if result.passed else 'FAILED'} {result.rule_id}\n  {verb}: {text}"
    return first if result.passed else "\n".join([first, *(f"    {line}" for line in result.why.splitlines())])


def _tell(results: Sequence[TestResult], *, verbose: bool) -> None:
    for result in results:
        if verbose or not result.passed:
            click.echo(told(result))


def _as_json(result: TestResult) -> dict[str, object]:
    return {
        "rule": result.rule_id,
        "file": result.at.file,
        "line": result.at.line,
        "expected": "match" if result.test.matches else "no_match",
        "passed": result.passed,
        "why": result.why,
    }
