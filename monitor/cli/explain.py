"""`monitor explain`: why a rule does or does not match."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO

import click

from monitor import config as configuration
from monitor.cli.explain_input import entry_of
from monitor.cli.options import config_option, json_option, state_accepted
from monitor.cli.show import counted, warn
from monitor.cli.test import chosen
from monitor.clock import SystemClock
from monitor.errors import UsageError
from monitor.model import Entry
from monitor.rules import explain_json
from monitor.rules.explain import explain_each
from monitor.rules.explain_text import brief, isolated, near_miss, render
from monitor.rules.explanation import Explanation
from monitor.text.document import read

_COLOURS = {"✓": "green", "✗": "red"}


@click.command()
@click.argument("text", metavar="[TEXT]", required=False)
@click.option(
    "-i", "--input", "source", type=click.File("r", encoding="utf-8-sig"), help="A file with the text; - is stdin."
)
@click.option("--title", help="The headline, instead of TEXT.")
@click.option("--summary", default="", help="A summary that goes with the headline.")
@click.option("--body", default="", help="The full article that goes with it.")
@click.option("--rule", "rule_ids", multiple=True, metavar="ID", help="Only this rule, clause by clause (repeatable).")
@click.option("-v", "--verbose", is_flag=True, help="Every rule clause by clause.")
@json_option
@config_option
@state_accepted
def explain(
    text: str | None,
    source: IO[str] | None,
    title: str | None,
    summary: str,
    body: str,
    rule_ids: tuple[str, ...],
    verbose: bool,
    as_json: bool,
    config: Path,
) -> None:
    """Show why each rule does or does not match TEXT; - reads standard input.

    One line is a headline. Of several, the first is the headline, the paragraph below it the summary, and the rest the
    body. A JSON object with title, summary and text, as 'monitor match' takes it, is read as one.

    Rules that match come first, clause by clause: the words that were found, how they were read (و+ال+اشتباك+ات), and
    where. Then those that one thing alone keeps from matching, with words that nearly were found, and why they are not
    it. Rules that have only some of what they look for get a line each; the others are counted.

    Exit codes: 0 whatever the rules say, 2 nothing to explain, 3 configuration.
    """
    entry = _entry(text, source, title, summary=summary, body=body)
    loaded = configuration.load_rules(config, environ=os.environ)
    warn(loaded.warnings)
    today = SystemClock().now().astimezone(loaded.timezone).date()
    rules = chosen(loaded.rules, rule_ids)
    explanations = explain_each(rules, loaded.lexicon, read(entry), today=today)
    if as_json:
        click.echo(json.dumps([explain_json.as_json(one) for one in explanations], ensure_ascii=False))
    else:
        for line in _told(explanations, whole=verbose or bool(rule_ids)):
            click.echo(_for_terminal(line) if sys.stdout.isatty() else line)


def _entry(text: str | None, source: IO[str] | None, title: str | None, *, summary: str, body: str) -> Entry:
    """Raises UsageError for no text at all, or a headline given twice."""
    if sum(given is not None for given in (text, source, title)) > 1:
        raise UsageError("give the text once: as TEXT, with --input, or with --title")
    given = sys.stdin.read() if text == "-" else source.read() if source else text
    entry = Entry(feed_id="", title=title or "") if given is None else entry_of(given)
    entry = replace(entry, summary=summary or entry.summary, body=body or entry.body)
    if not (entry.title or entry.summary or entry.body):
        raise UsageError("there is no text to explain: give one in quotes, or name a file with --input")
    return entry


def _told(explanations: Sequence[Explanation], *, whole: bool) -> Iterator[str]:
    """What matches, what nearly does, what has something in common; how many have nothing."""
    ordered = sorted(explanations, key=_interest)
    nothing = 0
    for one in ordered:
        if whole or one.matched:
            yield from render(one).splitlines()
        elif _tells_much(one):
            yield from near_miss(one).splitlines()
        elif one.has_something or one.near_miss or one.problems:
            yield brief(one)
        else:
            nothing += 1
    if nothing:
        others = "other " if nothing < len(ordered) else ""
        yield f"{counted(nothing, f'{others}rule has', f'{others}rules have')} nothing in common with this text"


def _interest(explanation: Explanation) -> int:
    return 0 if explanation.matched else 1 if _tells_much(explanation) else 2 if explanation.near_miss else 3


def _tells_much(explanation: Explanation) -> bool:
    """A near miss with more to say than that one of two things is missing."""
    found = sum(len(clause.parts) or 1 for box, clause in explanation.boxes if box != "none")
    missing = [obstacle for obstacle in explanation.obstacles if obstacle.kind == "missing"]
    return explanation.near_miss and (not missing or found > 2 or bool(explanation.almost))


def _for_terminal(line: str) -> str:
    """Coloured, and with right-to-left words apart from what stands around them."""
    mark = line.strip()[:1]
    if mark in _COLOURS:
        line = line.replace(mark, click.style(mark, fg=_COLOURS[mark]), 1)
    elif line[:1].strip():
        line = click.style(line, bold=True)
    elif line.lstrip().startswith("almost:"):
        line = click.style(line, fg="yellow")
    return isolated(line)
