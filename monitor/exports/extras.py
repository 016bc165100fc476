"""Formats whose libraries few people need, and which are therefore installed and imported only on demand."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from monitor.errors import UsageError


def library(name: str, extra: str) -> Any:
    """Raises UsageError with the remedy where it is not installed."""
    try:
        return import_module(name)
    except ModuleNotFoundError as missing:
        raise UsageError(
            f"this format needs the library '{missing.name}': install it with  pip install 'monitor[{extra}]'"
        ) from None
