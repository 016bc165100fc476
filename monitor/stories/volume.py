"""When a rule that counts stories has something to tell. Pure: what was counted comes in.

A story counts once, by the time at which it was first told, so that neither copies nor edits nor the order in which
feeds are read change a number. An *episode* is a time in which the number is reached, without a break as long as the
window: it is told once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

from monitor.model import Counted, CountedStory, VolumeTold

if TYPE_CHECKING:
    from monitor.language import Volume

DAY = timedelta(days=1)
WEEKS_BACK = timedelta(days=28)
LEAST_HISTORY = timedelta(days=14)
LEAST = 3  # stories that make a surge: one beside a usual of none says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """The fullest window that the story lies in. `threshold` None: nobody can tell what a surge is yet. `stories`:
    those in the window, oldest first. `at`: when the number was reached first; None where it is not."""

    within: timedelta
    threshold: int | None
    stories: tuple[CountedStory, ...]
    at: datetime | None = None


def threshold(volume: Volume, usual: float | None) -> int | None:
    """How many stories it takes."""
    if volume.count is not None:
        return volume.count
    return None if usual is None or volume.surge is None else max(LEAST, ceil(round(volume.surge * usual, 6)))


def reached(volume: Volume, counted: Counted) -> Reached:
    own = counted.own
    stories = sorted((*counted.others, own), key=lambda each: (each.told_at, each.story_id))
    ends = [each.told_at for each in stories if own.told_at <= each.told_at <= own.told_at + volume.within]
    windows = [_window(stories, end, volume.within) for end in ends]
    fullest = max(windows, key=len)
    needed = threshold(volume, counted.usual)
    at = next((end for end, window in zip(ends, windows, strict=True) if needed and len(window) >= needed), None)
    return Reached(within=volume.within, threshold=needed, stories=tuple(fullest), at=at)


def told_already(volume: Volume, counted: Counted, found: Reached) -> VolumeTold | None:
    """The alert that told this episode."""
    if found.at is None or found.threshold is None:
        return None
    times = sorted(each.told_at for each in (*counted.others, counted.own))
    for told in reversed(counted.told):
        if not times[0] <= told.reached_at <= times[-1]:
            continue  # too long ago to know what lies between
        between = sorted((told.reached_at, found.at))
        if not _breaks(times, between[0], between[1], volume.within, found.threshold):
            return told
    return None


def _window(stories: Sequence[CountedStory], end: datetime, within: timedelta) -> list[CountedStory]:
    return [each for each in stories if end - within <= each.told_at <= end]


def _breaks(times: Sequence[datetime], begin: datetime, end: datetime, within: timedelta, needed: int) -> bool:
    """Whether the number was not reached for as long as a window between the two, at both of which it was."""
    until = begin
    for index, at in enumerate(times):
        if begin <= at <= end and index + 1 - bisect_left(times, at - within) >= needed:
            if at - until >= within:
                return True
            until = max(until, times[index + 1 - needed] + within)  # when the last that is needed leaves the window
    return False
