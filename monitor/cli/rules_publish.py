"""`monitor rules publish`."""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path

import click

from monitor import config as configuration
from monitor.cli import EXIT_TESTS
from monitor.cli.mutes import whoever
from monitor.cli.options import config_option, json_option, state_option
from monitor.cli.rules_shown import about, described, print_difference, version_called, versions_in
from monitor.cli.show import counted, warn
from monitor.cli.test import told
from monitor.clock import SystemClock
from monitor.cluster import published as versions_as_files
from monitor.cluster.rules_diff import NOTHING
from monitor.config import Config
from monitor.errors import StateDamaged, UsageError
from monitor.hidden import hide
from monitor.model.rules_versions import RulesFiles, RulesVersion
from monitor.rules.inline_tests import run_tests
from monitor.rules.masking import printable
from monitor.rules.plain_secrets import plain_secrets
from monitor.store.rules_rows import RulesVersions
from monitor.store.which import VARIABLE, database_url


@click.command(epilog="\b\nmonitor rules publish --note 'harbours: two more words'\nmonitor rules publish --dry-run")
@click.option("--note", metavar="TEXT", default="", help="Why; it is shown in the list.")
@click.option("--by", metavar="NAME", help="Who publishes; your login and this machine if it is not given.")
@click.option("-n", "--dry-run", is_flag=True, help="Judge the rules and show what would change; publish nothing.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@config_option
@state_option
@json_option
@click.pass_context
def publish(
    ctx: click.Context,
    note: str,
    by: str | None,
    dry_run: bool,
    yes: bool,
    config: Path,
    state: Path,
    as_json: bool,
) -> None:
    """Publish the rules file, and all that belongs to it, as the next version.

    It is read as ever, its tests are run, and what changes is shown before you are asked. The files it includes and its
    templates go with it; of secrets only their names do (${NAME}, ${file:/path}): each worker has its own values.

    Exit codes: 0 published, or the version in force says the same; 1; 2; 3 configuration; 7 tests failed.
    """
    _refuse_one_machine(config)
    if as_json and not (yes or dry_run):
        raise UsageError("--json asks nothing: give --yes as well, or --dry-run")
    loaded = _sound(config)
    failed = [result for result in run_tests(loaded.rules, loaded.lexicon) if not result.passed]
    if failed:
        click.echo("\n".join(map(told, failed)), err=True)
        click.echo(f"nothing is published: {counted(len(failed), 'test', 'tests')} failed", err=True)
        ctx.exit(EXIT_TESTS)
    files = _gathered(loaded)
    with versions_in(state, begins=True) as versions:
        newest = versions.newest()
        before = _files_of(versions, newest)
        if not as_json:
            _show_difference(newest, before, files)
        if dry_run or before == files:
            _tell(newest, is_new=False, as_json=as_json)
            return
        if not yes:
            _ask(newest, files)
        # Who saw a difference and said yes to it has not said yes to undoing what somebody published meanwhile.
        after = None if yes else newest.number if newest else 0
        by = by or f"{whoever()}@{socket.gethostname()}"
        done = versions.publish(files, by=by, note=note, now=SystemClock().now(), after=after)
    if isinstance(done, RulesVersion):
        _tell(done, is_new=True, as_json=as_json)
    elif done.why == "same":
        _tell(done.in_force, is_new=False, as_json=as_json)
    else:
        raise UsageError(f"meanwhile {described(done.in_force)} was published: look at what would change once more")


def _refuse_one_machine(config: Path) -> None:
    if database_url() is None:
        raise UsageError(
            f"on one machine there is nothing to publish: 'monitor run' and 'monitor check' read {config} itself, and "
            "take a change of it over within seconds. For workers that share a PostgreSQL database, set "
            f"{VARIABLE} to its address (postgresql://…)."
        )


def _sound(path: Path) -> Config:
    """Raises ConfigError, and UsageError for rules that watch nothing."""
    loaded = configuration.load(path, environ=os.environ)
    hide(loaded.secrets())
    warn([problem for problem in loaded.warnings if problem.code != "R316"])
    _tell_of_values(loaded)
    if not any(file.feeds for file in loaded.written):
        raise UsageError(f"{path} has no feeds: nothing would be watched. To stop watching, stop the workers.")
    return loaded


def _tell_of_values(loaded: Config) -> None:
    """What has none in this terminal has one on the workers, or none of them works by these rules."""
    lacking = dict.fromkeys(str(asked.reference) for asked in loaded.asked if not asked.has_value)
    if lacking:
        click.echo(
            f"without a value here, which does not matter: {', '.join(map(printable, lacking))}. Set it for every "
            "worker: one that has none for a feed or a channel stays with the rules that it has",
            err=True,
        )


def _gathered(loaded: Config) -> RulesFiles:
    gathered = versions_as_files.gather(loaded)
    versions_as_files.rehearse(gathered, environ=os.environ)
    names = [asked.reference.name for asked in loaded.asked if not asked.reference.file]
    values = {os.environ[name].strip() for name in names if name in os.environ}
    for name, text in gathered.files.texts.items():
        warn(plain_secrets(text, str(gathered.folder / name), values))
    return gathered.files


def _files_of(versions: RulesVersions, version: RulesVersion | None) -> RulesFiles:
    """None of a version that is damaged: to publish is what mends it."""
    if version is None:
        return NOTHING
    try:
        return version_called(versions, version.number).files
    except StateDamaged as error:
        click.echo(error, err=True)
        return NOTHING


def _show_difference(newest: RulesVersion | None, before: RulesFiles, files: RulesFiles) -> None:
    if before == NOTHING:
        click.echo(f"all is new: {', '.join(map(printable, files.texts))}")
    elif newest is not None and before != files:
        print_difference(before, files, old_name=f"version {newest.number}", new_name="to be published")


def _ask(newest: RulesVersion | None, files: RulesFiles) -> None:
    if not is_attended():
        raise UsageError("nobody is there to be asked: give --yes")
    number = newest.number + 1 if newest else 1
    click.confirm(f"Publish {counted(len(files.texts), 'file', 'files')} as version {number}?", abort=True, err=True)


def is_attended() -> bool:
    return sys.stdin.isatty()


def _tell(version: RulesVersion | None, *, is_new: bool, as_json: bool) -> None:
    if as_json:
        known = about(version) if version else {"number": None}
        click.echo(json.dumps({**known, "published": is_new}, ensure_ascii=False))
    elif version is None:
        click.echo("nothing is published yet")
    elif is_new:
        click.echo(f"published: {described(version)}")
        click.echo("  every worker takes it over within seconds")
    else:
        click.echo(f"nothing is published; in force is {described(version)}")
