"""What a report says happened, as far as it can be told without judgement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from monitor.model.entries import Span

FigureKind = Literal["killed", "wounded"]


class Tag(Enum):
    """What makes a report other than the plain news of an event. It is shown with the alert, and drops nothing."""

    DENIED = "denied"
    DRILL = "drill"
    ANNIVERSARY = "anniversary"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How many people, by the report's word: at least `least`, at most `most`.

    `most` is None where the report leaves it open ('more than ten', 'dozens'). `span` is where that stands; a figure
    that is the sum of several ('two women and a child') has the span of the first, and one that another report told an
    empty span.
    """

    kind: FigureKind
    least: int
    most: int | None
    span: Span

    def agrees(self, other: Figure) -> bool:
        """Whether both can be true of one moment."""
        return (self.most is None or other.least <= self.most) and (other.most is None or self.least <= other.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All in the order in which they were found, the title first; ids are those of the lexicon.

    `places` are the innermost ones named: not the country of a town that is named too. `spans` show where each was
    found, with the clauses 'place ID', 'event ID', 'actor ID', 'killed', 'wounded' and 'tag NAME'.
    """

    killed: Figure | None = None
    wounded: Figure | None = None
    places: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    tags: frozenset[Tag] = frozenset()
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFact:
    """A place, event class or actor for people: its names by language, and of a place where it lies.

    `pcode`: the OCHA code of a place or of the smallest division around it that has one. Degrees are WGS 84.
    """

    id: str
    name: Mapping[str, str]
    pcode: str = ""
    lat: float | None = None
    lon: float | None = None
