"""`monitor schema`: the JSON Schema of rules files."""

from __future__ import annotations

import click

from monitor.rules.schema import json_schema_text


@click.command()
def schema() -> None:
    """Print the JSON Schema of rules files: editors complete and check with it (# yaml-language-server: $schema=…)."""
    click.echo(json_schema_text(), nl=False)
