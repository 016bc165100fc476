"""Reading articles in a process of its own, whatever their pages hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.clock import SystemClock
from monitor.feeds import reader_talk as talk
from monitor.feeds.reader import BoxedArticleReader
from monitor.feeds.speech import REPLY, Nonsense
from monitor.model import ArticleText, Fetched, NoArticle, Unread
from monitor.text.clean import display
from tests.articles.world import CLASHES, MORE, page
from tests.feeds.made import NOW

BREAKING = Path(__file__).parent / "breaking"
HOSTILE = {
    "nested deeper than a stack": b"<html><body>" + b"<div>" * 200_000 + b"x",
    "tables in tables": b"<html><body>" + b"<table><tr><td>" * 30_000,
    "a huge attribute": b"<html><body><p title='" + b"a" * 1_500_000 + b"'></p></body></html>",
    "attributes without end": b"<html><body><p " + b"a=b " * 200_000 + b"></p></body></html>",
    "entities that grow": b"<!DOCTYPE html [<!ENTITY a 'x'><!ENTITY b '&a;&a;&a;'>]><html><p>&b;&b;</p></html>",
    "never closed": b"<html><body><!-- <p>x</p>" * 1000,
    "no characters": b"<html>" + bytes(range(1, 256)) * 200,
    "nothing": b"<html></html>",
}


def fetched(body: bytes, content_type: str | None = "text/html") -> Fetched:
    return Fetched(url="https://a.example/1", body=body, content_type=content_type, validators=None, fetched_at=NOW)


@pytest.fixture(scope="module")
def reader() -> Iterator[BoxedArticleReader]:
    made = BoxedArticleReader(clock=SystemClock())
    yield made
    made.close()


@pytest.fixture
def breaking() -> Iterator[BoxedArticleReader]:
    made = BoxedArticleReader(clock=SystemClock(), cpu=0.5, within=20.0, before=[str(BREAKING)])
    yield made
    made.close()


def test_the_text_of_an_article_is_its_paragraphs_without_what_stands_beside_them(reader):
    beside = b"<nav><a href='/'>x</a></nav>", b"<footer>copyright</footer></body>"
    body = page().replace(b"<body>", b"<body>" + beside[0]).replace(b"</body>", beside[1])
    assert reader.read(fetched(body)) == ArticleText(body=f"<p>{CLASHES}</p>\n<p>{MORE}</p>")


@pytest.mark.parametrize("codec", ["utf-8", "cp1256", "utf-16"])
def test_a_page_is_read_in_its_encoding(reader, codec):
    labelled = page().decode().replace("<head>", f'<head><meta charset="{codec}">')
    found = reader.read(fetched(labelled.encode(codec)))
    assert isinstance(found, ArticleText)
    assert CLASHES in found.body


def test_what_an_article_says_in_signs_of_markup_is_text(breaking):
    found = breaking.read(fetched(page()))
    assert found == ArticleText(body="<p>سطر أول</p>\n<p>سطر &lt;ثان&gt; &amp; أخير</p>")


@pytest.mark.parametrize("content_type", ["application/pdf", "image/png", "application/rss+xml", None])
def test_what_is_no_web_page_is_not_read(reader, content_type):
    found = reader.read(fetched(b"%PDF-1.7 ...", content_type))
    assert found == NoArticle(why=Unread.NO_PAGE, detail="no web page")


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_page_costs_nothing_but_itself(reader, body):
    assert isinstance(reader.read(fetched(body)), NoArticle | ArticleText)
    found = reader.read(fetched(page()))
    assert isinstance(found, ArticleText)
    assert display(found.body).startswith(CLASHES)


@pytest.mark.parametrize(
    ("word", "told"),
    [("KILL", "dies (SIGSEGV)"), ("SPIN", "dies (SIGPROF)"), ("FILL", "too much memory"), ("RAISE", "RuntimeError")],
)
def test_a_page_that_breaks_its_reader_is_told_and_the_next_is_read(breaking, word, told):
    broken = breaking.read(fetched(page(word)))
    assert isinstance(broken, NoArticle)
    assert broken.why is Unread.BROKE
    assert told in broken.detail
    assert "hushed" not in broken.detail
    assert isinstance(breaking.read(fetched(page())), ArticleText)


def test_a_text_is_no_longer_than_any_body(breaking):
    found = breaking.read(fetched(page("LONG")))
    assert isinstance(found, ArticleText)
    assert len(found.body) == 262_144


def test_what_reads_articles_is_not_started_before_there_is_one_and_ends_for_good():
    reader = BoxedArticleReader(clock=SystemClock())
    assert reader.pid is None
    reader.read(fetched(page()))
    assert reader.pid is not None
    reader.close()
    reader.close()
    assert isinstance(reader.read(fetched(page())), NoArticle)
    assert reader.pid is None


@pytest.mark.parametrize(
    "said",
    [b"", b"null", b'["x"]', b'[null, ""]', b"[null, 7]", b'["UNREACHED", "x"]', b'["what", "x"]', b"[null, " * 9000,
     b'[null, "' + b"a" * 300_000 + b'"]', b'["NO_TEXT", "' + b"a" * 300 + b'"]', b'[null, "\\ud800"]', b'[[], "x"]'],
    ids=range(12),
)  # fmt: skip
def test_a_reply_that_no_process_of_ours_gives_is_nonsense(said):
    with pytest.raises(Nonsense):
        talk.unpack_result(said)


@pytest.mark.parametrize("result", [ArticleText(body="<p>خبر</p>"), NoArticle(why=Unread.NO_TEXT, detail="none")])
def test_what_is_said_is_what_is_heard(result):
    packed = talk.pack_result(result)
    assert REPLY.unpack(packed[: REPLY.size])[0] == len(packed) - REPLY.size
    assert talk.unpack_result(packed[REPLY.size :]) == result
