"""`monitor cluster`: many workers on one database, seen from outside."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Final

import click

from monitor.cli import EXIT_ERROR
from monitor.cli.chosen import spoken_language
from monitor.cli.options import config_option, json_option, state_accepted
from monitor.cluster.asked import fleet_of
from monitor.errors import StateError, UsageError
from monitor.store.which import VARIABLE, database_url, open_reader

EVERY: Final = 2.0  # seconds; workers give their signs of life as often


@click.group()
def cluster() -> None:
    """Show how workers that share a PostgreSQL database (MONITOR_DATABASE_URL) do, together."""


@cluster.command()
@config_option
@state_accepted
@json_option
@click.option("--watch", is_flag=True, help="Show it anew every two seconds, until Ctrl-C.")
@click.pass_context
def status(ctx: click.Context, config: Path, as_json: bool, watch: bool) -> None:
    """Show the workers and their rules, feeds that are due, hosts that many wait for, the queue, who sends to which
    channel, and the database; what is wrong first, with what to do.

    In Arabic where the rules file has 'language: ar'. Exit codes: 0; 1 where something is to be mended: no worker
    alive, no rules or rules that a worker cannot use, feeds more than a minute late, deliveries given up, a database
    that cannot be written or has no connections left.
    """
    if database_url() is None:
        raise UsageError(
            f"{VARIABLE} is not set: it names the PostgreSQL database that workers share. For one machine there is "
            "'monitor status'"
        )
    language = spoken_language(config)
    while True:
        fine = _show(as_json, language, anew=watch)
        if not watch:
            ctx.exit(0 if fine else EXIT_ERROR)
        time.sleep(EVERY)


def _show(as_json: bool, language: str, *, anew: bool) -> bool:
    """Whether nothing is to be mended."""
    reader = open_reader(Path())
    if reader is None:
        raise StateError("the database is empty: 'monitor rules publish' begins it, then start 'monitor worker'")
    with reader:
        fleet = fleet_of(reader)
    assert fleet is not None, "the database was named"
    from monitor.cli.cluster_shown import lines
    from monitor.cluster.told import as_json as told
    from monitor.cluster.troubles import found

    troubles = found(fleet)
    if as_json:
        click.echo(json.dumps(told(fleet, troubles), ensure_ascii=False))
    else:
        shown = list(lines(fleet, troubles, "ar" if language == "ar" else "en"))
        if anew:
            click.clear()
        for line in shown:
            click.echo(line)
    return not any(each.kind.is_grave for each in troubles)
