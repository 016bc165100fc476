"""`monitor init`: a start of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.errors import UsageError
from monitor.rules.schema import json_schema_text
from monitor.starter import starter_rules


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--force", is_flag=True, help="Overwrite a rules.yaml that is there.")
def init(directory: Path, force: bool) -> None:
    """Write a starter rules.yaml into DIRECTORY (default: here), with feeds, rules with tests, and channels to fill in.

    Beside it, docs/rules.schema.json lets editors complete and check it. Nothing is overwritten without --force.
    """
    rules, schema = directory / "rules.yaml", directory / "docs" / "rules.schema.json"
    if rules.exists() and not force:
        raise UsageError(f"{rules} is there already: --force overwrites it")
    try:
        schema.parent.mkdir(parents=True, exist_ok=True)
        (directory / "state").mkdir(mode=0o700, exist_ok=True)
        rules.write_text(starter_rules(), encoding="utf-8")
        if force or not schema.exists():
            schema.write_text(json_schema_text(), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{error.filename or directory} cannot be written: {error.strerror}") from None
    click.echo(f"{rules} is written: feeds, rules, groups and channels, each explained.")
    click.echo("Next:")
    where = "" if directory == Path() else f"cd {directory} && "
    click.echo(f"  {where}monitor test               # the rules' own tests")
    click.echo(f"  {where}monitor check --dry-run --no-baseline   # what the feeds would raise now; sends nothing")
    click.echo(f"  {where}monitor run --web 127.0.0.1:8080   # keep watch, and show it in a browser")
    click.echo("In the browser: alerts and why, rules to edit and to try on a headline or on the past, feeds, search.")
