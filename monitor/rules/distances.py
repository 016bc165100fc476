"""How close together the items of a box stand, when they are close enough and when they are not: for explain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product

from monitor.model import FIELDS, FieldName
from monitor.rules.evidence import Evidence, Search, TooMuchWork
from monitor.rules.leaves import Node
from monitor.rules.near import Block, outermost, windows
from monitor.text.clean import display


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """The closest that all items of a `near` come in one field.

    `words` in the order in which they stand, as published and fit for a terminal; `gaps` counts the words between
    each and the next, so it is one shorter.
    """

    field: FieldName
    words: tuple[str, ...]
    gaps: tuple[int, ...]

    @property
    def widest(self) -> int:
        return max(self.gaps, default=0)


def closest(parts: Sequence[Node], search: Search) -> Distance | None:
    """None if they are not all in one field, or stand there in too many ways to be compared."""
    longest = max(len(search.document.field(name).tokens) for name in FIELDS)
    try:
        if not _window(parts, longest, search):
            return None
        low, high = -1, longest  # no window so narrow; one so wide
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if _window(parts, middle, search) else (middle, high)
        found = _window(parts, high, search)
    except TooMuchWork:
        return None
    return _distance(*found, search) if found else None


def where_each_is(parts: Sequence[Node], search: Search) -> str:
    """'the title has place idlib; the summary has event clash', for items that are never in one field together."""
    fields: dict[FieldName, dict[str, None]] = defaultdict(dict)
    for part in parts:
        for spot in part.find(Evidence(search)):
            fields[spot.field][spot.clause] = None
    return "; ".join(f"the {name} has {', '.join(fields[name])}" for name in FIELDS if name in fields)


def sentence_with_most(parts: Sequence[Node], search: Search) -> str:
    """Which sentence has the most of the items, and which of them it has not; for a `sentence` that does not hold."""
    sentences: dict[tuple[FieldName, int], set[int]] = defaultdict(set)
    titles: dict[int, str] = {}
    for number, part in enumerate(parts):
        for spot in part.find(Evidence(search)):
            sentences[spot.field, spot.sentence].add(number)
            titles.setdefault(number, spot.clause)
    if len(titles) < len(parts):
        return ""
    (field, sentence), has = max(sentences.items(), key=lambda each: len(each[1]))
    lacks = [titles[number] for number in titles if number not in has]
    return f"no sentence has them all; {where(field, sentence, search)} lacks {', '.join(lacks)}"


def where(field: FieldName, sentence: int, search: Search) -> str:
    """'the title', 'sentence 2 of the summary'."""
    text = search.document.field(field)
    return f"the {field}" if text.sentence(len(text.tokens) - 1) == 0 else f"sentence {sentence + 1} of the {field}"


def _window(parts: Sequence[Node], gap: int, search: Search) -> tuple[FieldName, tuple[Block, ...]] | None:
    """The first close choice of one block for every item."""
    for evidence in Evidence(search).in_each_field():
        field = evidence.only_field
        ways = [part.ways(evidence) for part in parts]
        if field is None or not all(ways):
            continue
        for choice in product(*ways):
            evidence.spend(1)
            for blocks in windows(tuple(chain.from_iterable(choice)), gap, evidence.spend):
                return field, blocks
    return None


def _distance(field: FieldName, blocks: Sequence[Block], search: Search) -> Distance:
    blocks = outermost(blocks)  # «مطار دير الزور» may be the airport and the town at once
    published = search.document.field(field).published
    shown = []
    for block in blocks:
        start, end = min(spot.start for spot in block.spots), max(spot.end for spot in block.spots)
        shown.append(display(published[start:end]))
    return Distance(field=field, words=tuple(shown), gaps=tuple(_gaps(blocks)))


def _gaps(blocks: Sequence[Block]) -> Iterator[int]:
    """A word that belongs to any block already passed does not stand between."""
    reached = blocks[0].last
    for block in blocks[1:]:
        yield max(0, block.first - reached)
        reached = max(reached, block.last)
