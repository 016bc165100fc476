"""Rows and columns, of whatever: what the formats that are tables write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

Cell = str | int | float | bool | datetime | None
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """`name` is for programs and stays; `title` for people. `wide`: it holds sentences."""

    name: str
    tell: Callable[[T], Cell]
    title: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet(Generic[T]):
    """`rows` may be read once. `as_json`: a row with all its parts, where columns say less. Instants are aware UTC."""

    title: str
    columns: tuple[Column[T], ...]
    rows: Iterable[T]
    as_json: Callable[[T], Mapping[str, Any]] | None = None
    right_to_left: bool = False

    def cells(self, row: T) -> list[Cell]:
        return [column.tell(row) for column in self.columns]

    def record(self, row: T) -> Mapping[str, Any]:
        if self.as_json is not None:
            return self.as_json(row)
        return {column.name: plain(column.tell(row)) for column in self.columns}


def plain(cell: Cell) -> str | int | float | bool | None:
    """As JSON has it."""
    return stamp(cell) if isinstance(cell, datetime) else cell


def stamp(at: datetime) -> str:
    """RFC 3339, in UTC: '2026-11-22T14:05:00Z', with what there is below a second."""
    return at.isoformat().replace("+00:00", "Z")
