"""`monitor web`: the pages."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Final

import click

from monitor.cli import EXIT_USAGE, logs
from monitor.cli.options import config_option, state_option
from monitor.errors import UsageError

SHORTEST_PASSWORD: Final = 8  # characters; NIST SP 800-63B, 3.1.1.2


@click.command()
@config_option
@state_option
@click.option(
    "--listen",
    metavar="ADDRESS:PORT",
    default="127.0.0.1:8080",
    show_default=True,
    help="Where the pages are served; unix:/PATH for a socket.",
)
@click.option("--hash", "user", metavar="NAME", help="Ask for a password, print this user's line for the rules.")
def web(config: Path, state: Path, listen: str, user: str | None) -> None:
    """Show alerts, stories, rules and feeds in a browser, until Ctrl-C.

    It shows what 'run' or 'check' have recorded, and may run beside them. An address that others can reach is refused
    until the rules say who may look.
    """
    if user is not None:
        print_line_of(user)
        return
    from monitor.search.keeping import kept_up
    from monitor.web.access import opening
    from monitor.web.app import make_app
    from monitor.web.desk import Desk
    from monitor.web.listening import address_of, bound, made_at, place_of, removed
    from monitor.web.serving import run

    logs.set_up(logging.INFO, "text")
    try:
        where = place_of(listen, option="--listen")
        desk = Desk(config, state)
        opening.check(where, desk.config, option="--listen")
        with bound(where, option="--listen") as listening, kept_up(state):
            click.echo(f"Serving {address_of(where, listening)} until Ctrl-C.")
            made = made_at(where)
            try:
                run(make_app(desk), listening)
            finally:
                removed(where, made)
    except UsageError as error:
        click.echo(f"monitor: {error}", err=True)
        raise SystemExit(EXIT_USAGE) from None


def print_line_of(user: str) -> None:
    """The password is read from a terminal without showing it, and twice; from a pipe once."""
    from monitor.rules.written_web import refused_name
    from monitor.web.access.log_in import hash_of

    why = refused_name(user)
    if why:
        click.echo(f"monitor: {why}", err=True)
        raise SystemExit(EXIT_USAGE)
    if sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt="The same again", err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if len(password) < SHORTEST_PASSWORD:
        click.echo(f"monitor: a password needs {SHORTEST_PASSWORD} characters at least; take a few words", err=True)
        raise SystemExit(EXIT_USAGE)
    click.echo(f"{user}: {hash_of(password)}")
    click.echo("Put it under 'users:' of 'web:' in the rules.", err=True)
