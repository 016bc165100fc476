"""Classes of events, actors and guards: what finds each of them, and which of them may be in a text at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Generic, NamedTuple, TypeVar

from monitor.language import AnyOf, Item
from monitor.model import FIELDS
from monitor.rules.compile import Compiler, Scope
from monitor.rules.evidence import Evidence, Search
from monitor.rules.leaves import Node
from monitor.rules.needs import Need, needs
from monitor.rules.operators import Any
from monitor.rules.spots import Spot, reading_order

K = TypeVar("K")
_EVERYWHERE = frozenset(FIELDS)


class _Part(NamedTuple, Generic[K]):
    """One of the things by which something is found, and what it cannot be found without."""

    of: K
    node: Node
    needs: tuple[Need, ...]


class Known(Generic[K]):
    """Things by what finds them. Immutable; safe from any thread."""

    def __init__(self, compiler: Compiler, things: Iterable[tuple[K, str, Sequence[Item]]]) -> None:
        """`things`: each with the clause under which it is shown and the items of which any finds it."""
        self._parts = tuple(
            _Part(key, node, needs(node)) for key, clause, items in things for node in _nodes(compiler, clause, items)
        )
        self._always = tuple(number for number, part in enumerate(self._parts) if not part.needs)
        waiting: dict[int, list[int]] = defaultdict(list)
        for number, part in enumerate(self._parts):
            for pattern in min(part.needs, key=len, default=()):
                waiting[pattern].append(number)
        self._waiting = dict(waiting)

    def found(self, search: Search, begun: Set[int]) -> dict[K, list[Spot]]:
        """`begun`: the patterns that were met. What is first in reading order comes first."""
        evidence, found = Evidence(search), dict[K, list[Spot]]()
        for number in self._candidates(begun):
            part = self._parts[number]
            if not any(map(begun.isdisjoint, part.needs)) and (spots := part.node.find(evidence)):
                found.setdefault(part.of, []).extend(spots)
        ordered = {key: sorted(spots, key=reading_order) for key, spots in found.items()}
        return dict(sorted(ordered.items(), key=lambda pair: reading_order(pair[1][0])))

    def _candidates(self, begun: Set[int]) -> Sequence[int]:
        """Most parts are let go without a look: nothing that they wait for was met."""
        waiting = self._waiting
        met = {number for pattern in waiting.keys() & begun for number in waiting[pattern]}
        return sorted(met.union(self._always))


def known(compiler: Compiler, kind: str, items: Mapping[str, Sequence[Item]]) -> Known[str]:
    """By id; shown as 'event airstrike'."""
    return Known(compiler, ((each, f"{kind} {each}", those) for each, those in items.items()))


def _nodes(compiler: Compiler, clause: str, items: Sequence[Item]) -> tuple[Node, ...]:
    node = compiler.node(AnyOf(items=tuple(items)), Scope(_EVERYWHERE, clause=clause))
    return node.parts if isinstance(node, Any) else (node,)
