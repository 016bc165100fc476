"""Long work on a terminal: how far it is, and a way to break it off without losing what was done."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from monitor.cli.show import on_terminal

_WIDE = 24  # signs of the bar


class Progress:
    """Shown on standard error, to a person alone."""

    def __init__(self) -> None:
        self.stopped = False
        self._shows, self._shown = on_terminal(), 0

    def __call__(self, doing: str, done: int, share: float | None) -> bool:
        """False where somebody wants it to end."""
        if self._shows:
            self._show(f"{doing}  {_bar(share)}{done:,} entries")
        return not self.stopped

    def over(self) -> None:
        """Leave an empty line."""
        if self._shown:
            self._show("")
            click.echo("\r", nl=False, err=True)
        self._shown = 0

    def _show(self, line: str) -> None:
        click.echo(f"\r{line.ljust(self._shown)}", nl=False, err=True)
        self._shown = len(line)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        if self.stopped:
            raise KeyboardInterrupt
        self.stopped = True
        self.over()
        click.echo("broken off: what was done so far follows (once more to end at once)", err=True)


def _bar(share: float | None) -> str:
    if share is None:
        return ""
    full = round(share * _WIDE)
    return f"[{'#' * full}{'.' * (_WIDE - full)}] {share:4.0%}  "


@contextmanager
def progress() -> Iterator[Progress]:
    """While it lasts, Ctrl-C asks the work to end; the second one ends it."""
    shown = Progress()
    before = signal.signal(signal.SIGINT, shown._stop)
    try:
        yield shown
    finally:
        signal.signal(signal.SIGINT, before)
        shown.over()
