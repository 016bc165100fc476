"""The reports of a story as its page shows them, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitor.alerts.clean import safe_link
from monitor.alerts.marks import plainly
from monitor.model import Kinship, Origin
from monitor.store.views.story import Reported, Text
from monitor.store.why import Decision
from monitor.text.differences import Change, differences
from monitor.web.cards import Piece
from monitor.web.decisions import in_words

LONGEST: Final = 6000  # code points of a text that are shown


@dataclass(frozen=True, slots=True)
class Shown:
    """A text, whole, or what changed in it; '' has no pieces."""

    field: str
    pieces: tuple[tuple[Change, str], ...]


@dataclass(frozen=True, slots=True)
class Version:
    number: int
    seen_at: datetime
    fields: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    decision: Decision
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportShown:
    """`headline`, `summary`: of the latest text, with the words that rules found. `versions`: the first whole, the
    others by what changed, the oldest first; none where there is one text only and no body. `was_edited`: not all of
    them are the line and the text of its page."""

    reported: Reported
    headline: tuple[Piece, ...]
    summary: tuple[Piece, ...]
    link: str
    origin: Origin | None
    joined: Kinship | None
    versions: tuple[Version, ...]
    was_edited: bool
    decisions: tuple[Decided, ...]


def shown(reported: Reported, language: str) -> ReportShown:
    account = reported.account
    latest = reported.texts[-1]
    spans = [span for each in account.decisions if each.version == latest.number for span in each.spans]
    versions = tuple(_versions(reported.texts))
    return ReportShown(
        reported=reported,
        headline=_marked(latest.title, [span for span in spans if span.field == "title"]),
        summary=_marked(latest.summary, [span for span in spans if span.field == "summary"]),
        link=safe_link(account.link),
        origin=account.story.origin if account.story else None,
        joined=account.story.joined if account.story else None,
        versions=versions if len(versions) > 1 or latest.body else (),
        was_edited=any(not each.completes for each in reported.texts[1:]),
        decisions=tuple(Decided(each, in_words(each.why, language)) for each in account.decisions),
    )


def _marked(published: str, spans: Sequence[object]) -> tuple[Piece, ...]:
    return tuple(plainly(published[:LONGEST], spans).pieces())  # type: ignore[arg-type]


def _versions(texts: Sequence[Text]) -> Iterator[Version]:
    before: dict[str, str] = {}
    for text in texts:
        now = {field: plainly(getattr(text, field)[:LONGEST]).text for field in ("title", "summary", "body")}
        fields = tuple(_field(field, before.get(field), now[field]) for field in now if now[field] or before.get(field))
        yield Version(text.number, text.seen_at, fields)
        before = now


def _field(field: str, before: str | None, now: str) -> Shown:
    if before is None:
        return Shown(field, (("same", now),) if now else ())
    return Shown(field, differences(before, now))
