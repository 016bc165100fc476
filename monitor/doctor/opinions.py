"""What people said of a rule's alerts. `lint` looks at the rules file alone; here the state is at hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from monitor.doctor.findings import Finding, ok, warning
from monitor.errors import StateError
from monitor.store.feedback_rows import Counts, Feedback
from monitor.store.which import open_reader

OVER: Final = timedelta(days=90)
ENOUGH: Final = 5  # alerts judged; one that somebody dislikes says nothing of a rule


def opinions(state: Path, rule_ids: frozenset[str], *, now: datetime) -> Iterator[Finding]:
    """Nothing where nobody said anything, or the state cannot be read: that is told elsewhere."""
    counts = {name: count for name, count in _counts(state, now).items() if name in rule_ids}
    often = {name: count for name, count in counts.items() if _is_often_wrong(count)}
    for name, count in often.items():
        judged = count.right + count.wrong
        what = f"of {judged} alerts that people judged within {OVER.days} days, {count.wrong} were no match"
        yield warning(
            f"rule {name}", what, f"'monitor feedback --rule {name}' lists them, 'monitor why ALERT' explains"
        )
    if counts and not often:
        judged = sum(count.right + count.wrong for count in counts.values())
        yield ok("feedback", f"{judged} alert{'' if judged == 1 else 's'} judged by people")


def _counts(state: Path, now: datetime) -> dict[str, Counts]:
    try:
        reader = open_reader(state)
        if reader is None:
            return {}
        with reader:
            return dict(Feedback(reader.database).counts(since=now - OVER))
    except StateError:
        return {}


def _is_often_wrong(count: Counts) -> bool:
    return count.right + count.wrong >= ENOUGH and count.wrong >= count.right
