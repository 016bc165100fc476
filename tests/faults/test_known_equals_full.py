"""Reading only what is new comes to what reading everything comes to: on every feed at hand, and on hostile ones."""

from __future__ import annotations

import gzip
import json
import random
import re
import tarfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.faults.polls import Tally, follow

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
FEEDS, POLLS = SHARED / "feeds", SHARED / "polls"
FEEDPARSERS = FEEDS / "feedparser_tests.tar.gz"
ENTRY = re.compile(rb"<(item|entry)(?=[\s>]).*?</\1\s*>", re.DOTALL)
OURS = (
    b"<%b><title>\xd9\x82\xd8\xb5\xd9\x81 %d</title><link>https://ours.example/%d</link>"
    b"<description>\xd9\x86\xd8\xb5 %d</description></%b>"
)
real = pytest.mark.skipif(not FEEDS.is_dir(), reason="the collection of feeds is not beside the checkout")


def ours(name: bytes, number: int) -> bytes:
    return OURS % (name, number, number, number, name)


# Real feeds


def cut(body: bytes) -> tuple[bytes, list[bytes], bytes]:
    """Before, the entries with what follows each, after the last; by this test's own eyes."""
    starts = [found.start() for found in ENTRY.finditer(body)]
    end = [found.end() for found in ENTRY.finditer(body)][-1]
    return body[: starts[0]], [body[a:b] for a, b in zip(starts, [*starts[1:], end], strict=True)], body[end:]


@real
@pytest.mark.parametrize(
    "file",
    sorted(FEEDS.glob("*[!0-9].r*.xml")) + sorted(FEEDS.glob("*.atom.xml")) + sorted(FEEDS.glob("pico*.xml")),
    ids=lambda file: file.name,
)
def test_a_real_feed_that_moves_on(file: Path) -> None:
    head, entries, tail = cut(file.read_bytes())
    shuffled = random.Random(1).sample(entries, len(entries))
    versions = [entries[3:], entries[2:], entries[1:], entries, entries[:-2], entries[::-1], shuffled]
    tally = follow(b"".join((head, *version, tail)) for version in versions)
    assert tally.partly == len(versions) - 1


@real
def test_the_polls_of_a_doubly_escaped_feed() -> None:
    tally = follow(file.read_bytes() for file in sorted(FEEDS.glob("shafaq_poll_*.xml")))
    assert tally.partly == tally.documents - 1


