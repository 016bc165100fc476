"""A poll's entries in the portions in which they are taken in: one transaction each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from monitor.intake import Judged
from monitor.model import PollReport

# Of entries that rules match: to decide about one takes 18 ms of a loaded PostgreSQL, where nobody else in the fleet
# decides meanwhile, and a third of that of SQLite's one writer (our measurement: 2,000 in one poll, 36 and 11 s). So
# whoever publishes thousands at once holds up others for a second or two, and for no longer than they wait for a lock.
MOST: Final = 100
_EARLIEST = datetime.min.replace(tzinfo=UTC)


def portions(judged: Sequence[Judged]) -> Iterator[list[Judged]]:
    """One at least, which may be empty; each is older than the next. What a kill leaves is new to the next poll,
    and what was taken is known to it."""
    portion: list[Judged] = []
    matched = 0
    for each in sorted(judged, key=_oldest_first):
        asks = any(form.matches.matches for form in each.forms)
        if asks and matched == MOST:
            yield portion
            portion, matched = [], 0
        portion.append(each)
        matched += asks
    yield portion


def together(reports: Sequence[PollReport]) -> PollReport:
    """What a poll came to, from its portions; one at least."""
    return replace(
        reports[0],
        new=sum(each.new for each in reports),
        changed=sum(each.changed for each in reports),
        alerts=tuple(alert for each in reports for alert in each.alerts),
        verdicts=dict(sum((Counter(each.verdicts) for each in reports), Counter())),
        matches=dict(sum((Counter(each.matches) for each in reports), Counter())),
        problems=tuple(dict.fromkeys(problem for each in reports for problem in each.problems)),
    )


def _oldest_first(judged: Judged) -> tuple[datetime, int]:
    """A story begins with its first report; where dates do not tell, feeds stand newest first."""
    return judged.entry.published_at or _EARLIEST, -judged.entry.position
