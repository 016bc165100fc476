"""The conditions `killed` and `wounded`: how many people a text must tell of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.language import Bound, Starts
from monitor.model import FieldName, Figure, FigureKind
from monitor.rules.evidence import Evidence, Search
from monitor.rules.leaves import Way
from monitor.rules.near import Block
from monitor.rules.spots import Spot
from monitor.rules.vocabulary import Vocabulary
from monitor.text.casualty_cues import BEGINNINGS
from monitor.text.figures import Told


@dataclass(frozen=True, slots=True, eq=False)
class Toll:
    """So many killed, or wounded, by what the fields say together. A text that gives no number meets no bound."""

    kind: FigureKind
    bound: Bound
    fields: tuple[FieldName, ...]
    patterns: frozenset[int]  # the words without which no figure is read
    parts: tuple[()] = ()

    @property
    def title(self) -> str:
        return f"{self.kind} {wanted(self.bound)}"

    def anchors(self) -> frozenset[int] | None:
        return self.patterns

    def find(self, evidence: Evidence) -> tuple[Spot, ...]:
        return evidence.spots(self)

    def ways(self, evidence: Evidence) -> list[Way]:
        blocks = tuple(Block(spot.first, spot.last, (spot,)) for spot in self.find(evidence))
        return [(blocks,)] if blocks else []

    def look(self, search: Search) -> tuple[Sequence[Spot], str]:
        told = self.told(search)
        return ([self.spot(told, search)] if told and meets(told.figure, self.bound) else []), ""

    def told(self, search: Search) -> Told | None:
        """What the text says, whether it is enough or not."""
        figures = search.figures(self.fields)
        return figures.killed if self.kind == "killed" else figures.wounded

    def spot(self, told: Told, search: Search) -> Spot:
        span = told.figure.span
        sentence = search.document.field(span.field).sentence(told.first)
        return Spot(span.field, told.first, told.last, sentence, span.start, span.end, self.title, said(told.figure))


def toll(vocabulary: Vocabulary, kind: FigureKind, bound: Bound, fields: tuple[FieldName, ...]) -> Toll:
    patterns = [vocabulary.of_item(Starts(text=beginning)) for beginning in BEGINNINGS]
    return Toll(kind, bound, fields, frozenset[int]().union(*patterns))


def meets(figure: Figure, bound: Bound) -> bool:
    """Whether the figure may be what is wanted: 'more than ten' may be twelve."""
    number, least, most = bound.number, figure.least, figure.most
    match bound.comparison:
        case ">=":
            return most is None or most >= number
        case ">":
            return most is None or most > number
        case "=":
            return least <= number and (most is None or most >= number)
        case "<=":
            return least <= number
        case "<":
            return least < number


def wanted(bound: Bound) -> str:
    """As an author writes it."""
    return f"{bound.comparison}{bound.number}"


def said(figure: Figure) -> str:
    """For people: '5', '10 or more', '3 to 5'."""
    if figure.most is None:
        return f"{figure.least} or more"
    return str(figure.least) if figure.least == figure.most else f"{figure.least} to {figure.most}"
