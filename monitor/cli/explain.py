"""`monitor explain`: why a rule does or does not match."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from monitor import config as configuration
from monitor.cli.options import config_option, state_accepted
from monitor.cli.show import warn
from monitor.cli.test import chosen
from monitor.clock import SystemClock
from monitor.model import Entry
from monitor.rules.explain import brief, explain_each, render
from monitor.text.document import read


@click.command()
@click.argument("text", metavar="TEXT")
@click.option("--summary", default="", help="A summary that goes with the text, which then is the title.")
@click.option("--rule", "rule_ids", multiple=True, metavar="ID", help="Only this rule (repeatable).")
@click.option("-v", "--verbose", is_flag=True, help="Clause by clause also for rules that do not match.")
@config_option
@state_accepted
def explain(text: str, summary: str, rule_ids: tuple[str, ...], verbose: bool, config: Path) -> None:
    """Show why each rule does or does not match TEXT, taken as a headline; - reads standard input.

    Rules that match, and those asked for by --rule, are shown clause by clause: the words that were found, how they
    were read (و+ال+اشتباك+ات), and where. The others have a line each that says what is missing.
    """
    loaded = configuration.load_rules(config, environ=os.environ)
    warn(loaded.warnings)
    title = sys.stdin.read() if text == "-" else text
    document = read(Entry(feed_id="", title=title, summary=summary))
    today = SystemClock().now().astimezone(loaded.timezone).date()
    rules = chosen(loaded.rules, rule_ids)
    explanations = explain_each(rules, loaded.lexicon, document, today=today)
    for explanation in sorted(explanations, key=lambda one: not one.matched):
        whole = verbose or explanation.matched or bool(rule_ids)
        click.echo(render(explanation) if whole else brief(explanation))
