"""How many alerts came since a page was made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from monitor.model import Severity
from monitor.store.ours import of_people
from monitor.store.read import Reader

MOST: Final = 99  # beyond it nobody asks how many exactly

# Alerts are only ever added, so the number of their row goes up; both look at the end of the table alone. Tests of
# ours are no news.
_LAST: Final = "SELECT coalesce(max(rowid), 0) FROM alert"
_SINCE: Final = f"""
    SELECT severity FROM alert WHERE rowid > ? AND {of_people("rule_id")} ORDER BY rowid LIMIT ?
"""  # noqa: S608 - ours


@dataclass(frozen=True, slots=True)
class News:
    """`count` is at most MOST + 1; `gravest` is None where there are none."""

    count: int
    gravest: Severity | None


def cursor(reader: Reader) -> int:
    """Where the alerts end at this moment; 0 where there are none."""
    return int(reader.rows(_LAST)[0][0])


def newer(reader: Reader, after: int) -> News:
    """What came after a cursor."""
    severities = [Severity(row[0]) for row in reader.rows(_SINCE, after, MOST + 1)]
    return News(len(severities), max(severities, key=lambda each: each.rank, default=None))
