"""`monitor db`: back the state up, bring it back, look whether it is sound, take it to another place."""

from __future__ import annotations

import os
from pathlib import Path

import click

from monitor.cli import EXIT_ERROR
from monitor.cli.options import config_accepted, state_accepted, state_option
from monitor.cli.show import ago, counted
from monitor.clock import SystemClock
from monitor.errors import UsageError
from monitor.store import back_up, open_store
from monitor.store.housekeeping import note_backup
from monitor.store.inspect import Finding, inspect
from monitor.store.moving import Where, copy_state, open_copy, where
from monitor.store.place import DATABASE
from monitor.store.restore import Restored, account, rehearse
from monitor.store.restore import restore as bring_back
from monitor.store.rolling import keep_newest, name_at
from monitor.store.which import VARIABLE, database_url, needs_postgres, open_reader


@click.group()
def db() -> None:
    """Back up the state, restore it, check it, copy it to another place."""


@db.command()
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    metavar="N",
    help="Add the time to FILE's name, and remove all but the newest N such copies.",
)
@state_option
@config_accepted
def backup(target: Path, keep: int | None, state: Path) -> None:
    """Write a sound copy of the state to FILE, also while the monitor is running. An older FILE is replaced.

    'monitor db restore' brings it back. A state in PostgreSQL is written to a file of SQLite's, which 'monitor db copy'
    brings back; for a large one pg_dump is quicker.
    """
    now = SystemClock().now()
    _refuse_nothing(state)
    written = name_at(target, now) if keep else target
    store = open_store(state, now=now, check=False)
    try:
        back_up(store, written)
        note_backup(store, now)
    finally:
        store.close()
    click.echo(f"{written} is a copy of {_named(state)} as it was at this moment")
    for removed in keep_newest(target, keep) if keep else ():
        click.echo(f"{removed} was removed")


@db.command()
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "-n", "--dry-run", is_flag=True, help="Try everything in memory and tell what FILE holds; change nothing."
)
@click.option(
    "--baseline", is_flag=True, help="Take what the feeds hold at the next poll as known; announce none of it."
)
@state_option
@config_accepted
def restore(source: Path, dry_run: bool, baseline: bool, state: Path) -> None:
    """Put the backup FILE in the place of the state. Stop the monitor first.

    FILE is checked before anything is changed, and what was there is kept beside it. What was published after the
    backup was made is new again, so alerts that were sent since may be sent once more, those among them that are not
    too old for their rules' max_age. After a long time --baseline spares you that: then nothing is announced that the
    feeds hold at the next poll, what came meanwhile included.
    """
    now = SystemClock().now()
    if database_url() and not dry_run:
        raise UsageError(
            f"{VARIABLE} is set: the state is in PostgreSQL, and is not replaced there. Copy the backup into a new "
            f"database with 'monitor db copy {source} postgresql://…', then set {VARIABLE} to that"
        )
    if dry_run:
        _tell(rehearse(state, source), f"{source} is sound and could be restored: it holds")
        return
    restored = bring_back(state, source, now=now, baseline=baseline)
    _tell(restored, f"{state} is now what {source} holds:")
    if restored.kept:
        click.echo(f"what was there before is {restored.kept}")


def _tell(found: Restored, begun: str) -> None:
    now = SystemClock().now()
    holds = f"{counted(found.entries, 'entry', 'entries')}, {counted(found.alerts, 'alert', 'alerts')}"
    click.echo(f"{begun} {holds}, last poll {ago(found.last_polled_at, now)}")
    if found.waiting:
        waiting = counted(found.waiting, "delivery", "deliveries")
        click.echo(f"{waiting} waited to be sent as it was made, and will be sent, even if that was done since")


@db.command()
@state_option
@config_accepted
@click.pass_context
def check(ctx: click.Context, state: Path) -> None:
    """Look whether the state is sound: every page, every index, every reference, and what monitor relies on.

    Works beside a running monitor. Exit codes: 0 sound, 1 something is wrong.
    """
    _refuse_nothing(state, readable=False)
    findings = _findings(state)
    for found in findings:
        click.echo(f"{found.what}\n  = {found.remedy}")
    if findings:
        ctx.exit(EXIT_ERROR)
    click.echo(f"{_named(state)} is sound")


@db.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@state_accepted
@config_accepted
def copy(source: str, target: str) -> None:
    """Copy the state FROM one place TO another: everything, or nothing.

    FROM and TO are state directories or addresses of PostgreSQL databases (postgresql://user:password@host/name);
    env:NAME stands for what the variable NAME holds, so that no password is seen on the command line. FROM may be a
    backup's file, too. TO must be empty. Stop the monitor first: refused with 6 while somebody polls on either.

    FROM stays as it is. Let nobody poll there any more: what waits to be sent would be sent from both.
    """
    now, at, to = SystemClock().now(), where(source, os.environ), where(target, os.environ)
    named_at, named_to = _place(at), _place(to)
    copied = copy_state(at, to, now=now)
    with open_copy(to) as reader:
        _tell(account(reader, kept=None), f"{named_to} is now what {named_at} holds:")
    click.echo(f"{sum(copied.values()):,} rows of {len(copied)} tables were read again there, and are the same")
    click.echo(_go_on(to, named_to))
    click.echo(f"do not start monitor on {named_at} again: it would send what waits once more. It is a backup now")


def _go_on(to: Where, named: str) -> str:
    if isinstance(to, str):
        return (
            f"next: set {VARIABLE} to the address of {named} wherever monitor starts, then start it; for workers "
            "'monitor rules publish' comes first"
        )
    return f"next: start monitor with --state {to}, where {VARIABLE} is not set"


def _place(at: Where) -> str:
    """As it may be shown."""
    if isinstance(at, Path):
        return str(at)
    with needs_postgres():
        from monitor.store.postgres import address
    return address.read(at)


def _findings(state: Path) -> list[Finding]:
    url = database_url()
    if not url:
        return inspect(state / DATABASE)
    with needs_postgres():
        from monitor.store.postgres.inspect import inspect as inspect_shared
    return inspect_shared(url)


def _named(state: Path) -> str:
    """Where the state is."""
    return _place(database_url() or state)


def _refuse_nothing(state: Path, *, readable: bool = True) -> None:
    if not readable and not database_url() and (state / DATABASE).exists():
        return
    reader = open_reader(state)
    if reader is None:
        raise UsageError(f"nothing is recorded in {_named(state)} yet: 'monitor check' or 'monitor run' begins it")
    reader.close()
