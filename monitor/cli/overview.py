"""`monitor --help` without click, whose import takes three times as long as Python's own start. The same text, letter
by letter: a test compares."""

from __future__ import annotations

import os
import sys

from monitor.cli import ABOUT, COMMANDS, EPILOG

_OPTIONS = {"-V, --version": "Show the version and exit.", "-h, --help": "Show this message and exit."}
_WIDTH = 78  # click's, on a terminal of 80 columns or more; on a narrower one click itself has to wrap


def show() -> int | None:
    """Print it; the exit code. None where click must do it: a narrow terminal, or one that cannot show our signs."""
    if _columns() < _WIDTH + 2 or "_MONITOR_COMPLETE" in os.environ:
        return None
    try:
        text = overview().encode(sys.stdout.encoding, sys.stdout.errors or "strict")
        sys.stdout.buffer.write(text)
        sys.stdout.flush()
    except (UnicodeError, OSError):
        return None
    return 0


def overview() -> str:
    parts = [
        ["Usage: monitor [OPTIONS] COMMAND [ARGS]..."],
        _wrapped(ABOUT, _WIDTH - 2, indent="  "),
        ["Options:", *_table(_OPTIONS)],
        ["Commands:", *_table({name: about for name, (_, about) in sorted(COMMANDS.items())})],
        [f"  {line}" if line else "" for line in EPILOG.removeprefix("\b\n").split("\n")],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _columns() -> int:
    """As `shutil.get_terminal_size` tells them, which click asks."""
    try:
        return int(os.environ.get("COLUMNS", "")) or _of_terminal()
    except ValueError:
        return _of_terminal()


def _of_terminal() -> int:
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or 80 if sys.__stdout__ else 80
    except (OSError, ValueError):
        return 80


def _table(rows: dict[str, str]) -> list[str]:
    """Names and what they are, side by side."""
    wide = max(map(len, rows)) + 4
    lines = []
    for name, about in rows.items():
        first, *others = _wrapped(about, _WIDTH - wide)
        lines += [f"  {name}".ljust(wide) + first, *(" " * wide + other for other in others)]
    return lines


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= width + (not lines[-1]):
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".lstrip()
    return [indent + line for line in lines]
