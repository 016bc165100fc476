"""Options that several commands share, written once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def config_option(command: Command) -> Command:
    return click.option(
        "-c", "--config", type=click.Path(path_type=Path), default=Path("rules.yaml"), show_default=True,
        envvar="MONITOR_CONFIG", show_envvar=True, help="The rules file.",
    )(command)  # fmt: skip


def state_option(command: Command) -> Command:
    return click.option(
        "-s", "--state", type=click.Path(path_type=Path, file_okay=False), default=Path("state"), show_default=True,
        envvar="MONITOR_STATE", show_envvar=True, help="The directory that remembers what was seen and sent.",
    )(command)  # fmt: skip


def config_accepted(command: Command) -> Command:
    """For a command that looks at no rules: --config may be given all the same, as to every other command."""
    return click.option("-c", "--config", type=click.Path(), hidden=True, expose_value=False)(command)


def state_accepted(command: Command) -> Command:
    """For a command that looks at no state: --state may be given all the same, as to every other command."""
    return click.option("-s", "--state", type=click.Path(), hidden=True, expose_value=False)(command)


def json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")(command)
