"""The command line as the docs see it: the click tree, and command lines parsed against it without running them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import click

from monitor.cli.group import cli


def commands() -> dict[str, click.Command]:
    """Every command by its full name, without `monitor`: 'check', 'feeds list' … Groups are not in it."""
    return dict(_leaves(cli, ()))


def _leaves(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield " ".join(path), command
        return
    context = click.Context(command, info_name=path[-1] if path else "monitor")
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        assert inner is not None, f"{name} is listed and not there"
        yield from _leaves(inner, (*path, name))


def options(command: click.Command) -> dict[str, click.Option]:
    """By every spelling: '--config', '-c' …; those that are only accepted are left out."""
    return {
        spelling: option
        for option in command.params
        if isinstance(option, click.Option) and not option.hidden
        for spelling in (*option.opts, *option.secondary_opts)
    }


def command_lines(shell: str) -> Iterator[list[str]]:
    """The arguments of every `monitor …` in a piece of shell, wherever its executable lies.

    Understood in front of it: variables, sudo, cron's five fields, `docker compose run` and `exec`.
    """
    for line in shell.replace("\\\n", " ").splitlines():
        for words in _commands(line.removeprefix("$ ")):
            rest = _without_wrapper(words)
            if rest and rest[0].rpartition("/")[2] == "monitor":
                yield rest[1:]


CRON_FIELD = re.compile(r"[*\d][*\d,/-]*$")
WITH_VALUE = {"-u", "-f", "-v", "-e", "--file", "--user", "--volume", "--name", "--env-file"}


def _without_wrapper(words: list[str]) -> list[str]:
    while words and ("=" in words[0] or CRON_FIELD.match(words[0])):
        words = words[1:]
    if words[:1] == ["sudo"]:
        return _without_options(words[1:])
    if words[:1] == ["docker"] and {"run", "exec"} & set(words):
        verb = min(words.index(name) for name in ("run", "exec") if name in words)
        service = _without_options(words[verb + 1 :])
        return service[1:] if words[verb] == "exec" else ["monitor", *(service[1:] or ["run"])]
    return words


def _without_options(words: list[str]) -> list[str]:
    while words and words[0].startswith("-"):
        words = words[2 if words[0] in WITH_VALUE else 1 :]
    return words


def _commands(line: str) -> Iterator[list[str]]:
    """The commands of one line as words, without their redirections."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words: list[str] = []
    redirected = False
    for token in lexer:
        if set(token) <= set("&|;()"):
            yield words
            words, redirected = [], False
        elif set(token) <= set("<>&"):
            redirected = True
        elif not redirected:
            words.append(token)
    yield words


def trouble(arguments: list[str]) -> str | None:
    """What click says against these arguments, or None. Nothing is run; a file that is not here is no trouble."""
    command: click.Command = cli
    rest = list(arguments)
    context = click.Context(cli, info_name="monitor")
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        inner = command.get_command(context, rest[0])
        if inner is None:
            return f"no command '{rest[0]}'"
        command, context = inner, click.Context(inner, info_name=rest[0], parent=context)
        del rest[0]
    return _refused(command, context, rest)


def _refused(command: click.Command, context: click.Context, rest: list[str]) -> str | None:
    if {"-h", "--help", "-V", "--version"} & set(rest):
        return None
    if isinstance(command, click.Group):
        return f"'{context.info_name}' needs a command"
    try:
        command.make_context(context.info_name, rest, parent=context.parent)
    except click.BadParameter as error:
        return None if re.search("does not exist|No such file", error.message) else error.format_message()
    except click.UsageError as error:
        return error.format_message()
    return None
