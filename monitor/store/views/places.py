"""Where things happened: the places that alerts of a time name, with what happened there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitor.model import Severity
from monitor.store import codec
from monitor.store.ours import of_people
from monitor.store.read import Reader

MOST: Final = 20_000  # alerts that are gone through, the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """`stories` and `alerts` name the place, `worst` of them is the severity, the last was decided at `last_at`."""

    place_id: str
    stories: int
    alerts: int
    worst: Severity
    last_at: datetime


_BY_RANK: Final = tuple(reversed(Severity))  # the worst first
_WHEN: Final = " ".join(f"WHEN '{each.value}' THEN {rank}" for rank, each in enumerate(_BY_RANK))
# By time through an index that has all that is asked of an alert, then by alert through the one of its marks.
_HAPPENED: Final = f"""
    SELECT mark.value AS place_id, count(DISTINCT recent.story_id) AS stories, count(*) AS alerts,
        min(recent.rank) AS worst, max(recent.decided_us) AS last_us
    FROM (
        SELECT story_id, number, decided_us, CASE severity {_WHEN} END AS rank FROM alert INDEXED BY alert_by_time
        WHERE decided_us >= ? AND {of_people("rule_id")} ORDER BY decided_us DESC LIMIT {MOST}
    ) AS recent JOIN alert_mark AS mark INDEXED BY alert_mark_by_alert
        ON mark.story_id = recent.story_id AND mark.number = recent.number AND mark.kind = 'place'
    GROUP BY mark.value ORDER BY stories DESC, worst, place_id
"""  # noqa: S608 - ours


def happened(reader: Reader, *, since: datetime) -> list[Happened]:
    """The most stories first, of those with as many the worst. A place that is named together with one within it is not
    among its: alerts name the innermost."""
    return [
        Happened(
            place_id=row["place_id"],
            stories=row["stories"],
            alerts=row["alerts"],
            worst=_BY_RANK[row["worst"]],
            last_at=codec.instant(row["last_us"]),
        )
        for row in reader.rows(_HAPPENED, codec.microseconds(since))
    ]
