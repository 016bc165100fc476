"""Where a command writes what is for other programs: standard output, or a file that is whole or not there."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar

import click

from monitor.errors import UsageError

T = TypeVar("T")
Command = TypeVar("Command", bound=Callable[..., Any])
STDOUT: Final = "-"
_STEP: Final = 1000  # rows between two signs of life


def output_option(command: Command) -> Command:
    return click.option(
        "-o", "--output", metavar="FILE", default=STDOUT, help="Write here, once all is written; - is standard output."
    )(command)


@contextmanager
def opened(output: str, *, binary: bool = False) -> Iterator[BinaryIO]:
    """To write to. A file takes the place of an older one when the block ends, and not if it ends with an error.

    Raises UsageError where it cannot be written, and for something that is `binary` and would go to a terminal.
    """
    if output == STDOUT:
        if binary and sys.stdout.isatty():
            raise UsageError("this is no text, and a terminal cannot show it: give -o FILE, or send it on with > FILE")
        yield sys.stdout.buffer
        return
    path = Path(os.path.realpath(output))  # a link stays, and leads to the new file
    try:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):  # a pipe, /dev/stdout
            with path.open("wb") as special:
                yield special
        else:
            with _replacing(path) as file:
                yield file
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise UsageError(f"{output} cannot be written: {error.strerror or error}") from None


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """Beside it first, then in its place, with the rights that it had or that new files get."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor
            yield file
            file.flush()
            os.fchmod(file.fileno(), _rights(path))
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:  # Ctrl-C too must leave no litter; it goes on to whoever asked
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise


def _rights(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def counting(rows: Iterable[T], what: str) -> Iterator[T]:
    """The same, with their number on standard error while a person waits."""
    if not sys.stderr.isatty():
        yield from rows
        return
    number = 0
    for number, row in enumerate(rows, 1):
        yield row
        if number % _STEP == 0:
            click.echo(f"\r{number:,} {what} …", err=True, nl=False)
    if number >= _STEP:
        click.echo(f"\r{number:,} {what}  ", err=True)
