"""What becomes of a report when its entry is edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from monitor.model import Origin, Report, Sketch, Version

MOST_EARLIER = 3  # versions kept of one entry besides its latest: the first, from which most copy, and the newest


def renewed(before: Report, edited: Report) -> Report:
    """`edited` (seen when the edit was), as the report that it is now.

    A version is told when the first one was, and whose word it printed once is not taken back by leaving the name out.
    """
    unchanged = before.sketch.text == edited.sketch.text
    earlier = before.earlier if unchanged else _kept(before.versions)
    told_at = min(before.sketch.told_at, edited.sketch.told_at)
    return replace(
        edited,
        sketch=_told(edited.sketch, told_at),
        origin=_still_credited(before.origin, edited.origin),
        seen_at=before.seen_at,
        edited_at=before.edited_at if unchanged else edited.seen_at,
        earlier=tuple(replace(each, sketch=_told(each.sketch, told_at)) for each in earlier),
    )


def _told(sketch: Sketch, told_at: datetime) -> Sketch:
    return replace(sketch, told_at=told_at)


def _still_credited(before: Origin, now: Origin) -> Origin:
    return before if before.credited is not None and now.credited is None else now


def _kept(versions: tuple[Version, ...]) -> tuple[Version, ...]:
    first, *later = versions
    return first, *later[-(MOST_EARLIER - 1) :]
