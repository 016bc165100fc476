"""Times near now, in words of the reader's language."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from monitor.alerts.words import ago, length
from monitor.web.visit import Visit
from monitor.web.words import text

_NOW: Final = timedelta(minutes=1)


def since(at: datetime | None, visit: Visit) -> str:
    """'3 minutes ago', 'just now'."""
    if at is None:
        return "–"
    return ago(visit.now - at, visit.language) or text(visit.language, "feeds.just_now")


def ahead(at: datetime | None, visit: Visit) -> str:
    """'in 3 minutes'; that it is due, if it is past."""
    if at is None:
        return "–"
    if at - visit.now < _NOW:
        return text(visit.language, "feeds.due")
    return text(visit.language, "feeds.in", length=length(at - visit.now, visit.language))
