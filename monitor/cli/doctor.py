"""`monitor doctor`: what is wrong, and how to mend it."""

from __future__ import annotations

import io
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from monitor.cli import EXIT_ERROR
from monitor.cli.logs import one_line
from monitor.cli.options import config_option, json_option, state_option
from monitor.cli.show import counted
from monitor.clock import SystemClock
from monitor.doctor.findings import Finding, Level
from monitor.doctor.visit import Visit
from monitor.hidden import mask

_MARKS = {Level.OK: "ok      ", Level.WARNING: "warning ", Level.PROBLEM: "PROBLEM "}


@click.command()
@config_option
@state_option
@click.option("--offline", is_flag=True, help="Leave out the network: ask no feed, connect to no channel.")
@click.option("--pins", is_flag=True, help="Show the key of each feed's server, to be written as its pin.")
@json_option
@click.pass_context
def doctor(ctx: click.Context, config: Path, state: Path, offline: bool, pins: bool, as_json: bool) -> None:
    """Look at everything that keeps a monitor from working, and say how to mend it: rules file, state, disk, clock,
    time zones, libraries, each feed and each channel.

    Sends nothing, writes nothing, works beside a running monitor, ends within two minutes. Each feed is asked once.
    Exit codes: 0 (also with warnings), 1 if there is a problem.
    """
    _bear_any_terminal()
    visit = Visit(config_file=config, state=state, environ=os.environ, clock=SystemClock(), offline=offline, pins=pins)
    found = visit.findings()
    if as_json:
        click.echo(_as_json(found))
    else:
        for line in _lines(found):
            click.echo(line)
    ctx.exit(EXIT_ERROR if any(each.level is Level.PROBLEM for each in found) else 0)


def _bear_any_terminal() -> None:
    """One that cannot show Arabic gets escapes in its place; file names may hold bytes that are no text at all."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _lines(found: Sequence[Finding]) -> list[str]:
    """What is wrong comes last, where the eye is when it is printed."""
    lines = []
    for finding in sorted(found, key=lambda each: each.level.rank):
        lines.append(_MARKS[finding.level] + one_line(mask(f"{finding.about}: {finding.what}")))
        if finding.remedy:
            lines.append("          = " + one_line(mask(finding.remedy)))
    counts = Counter(finding.level for finding in found)
    wrong = counted(counts[Level.PROBLEM], "problem", "problems")
    return [*lines, "", f"{wrong}, {counted(counts[Level.WARNING], 'warning', 'warnings')}, {counts[Level.OK]} ok"]


def _as_json(found: Sequence[Finding]) -> str:
    worst = max((finding.level for finding in found), key=lambda level: level.rank, default=Level.OK)
    told = [{**asdict(finding), "level": finding.level.value} for finding in found]
    masked = [{key: mask(value) for key, value in each.items()} for each in told]
    return json.dumps({"level": worst.value, "findings": masked}, ensure_ascii=False)
