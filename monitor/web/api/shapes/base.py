"""What all shapes are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from monitor.alerts.marks import plainly
from monitor.model import NamedFact, Span

Names = Annotated[
    dict[str, str],
    Field(
        description="Texts by language (`ar`, `en`, …); `''` for one in no stated language.",
        examples=[{"en": "Air strikes"}],
    ),
]
Count = Annotated[int, Field(ge=0)]


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


class Run(Shape):
    """Code points of a text, half-open."""

    start: Count
    end: Count


class Text(Shape):
    """Plain text on one line, as a reader sees it, and the words in it that rules found."""

    text: str = Field(examples=["غارة جوية على أطراف البلدة"])
    marks: tuple[Run, ...] = Field(default=(), description="Sorted, apart, each of whole words.")


class Named(Shape):
    """A place, class of event or actor. `lat` and `lon` are degrees (WGS 84) of a place, where they are known."""

    id: str = Field(description="Its id in the lexicon.", examples=["raqqa"])
    name: Names
    pcode: str = Field(description="The OCHA code of a place, or of the smallest division around it that has one.")
    lat: float | None
    lon: float | None


def text_of(published: str, spans: Iterable[Span] = (), *, most: int | None = None) -> Text:
    """`spans` are of this field. `most`: code points that are read of it."""
    line = plainly(published if most is None else published[:most], spans)
    return Text(text=line.text, marks=tuple(Run(start=start, end=end) for start, end in line.runs))


def named(fact: NamedFact) -> Named:
    return Named(id=fact.id, name=dict(fact.name), pcode=fact.pcode, lat=fact.lat, lon=fact.lon)
