"""How many were killed and wounded, by a text's own word.

Several numbers may stand in one text. What is told is that of the event: no part of it ('three children among them'),
no other event's ('a year ago'); a sum ('the toll') before what stands beside it, the headline before the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from monitor.model import FieldName, Figure, FigureKind, Span
from monitor.text import casualties_ar, casualties_en, tolls_ar
from monitor.text.casualty_cues import may_tell
from monitor.text.document import Document
from monitor.text.mentions import Mention, Passage, is_part, is_past, is_so_far


class Told(NamedTuple):
    """A figure, and by which words of its field it is said: [first, last)."""

    figure: Figure
    first: int
    last: int


class Figures(NamedTuple):
    killed: Told | None = None
    wounded: Told | None = None


def figures(document: Document, fields: Sequence[FieldName]) -> Figures:
    """`fields` in order: what the first says is preferred."""
    told: list[tuple[FieldName, Passage, Mention]] = []
    for name in fields:
        text = document.field(name)
        if not may_tell(text):
            continue
        passage = Passage(text)
        told += [(name, passage, mention) for mention in _mentions(passage)]
    killed, wounded = (_chosen(told, kind) for kind in ("killed", "wounded"))
    return Figures(killed, wounded)


def _mentions(passage: Passage) -> Iterator[Mention]:
    for each in (*casualties_ar.mentions(passage), *casualties_en.mentions(passage)):
        yield each._replace(
            toll=each.toll or (each.least > 0 and tolls_ar.says_toll(passage, each.first)),
            part=is_part(passage, each.first),
            past=is_past(passage, each.first, each.last),
            so_far=is_so_far(passage, each.first, each.last),
        )


def _chosen(told: Iterable[tuple[FieldName, Passage, Mention]], kind: FigureKind) -> Told | None:
    able = [each for each in told if each[2].kind == kind and not each[2].part and not each[2].past]
    if not able:
        return None
    fields = list(dict.fromkeys(field for field, _, _ in able))
    # Stable: of equals the one that is read first.
    best, *others = sorted(able, key=lambda each: _rank(each[2], fields.index(each[0])))
    for field, passage, mention in others:
        if _says_more(mention, best[2]):
            best = field, passage, mention
            break
    return _figure(*best)


def _rank(mention: Mention, field: int) -> tuple[bool, bool, int, bool]:
    """What comes first: somebody before nobody, this event before a sum of many, the headline, the toll."""
    return mention.most == 0, mention.so_far, field, not mention.toll


def _says_more(mention: Mention, than: Mention) -> bool:
    """The same, more exactly: 'dozens killed', and then forty-five; 'killed', and then at least ten."""
    if mention.so_far or mention.most == 0 or than.most == than.least:
        return False
    inside = mention.least >= than.least and (
        than.most is None or (mention.most is not None and mention.most <= than.most)
    )
    return inside and (mention.most is not None or mention.least > than.least)


def _figure(field: FieldName, passage: Passage, mention: Mention) -> Told:
    start, end = passage.text.span(mention.first, mention.last)
    span = Span(field=field, start=start, end=end, clause=mention.kind)
    figure = Figure(kind=mention.kind, least=mention.least, most=mention.most, span=span)
    return Told(figure, mention.first, mention.last)
