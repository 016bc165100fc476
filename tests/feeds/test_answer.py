from __future__ import annotations

from monitor.feeds.answer import HEADER_LINES, WIRE_LIMIT, Answer


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


def test_a_body_has_a_bound() -> None:
    """libcurl has one of its own; which answers it holds for is another matter in each of its versions."""
    answer = take(b"HTTP/1.1 200 OK\r\n", b"\r\n")
    assert answer.take_chunk(bytes(WIRE_LIMIT))
    assert not answer.take_chunk(b"x")
    assert answer.excess is not None


def test_of_a_body_that_nobody_reads_little_is_taken() -> None:
    answer = take(b"HTTP/1.1 500 No\r\n", b"\r\n")
    taken = [answer.take_chunk(bytes(16 * 1024)) for _ in range(5)]
    assert taken == [True, True, True, True, False]
    assert (answer.is_enough, answer.excess, len(answer.body)) == (True, None, 0)
