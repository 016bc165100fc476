"""What is told of a rule and a document: values, made in `explain`, turned into text in `explain_text`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from monitor.model import FieldName
from monitor.rules.almost import Almost
from monitor.rules.distances import Distance

ANY = "any of these"
CHOICES = ("any of", "at least", "a score of")  # how the boxes begin of which not every part is needed
NAMED = 3  # alternatives told by name, before they are counted only
Box = Literal["all", "any", "query", "none", "killed", "wounded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Where a clause was found; `start`, `end` in code points of the field as published, half-open."""

    field: FieldName
    sentence: int  # from 1; the title is one of its own
    start: int
    end: int
    surface: str  # the words, fit for a terminal
    how: str  # the reading, as in 'و+ال+اشتباك+ات'
    term: str = ""  # the search text that found it, '' where that is the clause itself
    place: str = ""  # the place that is spelled so, where the clause names one around it


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One operator of a rule, and whether what it asks for is there; of one that `excludes` (a line of `none`, what
    stands behind NOT in a query) that is the veto.

    `almost`: what a reader may take for it, of a clause that was not found. `note`: how near it came otherwise, or
    the score of one that counts.
    """

    title: str
    held: bool
    sightings: tuple[Sighting, ...] = ()
    parts: tuple[Clause, ...] = ()
    distance: Distance | None = None
    note: str = ""
    almost: tuple[Almost, ...] = ()
    excludes: bool = False

    @property
    def is_well(self) -> bool:
        """Whether it is no reason for the rule not to match."""
        return self.held != self.excludes


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """What is not there, to be said in any language: a clause, with the first few of its parts. `more`: how many others
    it has."""

    title: str
    note: str = ""
    parts: tuple[Lack, ...] = ()
    more: int = 0

    @property
    def wants_all(self) -> bool:
        return self.title.startswith("all of these")

    @property
    def text(self) -> str:
        if not self.parts:
            return f"{self.title} ({self.note})" if self.note else self.title
        joined = "and" if self.wants_all else "or"
        parts = named([part.text for part in self.parts], joined=joined, more=self.more)
        return parts if self.title == ANY else f"{self.title} ({self.note or parts})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One thing that keeps a rule from matching: `what` in English, whole. `lack`: what is missing, or does not stand
    close enough. `surface`: the words that exclude, `by` the title of what they were found by."""

    kind: Literal["filter", "field", "missing", "distance", "excluded", "problem"]
    what: str
    lack: Lack | None = None
    surface: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """`matched` is the rule's answer, `skipped` why it would not even look; `boxes` only those the rule has.

    `notes`: filters that say nothing about this text, since it is not known where it comes from.
    """

    rule_id: str
    matched: bool
    skipped: tuple[str, ...]
    boxes: tuple[tuple[Box, Clause], ...]
    problems: tuple[str, ...]
    obstacles: tuple[Obstacle, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def has_something(self) -> bool:
        """Whether anything that the rule looks for was found."""
        return any(_has_something(clause) for _, clause in self.boxes)

    @property
    def near_miss(self) -> bool:
        """Whether one thing alone keeps it from matching, and it has something of the text, or almost."""
        return not self.matched and len(self.obstacles) == 1 and (self.has_something or bool(self.almost))

    @property
    def almost(self) -> tuple[Almost, ...]:
        """What nearly was found of the clauses that are missing."""
        missing = (one for _, clause in self.boxes for one in _missing(clause))
        return tuple(dict.fromkeys(almost for clause in missing for almost in clause.almost))


def _missing(clause: Clause) -> Iterator[Clause]:
    if not clause.held and not clause.excludes:
        yield clause
        for part in clause.parts:
            yield from _missing(part)


def _has_something(clause: Clause) -> bool:
    return not clause.excludes and (clause.held or any(map(_has_something, clause.parts)))


def named(titles: Sequence[str], most: int = NAMED, *, joined: str = "and", more: int = 0) -> str:
    """'place idlib, aleppo, homs and 2 more'; the kind is told once where all are of one. `more`: those not given."""
    shown = list(titles[:most] if len(titles) > most + 1 else titles)
    kinds = {title.partition(" ")[0] for title in titles}
    if len(kinds) == 1 and kinds <= {"place", "event", "group"}:
        shown[1:] = [title.partition(" ")[2] for title in shown[1:]]
    left = len(titles) - len(shown) + more
    last = f"{left} more" if left else shown.pop()
    return f"{', '.join(shown)} {joined} {last}" if shown else last
