"""`monitor explain`: why a rule does or does not match."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from monitor import config as configuration
from monitor.cli.options import config_option
from monitor.cli.show import warn
from monitor.cli.test import chosen
from monitor.clock import SystemClock
from monitor.model import Entry
from monitor.rules.explain import explain_each, render
from monitor.text.document import read


@click.command()
@click.argument("text", metavar="TEXT")
@click.option("--summary", default="", help="A summary that goes with the text, which then is the title.")
@click.option("--rule", "rule_ids", multiple=True, metavar="ID", help="Only this rule (repeatable).")
@config_option
def explain(text: str, summary: str, rule_ids: tuple[str, ...], config: Path) -> None:
    """Show clause by clause why each rule does or does not match TEXT, taken as a headline; - reads standard input.

    For each clause: the words that were found, how they were read (و+ال+اشتباك+ات), and where.
    """
    loaded = configuration.load_rules(config, environ=os.environ)
    warn(loaded.warnings)
    title = sys.stdin.read() if text == "-" else text
    document = read(Entry(feed_id="", title=title, summary=summary))
    today = SystemClock().now().astimezone(loaded.timezone).date()
    rules = chosen(loaded.rules, rule_ids)
    for explanation in explain_each(rules, loaded.lexicon, document, today=today):
        click.echo(render(explanation))
