"""Clauses that can never hold, whatever is published: told only where that is certain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

from monitor.language import AllOf, AnyOf, InField, Item, Near, Without
from monitor.model import FIELDS, FieldName
from monitor.rules.problems import Refused

Fields = frozenset[FieldName]

EVERYWHERE: Fields = frozenset(FIELDS)


def possible_fields(item: Item, searched: Fields = EVERYWHERE, *, named: bool = False) -> Fields:
    """The fields in which an item may be found; none of them: it never holds. `named`: the author named those that
    are searched, so that an inner name can only narrow them."""

    def narrowed(inner: Item, field: FieldName) -> Fields:
        return possible_fields(inner, searched & {field} if named else frozenset({field}), named=True)

    match item:
        case InField(field=field, item=inner):
            return narrowed(inner, field)
        case AllOf(items=items, near="title"):
            return _all_of([narrowed(each, "title") for each in items])
        case AllOf(items=items, near=near):
            found = [possible_fields(each, searched, named=named) for each in items]
            return _all_of(found) if near is None else reduce(frozenset.intersection, found)
        case AnyOf(items=items) if items:
            return _union(possible_fields(each, searched, named=named) for each in items)
        case Without(item=wanted):
            return possible_fields(wanted, searched, named=named)
    return searched


def refuse_never(items: list[Any]) -> list[Any]:
    """A validator of written items: each must be able to hold by itself."""
    for written in items:
        if not possible_fields(written.item()):
            raise Refused("R320", NEVER, REMEDY, written.at)
    return items


def can_hold(items: Sequence[Any], near: Near | None, search_in: Sequence[FieldName] | None) -> bool:
    """Whether written items can be found together. `search_in` None: what is searched is said elsewhere."""
    box = AllOf(items=tuple(each.item() for each in items), near=near)
    return bool(possible_fields(box, frozenset(search_in) if search_in else EVERYWHERE))


NEVER = "this can never hold: its items belong to different parts of an entry"
REMEDY = "'near' and 'sentence' bind words of one part, and no part lies in another: name one of title, summary, body"


def _all_of(found: Sequence[Fields]) -> Fields:
    return _union(found) if all(found) else frozenset()


def _union(found: Iterable[Fields]) -> Fields:
    return frozenset[FieldName]().union(*found)
