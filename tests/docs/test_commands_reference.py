"""docs/reference/commands.md and the command line say the same: no command or option is missing there, or invented."""

from __future__ import annotations

import re

import click
import pytest

from monitor.cli import EPILOG
from tests.docs.commandline import commands, options
from tests.docs.markdown import read

PAGE = "docs/reference/commands.md"
COMMANDS = commands()
EVERYWHERE = {"-h", "--help"}


def sections() -> dict[str, str]:
    """By command: what stands below its heading."""
    parts = re.split(r"^#+ monitor ([a-z -]+)$", read(PAGE), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


SECTIONS = sections()


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    assert sorted(SECTIONS) == sorted(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_section_lists_exactly_the_options_of_its_command(name: str) -> None:
    listed = {
        spelling
        for row in re.findall(r"^\| (`-.*?) \|", SECTIONS[name], flags=re.MULTILINE)
        for spelling in re.findall(r"(--?[a-z][a-z-]*)", row)
    }
    assert listed == set(options(COMMANDS[name])) - EVERYWHERE


@pytest.mark.parametrize("name", COMMANDS)
def test_a_section_names_the_arguments_of_its_command(name: str) -> None:
    arguments = [argument for argument in COMMANDS[name].params if isinstance(argument, click.Argument)]
    unnamed = [argument.name for argument in arguments if f"`{_shown(argument)}`" not in SECTIONS[name]]
    assert unnamed == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_section_names_the_default_of_every_option_that_has_one(name: str) -> None:
    with_default = [
        str(option.default)
        for option in options(COMMANDS[name]).values()
        if option.show_default and not isinstance(option.default, list | tuple)
    ]
    assert [default for default in with_default if f"`{default}`" not in SECTIONS[name]] == []


def test_every_exit_code_is_told() -> None:
    codes = re.findall(r"(?:^|[·:]|\n)\s*(\d+) \w", EPILOG)
    assert len(codes) == 10
    assert [code for code in codes if f"| {code} |" not in read(PAGE)] == []


def _shown(argument: click.Argument) -> str:
    return (argument.metavar or str(argument.name).upper()).strip("[].")
