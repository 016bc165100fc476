# ruff: noqa: ARG001, ARG002 - the signatures are those of the real ones
"""The least that stories can be told by: an equal headline is one text, and each newsroom its own owner."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.model import Facts, Feed, Kinship, KinshipKind, KnownStory, NamedFact, Origin, Report, Sketch, Voices

if TYPE_CHECKING:
    from monitor.text.document import Document

Within = Callable[[str], tuple[str, ...]]


class PlainReading:
    """`setup.Reading` without a lexicon."""

    def read(self, document: Document) -> Facts:
        return Facts()

    def named(self, facts: Facts) -> tuple[tuple[NamedFact, ...], tuple[NamedFact, ...], tuple[NamedFact, ...]]:
        return (), (), ()

    def origin(self, feed: Feed, document: Document) -> Origin:
        return Origin(newsroom=feed.source, owner=feed.source)

    def newsroom(self, newsroom_id: str) -> Mapping[str, str]:
        return {}

    def within(self, place_id: str) -> tuple[str, ...]:
        return ()


def sketch(document: Document, facts: Facts, *, seen_at: datetime) -> Sketch:
    mark = document.fingerprint
    return Sketch(
        text=mark.text,
        headline=mark.headline,
        grams=frozenset(),
        facts=facts,
        told_at=document.entry.published_at or seen_at,
        keys=(int.from_bytes(mark.headline[:8], "big", signed=True),),
    )


def compare(one: Sketch, other: Sketch, *, within: Within) -> Kinship:
    if one.headline == other.headline:
        return Kinship(kind=KinshipKind.SAME_TEXT, score=1.0, why=("the same headline",))
    return Kinship(kind=KinshipKind.DIFFERENT, why=("another headline",))


def choose(sketch: Sketch, stories: Sequence[KnownStory], *, within: Within) -> tuple[KnownStory | None, Kinship]:
    different = Kinship(kind=KinshipKind.DIFFERENT)
    for story in sorted(stories, key=lambda story: story.begun_at, reverse=True):
        for report in story.reports:
            kinship = compare(sketch, report.sketch, within=within)
            if kinship.kind is not KinshipKind.DIFFERENT:
                return story, kinship
    return None, different


def voices(reports: Sequence[Report], *, alike: Callable[[Sketch, Sketch], bool]) -> Voices:
    """A text that another told earlier is that one's voice."""
    owners: dict[str, None] = {}
    first: dict[bytes, str] = {}
    for report in sorted(reports, key=lambda report: (report.sketch.told_at, report.origin.owner)):
        owners[first.setdefault(report.sketch.headline, report.origin.owner)] = None
    return Voices(owners=tuple(owners), reports=len(reports))
