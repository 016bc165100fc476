"""Which plain terms stand in a rule with nothing beside them that would tell their meanings apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from monitor.rules.items import AllOf, InPlace, InSentence, Name, OfEvent, OfGroup, Term, walk, weights_of
from monitor.rules.linted import Linted, written_rules
from monitor.rules.nodes import Scalar
from monitor.rules.query_items import Every
from monitor.rules.traps import trap_of
from monitor.rules.written_rule import WrittenRule

Groups = Mapping[str, Sequence[Any]]


def lacking_context(config: Linted) -> Iterator[tuple[Scalar, str]]:
    """Each such term, once, with the id of the first rule in which nothing vouches for it.

    A term has context where another item of the rule's `all` is an event, or a word of one meaning. A place or a name
    is none for most: marches, too, are held in towns.
    """
    groups: dict[str, Sequence[Any]] = {
        str(key): items for file in config.written for key, items in file.groups.items()
    }
    told: set[int] = set()
    for rule in written_rules(config):
        for term in _unvouched(rule, groups):
            if id(term) not in told:
                told.add(id(term))
                yield term, str(rule.id)


def _unvouched(rule: WrittenRule, groups: Groups) -> Iterator[Scalar]:
    required = [*(rule.all or ()), *(rule.query.inner() if rule.query else ())]
    yield from _each_beside_others(required, (), groups)
    choice = rule.any or ()
    for number, item in enumerate(choice):
        others = [*choice[:number], *choice[number + 1 :]]
        beside = others if _needs_more(rule, number) and all(_tells(other, groups) for other in others) else ()
        yield from _lacking(item, [*required, *beside], groups)


def _needs_more(rule: WrittenRule, number: int) -> bool:
    """Whether this item of `any` never makes the rule match without another one of them."""
    weights = weights_of(rule.any or (), rule.min_score)
    return weights[number] < rule.min_score if rule.min_score is not None else (rule.at_least or 1) > 1


def _each_beside_others(items: Sequence[Any], context: Sequence[Any], groups: Groups) -> Iterator[Scalar]:
    for number, item in enumerate(items):
        yield from _lacking(item, [*context, *items[:number], *items[number + 1 :]], groups)


def _lacking(item: Any, context: Sequence[Any], groups: Groups) -> Iterator[Scalar]:
    """The terms of an item for which nothing vouches, `context` being what must be found beside it."""
    if isinstance(item, OfGroup):
        for group in item.group:
            for inner in groups.get(str(group), ()):
                yield from _lacking(inner, context, groups)
    elif isinstance(item, AllOf | InSentence | Every):
        yield from _each_beside_others(item.inner(), context, groups)
    elif isinstance(item, Term):
        yield from () if _vouched(item.root, context, groups) else (item.root,)
    else:
        for inner in item.inner():
            yield from _lacking(inner, context, groups)


def _vouched(term: Scalar, others: Sequence[Any], groups: Groups) -> bool:
    trap = trap_of(term)
    enough_with_place = trap is not None and trap.near_place and any(_is_place(other, groups) for other in others)
    return enough_with_place or any(_tells(other, groups) for other in others)


def _is_place(item: Any, groups: Groups) -> bool:
    leaves = list(_leaves([item], groups))
    return bool(leaves) and all(isinstance(leaf, InPlace | Name) for leaf in leaves)


def _tells(item: Any, groups: Groups) -> bool:
    """Whether an item means one thing: every way to find it does."""
    leaves = list(_leaves([item], groups))
    return bool(leaves) and not _is_place(item, groups) and all(map(_is_clear, leaves))


def _is_clear(leaf: Any) -> bool:
    return isinstance(leaf, OfEvent | InPlace | Name) or not isinstance(leaf, Term) or trap_of(leaf.root) is None


def _leaves(items: Sequence[Any], groups: Groups) -> Iterator[Any]:
    """Items that hold no other, those of the groups that they name too."""
    for item in walk(items):
        if isinstance(item, OfGroup):
            for group in item.group:
                yield from _leaves(groups.get(str(group), ()), groups)
        elif not item.inner():
            yield item
