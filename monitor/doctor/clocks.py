"""The clock of this machine against the clocks of the servers it asks, and the time zones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from monitor.doctor.findings import Finding, ok, problem, warning
from monitor.ports import Clock

OLDEST_YEAR, NEWEST_YEAR = 2026, 2100  # of this version's making; beyond that certificates would not be believed either
OFF, FAR_OFF = timedelta(seconds=30), timedelta(minutes=10)  # a Date has whole seconds, an answer takes some
STEP = timedelta(seconds=2)  # between the two clocks while the doctor works
_REMEDY = "let the clock be set over the network: 'timedatectl set-ntp true', or install chrony"
_USED = ("Asia/Damascus", "Asia/Baghdad", "Europe/Berlin")
# POSIX (XBD 8.3): a name of three letters or more, an offset, and perhaps the same for summer with its dates.
_POSIX = re.compile(r"(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)[+-]?\d{1,3}(?::\d{2}){0,2}(?:(?:[A-Za-z]{3,}|<[^>]+>).*)?")


def watch(clock: Clock) -> Callable[[], Iterator[Finding]]:
    """Begin now to compare the two clocks; asked later, tell."""
    begun, ticked = clock.now(), clock.monotonic()

    def tell() -> Iterator[Finding]:
        now = clock.now()
        step = (now - begun) - timedelta(seconds=clock.monotonic() - ticked)
        if not OLDEST_YEAR <= now.year <= NEWEST_YEAR:
            yield problem("clock", f"it is the year {now.year} by this machine's clock", _REMEDY)
        if abs(step) > STEP:
            yield warning("clock", f"it was set by {step.total_seconds():+.0f} seconds just now", _REMEDY)

    return tell


def drift(dates: Iterable[tuple[datetime, datetime]]) -> Iterator[Finding]:
    """`dates`: when an answer came by our clock, and when it left by the server's. One server may be wrong: the middle
    one counts."""
    offs = [(ours - theirs).total_seconds() for ours, theirs in dates]
    if not offs:
        yield warning(
            "clock",
            "no server told the time, so it is not known whether it is right",
            "compare 'date -u' with a clock that is",
        )
        return
    off = timedelta(seconds=median(offs))
    where = "ahead of" if off > timedelta(0) else "behind"
    told = f"{abs(off.total_seconds()):.0f} seconds {where} those of {len(offs)} servers"
    if abs(off) < OFF:
        yield ok("clock", f"agrees with those of {len(offs)} servers")
    else:
        yield (problem if abs(off) >= FAR_OFF else warning)("clock", told, _REMEDY)


def zones(configured: ZoneInfo | None, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Are the time zones there, and does TZ name one?"""
    missing = [name for name in _USED if not _loads(name)]
    if missing or not available_timezones():
        yield problem("time zones", f"the table of time zones is missing ({', '.join(missing)})", "pip install tzdata")
    elif configured is not None:
        yield ok("time zones", f"messages show the time of {configured.key}")
    else:
        yield ok("time zones", "the table of time zones is there")
    written = environ.get("TZ", "").removeprefix(":")
    if written and not (_loads(written) or _POSIX.fullmatch(written)):
        what = "the variable TZ names no time zone, and the system takes it for UTC"
        yield warning(
            "time zones",
            what,
            "set it to a name like Asia/Damascus, or unset it; monitor itself uses 'timezone:' of the rules file",
        )


def _loads(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
