"""Where something was found, in words and in characters at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from monitor.model import FIELDS, FieldName, Span

# A text that repeats a word ten thousand times is shown no better by ten thousand marks, and each is stored.
MAX_SPANS = 100


class Spot(NamedTuple):
    """One place where one clause was found.

    `first`, `last` are word indexes of the field, half-open (equal where a regex found no whole word); `sentence` is
    the one it begins in; `start`, `end` are code points of the field as published; `how` tells the reading of the
    words, as in 'و+ال+اشتباك+ات'.
    """

    field: FieldName
    first: int
    last: int
    sentence: int
    start: int
    end: int
    clause: str
    how: str


def reading_order(spot: Spot) -> tuple[int, int, int, str]:
    return FIELDS.index(spot.field), spot.start, -spot.end, spot.clause


def spans(spots: Iterable[Spot]) -> tuple[Span, ...]:
    """Sorted by field (title, summary, body), then start; none that lies within another of the same clause.

    At most `MAX_SPANS`, the first, of each clause in each field.
    """
    reach: dict[tuple[FieldName, str], tuple[int, int]] = {}  # -> (furthest end so far, how many were kept)
    kept: list[Span] = []
    for spot in sorted(spots, key=reading_order):
        end, count = reach.get((spot.field, spot.clause), (0, 0))
        if spot.end > end and count < MAX_SPANS:
            reach[spot.field, spot.clause] = spot.end, count + 1
            kept.append(Span(field=spot.field, start=spot.start, end=spot.end, clause=spot.clause))
    return tuple(kept)
