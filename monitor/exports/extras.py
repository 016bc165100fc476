"""Formats whose libraries few people need, and which are therefore installed and imported only on demand."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from monitor.errors import UsageError


class NotInstalled(UsageError):
    """Of the library of a format. `command` installs it."""

    def __init__(self, name: str | None, extra: str) -> None:
        self.command = f"pip install 'monitor[{extra}]'"
        super().__init__(f"this format needs the library '{name}': install it with  {self.command}")


def library(name: str, extra: str) -> Any:
    """Raises NotInstalled."""
    try:
        return import_module(name)
    except ModuleNotFoundError as missing:
        raise NotInstalled(missing.name, extra) from None
