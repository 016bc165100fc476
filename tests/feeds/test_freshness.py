from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.freshness import asked_wait, seconds_or_date

from .made import NOW


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": "public, Max-Age = 600, s-maxage=5"}, 600),
        ({"cache-control": "s-maxage=5"}, None),
        ({"cache-control": 'max-age="60"'}, 60),
        ({"cache-control": "max-age=0"}, None),
        ({"cache-control": "max-age=-5"}, None),
        ({"cache-control": "max-age=600, no-cache"}, None),
        ({"cache-control": "no-store,max-age=600"}, None),
        ({"cache-control": "x-max-age=600"}, None),
        ({"cache-control": "max-age=99999999999999999999"}, 10**9),
        ({"cache-control": "max-age=600", "age": "100"}, 500),
        ({"cache-control": "max-age=600", "age": "700"}, None),
        ({"cache-control": "max-age=600", "age": "old"}, 600),
        ({"cache-control": "max-age=60", "expires": "Wed, 04 Mar 2026 13:00:00 GMT"}, 60),
        ({"expires": "Wed, 04 Mar 2026 12:10:00 GMT"}, 600),
        ({"expires": "Wed, 04 Mar 2026 11:10:00 GMT"}, None),
        ({"expires": "Wed, 04 Mar 2026 11:10:00 GMT", "date": "Wed, 04 Mar 2026 11:00:00 GMT"}, 600),
        ({"expires": "0"}, None),
        ({"expires": "-1"}, None),
        ({"expires": "Wed, 04 Mar 99999 12:10:00 GMT"}, None),
    ],
)
def test_what_a_server_calls_fresh_need_not_be_asked_for(headers: dict[str, str], seconds: int | None) -> None:
    assert asked_wait(headers, now=NOW) == (None if seconds is None else timedelta(seconds=seconds))


NAMES = st.sampled_from(["cache-control", "expires", "date", "age"])
WRITTEN = st.text(max_size=40) | st.from_regex(
    r"max-age=\d*|[A-Z][a-z]{2}, \d+ Mar \d+ \d+:\d+:\d+ GMT", fullmatch=True
)


@given(st.dictionaries(NAMES, WRITTEN))
def test_whatever_a_server_says_a_wait_is_more_than_nothing(headers: dict[str, str]) -> None:
    wait = asked_wait(headers, now=NOW)
    assert wait is None or wait > timedelta(0)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("99999999999999999999", 10**9),
        ("Wed, 04 Mar 2026 12:05:00 GMT", 300),
        ("Wed, 04 Mar 2026 13:05:00 +0100", 300),
        ("Wed, 04 Mar 2026 12:05:00 -0000", 300),
        ("Wed, 04 Mar 2026 11:00:00 GMT", 0),
        (None, None),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("٥", None),
        ("Wed, 99 Mar 2026 12:05:00 GMT", None),
        ("1\x00", None),
    ],
)
def test_retry_after_is_read_in_both_its_forms(header: str | None, seconds: int | None) -> None:
    assert seconds_or_date(header, now=NOW) == (None if seconds is None else timedelta(seconds=seconds))


@given(st.text(max_size=60))
def test_no_retry_after_raises_or_is_negative(header: str) -> None:
    wish = seconds_or_date(header, now=NOW)
    assert wish is None or wish >= timedelta(0)


@given(st.integers(0, 10**6))
def test_a_date_means_the_time_until_it(seconds: int) -> None:
    at = NOW + timedelta(seconds=seconds)
    assert seconds_or_date(format_datetime(at, usegmt=True), now=NOW) == timedelta(seconds=seconds)
