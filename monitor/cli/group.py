"""The command line proper. A command's module is imported only when that command is asked for."""

from __future__ import annotations

import importlib
import sys
from types import TracebackType
from typing import Any

import click
from click.exceptions import NoSuchCommand

from monitor import __version__
from monitor.cli import (
    ABOUT,
    COMMANDS,
    EPILOG,
    EXIT_CONFIG,
    EXIT_ERROR,
    EXIT_INTERRUPTED,
    EXIT_LOCKED,
    EXIT_USAGE,
)
from monitor.errors import ConfigError, MonitorError, StateLocked, UsageError
from monitor.hidden import mask


class Commands(click.Group):
    """A group that knows its commands by name and imports them on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"monitor.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:  # click suggests from what it has imported: nothing
            raise NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Expected trouble ends in one clear message and its exit code, never in a traceback; what nobody expected in
        one without secrets."""
        sys.excepthook = _unexpected
        try:
            return super().invoke(ctx)
        except MonitorError as error:
            click.echo(mask(_told(error)), err=True)
            ctx.exit(_exit_code(error))
        except KeyboardInterrupt:
            ctx.exit(EXIT_INTERRUPTED)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.command(cls=Commands, help=ABOUT, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="monitor %(version)s")
def cli() -> None:
    """Everything that `monitor` does."""


def _unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    from monitor.cli import logs

    logs.show_traceback(kind, error, trace)


def _told(error: MonitorError) -> str:
    if not isinstance(error, ConfigError):
        return f"monitor: {error}"
    wrong = sum(problem.level == "error" for problem in error.problems)
    return f"{error}\n\nmonitor: {wrong} {'error' if wrong == 1 else 'errors'}: the configuration was not used"


def _exit_code(error: MonitorError) -> int:
    match error:
        case ConfigError():
            return EXIT_CONFIG
        case StateLocked():
            return EXIT_LOCKED
        case UsageError():
            return EXIT_USAGE
        case _:
            return EXIT_ERROR
