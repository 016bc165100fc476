"""What rules say of a text: as `monitor explain --json` tells it, with offsets in the text as it was sent."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from monitor.model import FieldName
from monitor.web.api.shapes.alerts import RuleId
from monitor.web.api.shapes.base import Count, Shape


class SightingShape(Shape):
    """Where something was found; code points of the field as sent, half-open."""

    field: FieldName
    sentence: int = Field(description="From 1; the title is one of its own.")
    start: Count
    end: Count
    surface: str = Field(description="The words.")
    how: str = Field(description="The reading, with what is attached to the word.")
    term: str = Field(description="The search text that found it; '' where that is the clause itself.")
    place: str = Field(description="The place that is spelled so, where the clause names one around it.")


class DistanceShape(Shape):
    """The closest that all items of a `near` come in one field."""

    field: FieldName
    words: tuple[str, ...]
    gaps: tuple[Count, ...] = Field(description="Words between each and the next.")


class AlmostShape(Shape):
    """Words that a reader may take for what is sought."""

    field: FieldName
    start: Count
    end: Count
    surface: str
    term: str
    reason: str = Field(description="Why it is not that; English.")


class ClauseShape(Shape):
    """A part of a rule, and whether what it asks for is there."""

    title: str
    found: bool
    excludes: bool = Field(description="A veto: the rule does not match where it is found.")
    sightings: tuple[SightingShape, ...]
    parts: tuple[ClauseShape, ...]
    distance: DistanceShape | None
    note: str
    almost: tuple[AlmostShape, ...]


class ObstacleShape(Shape):
    """One thing that keeps a rule from matching."""

    kind: Literal["filter", "field", "missing", "distance", "excluded", "problem"]
    what: str


class ExplainedRule(Shape):
    rule: RuleId
    matches: bool
    near_miss: bool = Field(description="One thing alone keeps it from matching.")
    something: bool = Field(description="Anything that it looks for was found.")
    in_the_way: tuple[ObstacleShape, ...]
    all: ClauseShape | None
    any: ClauseShape | None
    query: ClauseShape | None
    killed: ClauseShape | None
    wounded: ClauseShape | None
    none: tuple[ClauseShape, ...]
    skipped: tuple[str, ...] = Field(description="Why it would not even look.")
    notes: tuple[str, ...]
    problems: tuple[str, ...]


class Explained(Shape):
    """What rules say of the text: those that match first, then those that nearly do."""

    rules: tuple[ExplainedRule, ...]
    normal: dict[FieldName, str] = Field(description="The normal form in which rules read it, by field.")
    language: str = Field(description="The language that it is taken for.", examples=["ar"])
