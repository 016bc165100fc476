"""The processes that parse: how they start, end and are kept from everything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.clock import SystemClock
from monitor.feeds import box_talk as talk
from monitor.feeds.box import BoxedParser
from monitor.feeds.parse import parse
from monitor.model import Fetched, Parsed, ParseFailed, ParseResult
from tests.feeds.made import NOW

ROOT = Path(__file__).resolve().parents[2]
KILLING = ROOT / "tests" / "faults" / "killing"
SAMPLES = sorted((Path(__file__).parent / "samples").iterdir())
# Not a plain one, which would be read without feedparser.
DOCUMENT = "<rss><channel><item><title>غارة على الجسر</title><x><y/></x></item></channel></rss>".encode()


def page(body: bytes = DOCUMENT) -> Fetched:
    return Fetched(url="https://a.example/feed", body=body, content_type="text/xml", validators=None, fetched_at=NOW)


def plainly(body: bytes) -> ParseResult:
    return parse("news", body, "text/xml", base_url="https://a.example/feed", fetched_at=NOW)


def new(**options: object) -> BoxedParser:
    return BoxedParser(clock=SystemClock(), **{"processes": 1, **options})


@pytest.fixture
def parser() -> Iterator[BoxedParser]:
    parser = new()
    yield parser
    parser.close()


@pytest.fixture
def killing() -> Iterator[BoxedParser]:
    parser = new(before=[str(KILLING)], cpu=1.0, within=3.0)
    yield parser
    parser.close()


def eventually(holds: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return holds()


def runs(pid: int) -> bool:
    """Whether the process lives; one that ended and was not asked for yet does not."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.name)
def test_a_document_is_read_in_a_process_as_it_is_here(parser: BoxedParser, file: Path) -> None:
    assert parser.parse("news", page(file.read_bytes())) == plainly(file.read_bytes())


def test_no_process_runs_before_the_first_document_and_one_serves_many(parser: BoxedParser) -> None:
    assert parser.pids == frozenset()
    parser.parse("one", page())
    first = parser.pids
    parser.parse("two", page(b"no feed"))
    assert len(first) == 1
    assert parser.pids == first


def test_as_many_documents_are_parsed_at_a_time_as_there_are_processes() -> None:
    parser = new(processes=2)
    try:
        with ThreadPoolExecutor(6) as threads:
            results = list(threads.map(lambda n: parser.parse(f"feed {n}", page()), range(40)))
        assert len(parser.pids) == 2
        assert [replace(entry, feed_id="") for result in results for entry in result.entries] == [
            replace(entry, feed_id="") for entry in plainly(DOCUMENT).entries
        ] * 40
    finally:
        parser.close()


def test_a_process_that_is_not_asked_ends_and_another_takes_its_place() -> None:
    parser = new(idle=0.1)
    try:
        for _ in range(2):
            assert isinstance(parser.parse("news", page()), Parsed)
            assert eventually(lambda: not parser.pids)
    finally:
        parser.close()


def test_closing_ends_every_process_and_what_it_does(killing: BoxedParser) -> None:
    killing.parse("news", page())
    (pid,) = killing.pids
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(killing.parse, "news", page(DOCUMENT.replace(b"<title>", b"<title>KILL-SLEEP ")))
        killing.close()
        assert isinstance(asked.result(30), ParseFailed)
    assert not runs(pid)
    killing.close()
    assert isinstance(killing.parse("news", page()), ParseFailed)
    assert killing.pids == frozenset()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_that_are_meant_for_the_monitor_do_not_reach_it(parser: BoxedParser, number: signal.Signals) -> None:
    parser.parse("news", page())
    (pid,) = parser.pids
    os.kill(pid, number)
    assert parser.parse("news", page()) == plainly(DOCUMENT)
    assert parser.pids == {pid}
    assert os.getpgid(pid) != os.getpgrp()


def test_a_process_that_somebody_kills_costs_nothing(parser: BoxedParser) -> None:
    parser.parse("news", page())
    (pid,) = parser.pids
    os.kill(pid, signal.SIGKILL)
    assert parser.parse("news", page()) == plainly(DOCUMENT)


def test_a_document_that_is_too_much_as_a_whole_is_read_by_its_entries_and_later_tried_again() -> None:
    parser = new(before=[str(KILLING)], cpu=1.0)
    whole = b"<rss><channel><item><title>TOO-MUCH</title></item><item><title>x</title></item></channel></rss>"
    try:
        died = []
        for _ in range(8):
            before = parser.pids
            result = parser.parse("news", page(whole))
            assert isinstance(result, Parsed)
            assert len(result.entries) == 2
            died.append(parser.pids != before)
        # Once, then one document in peace; the next dies again, then four in peace; and once more.
        assert died[1:] == [False, True, False, False, False, False, True]
    finally:
        parser.close()


