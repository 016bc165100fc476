from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.answer import HEADER_LINES, Answer, retry_after

from .made import NOW


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
    assert retry_after(header, now=NOW) == (None if seconds is None else timedelta(seconds=seconds))


@given(st.text(max_size=60))
def test_no_retry_after_raises_or_is_negative(header: str) -> None:
    wish = retry_after(header, now=NOW)
    assert wish is None or wish >= timedelta(0)


@given(st.integers(0, 10**6))
def test_a_date_means_the_time_until_it(seconds: int) -> None:
    at = NOW + timedelta(seconds=seconds)
    assert retry_after(format_datetime(at, usegmt=True), now=NOW) == timedelta(seconds=seconds)


def take(*lines: bytes) -> Answer:
    answer = Answer()
    for line in lines:
        answer.take_header(line)
    return answer


def test_the_headers_of_the_last_answer_count() -> None:
    answer = take(b"HTTP/1.1 103 Early\r\n", b"ETag: 1\r\n", b"\r\n", b"HTTP/1.1 200 OK\r\n", b"Etag:  2 \r\n", b"\r\n")
    assert (answer.status, answer.headers) == (200, {"etag": "2"})


def test_a_trailer_overrules_no_header() -> None:
    answer = take(b"HTTP/1.1 200 OK\r\n", b"ETag: 1\r\n", b"\r\n")
    answer.take_chunk(b"<rss/>")
    answer.take_header(b"ETag: 2\r\n")
    answer.take_header(b"HTTP/1.1 304: x\r\n")
    assert (answer.status, answer.headers) == (200, {"etag": "1"})


def test_repeated_headers_are_one_list_and_bytes_are_kept() -> None:
    answer = take(b"HTTP/1.1 200 OK\r\n", b"Content-Encoding: gzip\r\n", b"content-encoding: br\r\n", b"X: \xe9\r\n")
    assert answer.headers == {"content-encoding": "gzip, br", "x": "é"}


def test_header_lines_have_a_bound() -> None:
    answer = Answer()
    taken = [answer.take_header(b"X: y\r\n") for _ in range(HEADER_LINES + 1)]
    assert taken == [True] * HEADER_LINES + [False]
    assert answer.excess is not None
