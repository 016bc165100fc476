"""The bytes of entries found again in the document that they were read from."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.feeds.parse import parse
from monitor.feeds.raw_items import raw_items
from monitor.model import Parsed

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIRST = "<item><title>غارة على البلدة</title><guid>1</guid></item>"
SECOND = "<item><title>هدوء في المدينة</title><guid>2</guid></item>"


def rss(*items: str, declared: str = "UTF-8", between: str = "\n") -> str:
    head = f'<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel><title>ت</title>'
    return f"{head}{between.join(items)}</channel></rss>"


def found(body: bytes, known: bytes | None = None) -> dict[int, tuple[bytes, str]]:
    parsed = parse("one", body, None, base_url="https://one.example/rss", fetched_at=NOW, known=known)
    assert isinstance(parsed, Parsed)
    items = raw_items(body, parsed.marks, parsed.window, parsed.entries)
    return {position: (item.data, item.encoding) for position, item in items.items()}


def marks(body: bytes) -> bytes | None:
    parsed = parse("one", body, None, base_url="https://one.example/rss", fetched_at=NOW)
    assert isinstance(parsed, Parsed)
    return parsed.marks


def test_each_entry_is_cut_out_byte_for_byte():
    assert found(rss(FIRST, SECOND).encode()) == {0: (FIRST.encode(), "utf-8"), 1: (SECOND.encode(), "utf-8")}


def test_a_new_entry_is_found_among_those_that_were_not_read_again():
    new = "<item><title>خبر جديد</title><guid>3</guid></item>"
    known = marks(rss(FIRST, SECOND).encode())
    assert found(rss(FIRST, new, SECOND).encode(), known) == {1: (new.encode(), "utf-8")}


@pytest.mark.parametrize("codec", ["cp1256", "iso8859-6"])
def test_an_entry_in_an_old_arabic_encoding_is_cut_and_its_encoding_told(codec):
    body = rss(FIRST, SECOND, declared="windows-1256" if codec == "cp1256" else "iso-8859-6").encode(codec)
    assert found(body) == {0: (FIRST.encode(codec), codec), 1: (SECOND.encode(codec), codec)}


def test_comments_between_entries_do_not_hinder():
    body = rss(FIRST, SECOND, between="<!-- more -->").encode()
    assert {item for item, _ in found(body).values()} == {FIRST.encode(), SECOND.encode()}


DOUBTFUL = {
    "an entry in a comment before them": rss(f"<!-- {FIRST} -->", SECOND, FIRST),
    "an entry that is not closed": rss("<item><title>ا</title><guid>1</guid>", SECOND),
    "an entry within another": rss(f"<item><title>ب</title>{FIRST}</item>", SECOND),
}


@pytest.mark.parametrize("document", DOUBTFUL.values(), ids=DOUBTFUL)
def test_in_doubt_no_other_bytes_are_taken_for_an_entrys(document):
    body = document.encode()
    parsed = parse("one", body, None, base_url="https://one.example/rss", fetched_at=NOW)
    assert isinstance(parsed, Parsed)
    items = raw_items(body, parsed.marks, parsed.window, parsed.entries)
    for entry in parsed.entries:
        assert entry.position not in items or entry.title in items[entry.position].data.decode()
        assert entry.position not in items or items[entry.position].data.count(b"<title>") == 1


def test_a_document_without_marks_is_not_cut():
    parsed = parse("one", rss(FIRST).encode(), None, base_url="https://one.example/rss")
    assert isinstance(parsed, Parsed)
    assert raw_items(rss(FIRST).encode(), None, 1, parsed.entries) == {}


def test_many_entries_that_never_end_are_looked_at_once():
    body = rss(FIRST).encode() + b"<item>" * 200_000
    assert raw_items(body, marks(rss(FIRST, between="<!-- -->").encode()), 2, []) == {}
