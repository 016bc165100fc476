"""Which known story a report belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from monitor.model import Kinship, KinshipKind, KnownStory, Report, Sketch
from monitor.stories.keys import Within
from monitor.stories.kinship import compare, contradictions

_NONE = Kinship(kind=KinshipKind.DIFFERENT)
_RANK = {KinshipKind.SAME_TEXT: 2, KinshipKind.SAME_EVENT: 1, KinshipKind.DIFFERENT: 0}
_BELIEVED = timedelta(hours=2)  # by how much a story may be older than when it was first seen
_MOST_REPORTS = 24  # (and versions of them) of one story that are compared: its first ones and its last


def choose(sketch: Sketch, stories: Sequence[KnownStory], *, within: Within) -> tuple[KnownStory | None, Kinship]:
    """The story with the closest kin, and why; None where no report of any is kin.

    A story is known by the report that was told first. What contradicts that one does not join, so that a chain of
    reports, each like the last, does not lead from one event to another. Of equal kin the one told nearest in time
    wins, then the one told first, then by the hash of its text: never by an id or by the order of the stories.
    """
    found = [(story, kin) for story in stories if (kin := _closest(sketch, story, within)) is not None]
    if not found:
        return None, _NONE
    story, (_, kinship) = max(found, key=lambda each: (_order(sketch, *each[1]), _known_by(each[0])))
    return story, kinship


def _known_by(story: KnownStory) -> list[tuple[float, bytes]]:
    """Where one report stands in two stories, they differ in another."""
    return sorted((-report.sketch.told_at.timestamp(), report.sketch.text) for report in story.reports)


def _closest(sketch: Sketch, story: KnownStory, within: Within) -> tuple[Sketch, Kinship] | None:
    reports = sorted(story.reports, key=lambda each: (each.sketch.told_at, each.sketch.text))
    if not reports or all(contradictions(sketch, each, within=within) for each in _told(_first(story, reports))):
        return None
    known = [each for report in reports for each in _told(report)]
    kin = [(each, compare(sketch, each, within=within)) for each in _some(known)]
    kin = [(each, kinship) for each, kinship in kin if kinship.kind is not KinshipKind.DIFFERENT]
    return max(kin, key=lambda pair: _order(sketch, *pair), default=None)


def _told(report: Report) -> tuple[Sketch, ...]:
    """All that it said: who copied it before it was edited tells the same story."""
    return tuple(version.sketch for version in report.versions)


def _first(story: KnownStory, reports: Sequence[Report]) -> Report:
    """The one told first that is not dated long before anybody saw the story: else a newsroom could date an entry back,
    and nothing that is told today would belong to it."""
    return next((each for each in reports if each.sketch.told_at >= story.begun_at - _BELIEVED), reports[0])


def _some(known: Sequence[Sketch]) -> Sequence[Sketch]:
    """A long story by how it began and by how it is told now."""
    half = _MOST_REPORTS // 2
    return known if len(known) <= _MOST_REPORTS else (*known[:half], *known[-half:])


def _order(sketch: Sketch, report: Sketch, kinship: Kinship) -> tuple[float, float, float, float, bytes]:
    return (
        _RANK[kinship.kind],
        round(kinship.score, 6),
        -abs((sketch.told_at - report.told_at).total_seconds()),
        -report.told_at.timestamp(),
        report.text,
    )
