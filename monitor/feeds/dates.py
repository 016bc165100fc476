"""Dates as Arabic and other feeds write them, to aware UTC, or None.

feedparser knows RFC 822 and ISO 8601 well; what it reads wrongly or not at all (EET, +03, Arabic names of months,
Arabic-Indic digits, 31/12/2025) is common in our feeds, so all dates are read here. A date that cannot be read with
confidence is None: an undated entry is announced, a wrongly dated one may be taken for stale.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from monitor.feeds.months import MONTHS, ZONES

EARLIEST_YEAR = 1995  # no feed is older; earlier years are Hijri ones, or mistakes
MOST_AHEAD = timedelta(days=2)  # of the time at which it was fetched; more is a mistake, or a trick to look new

_TIME = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?!\d)")
_OFFSET = re.compile(r"(?:\b(?:gmt|utc|ut))?\s*([+-])\s?(\d{1,2})(?::?(\d{2}))?(?!\d)")
_ISO_DAY = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_LOCAL_DAY = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
_BASIC_ISO = re.compile(r"(\d{4})(\d{2})(\d{2})t(\d{2})(\d{2})(\d{2})")
_EPOCH = re.compile(r"\d{9,10}(?:\d{3})?")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_MONTH = re.compile(rf"(?<!\w)({'|'.join(sorted(MONTHS, key=len, reverse=True))})(?!\w)")
_MARKS = re.compile(
    r"[\u0640\u064b-\u0652\u0670\u200b-\u200f\u202a-\u202e\u2066-\u2069\u061c]"
)  # stretch, vowels, bidi
_AFTERNOON = frozenset({"pm", "م", "مساء", "بعدالظهر"})
_MORNING = frozenset({"am", "ص", "صباحا"})
_SAYS_NOTHING = frozenset({"at", "t", "الساعه", "ساعه", "م", "بتوقيت", "توقيت", "h", "uhr"})


def read_date(text: str, *, fetched_at: datetime | None = None) -> datetime | None:
    """The instant, or None if it cannot be told.

    A date without a zone is UTC, without a time midnight; 3/4/2026 is the third of April. With `fetched_at`, a date
    more than two days after it is None; in any case one before 1995 is.
    """
    folded = _fold(text)[:100]
    at = _epoch(folded) or _basic(folded) or _written(folded)
    if at is None or at.year < EARLIEST_YEAR:
        return None
    return None if fetched_at is not None and at > fetched_at + MOST_AHEAD else at


def first_date(texts: Iterable[str], *, fetched_at: datetime | None) -> datetime | None:
    """The first that can be read."""
    dates = (read_date(text, fetched_at=fetched_at) for text in texts if text)
    return next((at for at in dates if at is not None), None)


def _fold(text: str) -> str:
    """Western digits, lower case, alef and other letters in one spelling, no marks."""
    if text.isascii():  # as most are: nothing else is to be done
        return text.lower().strip()
    plain = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text)
    plain = unicodedata.normalize("NFC", _MARKS.sub("", plain)).lower()
    return plain.translate(_LETTERS).strip()


_LETTERS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "،": " ", "−": "-", "–": "-"})


def _epoch(text: str) -> datetime | None:
    """Seconds or milliseconds since 1970."""
    if not _EPOCH.fullmatch(text):
        return None
    seconds = int(text) // (1000 if len(text) > 10 else 1)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def _basic(text: str) -> datetime | None:
    found = _BASIC_ISO.match(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = map(int, found.groups())
    return _instant((year, month, day), (hour, minute, second), _zone(text[found.end() :]))


def _written(text: str) -> datetime | None:
    """A day and, before or after it, perhaps a time with a zone."""
    clock = _TIME.search(text)
    if clock is None:
        return _instant(_day(text), (0, 0, 0), timedelta(0))
    day = _day(f"{text[: clock.start()]} {_without_offset(text[clock.end() :])}")
    zone = _zone(text[clock.end() :])
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    return _instant(day, (_hour(hour, text[clock.end() :]), minute, min(second, 59)), zone)


def _instant(day: tuple[int, int, int] | None, clock: tuple[int, int, int], zone: timedelta | None) -> datetime | None:
    if day is None or zone is None:
        return None
    try:
        return datetime(*day, *clock, tzinfo=UTC) - zone
    except (ValueError, OverflowError):  # 30 February, 25:61, the year 1 in a zone east of us
        return None


def _day(text: str) -> tuple[int, int, int] | None:
    if found := _ISO_DAY.search(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _LOCAL_DAY.search(text):
        day, month = int(found[1]), int(found[2])
        return (int(found[3]), day, month) if month > 12 >= day else (int(found[3]), month, day)
    return _named_day(text)


def _named_day(text: str) -> tuple[int, int, int] | None:
    """A day whose month is a word. Two names of one month are common in Arabic, of two months a mistake."""
    months = {MONTHS[name] for name in _MONTH.findall(text)}
    numbers = [int(number) for number in _NUMBER.findall(text)]
    if len(months) != 1 or len(numbers) != 2:
        return None
    year, day = max(numbers), min(numbers)
    if year < 100 and numbers[1] != numbers[0]:
        day, year = numbers  # RFC 822's two digits: the year comes last
    return _century(year), months.pop(), day


def _century(year: int) -> int:
    """RFC 2822 §4.3: two digits below 50 are of this century."""
    return year if year > 99 else year + (2000 if year < 50 else 1900)


def _hour(hour: int, after: str) -> int:
    word = _WORD.search(after.replace(".", "").replace("بعد الظهر", "بعدالظهر"))
    if word is None or not 1 <= hour <= 12:
        return hour
    if word[0] in _AFTERNOON:
        return hour % 12 + 12
    return hour % 12 if word[0] in _MORNING else hour


def _without_offset(after: str) -> str:
    found = _OFFSET.match(after.lstrip())
    return after.lstrip()[found.end() :] if found else after


def _zone(after: str) -> timedelta | None:
    """What stands after the time, as an offset from UTC; None for a zone that we do not know."""
    if found := _OFFSET.match(after.replace("z", "").lstrip()):
        hours, minutes = int(found[2]), int(found[3] or 0)
        offset = timedelta(hours=hours, minutes=minutes)
        return (offset if found[1] == "+" else -offset) if hours <= 14 and minutes < 60 else None
    for word in _WORD.findall(after.replace(".", "")):
        if word in ZONES:
            return timedelta(hours=ZONES[word])
        if word.isascii() and 2 <= len(word) <= 5 and not _is_known(word):
            return None
    return timedelta(0)


def _is_known(word: str) -> bool:
    """Words that may follow a time and are no zone."""
    return word in _AFTERNOON | _MORNING | _SAYS_NOTHING or word in MONTHS
