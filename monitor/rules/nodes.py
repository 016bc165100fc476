"""What a YAML file holds, as plain data in which everything knows where it was written.

Every scalar is a text: its setting decides whether `012` is a number or a word. So `no`, `on` and `12:30` are texts
(YAML 1.2), and a search text is always what its author typed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from monitor.language import NOWHERE, Location

Node = Any  # Scalar | Block | Series; mypy cannot see through pydantic's input anyway


class Scalar(str):
    """A text. `written` is what stands in the file when a `${…}` was filled in; only that may ever be shown.

    `plain`: written without quotes. `multiline`: without quotes and over several lines, which YAML joins.
    `unset`: it holds a `${…}` that has no value.
    """

    __slots__ = ("at", "multiline", "plain", "unset", "written")
    at: Location
    plain: bool
    multiline: bool
    written: str
    unset: bool

    @classmethod
    def make(cls, text: str, at: Location, *, plain: bool = True, multiline: bool = False) -> Scalar:
        self = cls(text)
        self.at, self.plain, self.multiline, self.written, self.unset = at, plain, multiline, text, False
        return self

    def filled(self, value: str | None) -> Scalar:
        """The same place with its references filled in; None when one has no value."""
        filled = Scalar(self if value is None else value)
        filled.at, filled.plain, filled.multiline, filled.written = self.at, False, self.multiline, self.written
        filled.unset = value is None
        return filled

    @property
    def nothing(self) -> bool:
        """Whether YAML reads it as null."""
        return self.plain and self in ("", "~", "null", "Null", "NULL")

    def __repr__(self) -> str:
        return repr(self.written)


class Block(dict[str, Node]):
    """Settings; the keys are Scalars."""

    __slots__ = ("at",)

    def __init__(self, at: Location) -> None:
        super().__init__()
        self.at = at

    def key_at(self, key: str) -> Location:
        return next((mine.at for mine in self if mine == key and isinstance(mine, Scalar)), self.at)


class Series(list[Node]):
    """A list."""

    __slots__ = ("at",)

    def __init__(self, at: Location) -> None:
        super().__init__()
        self.at = at


def locate(node: Node, path: tuple[int | str, ...]) -> Node:
    """What stands at a path. Steps that lead nowhere are passed over: validators add names of their own."""
    for step in path:
        if isinstance(step, str):
            node = node.get(step, node) if isinstance(node, Block) else node
        elif isinstance(node, Series) and 0 <= step < len(node):
            node = node[step]
    return node


def location(node: Node) -> Location:
    return getattr(node, "at", NOWHERE)


def map_scalars(node: Node, change: Callable[[Scalar], Scalar]) -> Node:
    """The same data with every value (no key) changed."""
    if isinstance(node, Scalar):
        return change(node)
    if isinstance(node, Block):
        block = Block(node.at)
        for key, value in node.items():
            block[key] = map_scalars(value, change)
        return block
    if isinstance(node, Series):
        series = Series(node.at)
        series.extend(map_scalars(value, change) for value in node)
        return series
    return node
