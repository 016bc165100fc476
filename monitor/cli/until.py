"""How long a mute holds, as people write it: `2h`, `يومان`, `until 2026-12-01`, `حتى 18:00`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitor.errors import UsageError
from monitor.rules import values
from monitor.rules.problems import Refused

_UNTIL: Final = ("until", "till", "حتي", "الي", "لغايه")
_DAY: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})")
_REMEDY: Final = "write 2h, 3d, يومان, or until 2026-12-01, until 18:00, until '2026-12-01 18:00'"


def end_of(written: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """In UTC. A day alone is meant to its end, a time alone is the next such one. Raises UsageError with a remedy."""
    words = values.plain_words(written).replace("ى", "ي").replace("ة", "ه").split()
    if words and words[0] in _UNTIL:
        return _later(_instant(words[1:], written, now=now, zone=zone), written, now=now)
    if words and (_DAY.fullmatch(words[0]) or _TIME.fullmatch(words[0])):
        return _later(_instant(words, written, now=now, zone=zone), written, now=now)
    try:
        return now + values.some_duration(written)
    except Refused as refused:
        raise UsageError(f"{refused.what}: {_REMEDY}") from None


def _instant(words: list[str], written: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    here = now.astimezone(zone)
    try:
        match [*words]:
            case [day] if _DAY.fullmatch(day):
                return _on(day, time(0), zone) + timedelta(days=1)
            case [day, at] if _DAY.fullmatch(day) and _TIME.fullmatch(at):
                return _on(day, _time(at), zone)
            case [at] if _TIME.fullmatch(at):
                today = datetime.combine(here.date(), _time(at), zone)
                return today if today > now else datetime.combine(here.date() + timedelta(days=1), _time(at), zone)
    except (ValueError, OverflowError):
        pass
    raise UsageError(f"'{written}' is neither a time nor a length of it: {_REMEDY}")


def _on(day: str, at: time, zone: ZoneInfo) -> datetime:
    year, month, number = map(int, day.split("-"))
    return datetime(year, month, number, at.hour, at.minute, tzinfo=zone)


def _time(written: str) -> time:
    hour, minute = map(int, written.split(":"))
    return time(hour, minute)


def _later(end: datetime, written: str, *, now: datetime) -> datetime:
    """A mute of a thousand years is a rule that nobody wants any more."""
    if end <= now:
        raise UsageError(f"'{written}' is over already: {_REMEDY}")
    if end - now > values.LONGEST:
        raise UsageError(f"'{written}' is too far away: at most {values.LONGEST.days} days. Or remove the rule")
    return end.astimezone(UTC)
