"""`monitor match`: the rules over any text."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click

from monitor import config as configuration
from monitor.cli import EXIT_USAGE
from monitor.cli.options import config_option, state_accepted
from monitor.cli.show import warn
from monitor.clock import SystemClock
from monitor.model import Match
from monitor.rules.matcher import Matcher, Matches
from monitor.text.archive import KEYS, document_of, entry_of
from monitor.text.document import read


@click.command()
@config_option
@state_accepted
@click.option("-i", "--input", "source", type=click.File("rb"), default="-", help="A file of documents; - is stdin.")
@click.pass_context
def match(ctx: click.Context, config: Path, source: Any) -> None:
    """Apply the rules to JSON documents, one a line, and write one JSON line for each, in order.

    \b
    in:  {"id": …, "title": …, "summary": …, "text": …, "url": …, "published": …, "source": …}   (title is required)
    out: {"id": …, "matches": [{"rule": …, "severity": …,
          "spans": [{"field": "title", "start": 0, "end": 7, "clause": "group airport"}]}]}

    Offsets count code points of the field as given, half-open. Needs no feeds, state or channels, and sends nothing.

    Exit codes: 0 with matches or without; 2 if a line is not a JSON object (the others are still answered);
    3 configuration.
    """
    loaded = configuration.load_rules(config, environ=os.environ)
    warn(loaded.warnings)
    matcher = Matcher(loaded.rules, loaded.lexicon)
    today = SystemClock().now().astimezone(loaded.timezone).date()
    bad_lines = 0
    for number, line in enumerate(source, start=1):
        if not line.strip():
            continue
        try:
            document = document_of(line)
        except ValueError as error:
            click.echo(f"line {number}: {error}", err=True)
            bad_lines += 1
            continue
        found = matcher.match(read(entry_of(document)), feed=None, today=today)
        for problem in found.problems:
            click.echo(f"line {number}: rule {problem.rule_id}: {problem.text}", err=True)
        click.echo(_line(_answer(document, found)))
    ctx.exit(EXIT_USAGE if bad_lines else 0)


def _answer(document: dict[str, Any], found: Matches) -> dict[str, Any]:
    return {"id": document.get("id"), "matches": [_match(each) for each in found.matches]}


def _match(found: Match) -> dict[str, Any]:
    spans = [
        {"field": KEYS[span.field], "start": span.start, "end": span.end, "clause": span.clause} for span in found.spans
    ]
    return {"rule": found.rule_id, "severity": found.severity.value, "spans": spans}


def _line(answer: dict[str, Any]) -> str:
    """Readable where it can be: a lone surrogate in an id has no UTF-8 and stays escaped."""
    try:
        line = json.dumps(answer, ensure_ascii=False, allow_nan=False)
    except ValueError:  # 1e999 is JSON, and infinite in Python, which JSON cannot say
        line = json.dumps({**answer, "id": None}, ensure_ascii=False)
    return line if line.isascii() or not any("\ud800" <= c <= "\udfff" for c in line) else json.dumps(answer)