def rows(name: str) -> list[dict[str, Any]]:
    with gzip.open(POLLS / name, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def as_item(version: dict[str, Any]) -> str:
    title, link, text = (
        escape("".join(c for c in version[key] if c >= " " or c in "\t\n")) for key in ("title", "link", "description")
    )
    return (
        f'<item><title>{title}</title><link>{link}</link><guid isPermaLink="false">{version["id"]}</guid>'
        f"<pubDate>{version['published']}</pubDate><description><![CDATA[{text}]]></description></item>\n"
    )


def as_document(items: Sequence[str], built: str) -> bytes:
    head = f"<title>شفق نيوز</title><link>https://site.example/</link><lastBuildDate>{built}</lastBuildDate>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


@pytest.mark.skipif(not POLLS.is_dir(), reason="the recorded polls are not beside the checkout")
def test_recorded_polls_are_read_in_part_nearly_always() -> None:
    """Five months of a real feed, in stretches of successive polls."""
    items = {row["v"]: as_item(row) for row in rows("shafaq_versions.jsonl.gz")}
    polls = rows("shafaq_polls.jsonl.gz")
    tally = Tally()
    for start in range(0, len(polls), 250):
        stretch = polls[start : start + 9]
        bodies = (as_document([items[v] for v in poll["versions"]], poll["commit_time"]) for poll in stretch)
        follow(bodies, tally, start=datetime.fromisoformat(stretch[-1]["fetched_at_utc"]))
    stretches = len(range(0, len(polls), 250))
    assert tally.documents > 70
    assert tally.partly >= 0.97 * (tally.documents - stretches)
    assert tally.spared >= 0.8 * tally.entries


# feedparser's own test files, which hold every oddity that its handlers know


def test_files() -> Iterator[tuple[str, bytes]]:
    with tarfile.open(FEEDPARSERS) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() and member.name.endswith(".xml") else None
            if file is not None:
                yield member.name, file.read()


test_files.__test__ = False  # type: ignore[attr-defined]


@real
@pytest.mark.parametrize("part", range(4))
def test_feedparsers_own_files_with_an_entry_that_comes_and_goes(part: int) -> None:
    tally = Tally()
    for number, (name, body) in enumerate(test_files()):
        if number % 4 != part:
            continue
        found = ENTRY.search(body)
        if found is None:
            versions = [body, body]
        else:
            new = ours(found[1], number)
            versions = [body, body[: found.start()] + new + body[found.start() :], body]
        try:
            follow(versions, tally)
        except AssertionError as error:
            raise AssertionError(name) from error
    assert tally.documents > 1200
    assert tally.spared > 200


@real
@pytest.mark.parametrize("kind", [b"item", b"entry"])
def test_entries_of_feedparsers_files_beside_each_other(kind: bytes) -> None:
    """What one entry does to feedparser must not reach the next, whether or not that one is read."""
    pool = [found[0] for _, body in test_files() for found in ENTRY.finditer(body) if found[1] == kind]
    random.Random(2).shuffle(pool)
    head, tail = HEADS[kind]
    windows = (pool[at : at + 6] for at in range(0, len(pool) - 6, 3))
    tally = follow(b"".join((head, *window, tail)) for window in windows)
    assert tally.documents > 140
    assert tally.spared > tally.documents / 2


SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:georss="http://www.georss.org/georss" xmlns:gml="http://www.opengis.net/gml" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)
HEADS = {
    b"item": (
        f'<rss version="2.0" {SPACES}><channel><title>t</title><link>https://site.example/</link>'.encode(),
        b"</channel></rss>",
    ),
    b"entry": (f'<feed xmlns="http://www.w3.org/2005/Atom" {SPACES}><title>t</title>'.encode(), b"</feed>"),
}


# Feeds made up to be hostile

NAMES = ["title", "link", "guid", "id", "description", "summary", "content:encoded", "author", "name",
         "pubDate", "dc:date", "media:content", "media:title", "source", "image", "item", "entry", "b", "georss:point",
         "category"]  # fmt: skip
