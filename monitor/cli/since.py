"""A moment in the past as people write it: `7d`, `2026-11-01`, `'2026-11-01 18:00'`, with or without a zone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitor.errors import UsageError
from monitor.rules import values
from monitor.rules.problems import Refused

_REMEDY: Final = "write 7d, 12h, 2026-11-01 or '2026-11-01 18:00'"


def moment(written: str, *, now: datetime, zone: ZoneInfo, whole_day: bool = False) -> datetime:
    """In UTC. A length of time is meant from now back; a day alone from its beginning or, with `whole_day`, up to its
    end. Raises UsageError with a remedy."""
    text = values.plain_words(written).strip()
    try:
        found = datetime.fromisoformat(text.upper().replace("Z", "+00:00"))
    except ValueError:
        return now - _length(written)
    try:
        if whole_day and len(text) <= len("2026-11-01"):
            found = datetime.combine(found.date() + timedelta(days=1), time(0))
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        raise UsageError(f"'{written}' is no time that we can count with: {_REMEDY}") from None


def _length(written: str) -> timedelta:
    try:
        return values.duration(written)
    except Refused as refused:
        raise UsageError(f"{refused.what}: {_REMEDY}") from None
