"""What is read without feedparser is what feedparser would have read."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feeds.clean import clean
from monitor.feeds.decode import decode
from monitor.feeds.entries import Source, read_entry
from monitor.feeds.parts import NoFeed, Parts, split
from monitor.feeds.plain import read_plain
from monitor.feeds.reading import feedparser_reads, is_well_formed
from monitor.model import Entry

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "feeds"
SOURCE = Source(feed_id="news", base_url="https://host.example/feeds/all.xml", fetched_at=None)
ROOT = (
    '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:georss="http://www.georss.org/georss">'
)


def document(*items: str, root: str = ROOT, head: str = "<title>موقع</title><link>https://site.example/</link>") -> str:
    return f"{root}<channel>{head}{''.join(f'<item>{each}</item>' for each in items)}</channel></rss>"


def parts_of(body: str | bytes) -> Parts:
    return split(clean(decode(body if isinstance(body, bytes) else body.encode(), None).text))


def as_entries(raws: list[Mapping[str, Any]]) -> tuple[Entry, ...]:
    return tuple(read_entry(raw, SOURCE, position=position) for position, raw in enumerate(raws))


def as_feedparser_reads(parts: Parts) -> tuple[Entry, ...]:
    result = feedparser_reads(parts.document(*parts.entries))
    assert result is not None
    return as_entries(result["entries"])


def as_read_plain(parts: Parts) -> tuple[Entry, ...] | None:
    raws = read_plain(parts)
    return None if raws is None else as_entries(raws)


PLAIN = {
    "a headline and a link": "<title>قصف على البلدة</title><link>https://site.example/1</link>",
    "an escaped text": "<title>A &amp;amp; B &lt;b&gt;</title>"
    "<description>&lt;p&gt;نص &amp;quot;&lt;/p&gt;</description>",
    "a CDATA section": "<title><![CDATA[ قصف <b>قرب</b> المطار ]]></title>",
    "an empty summary": "<title>t</title><description></description><content:encoded>نص كامل</content:encoded>",
    "a content before its summary": "<content:encoded>كامل</content:encoded><description>موجز</description>",
    "a content alone": "<title>t</title><content:encoded>نص كامل</content:encoded>",
    "a guid that is a link": "<title>t</title><guid>https:///site.example/2</guid>",
    "a guid that is none": '<title>t</title><guid isPermaLink="false">n-1</guid>',
    "a guid before another link": "<guid>https://site.example/g</guid><link>https://site.example/l</link>",
    "an empty link after a guid": "<guid>https://site.example/g</guid><link></link>",
    "a link with a query": "<link>https://site.example/?a=1&amp;b=2&amp;amp;c=3</link>",
    "a relative link": "<link>/news/1</link>",
    "dates": "<pubDate>Mon, 02 Mar 2026 10:00:00 +0300</pubDate><dc:date>2026-03-02T11:00:00Z</dc:date>",
    "an author": "<author>desk@site.example (هيئة التحرير)</author>",
    "a creator": "<dc:creator><![CDATA[هيئة التحرير]]></dc:creator>",
    "what does not count": '<category domain="d">سوريا</category><enclosure url="https://site.example/a.mp3"/>'
    '<media:thumbnail url="https://site.example/a.jpg"/><comments>https://site.example/c</comments><title>t</title>',
    "UTF-8 read as Latin-1": "<title>caf\u00c3\u00a9</title>",
    "controls of windows-1252": "<title>\u0093quoted\u0094 قصف</title>",
    "line ends of every kind": "<description>a\r\nb\rc\nd</description>",
}


@pytest.mark.parametrize("inside", PLAIN.values(), ids=PLAIN)
def test_an_ordinary_item_is_read_without_feedparser_and_as_by_it(inside: str) -> None:
    parts = parts_of(document(inside, "<title>next</title>"))
    assert as_read_plain(parts) == as_feedparser_reads(parts)


STRANGE = {
    "an attribute on the item": document("<title>t</title>").replace("<item>", '<item about="x">'),
    "an element twice": document("<title>a</title><title>b</title>"),
    "an author of both kinds": document("<author>a</author><dc:creator>b</dc:creator>"),
    "an element within another": document("<title>a<b>c</b></title>"),
    "an unknown element": document("<title>a</title><georss:point>1 2</georss:point>"),
    "a prefix that stands for something else": document(
        "<dc:date>2026-01-01</dc:date>", root='<rss version="2.0" xmlns:dc="https://other.example/">'
    ),
    "a prefix that stands for nothing": document("<dc:date>2026-01-01</dc:date>", root='<rss version="2.0">'),
    "another version": document("<title>t</title>", root='<rss version="0.91">'),
    "a default namespace": document("<title>t</title>", root='<rss version="2.0" xmlns="http://purl.org/rss/1.0/">'),
    "a base": document("<title>t</title>", root='<rss version="2.0" xml:base="https://other.example/">'),
    "a channel with an attribute": document("<title>t</title>").replace("<channel>", '<channel href="/x">'),
    "a head with an element that nests": document("<title>t</title>", head="<textInput><name>q</name></textInput>"),
    "a title with a type": document('<title type="xhtml">t</title>'),
    "Atom": '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>t</title></entry></feed>',
}


@pytest.mark.parametrize("body", STRANGE.values(), ids=STRANGE)
def test_anything_else_is_left_to_feedparser(body: str) -> None:
    assert read_plain(parts_of(body)) is None


def real_documents() -> Iterator[tuple[str, bytes]]:
    for file in sorted(SHARED.glob("*.xml")):
        yield file.name, file.read_bytes()
    with tarfile.open(SHARED / "feedparser_tests.tar.gz") as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None:
                yield member.name, content.read()


@pytest.mark.skipif(not SHARED.exists(), reason="the feeds beside the project are not here")
def test_every_real_feed_and_every_test_file_of_feedparser_reads_the_same() -> None:
    read = 0
    for name, body in real_documents():
        try:
            parts = parts_of(body)
        except NoFeed:
            continue
        if parts.is_plain() and is_well_formed(parts.document(*parts.entries)) and read_plain(parts) is not None:
            read += 1
            assert as_read_plain(parts) == as_feedparser_reads(parts), name
    assert read > 200  # else hardly anything was compared


TEXTS = st.text(
    st.one_of(
        st.sampled_from(" \n\r\t&;<>\"'/:#%?=é\u0085\u0092\u00a0\u00c3\u00a9قصفمطار"), st.characters(codec="utf-8")
    )
)
LINKS = st.one_of(TEXTS, st.sampled_from(["https:///a", "http:////b?c=1&d;=2", "/relative", "mailto:x", "a:b//c", ""]))


def element(name: str, values: st.SearchStrategy[str], attributes: str = "") -> st.SearchStrategy[str]:
    escaped = values.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    raw = values.map(lambda text: f"<![CDATA[{text.replace(']]>', '')}]]>")
    return st.one_of(escaped, raw, values).map(lambda text: f"<{name}{attributes}>{text}</{name}>")


ELEMENTS = st.one_of(
    *(element(name, TEXTS) for name in ("title", "description", "content:encoded", "pubDate", "dc:creator", "author")),
    *(element(name, LINKS) for name in ("link", "guid", "comments")),
    element("guid", LINKS, ' isPermaLink="false"'),
    element("guid", LINKS, " isPermaLink='true'"),
    element("category", TEXTS, ' domain="a"'),
    element("dc:date", TEXTS),
    st.just('<enclosure url="https://a.example/b.mp3"/>'),
    st.sampled_from([" ", "\n", "نص سائب"]),
)


@settings(deadline=None, max_examples=400)
@given(items=st.lists(st.lists(ELEMENTS, max_size=6).map("".join), min_size=1, max_size=3))
def test_whatever_is_read_without_feedparser_is_what_it_would_read(items: list[str]) -> None:
    parts = parts_of(document(*items))
    if not parts.is_plain() or not is_well_formed(parts.document(*parts.entries)):
        return
    plain = as_read_plain(parts)
    if plain is not None:
        assert plain == as_feedparser_reads(parts)
