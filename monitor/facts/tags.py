"""Whether what a guard list found is said of the event that the report tells.

In the headline it is. Further down a report denies, remembers and announces many things besides, so there it counts
in the first sentence alone, and a denial only beside what is denied: an event, or people killed or wounded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monitor.model import Tag
from monitor.rules.spots import Spot

_NOTICE = 2  # words: a correction says so at its very beginning
_EARLY = 12  # words: what a report is about stands near its beginning; what it happens because of, behind


def tags_of(found: Mapping[Tag, Sequence[Spot]], events: Mapping[str, Sequence[Spot]]) -> dict[Tag, list[Spot]]:
    kept = {tag: [spot for spot in spots if _counts(tag, spot, events)] for tag, spots in found.items()}
    return {tag: spots for tag, spots in kept.items() if spots}


def _counts(tag: Tag, spot: Spot, events: Mapping[str, Sequence[Spot]]) -> bool:
    opens = spot.field == "title" or spot.sentence == 0
    match tag:
        case Tag.DENIED:
            return spot.field == "title" or (opens and _beside_event(spot, events))
        case Tag.DRILL | Tag.ANNIVERSARY:
            return spot.field == "title" or (opens and spot.first < _EARLY)
        case Tag.CORRECTION:
            return opens and spot.first < _NOTICE


def _beside_event(spot: Spot, events: Mapping[str, Sequence[Spot]]) -> bool:
    return any(
        other.field == spot.field and other.sentence == spot.sentence for spots in events.values() for other in spots
    )
