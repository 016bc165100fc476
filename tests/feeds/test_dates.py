from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.dates import first_date, read_date
from monitor.feeds.months import MONTHS

# 7 January 2026, in the ways it is written; the second column is UTC.
SAME_DAY = [
    ("Wed, 07 Jan 2026 10:15:00 GMT", "10:15"),
    ("Wed, 07 Jan 2026 10:15:00 +0300", "07:15"),
    ("Wed, 07 Jan 2026 10:15:00 +03:00", "07:15"),
    ("Wed, 07 Jan 2026 10:15:00 +03", "07:15"),
    ("Wed, 07 Jan 2026 10:15:00 GMT+3", "07:15"),
    ("Wed, 07 Jan 2026 10:15:00 UTC+03:30", "06:45"),
    ("Wed, 07 Jan 2026 10:15:00 +0300 (AST)", "07:15"),
    ("Wed, 07 Jan 2026 10:15:00 -0500", "15:15"),
    ("Wed, 07 Jan 2026 10:15:00 EET", "08:15"),
    ("Wed, 07 Jan 2026 10:15:00 EEST", "07:15"),
    ("Wed, 07 Jan 2026 10:15:00 AST", "07:15"),
    ("Wed, 07 Jan 2026 10:15:00 EST", "15:15"),
    ("Wed, 07 Jan 2026 10:15:00 Z", "10:15"),
    ("Wed, 07 Jan 2026 10:15:00", "10:15"),
    ("7 Jan 26 10:15 UT", "10:15"),
    ("07-Jan-2026 10:15:59", "10:15"),
    ("Wed Jan  7 10:15:00 2026", "10:15"),
    ("Wed Jan  7 10:15:00 +0000 2026", "10:15"),
    ("January 7, 2026 10:15 PM", "22:15"),
    ("January 7, 2026 12:15 a.m.", "00:15"),
    ("mercredi 7 janvier 2026 10:15", "10:15"),
    ("7 Ocak 2026 10:15", "10:15"),
    ("2026-01-07T10:15:00Z", "10:15"),
    ("2026-01-07T10:15:00.123456+03:00", "07:15"),
    ("2026-01-07T10:15", "10:15"),
    ("2026-01-07 10:15:00 +0300", "07:15"),
    ("2026/01/07 10:15", "10:15"),
    ("10:15 2026-01-07", "10:15"),
    ("20260107T101500Z", "10:15"),
    ("2026-01-07", "00:00"),
    ("1767780900", "10:15"),
    ("1767780900000", "10:15"),
    ("7/1/2026 10:15", "10:15"),
    ("07.01.2026 10:15", "10:15"),
    ("1/7/2026", None),  # the first of July
    ("الأربعاء، 7 يناير 2026 - 10:15 صباحاً", "10:15"),
    ("الأربعاء 7 يناير 2026 10:15 مساءً", "22:15"),
    ("7 يناير 2026 الساعة 10:15 م", "22:15"),
    ("٧ كانون الثاني ٢٠٢٦ ١٠:١٥", "10:15"),
    ("٢٠٢٦-٠١-٠٧ ١٠:١٥", "10:15"),
    ("۷ ژانویه ۲۰۲۶", None),  # Persian spelling, not in our table: unknown rather than guessed
    ("7 كانون الثاني/يناير 2026 10:15 بتوقيت غرينتش", "10:15"),
    ("7 جانفي 2026", "00:00"),
    ("7 كَانُون الثّانـي 2026م", "00:00"),
    ("\u200f7 يناير\u200f 2026 10:15 GMT", "10:15"),
]

UNKNOWN = [
    "", " ", "قريباً", "yesterday", "10:15", "Wed, 30 Feb 2026 10:15:00 GMT", "2026-13-01", "2026-01-07T25:61:00Z",
    "Wed, 07 Jan 2026 10:15:00 XYZ", "Wed, 07 Jan 2026 10:15:00 IST", "Wed, 07 Jan 2026 10:15:00 +9900",
    "7 Jan Feb 2026",    "١٥ رجب ١٤٤٧", "1447-07-15", "15/07/1447", "7 Jan 1994", "0001-01-01T00:00:00+14:00",
    "1 2 3 4 Jan 2026", "99999999999999999", "1" * 5000, "9999-12-31T23:59:59-14:00",
]  # fmt: skip


@pytest.mark.parametrize(("written", "time"), SAME_DAY)
def test_a_date_is_read_as_the_instant_that_it_means(written: str, time: str | None) -> None:
    read = read_date(written)
    if time is None:
        assert read is None or read.date() != datetime(2026, 1, 7).date()
    else:
        assert read is not None
        assert read.replace(second=0, microsecond=0) == datetime.fromisoformat(f"2026-01-07T{time}:00+00:00")


@pytest.mark.parametrize("written", UNKNOWN)
def test_a_date_that_cannot_be_told_is_none(written: str) -> None:
    assert read_date(written) is None


@pytest.mark.parametrize(("name", "month"), sorted(MONTHS.items()))
def test_every_months_name_is_that_month(name: str, month: int) -> None:
    assert read_date(f"9 {name} 2026 10:00") == datetime(2026, month, 9, 10, tzinfo=UTC)


INSTANTS = st.datetimes(min_value=datetime(1995, 1, 2), max_value=datetime(2090, 1, 1), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=0)
)


@given(INSTANTS, st.integers(-14 * 60, 14 * 60), st.sampled_from(["%a, %d %b %Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S"]))
def test_standard_forms_come_back_as_the_instant_that_was_written(at: datetime, east: int, form: str) -> None:
    local = at + timedelta(minutes=east)
    sign = "-" if east < 0 else "+"
    written = f"{local.strftime(form)} {sign}{abs(east) // 60:02}{abs(east) % 60:02}"
    assert read_date(written) == at


@given(INSTANTS)
def test_western_and_arabic_digits_mean_the_same(at: datetime) -> None:
    written = at.isoformat()
    assert read_date(written.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))) == read_date(written) == at


@given(st.text(max_size=60) | st.text("0123456789:/-+ TZjan٧يناير", max_size=40))
def test_no_text_raises_and_every_date_is_aware(written: str) -> None:
    read = read_date(written)
    assert read is None or read.utcoffset() == timedelta(0)


def test_a_date_more_than_two_days_ahead_is_a_mistake() -> None:
    fetched_at = datetime(2026, 1, 7, 10, 15, tzinfo=UTC)
    assert read_date("2026-01-09T10:15:00Z", fetched_at=fetched_at) is not None
    assert read_date("2026-01-09T10:15:01Z", fetched_at=fetched_at) is None
    assert read_date("2099-01-01", fetched_at=fetched_at) is None


def test_the_first_date_that_can_be_read_counts() -> None:
    assert first_date(["", "soon", "2026-01-07", "2026-01-08"], fetched_at=None) == datetime(2026, 1, 7, tzinfo=UTC)
    assert first_date([], fetched_at=None) is None