ATTRIBUTES = ["", 'type="xhtml"', 'isPermaLink="true"', 'href="/x"', 'xml:base="http://[x"', 'xmlns="x"', 'a="1" a="2"']
LEAVES = [
    "", "x", "1 2", "https:///x", "a@b.example (c)", "&lt;b&gt;", "&", "&am", "p;", "<", ">",
    "<<b>", "</b>", "<![CDATA[x]]>",
    "<![CDATA[", "]]>", "<![CDATA[</item>]]>", "<![CDATA[<item>]]>", "<!--", "-->", "<!-- x -->", "<!-- <item> -->",
    "<?x ?>", "<?",
    "?>", "<!x", "</item>", "<item>", "<item/>", "<ITEM>", "<x:item>", "<entry>", "</entry>", "</rss>",
    "</channel>", "<rss>", "<html>", "<it<!-- -->em>", "<item<![CDATA[ ]]>>", "\x01", "<it\x01em>", "Ø§Ù„Ø¹", "\ufffe",
    "<pubDate>", "<title>", "<base href='/y'/>", "&#60;item&#62;",
    "<pubDate>Mon, 01 Jun 2026 09:00:00 GMT</pubDate>", "<pubDate>Wed, 03 Jun 2026 12:07:00 GMT</pubDate>",
]  # fmt: skip
ELEMENTS = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.builds(
        lambda name, attribute, *inside: f"<{name} {attribute}>{''.join(inside)}</{name}>",
        st.sampled_from(NAMES), st.sampled_from(ATTRIBUTES), inner, inner,
    ),
    max_leaves=5,
)  # fmt: skip
PLAIN = st.builds(
    lambda n, guid, link: f"<title>غارة {n}</title>{guid}{link}<description>نص {n}</description>",
    st.integers(0, 9),
    st.sampled_from(["", "<guid>1</guid>", "<guid>2</guid>", "<id>https:///x</id>"]),
    st.sampled_from(["", "<link>/1</link>", "<link>https://a.example/2</link>"]),
)
ENTRIES = st.one_of(PLAIN, PLAIN, PLAIN, ELEMENTS).map(lambda inside: f"<item>{inside}</item>")
GAPS = st.sampled_from(
    ["", "", "", "\n  ", "<!-- x -->", "x", "<link>https://b.example/</link>", "<!--", "-->", "</channel>"]
)
HEAD_PARTS = [
    "", "<ttl>5</ttl>", "<ttl>7</ttl>", "<ttl>x</ttl>", "<ttl><b/>7</ttl>", "<lastBuildDate>1</lastBuildDate>",
    "<lastBuildDate>2</lastBuildDate>", "<link>https://c.example/</link>", "<image>", "<!-- <item> -->", "<![CDATA[",
    "<items><rdf:li resource='1'/></items>", "<x:item/>", "<!DOCTYPE x>", "<?x", "<title>u</title>",
]  # fmt: skip
POOLS = st.lists(ENTRIES, min_size=3, max_size=6)


@st.composite
def documents(draw: st.DrawFn) -> list[bytes]:
    """Three polls of a feed whose entries come from one small pool, so that most of them stay."""
    pool = draw(POOLS)
    codec = draw(st.sampled_from(["utf-8"] * 6 + ["utf-8-sig", "cp1256", "utf-16"]))
    head, tail = draw(st.sampled_from(HEAD_PARTS)), draw(st.sampled_from(["", "", "<ttl>9</ttl>", "x", "<!-- x -->"]))
    return [_document(draw, pool, head, tail).encode(codec, "replace") for _ in range(3)]


def _document(draw: st.DrawFn, pool: list[str], head: str, tail: str) -> str:
    chosen = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=7))
    own_head = draw(st.sampled_from([head] * 4 + HEAD_PARTS))
    gap = draw(GAPS)
    opening = f'<rss version="2.0" {SPACES}><channel><title>t</title><link>https://site.example/</link>{own_head}'
    return f"{opening}\n{gap.join(chosen)}{tail}</channel></rss>"


def feed(*entries: str, head: str = "", gap: str = "") -> bytes:
    opening = f'<rss version="2.0" {SPACES}><channel><title>t</title>{head}'
    return f"{opening}{gap.join(f'<item>{entry}</item>' for entry in entries)}</channel></rss>".encode()


ONE, TWO = "<title>غارة</title><guid>1</guid>", "<title>هدنة</title><guid>2</guid>"


@given(documents())
@example([feed(ONE), feed("<title>قصف</title><guid>1</guid>", ONE)])  # one name for two
@example([feed(ONE), feed(ONE, TWO, head="<link>https://b.example/</link>"), feed(TWO)])
@example([feed(ONE, TWO), feed(f"<![CDATA[<item>{ONE}</item>]]>", TWO), feed("<!--", ONE, "-->", TWO)])
@example([feed(ONE, TWO), feed(TWO, ONE, "<title>Ø§Ù„Ø¹Ø±Ø¨</title>"), feed(TWO, ONE, "<title>Ø§Ù„Ø¹Ø±Ø¨</title>" * 3)])
@settings(max_examples=250, deadline=None)
def test_no_markup_makes_reading_in_part_differ(bodies: list[bytes]) -> None:
    follow(bodies)
