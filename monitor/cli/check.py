"""`monitor check`: one pass over the feeds."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path

import click

from monitor.app import App
from monitor.cli import EXIT_INTERRUPTED, account, logs
from monitor.cli.options import config_option, json_option, state_option
from monitor.cli.passes import AHEAD, deliver_all, interruptible, look_after_itself, poll_all, read_articles
from monitor.cli.show import warn
from monitor.cli.tally import Tally
from monitor.compiled import Shelf
from monitor.config import Config
from monitor.errors import UsageError
from monitor.model import Feed

CLOSE_WITHIN, CLOSE_IN_PEACE = 5.0, 30.0  # seconds for what is under way, interrupted or not


@click.command(epilog="Quiet where there is nothing to say, so that cron sends mail only when there is.")
@config_option
@state_option
@click.option("--all", "every", is_flag=True, help="Poll every feed now, due or not.")
@click.option("--feed", "only", multiple=True, metavar="ID", help="Poll only this feed, due or not (repeatable).")
@click.option("-n", "--dry-run", is_flag=True, help="Show what would be alerted; send nothing, record nothing.")
@click.option("--no-baseline", is_flag=True, help="Announce also what a feed holds when it is read for the first time.")
@json_option
@click.option("--exit-code", is_flag=True, help="Exit with 10 if alerts were raised.")
@click.option("-v", "--verbose", is_flag=True, help="Log what happens; list every failed feed.")
@click.pass_context
def check(
    ctx: click.Context,
    config: Path,
    state: Path,
    every: bool,
    only: tuple[str, ...],
    dry_run: bool,
    no_baseline: bool,
    as_json: bool,
    exit_code: bool,
    verbose: bool,
) -> None:
    """Poll once what is due, raise alerts, deliver what is pending, and exit.

    A feed that is read for the first time is a baseline: its entries are recorded, not announced, unless
    --no-baseline is given.

    Exit codes: 0 ok, 3 configuration, 4 feeds failed, 5 undelivered, 6 another instance polls, 10 alerts (only with
    --exit-code). Of several, 5 goes before 10, and 10 before 4. What was given up earlier ('monitor deliveries') no
    longer counts.
    """
    logs.set_up(20 if verbose else 50, "text")
    tally = Tally()
    with interruptible() as interrupted:
        app = App(
            config,
            state,
            command="monitor check",
            baseline=not no_baseline,
            dry_run=dry_run,
            shelf=Shelf(state, writes=not dry_run),
            recalls=True,
            console=sys.stderr if as_json else None,
            on_config=_configured,
            on_poll=tally.polled_feed,
            on_delivery=tally.tried_delivery,
            on_article=tally.read_article,
        )
        try:
            feeds = _chosen(app.config, only)
            poll_all(app, feeds, tally, every=every or bool(only), interrupted=interrupted)
            if not dry_run:
                app.lookout.send_canaries(app.config)
                tally.alerts += app.look_for_silence()
                app.chains.tick(app.setup, ahead=AHEAD)
                deliver_all(app, interrupted)
            read_articles(app, feeds, interrupted)  # now: no alert of a line waits for a page
            if not dry_run:
                if tally.articles:
                    deliver_all(app, interrupted)
                if not interrupted:
                    look_after_itself(app, tally)
            outcome = account.Outcome.of(app, tally, dry_run=dry_run)
        finally:
            app.close(within=CLOSE_WITHIN if interrupted else CLOSE_IN_PEACE)
    if as_json:
        click.echo(json.dumps(account.as_json(outcome), ensure_ascii=False))
    else:
        account.tell(outcome, verbose=verbose)
    ctx.exit(EXIT_INTERRUPTED if interrupted else account.exit_code(outcome, alerts_count=exit_code))


def _configured(config: Config) -> None:
    logs.hide(config.secrets())
    warn(config.warnings)


def _chosen(config: Config, only: Collection[str]) -> tuple[Feed, ...]:
    known = {feed.id: feed for feed in config.feeds}
    if not known:
        raise UsageError(f"{config.path} has no feeds: add some under 'feeds:', or run 'monitor init' for a start")
    for unknown in (wanted for wanted in only if wanted not in known):
        close = get_close_matches(unknown, known, 1)
        raise UsageError(
            f"no feed '{unknown}' in {config.path}"
            + (f": did you mean '{close[0]}'?" if close else ": 'monitor feeds list' names them")
        )
    return tuple(known[wanted] for wanted in dict.fromkeys(only)) if only else tuple(known.values())