def test_a_parser_that_cannot_start_is_a_failure_of_the_feed_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "feedparser.py").write_text("raise ImportError")
    parser = new(before=[str(tmp_path)])
    try:
        result = parser.parse("news", page())
        assert isinstance(result, ParseFailed)
        assert "does not start" in result.detail
    finally:
        parser.close()


def test_work_without_end_is_ended_by_its_limit_long_before_patience_is() -> None:
    parser = new(before=[str(KILLING)], cpu=0.5, within=120.0)
    began = time.monotonic()
    try:
        result = parser.parse("news", page(DOCUMENT.replace(b"<title>", b"<title>KILL-REGEX ")))
    finally:
        parser.close()
    assert isinstance(result, ParseFailed)  # there is but one entry
    assert time.monotonic() - began < 60


PARENT = """
import sys, threading
from tests.feeds.test_box import DOCUMENT, KILLING, new, page
parser = new(before=[str(KILLING)], within=300.0, cpu=300.0)
parser.parse("news", page())
print(*parser.pids, flush=True)
if sys.argv[1]:
    parser.parse("news", page(DOCUMENT.replace(b"<title>", b"<title>" + sys.argv[1].encode() + b" ")))
sys.stdin.read()
"""


@pytest.mark.parametrize("doing", ["", "KILL-SLEEP", "KILL-SPIN", "KILL-GIL"])
def test_none_outlives_a_monitor_that_is_killed(doing: str) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, doing], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.3)  # so that it has begun
        assert runs(pid)
        parent.kill()
        assert eventually(lambda: not runs(pid))


def test_none_of_those_that_try_entry_by_entry_outlives_it_either() -> None:
    program = PARENT.replace("within=300.0", "within=1.0")
    parent = subprocess.Popen(
        [sys.executable, "-c", program, "KILL-SLEEP"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    with parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        family: set[int] = set()

        def grown() -> bool:
            """Whether a child's child is there that stays: the one that reads the head ends at once."""
            found = [(child, grandchild) for child in _children(parent.pid) for grandchild in _children(child)]
            time.sleep(0.3)
            family.update(pid for pair in found for pid in pair)
            return any(runs(grandchild) for _, grandchild in found)

        assert eventually(grown)
        parent.kill()
        assert eventually(lambda: not any(map(runs, family)))


def _children(pid: int) -> list[int]:
    found = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(each) for each in thread.read_text().split()]
    return found


SPY = """
import os, resource, socket, sys
from pathlib import Path
sys.path.remove(str(Path(__file__).parent))
del sys.modules["feedparser"]
import feedparser as real
sys.modules["feedparser"] = real
open_ = real.parse

def parse(file, **options):
    try:
        with open("{mark}", "w") as mark:
            mark.write("x" * 5000)
    except OSError:
        pass
    answer = open_(file, **options)
    for entry in answer["entries"]:
        entry["title"] = repr((dict(os.environ), sys.argv, os.listdir("/proc/self/fd"), os.getcwd()))
        size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        memory = resource.getrlimit(resource.RLIMIT_AS)[0] - size
        entry["summary"] = repr((resource.getrlimit(resource.RLIMIT_CORE), 0 < memory <= 512 << 20))
    return answer

real.parse = parse
"""


def test_a_process_that_was_taken_over_has_no_secrets_and_can_write_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "feedparser.py").write_text(SPY.replace("{mark}", str(tmp_path / "mark")))
    monkeypatch.setenv("TELEGRAM_TOKEN", "sesame-open")
    parser = new(before=[str(tmp_path)])
    try:
        with (tmp_path / "secret").open("w"):
            result = parser.parse("news", page())
    finally:
        parser.close()
    assert isinstance(result, Parsed)
    assert "sesame" not in repr(result)
    assert "TELEGRAM" not in repr(result)
    assert result.entries[0].summary == "((0, 0), True)"
    assert (tmp_path / "mark").stat().st_size == 0


def test_half_a_request_is_never_read_as_one() -> None:
    header, body = talk.pack_request(
        talk.Request(feed_id="news", body=b"x", content_type=None, base_url="b", known=b"\0k", remedies={"a": True})
    )
    size = talk.REQUEST.unpack(header[: talk.REQUEST.size])
    request = talk.unpack_request(header[talk.REQUEST.size :], body)
    assert size == (len(header) - talk.REQUEST.size, 1)
    assert (request.known, request.remedies, request.body, request.fetched_at) == (b"\0k", {"a": True}, b"x", None)
