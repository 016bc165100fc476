"""Pages that a server on loopback really serves, asked by the real fetcher and read in a real process."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.articles.loop import ArticleLoop
from monitor.clock import SystemClock
from monitor.feeds.fetch import CurlFetcher
from monitor.feeds.reader import BoxedArticleReader
from monitor.model import Secret
from tests.articles.world import CLASHES, LINE, Newsroom, feed, line, page
from tests.feeds.loopback import Server, answer, hang, raw, serve

BREAKING = Path(__file__).parents[1] / "feeds" / "breaking"
HTML = {"content_type": "text/html; charset=utf-8"}
BOMB = gzip.compress(b"<html><p>" + b"a" * (64 << 20))
PAGES = {
    "/good": answer(200, page(), **HTML),
    "/gone": answer(404),
    "/forbidden": answer(403),
    "/later": answer(429, retry_after="1800"),
    "/slow": raw(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n<html>", then=hang),
    "/large": answer(200, page("ا" * 5_500_000), **HTML),
    "/bomb": answer(200, BOMB, content_encoding="gzip", **HTML),
    "/metadata": answer(302, location="http://169.254.169.254/latest/meta-data"),
    "/inside": answer(302, location="http://127.0.0.2:9/"),
    "/picture": answer(200, b"\x89PNG", content_type="image/png"),
    "/wall": answer(200, b"<html><body><div></div></body></html>", **HTML),
    "/breaks": answer(200, page("KILL"), **HTML),
}
MINUTES = timedelta(minutes=1)


@pytest.fixture(scope="module")
def pages() -> Iterator[Server]:
    with serve(PAGES) as server:
        yield server


@pytest.fixture(scope="module")
def fetcher() -> Iterator[CurlFetcher]:
    with closing(CurlFetcher(clock=SystemClock(), deadline=timedelta(seconds=2))) as made:
        yield made


@pytest.fixture(scope="module")
def reader() -> Iterator[BoxedArticleReader]:
    with closing(BoxedArticleReader(clock=SystemClock())) as made:
        yield made


def reading(pages: Server, fetcher: CurlFetcher, reader: BoxedArticleReader) -> Newsroom:
    own = Secret(pages.url("/feed"))  # so that its pages may be asked for, as none inside may else
    newsroom = Newsroom(feeds=(feed(full_text=True, url=own, address=own.reveal()),))
    newsroom.article_loop = ArticleLoop(
        pipeline=newsroom.pipeline,
        articles=newsroom.rows,
        reader=reader,
        fetcher=fetcher,
        clock=newsroom.clock,
        report=newsroom.article_reports.append,
    )
    return newsroom


def test_a_page_is_fetched_and_its_text_alerted(pages, fetcher, reader):
    newsroom = reading(pages, fetcher, reader)
    newsroom.poll(line(link=pages.url("/good")))
    assert newsroom.read() == [LINE]


@pytest.mark.parametrize(
    ("path", "tries", "told"),
    [
        ("/gone", 4, "answered 404"),
        ("/forbidden", 4, "answered 403"),
        ("/wall", 4, "no text of an article"),
        ("/slow", 4, "too slow"),
        ("/large", 1, "more than 5,242,880 bytes"),
        ("/bomb", 1, "too large"),
        ("/metadata", 1, "169.254.169.254"),
        ("/inside", 1, "127.0.0.2"),
        ("/picture", 1, "no web page"),
    ],
)
def test_a_page_that_cannot_be_read_is_tried_as_often_as_makes_sense_and_the_line_stays(
    pages, fetcher, reader, path, tries, told
):
    newsroom = reading(pages, fetcher, reader)
    before = len(pages.requests)
    newsroom.poll(line(CLASHES, link=pages.url(path)))
    assert newsroom.deliver() == [CLASHES]
    for wait in (0, 1, 2, 10, 60, 600) if path != "/slow" else (0,):
        assert newsroom.read(after=wait * MINUTES) == []
    if path != "/slow":
        assert len(pages.requests) - before == tries
        assert newsroom.state_of()[:2] == ("unread", tries)
    assert told in newsroom.state_of()[2]
    assert newsroom.texts() == [(CLASHES, "")]


def test_a_page_on_which_its_reader_dies_is_tried_once_more(pages, fetcher):
    with closing(BoxedArticleReader(clock=SystemClock(), before=[str(BREAKING)])) as breaking:
        newsroom = reading(pages, fetcher, breaking)
        newsroom.poll(line(link=pages.url("/breaks")))
        for wait in (0, 5, 5, 600):
            newsroom.read(after=wait * MINUTES)
        state, attempts, error = newsroom.state_of()
        assert (state, attempts) == ("unread", 2)
        assert "dies (SIGSEGV)" in error


def test_a_server_that_asks_to_be_left_alone_is(pages, fetcher, reader):
    newsroom = reading(pages, fetcher, reader)
    newsroom.poll(line(link=pages.url("/later")))
    before = len(pages.requests)
    for wait in (0, 10, 15):
        newsroom.read(after=wait * MINUTES)
    assert len(pages.requests) - before == 1
    newsroom.read(after=6 * MINUTES)
    assert len(pages.requests) - before == 2
