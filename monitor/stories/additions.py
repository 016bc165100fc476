"""What a further report of a story tells that nobody was told: another thing done, or where more exactly. Pure.

A report that was joined by mistake must not be silent, and one that was joined rightly may say where it was at last.
Copies and edits add nothing: what these change is said by `changes`.
"""

from __future__ import annotations

from collections.abc import Iterator

from monitor.model import Facts, LastAlert
from monitor.stories import marks
from monitor.stories.case import Case, Within
from monitor.stories.families import SORTS, new_to

_LEAD = ("title", "summary")  # further down stands the background
_AROUND = "-governorate"


def another_class(case: Case, last: LastAlert) -> str:
    """Classes of event that are no other word for what was told."""
    new = new_to(_classes(case.facts), last.events) if _adds(case) else ()
    return f"a new class of event: {', '.join(new)}" if new else ""


def another_place(case: Case, last: LastAlert) -> str:
    """Places that neither were told nor lie around what was. Who only speaks of an event may do so anywhere."""
    if not _adds(case) or marks.SPEECH in case.report.sketch.marks:
        return ""
    new = [place for place in _places(case.facts) if _is_new(place, last.places, case.within)]
    return f"a new place: {', '.join(new)}" if new else ""


def _adds(case: Case) -> bool:
    return case.known is None and not case.copied


def _classes(facts: Facts) -> tuple[str, ...]:
    """What was done as the lead tells it; what came of it only where the headline says so."""
    headline, lead = set(_named(facts, "event", ("title",))), set(_named(facts, "event", _LEAD))
    found = tuple(event for event in facts.events if event in headline or (event in lead and event in SORTS))
    return found or facts.events


def _places(facts: Facts) -> tuple[str, ...]:
    """Those of the headline; where it has none, the first."""
    headline = set(_named(facts, "place", ("title",)))
    return tuple(place for place in facts.places if place in headline) or facts.places[:1]


def _named(facts: Facts, sort: str, fields: tuple[str, ...]) -> Iterator[str]:
    for span in facts.spans:
        what, _, named = span.clause.partition(" ")
        if what == sort and span.field in fields:
            yield named


def _is_new(place: str, told: frozenset[str], within: Within) -> bool:
    """A country is where everything is; of a city and of what is around it news uses one name."""
    if not within(place):
        return False
    city = place.removesuffix(_AROUND)
    return not any(city == each.removesuffix(_AROUND) or place in within(each) for each in told)
