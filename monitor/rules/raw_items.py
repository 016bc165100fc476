"""The items of rules and groups in a file's data as it was read, before it is judged: what can be said of them holds
also where something else in the file is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.rules.items import KINDS
from monitor.rules.nodes import Block, Node, Scalar, Series

_BOXES = frozenset(("all", "any", "sentence", "title", "summary", "body"))


def raw_items(node: Node) -> Iterator[Scalar | Block]:
    """Every text and every block among the items of a list, boxes before what is in them. Of no list, none."""
    waiting: list[Node] = [node] if isinstance(node, Series) else []
    while waiting:
        here = waiting.pop()
        if isinstance(here, Series):
            waiting.extend(reversed(here))
        elif isinstance(here, Scalar):
            yield here
        elif isinstance(here, Block):
            yield here
            kind = next((kind for kind in KINDS if kind in here), "")
            if kind in _BOXES:
                waiting.append(here[kind])


def scalars(node: Node) -> list[Scalar]:
    """One text, or the texts of a list, as far as they could be read."""
    several = node if isinstance(node, Series) else [node]
    return [one for one in several if isinstance(one, Scalar) and not one.unset]
