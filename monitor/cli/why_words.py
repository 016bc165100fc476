"""By which words a rule matched, as `monitor why` tells it: what it looked for, the words as published, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.alerts.marks import Marked, plainly
from monitor.model import FIELDS, FieldName, Span
from monitor.store.why import Texts

MOST_CLAUSES: Final = 12  # in one field
MOST_WORDS: Final = 3  # of one clause in one field
AROUND: Final = 60  # characters of the text on each side of the words


@dataclass(frozen=True, slots=True)
class Found:
    """A clause in one field. `words` as published, each once; `passage` is what stands around the first of them, which
    is between `before` and `after`: one line."""

    clause: str
    field: FieldName
    words: tuple[str, ...]
    before: str
    after: str

    @property
    def passage(self) -> str:
        return f"{self.before}«{self.words[0]}»{self.after}"


def found(texts: Texts, spans: Sequence[Span]) -> Iterator[Found]:
    """In the order of the fields, then as found; clauses of which the text has nothing to show are left out."""
    for field in FIELDS:
        published = getattr(texts, field)
        for clause in [*dict.fromkeys(span.clause for span in spans if span.field == field)][:MOST_CLAUSES]:
            marked = plainly(published, (span for span in spans if (span.field, span.clause) == (field, clause)))
            if marked.runs:
                yield _found(clause, field, marked)


def _found(clause: str, field: FieldName, marked: Marked) -> Found:
    words = dict.fromkeys(marked.text[start:end] for start, end in marked.runs)
    start, end = marked.runs[0]
    return Found(
        clause=clause,
        field=field,
        words=tuple(words)[:MOST_WORDS],
        before=_end(marked.text[:start]),
        after=_beginning(marked.text[end:]),
    )


def _end(text: str) -> str:
    """Its last words."""
    if len(text) <= AROUND:
        return text
    return f"…{text[-AROUND:].partition(' ')[2]}"


def _beginning(text: str) -> str:
    if len(text) <= AROUND:
        return text
    return f"{text[:AROUND].rpartition(' ')[0]}…"


def as_json(some: Iterable[Found]) -> list[dict[str, object]]:
    return [
        {"clause": each.clause, "field": each.field, "words": list(each.words), "passage": each.passage}
        for each in some
    ]
