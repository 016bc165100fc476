"""The boxes that a query is made of, as written: like those of `items`, but with exclusions and an order inside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from monitor import language
from monitor.language import Location
from monitor.model import FieldName

Part = Any  # one of these, or an item of `items`: each has `at`, `inner()` and `item()`


@dataclass(frozen=True, slots=True)
class Every:
    """All of these; with `near`, at most so many words between each and the next, `ordered` one behind the other."""

    at: Location
    parts: tuple[Part, ...]
    near: int | None = None
    ordered: bool = False

    def inner(self) -> Sequence[Part]:
        return self.parts

    def item(self) -> language.Item:
        return language.AllOf(items=_values(self.parts), near=self.near, ordered=self.ordered)


@dataclass(frozen=True, slots=True)
class Either:
    at: Location
    parts: tuple[Part, ...]

    def inner(self) -> Sequence[Part]:
        return self.parts

    def item(self) -> language.Item:
        return language.AnyOf(items=_values(self.parts))


@dataclass(frozen=True, slots=True)
class Within:
    """A part in one field."""

    at: Location
    field: FieldName
    part: Part

    def inner(self) -> Sequence[Part]:
        return (self.part,)

    def item(self) -> language.Item:
        return language.InField(field=self.field, item=self.part.item())


@dataclass(frozen=True, slots=True)
class Without:
    """`part`, where none of `unwanted` is found. These are no part of `inner`: what is said of words that find
    something is not said of them."""

    at: Location
    part: Part
    unwanted: tuple[Part, ...]

    def inner(self) -> Sequence[Part]:
        return (self.part,)

    def item(self) -> language.Item:
        return language.Without(item=self.part.item(), unwanted=_values(self.unwanted))


@dataclass(frozen=True, slots=True)
class Not:
    """While a query is read: what stands behind a NOT. It becomes part of a `Without`."""

    at: Location
    part: Part

    def inner(self) -> Sequence[Part]:
        return (self.part,)

    def item(self) -> language.Item:
        return self.part.item()  # type: ignore[no-any-return]


def excluded(part: Part) -> Iterator[Part]:
    """What is unwanted anywhere in a part."""
    if isinstance(part, Without):
        yield from part.unwanted
    for inner in part.inner():
        yield from excluded(inner)


def _values(parts: Sequence[Part]) -> tuple[language.Item, ...]:
    return tuple(part.item() for part in parts)
