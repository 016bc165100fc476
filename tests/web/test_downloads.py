"""Downloads over a real line: what is sent while it is written, what breaks, who goes away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.errors import StateError
from monitor.web import downloads
from monitor.web.growing import PIECE, Growing, NobodyReads
from monitor.web.trouble import Broken
from tests.web.running import SOON, running


@dataclass
class Slow:
    """Writes a piece, waits until it may go on, and then does what is asked of it."""

    may_go_on: threading.Event = field(default_factory=threading.Event)
    ended_by: BaseException | None = None
    has_ended: threading.Event = field(default_factory=threading.Event)
    then: Any = None

    def __call__(self, file: Any) -> None:
        try:
            file.write(b"a" * PIECE)
            assert self.may_go_on.wait(SOON)
            self.then(file)
        except BaseException as error:
            self.ended_by = error
            raise
        finally:
            self.has_ended.set()


def rest(file: Any) -> None:
    file.write(b"b" * PIECE)


def breaks(file: Any) -> None:
    file.write(b"b" * 10)
    raise StateError("the disk was pulled out")


def without_end(file: Any) -> None:
    while True:
        file.write(b"b" * PIECE)


@pytest.fixture
def slow(monkeypatch) -> Slow:
    monkeypatch.setattr(downloads, "AT_ONCE", threading.BoundedSemaphore(1))
    return Slow()


@pytest.fixture
def port(slow: Slow) -> Iterator[int]:
    def page(request: Request) -> Response:
        return downloads.download(request, slow, name="a.csv", media="text/csv", grows=True)

    app = Starlette(routes=[Route("/", page)])
    app.add_middleware(Broken)
    with running(app) as port:
        yield port
        slow.may_go_on.set()


def asked(port: int) -> tuple[HTTPConnection, HTTPResponse]:
    connection = HTTPConnection("127.0.0.1", port, timeout=SOON)
    connection.request("GET", "/")
    return connection, connection.getresponse()


def test_what_is_there_is_sent_before_the_rest_is_written(slow: Slow, port: int) -> None:
    slow.then = rest
    connection, answer = asked(port)
    assert answer.read(PIECE) == b"a" * PIECE
    assert not slow.has_ended.is_set()
    slow.may_go_on.set()
    assert answer.read() == b"b" * PIECE
    connection.close()


def test_what_breaks_in_its_middle_is_not_taken_for_the_whole(slow: Slow, port: int) -> None:
    slow.then = breaks
    connection, answer = asked(port)
    slow.may_go_on.set()
    with pytest.raises(IncompleteRead) as cut:
        answer.read()
    assert cut.value.partial == b"a" * PIECE + b"b" * 10
    connection.close()


def test_who_goes_away_ends_the_work_and_gives_the_turn_back(slow: Slow, port: int) -> None:
    slow.then = without_end
    connection, answer = asked(port)
    answer.read(100)
    connection.close()
    answer.close()
    slow.may_go_on.set()
    assert slow.has_ended.wait(SOON)
    assert isinstance(slow.ended_by, NobodyReads)
    assert downloads.AT_ONCE.acquire(timeout=SOON)


def test_the_turn_is_given_back_when_all_is_written_however_slow_the_line(slow: Slow, port: int) -> None:
    slow.then = lambda file: file.write(b"b" * (64 * PIECE))  # more than sockets hold
    connection, answer = asked(port)
    slow.may_go_on.set()
    assert downloads.AT_ONCE.acquire(timeout=SOON)
    assert len(answer.read()) == 65 * PIECE
    connection.close()


# --- the file


@pytest.mark.parametrize("pieces", [[], [b""], [b"abc"], [b"abc" * 50_000, b"d"], [b"e"] * 10])
def test_what_is_written_is_what_is_read(pieces: list[bytes]) -> None:
    file = Growing()
    for each in pieces:
        assert file.write(each) == len(each)
    assert file.size() is None
    file.finish()
    assert file.size() == sum(map(len, pieces))
    assert b"".join(file.pieces()) == b"".join(pieces)
    file.leave()


def test_nothing_small_is_read_before_it_is_known_to_be_all() -> None:
    file, seen = Growing(), list[int | None]()

    def look() -> None:
        file.await_more()
        seen.append(file.size())

    thread = threading.Thread(target=look)
    thread.start()
    file.write(b"abc")
    file.finish()
    thread.join(SOON)
    assert seen == [3]
    file.leave()


def test_what_was_wrong_comes_behind_what_was_written() -> None:
    file = Growing()
    file.write(b"abc")
    file.finish(ValueError("no"))
    found = file.pieces()
    assert next(found) == b"abc"
    with pytest.raises(ValueError, match="no"):
        next(found)
    file.leave()


def test_what_was_wrong_from_the_start_is_raised_at_once() -> None:
    file = Growing()
    file.finish(ValueError("no"))
    with pytest.raises(ValueError, match="no"):
        file.await_more()
    file.leave()


def test_what_was_wrong_before_anything_was_sent_is_told_as_such(slow: Slow) -> None:
    def half(file: Any) -> None:
        file.write(b"[")
        raise StateError("the disk was pulled out")

    with pytest.raises(StateError):
        downloads.download(Request({"type": "http"}), half, name="a.json", media="application/json", grows=True)
    assert downloads.AT_ONCE.acquire(timeout=SOON)


def test_nobody_writes_for_nobody() -> None:
    file = Growing()
    file.leave()
    file.leave()
    file.write(b"a")
    with pytest.raises(NobodyReads):
        file.write(b"b" * PIECE)
    file.finish()


@pytest.mark.parametrize("grows", [True, False])
def test_a_turn_is_given_back_where_there_is_no_room_for_the_file(slow, monkeypatch, grows):
    """Else two of these would leave nothing but 'busy' until the pages are begun anew."""

    def full(**_how: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    for _ in range(3):
        with pytest.raises(OSError, match="No space"):
            downloads.download(Request({"type": "http"}), slow, name="a.csv", media="text/csv", grows=grows)


def test_a_turn_is_given_back_where_the_system_allows_no_further_thread(slow, monkeypatch):
    def refused(_self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    for _ in range(3):
        with pytest.raises(RuntimeError, match="thread"):
            downloads.download(Request({"type": "http"}), slow, name="a.csv", media="text/csv", grows=True)
