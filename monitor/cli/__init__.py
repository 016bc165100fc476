"""The command line. A command's module is imported only when that command is asked for: `--help` stays quick."""

from __future__ import annotations

import importlib
from typing import Any

import click
from click.exceptions import NoSuchCommand

from monitor import __version__
from monitor.errors import ConfigError, MonitorError, StateLocked, UsageError

# name -> (module, one line for the overview); the module's function of the same name is the command
COMMANDS = {
    "check": ("check", "Poll once what is due, alert, deliver, exit (for cron)."),
    "db": ("db", "Back up the state, restore it, check it."),
    "deliveries": ("deliveries", "List what was sent, waits or was given up; send again."),
    "demo": ("demo", "See real alerts from sample feeds: offline, no account, nothing kept."),
    "explain": ("explain", "Show why each rule does or does not match a text."),
    "feeds": ("feeds", "List feeds and their health; import and export OPML."),
    "init": ("init", "Write a starter rules.yaml to make your own."),
    "lint": ("lint", "Find mistakes and weak spots in rules.yaml."),
    "match": ("match", "Apply the rules to JSON documents, one a line, from standard input."),
    "notify": ("notify", "Send a sample alert to a channel."),
    "places": ("places", "Find places and their spellings; import more of them."),
    "run": ("run", "Keep watch: poll, alert and deliver until stopped."),
    "schema": ("schema", "Print the JSON Schema of rules files, for editors."),
    "status": ("status", "Show what the monitor knows and whether all is well."),
    "test": ("test", "Run the tests that stand inside the rules."),
}

EXIT_ERROR, EXIT_USAGE, EXIT_CONFIG, EXIT_FEEDS, EXIT_UNDELIVERED, EXIT_LOCKED, EXIT_TESTS, EXIT_ALERTS = (
    1, 2, 3, 4, 5, 6, 7, 10,
)  # fmt: skip
EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells have it

EPILOG = """\b
Exit codes: 0 ok · 1 error · 2 usage · 3 configuration · 4 feeds failed · 5 undelivered
6 another instance polls · 7 tests failed · 10 alerts (only with --exit-code) · 130 interrupted

The first steps: monitor demo, then monitor init, then monitor check."""


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
        """Expected trouble ends in one clear message and its exit code, never in a traceback."""
        try:
            return super().invoke(ctx)
        except MonitorError as error:
            click.echo(_told(error), err=True)
            ctx.exit(_exit_code(error))
        except KeyboardInterrupt:
            ctx.exit(EXIT_INTERRUPTED)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.command(cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="monitor %(version)s")
def cli() -> None:
    """Watch news feeds for what your rules describe, in Arabic and other languages, and tell the right people."""


def main() -> None:
    """Run the command line."""
    cli.main(prog_name="monitor")


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
