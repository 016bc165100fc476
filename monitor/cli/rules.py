"""`monitor rules`: the rules that workers share, version by version."""

from __future__ import annotations

import json
from pathlib import Path

import click

from monitor.cli.options import config_accepted, json_option, state_option
from monitor.cli.rules_publish import publish
from monitor.cli.rules_shown import NONE_YET, about, described, harmless, print_difference, version_called, versions_in
from monitor.cluster import published as versions_as_files
from monitor.cluster.rules_diff import NOTHING
from monitor.errors import UsageError
from monitor.rules.masking import printable

_MOST = 2**31 - 1


@click.group()
def rules() -> None:
    """Publish rules for many workers; list, show and compare what was published.

    Workers that share a PostgreSQL database (MONITOR_DATABASE_URL) work by the newest version in it, and take a new one
    over within 5 seconds. 'monitor run' and 'monitor check' on one machine read their file.
    """


@rules.command("list")
@click.option("--limit", type=click.IntRange(min=1, max=_MOST), default=20, show_default=True, help="Show so many.")
@config_accepted
@state_option
@json_option
def list_(limit: int, state: Path, as_json: bool) -> None:
    """List the versions that were published, the newest first: it is the one in force."""
    with versions_in(state) as versions:
        found = versions.listed(limit)
    if as_json:
        click.echo(json.dumps([about(each) for each in found], ensure_ascii=False))
        return
    if not found:
        click.echo(NONE_YET)
    for number, each in enumerate(found):
        click.echo(f"{described(each)}{'' if number else '  (in force)'}")


@rules.command()
@click.argument("number", metavar="[VERSION]", required=False, type=click.IntRange(min=1, max=_MOST))
@click.option("--file", "name", metavar="NAME", help="Print this file of it alone, exactly as it was published.")
@config_accepted
@state_option
@json_option
def show(number: int | None, name: str | None, state: Path, as_json: bool) -> None:
    """Show a version with all its files; the one in force if none is named."""
    with versions_in(state) as versions:
        found = version_called(versions, number)
    texts = found.files.texts
    if as_json:
        files = dict(sorted(texts.items()))
        click.echo(json.dumps({**about(found.version), "main": found.files.main, "files": files}, ensure_ascii=False))
    elif name is not None:
        if name not in texts:
            raise UsageError(f"version {found.version.number} has no file '{name}': it has {', '.join(sorted(texts))}")
        click.echo(texts[name], nl=False)
    else:
        click.echo(described(found.version))
        for file in sorted(texts, key=lambda each: (each != found.files.main, each)):
            click.echo(f"\n--- {printable(file)}")
            click.echo(harmless(texts[file]))


@rules.command("diff")
@click.argument("old", metavar="[OLD]", required=False, type=click.IntRange(min=1, max=_MOST))
@click.argument("new", metavar="[NEW]", required=False, type=click.IntRange(min=1, max=_MOST))
@config_accepted
@state_option
def diff_(old: int | None, new: int | None, state: Path) -> None:
    """Show what changed from the version OLD to NEW: to the one in force, from the one before it, if not named."""
    with versions_in(state) as versions:
        later = version_called(versions, new)
        number = old or later.version.number - 1
        earlier = version_called(versions, number).files if number else NOTHING
    print_difference(earlier, later.files, old_name=f"version {number}", new_name=f"version {later.version.number}")


@rules.command()
@click.argument("number", metavar="VERSION", type=click.IntRange(min=1, max=_MOST))
@click.argument("directory", metavar="DIRECTORY", type=click.Path(path_type=Path, file_okay=False))
@config_accepted
@state_option
def export(number: int, directory: Path, state: Path) -> None:
    """Write the files of a version into DIRECTORY, to look at them, or to publish them again."""
    with versions_in(state) as versions:
        found = version_called(versions, number)
    main = versions_as_files.export(found, directory)
    click.echo(f"{main} is {described(found.version)}")
    click.echo(f"  monitor rules publish --config {main}   # brings it back, under a new number")


rules.add_command(publish)
