"""A frozen value as text: the same text for equal values, in every process, so that its digest tells its version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, Final

_WHERE: Final = "at"  # a `Location`: where a thing is written does not change what it says


def text(value: object) -> str:
    """JSON, its keys sorted."""
    return json.dumps(plain(value), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def plain(value: object) -> Any:
    """What JSON can say of a value: dataclasses as objects with their type's name, instants in UTC as ISO 8601, lengths
    of time in seconds, sets sorted, bytes in hex."""
    if value is None or isinstance(value, str | bool | int | float):
        return value.value if isinstance(value, Enum) else value
    if is_dataclass(value) and not isinstance(value, type):
        told = {each.name: getattr(value, each.name) for each in fields(value)}
        return {"type": type(value).__name__} | {
            name: plain(each) for name, each in told.items() if name != _WHERE or type(each).__name__ != "Location"
        }
    if isinstance(value, Mapping):
        return {str(plain(name)): plain(each) for name, each in value.items()}
    if isinstance(value, frozenset | set):
        return sorted((plain(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return _simple(value)


def _simple(value: object) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case bytes():
            return value.hex()
        case _:
            return str(value)
