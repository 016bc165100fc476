"""Where in an article an alert found what it found. The alert itself has the words alone; the text is its entry's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from monitor.model import Alert, Passage, Span
from monitor.store.sql import Connection

MOST: Final = 3  # passages of one alert
MARGIN: Final = 600  # characters around what was found: more than is shown, for markup takes some
NEAR: Final = 240  # characters; what is found nearer to each other stands in one passage
# The version that was told, by its number: the entry itself is the first.
_BODY: Final = "SELECT body FROM entry WHERE id = :id OR first_id = :id ORDER BY id LIMIT 1 OFFSET :before"


def passages(db: Connection, alert: Alert, entry_id: int, version: int) -> tuple[Passage, ...]:
    """In the order of the text. None where the text is not kept, or is another by now."""
    if not alert.article:
        return ()
    row = db.execute(_BODY, {"id": entry_id, "before": version - 1}).fetchone()
    return cut_out(row["body"], alert) if row is not None else ()


def cut_out(body: str, alert: Alert) -> tuple[Passage, ...]:
    groups: list[list[Span]] = []
    for span in sorted(_quoted(body, alert), key=lambda each: each.start):
        if groups and span.start - groups[-1][-1].end <= NEAR:
            groups[-1].append(span)
        else:
            groups.append([span])
    return tuple(_passage(body, each) for each in groups[:MOST])


def _quoted(body: str, alert: Alert) -> Iterator[Span]:
    """Where the words that the alert has for a clause stand first."""
    told: set[tuple[str, str]] = set()
    for span in alert.spans:
        words = body[span.start : span.end]
        known = any(words and words.startswith(each) for each in alert.article.get(span.clause, ()))
        if span.field == "body" and known and (span.clause, words) not in told:
            told.add((span.clause, words))
            yield span


def _passage(body: str, spans: Sequence[Span]) -> Passage:
    start, end = max(0, spans[0].start - MARGIN), max(each.end for each in spans) + MARGIN
    return Passage(
        text=body[start:end],
        spans=tuple(
            Span(field="body", start=each.start - start, end=each.end - start, clause=each.clause) for each in spans
        ),
        begins=start == 0,
        ends=end >= len(body),
    )
