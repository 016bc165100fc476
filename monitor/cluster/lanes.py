"""Which lane a feed waits in: that of the host it is asked at, as the fetcher keeps hosts apart, and how far apart the
turns of a lane lie. Pure.

A process asks a host one thing at a time; a fleet, whose processes do not see each other, gives out instants instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from monitor.feeds import moves
from monitor.feeds.request import AT_ONCE, AT_ONCE_OWN_MACHINE, plan
from monitor.feeds.urls import BadAddress
from monitor.model import Feed, FeedState, FetchRequest

GAP = timedelta(seconds=1)  # between two requests of the fleet to a host of other people's
NOWHERE = ""  # the lane of feeds whose address names no host: asking them fails, which is to be recorded
_NO_GAP = timedelta(0)


@dataclass(frozen=True, slots=True)
class Place:
    """A feed's lane, and how far apart this feed would have its turns."""

    host: str
    gap: timedelta


def place_of(feed: Feed, state: FeedState | None = None) -> Place:
    """`state` tells whether the feed moved for good: then it is asked where it moved to."""
    moved_to = None if state is None else moves.believed(feed, state)
    try:
        ready = plan(FetchRequest(feed=feed, moved_to=moved_to))
    except BadAddress:
        return Place(NOWHERE, _NO_GAP)
    return Place(ready.start.host, gap_of(ready.at_once(ready.start)))


def gap_of(at_once: int) -> timedelta:
    """By how many things a process may ask of the host at a time. The own machine is another one for each worker, and
    nobody's to spare."""
    return _NO_GAP if at_once >= AT_ONCE_OWN_MACHINE else GAP * AT_ONCE / at_once


def gaps(places: Iterable[Place]) -> Mapping[str, timedelta]:
    """By host; where feeds differ (one may be allowed inside the own network), the longest."""
    longest: dict[str, timedelta] = {}
    for place in places:
        longest[place.host] = max(place.gap, longest.get(place.host, _NO_GAP))
    return longest
