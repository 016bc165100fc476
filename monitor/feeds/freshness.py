"""How long a server calls its answer fresh (RFC 9111 §4.2.1). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_MAX_AGE = re.compile(r'(?:^|[\s,])max-age\s*=\s*"?(\d{1,12})', re.IGNORECASE)
_NO_CACHE = re.compile(r"(?:^|[\s,])(?:no-cache|no-store)(?:[\s,=]|$)", re.IGNORECASE)
_MOST_SECONDS = 10**9


def asked_wait(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """For how long the answer need not be asked for again, by Cache-Control or else by Expires; None where the server
    does not say, or says not at all. `headers` by lower-case name.

    `max-age` counts from when the origin wrote the answer: what it spent in caches (Age) is taken off.
    """
    control = headers.get("cache-control", "")
    if _NO_CACHE.search(control):
        return None
    told = _MAX_AGE.search(control)
    wait = _seconds(told[1]) - _age(headers) if told else _until_expiry(headers, now)
    return wait if wait > timedelta(0) else None


def seconds_or_date(value: str | None, *, now: datetime) -> timedelta | None:
    """A Retry-After header (RFC 9110 §10.2.3) as a duration that is never negative."""
    value = (value or "").strip()
    if value.isascii() and value.isdigit():
        return _seconds(value)
    at = date(value)
    return None if at is None else max(at - now, timedelta(0))


def dated_at(headers: Mapping[str, str]) -> datetime | None:
    """When the answer left a server, by that server's clock; None if it does not say. What caches kept is taken off."""
    at = date(headers.get("date", ""))
    try:
        return None if at is None else at + _age(headers)
    except OverflowError:
        return None


def date(value: str) -> datetime | None:
    """An HTTP date, or None for what is none."""
    try:
        at = parsedate_to_datetime(value)
        return at.replace(tzinfo=at.tzinfo or UTC)
    except (ValueError, OverflowError, TypeError, IndexError):  # what Python's reader raises for one or another mistake
        return None


def _until_expiry(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Expires against the server's own clock where it tells it: ours may differ."""
    expires = date(headers.get("expires", ""))
    if expires is None:
        return timedelta(0)
    return expires - (date(headers.get("date", "")) or now)


def _age(headers: Mapping[str, str]) -> timedelta:
    age = headers.get("age", "").strip()
    return _seconds(age) if age.isascii() and age.isdigit() else timedelta(0)


def _seconds(digits: str) -> timedelta:
    return timedelta(seconds=min(int(digits[:12]), _MOST_SECONDS))
