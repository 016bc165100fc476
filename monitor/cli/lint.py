"""`monitor lint`: mistakes and weak spots of a rules file."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from monitor import config as configuration
from monitor.alerts.words import Language, arabic_count
from monitor.cli import EXIT_CONFIG
from monitor.cli.options import config_option, json_option, state_accepted
from monitor.cli.show import counted
from monitor.clock import SystemClock
from monitor.errors import ConfigError, Problem
from monitor.hidden import hide
from monitor.rules.in_arabic import told_in_arabic
from monitor.rules.lint import lint as find_weak_spots


@click.command()
@config_option
@state_accepted
@json_option
@click.option(
    "--language", type=click.Choice(["ar", "en"]), default="en", help="Of what is told; the codes stay as they are."
)
@click.option("--strict", is_flag=True, help="Exit with 3 for warnings, too.")
@click.pass_context
def lint(ctx: click.Context, config: Path, as_json: bool, language: Language, strict: bool) -> None:
    """Read the rules file and everything it includes; tell every mistake at its line, and what to do about it.

    Exit codes: 0 sound (warnings or not), 3 mistakes.
    """
    problems = _problems(config)
    wrong = sum(problem.level == "error" for problem in problems)
    warnings = len(problems) - wrong
    if as_json:
        click.echo(json.dumps([asdict(problem) for problem in problems], ensure_ascii=False))
    else:
        for problem in problems:
            click.echo(told_in_arabic(problem) if language == "ar" else problem)
        click.echo(f"{config}: {_sum(wrong, warnings, language)}")
    ctx.exit(EXIT_CONFIG if wrong or (strict and warnings) else 0)


def _sum(wrong: int, warnings: int, language: Language) -> str:
    if language == "en":
        return f"{counted(wrong, 'error', 'errors')}, {counted(warnings, 'warning', 'warnings')}"
    errors = arabic_count(wrong, ("خطأ واحد", "خطآن", "أخطاء", "خطأ")) if wrong else "لا أخطاء"
    others = arabic_count(warnings, ("تحذير واحد", "تحذيران", "تحذيرات", "تحذيرًا")) if warnings else "لا تحذيرات"
    return f"{errors}، {others}"


def _problems(file: Path) -> tuple[Problem, ...]:
    try:
        config = configuration.load(file, environ=os.environ)
        hide(config.secrets())
    except ConfigError as error:
        return error.problems
    return (*config.warnings, *find_weak_spots(config, today=SystemClock().now().astimezone(config.timezone).date()))
