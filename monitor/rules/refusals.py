"""Spellings of a place that stand in a document and are not taken for it: for explanations only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from monitor.model import FIELDS, FieldName
from monitor.rules.evidence import Evidence, Search
from monitor.rules.leaves import Words
from monitor.text.guarded import Guarded
from monitor.text.tokens import remainders


class Refusal(NamedTuple):
    """`start`, `end` in code points of the field as published, half-open; `why` is fit for people."""

    field: FieldName
    start: int
    end: int
    why: str


def refusals(node: Words, search: Search) -> tuple[Refusal, ...]:
    """In reading order, each spot once; none where another spelling of the node is taken at the same words."""
    spots = {(spot.field, spot.start): spot for spot in node.find(Evidence(search))}
    found = {(each.field, each.start): each for each in _refusals(node, search)}
    return tuple(each for key, each in found.items() if key not in spots)


def _refusals(node: Words, search: Search) -> Iterator[Refusal]:
    guarded = [each for number in sorted(node.patterns) if isinstance(each := search.index.patterns[number], Guarded)]
    for name in FIELDS if guarded else ():
        if name not in node.fields:
            continue
        text = search.document.field(name)
        for at, token in enumerate(text.tokens):
            words = remainders(token)
            for pattern in guarded:
                refused = pattern.refused(text, at) if any(map(pattern.heads.include, words)) else None
                if refused is not None:
                    found, why = refused
                    yield Refusal(name, *text.span(found.first, found.last), why)
