"""`monitor web`: the pages."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from monitor.cli import EXIT_USAGE, logs
from monitor.cli.options import config_option, state_option
from monitor.errors import UsageError


@click.command()
@config_option
@state_option
@click.option(
    "--listen", metavar="ADDRESS:PORT", default="127.0.0.1:8080", show_default=True, help="Where the pages are served."
)
def web(config: Path, state: Path, listen: str) -> None:
    """Show alerts, stories, rules and feeds in a browser, until Ctrl-C.

    It shows what 'run' or 'check' have recorded, and may run beside them.
    """
    from monitor.search.keeping import kept_up
    from monitor.serve import Listen, bound
    from monitor.web.app import make_app
    from monitor.web.desk import Desk
    from monitor.web.serving import address_of, run

    logs.set_up(logging.INFO, "text")
    try:
        where = Listen.of(listen)
        if not where.is_loopback:
            raise UsageError(f"{where.host} can be reached from elsewhere; give --listen an address of this machine")
        desk = Desk(config, state)
        logs.hide(desk.config.secrets())
        with bound(where) as listening, kept_up(state):
            click.echo(f"Serving {address_of(where, listening)} until Ctrl-C.")
            run(make_app(desk), listening)
    except UsageError as error:
        click.echo(f"monitor: {error}", err=True)
        raise SystemExit(EXIT_USAGE) from None
