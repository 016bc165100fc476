"""The alerts as a feed: what RFC 4287 and JSON Feed 1.1 ask for, and our own reader of feeds."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID
from xml.etree import ElementTree

import feedparser
import pytest
from hypothesis import given

from monitor.exports.atom import ATOM, write_atom
from monitor.exports.columns import as_json
from monitor.exports.jsonfeed import write_jsonfeed
from monitor.exports.row import untitled
from monitor.exports.text import for_xml
from tests.exports.rows import BARE, HOSTILE, NOW, OPTIONS, WHOLE, any_row, hostile
from tests.exports.test_tables import cut

SERVED = replace(OPTIONS, address="https://desk.example/alerts.atom?rule=strikes&seen=no", page="https://desk.example/")
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def atom(*rows, options=OPTIONS) -> ElementTree.Element:
    out = io.BytesIO()
    write_atom(rows, out, options)
    return ElementTree.fromstring(out.getvalue())


def jsonfeed(*rows, options=OPTIONS) -> dict:
    out = io.BytesIO()
    write_jsonfeed(rows, out, options)
    return json.loads(out.getvalue())


def named(element: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return element.findall(f"{{{ATOM}}}{name}")


def only(element: ElementTree.Element, name: str) -> str:
    (found,) = named(element, name)
    assert set(found.attrib) <= {"type"}
    return found.text or ""


def assert_is_valid(feed: ElementTree.Element) -> None:
    """Section 4 of RFC 4287, as far as we use it."""
    assert feed.tag == f"{{{ATOM}}}feed"
    assert urlsplit(only(feed, "id")).scheme
    assert RFC3339.fullmatch(only(feed, "updated"))
    assert only(feed, "title")
    for entry in named(feed, "entry"):
        assert UUID(only(entry, "id").removeprefix("urn:uuid:"))
        assert RFC3339.fullmatch(only(entry, "updated"))
        assert RFC3339.fullmatch(only(entry, "published"))
        assert only(entry, "title") is not None
        assert only(entry, "content") is not None
        (author,) = named(entry, "author")
        assert only(author, "name") is not None
        kinds = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in named(entry, "link")]
        assert len(kinds) == len(set(kinds))
        assert all(link.get("href") for link in named(entry, "link"))
        assert all(category.get("term") for category in named(entry, "category"))
    ids = [only(entry, "id") for entry in named(feed, "entry")]
    assert len(ids) == len(set(ids))


def test_an_entry_tells_the_alert():
    feed = atom(WHOLE, BARE, options=SERVED)
    assert_is_valid(feed)
    entry = named(feed, "entry")[0]
    assert only(entry, "title") == WHOLE.headline
    assert only(entry, "content") == WHOLE.summary
    assert named(entry, "link")[0].get("href") == WHOLE.link
    assert only(named(entry, "author")[0], "name") == WHOLE.feed_name
    terms = [each.get("term") for each in named(entry, "category")]
    assert terms[:3] == ["severity:critical", "rule:strikes", "place:deir-ez-zor"]
    assert entry.findtext("{http://www.georss.org/georss}point") == "35.3359 40.1408"


def test_what_is_served_names_its_address_and_its_page():
    feed = atom(WHOLE, options=SERVED)
    assert only(feed, "id") == SERVED.address
    assert {each.get("rel"): each.get("href") for each in named(feed, "link")} == {
        "self": SERVED.address, "alternate": SERVED.page,
    }  # fmt: skip
    told = jsonfeed(WHOLE, options=SERVED)
    assert (told["feed_url"], told["home_page_url"]) == (SERVED.address, SERVED.page)


def test_ids_stay_the_same_and_belong_to_one_alert():
    (first,), (again,) = (named(atom(WHOLE), "entry") for _ in range(2))
    assert only(first, "id") == only(again, "id") == jsonfeed(WHOLE)["items"][0]["id"]
    others = [replace(WHOLE, alert_id="12.4"), replace(WHOLE, decided_at=NOW + timedelta(seconds=1))]
    assert len({only(entry, "id") for entry in named(atom(WHOLE, *others), "entry")}) == 3


def test_a_feed_is_as_new_as_its_newest_alert():
    assert only(atom(WHOLE, BARE), "updated") == "2026-11-22T14:05:06Z"
    assert only(atom(), "updated") == "2026-11-22T14:05:06Z"


def test_our_own_kind_of_reader_reads_it():
    out = io.BytesIO()
    write_atom([WHOLE, BARE], out, SERVED)
    found = feedparser.parse(out.getvalue())
    assert not found.bozo
    assert [entry.title for entry in found.entries] == [WHOLE.headline, BARE.rule_id]
    assert found.entries[0].link == WHOLE.link


@given(any_row())
def test_every_row_makes_a_valid_entry_with_its_texts(row):
    feed = atom(row)
    assert_is_valid(feed)
    entry = named(feed, "entry")[0]
    assert only(entry, "title").splitlines() == for_xml(untitled(row)).splitlines()  # XML has one kind of line end


@given(any_row())
def test_every_row_makes_a_valid_item_of_a_json_feed(row):
    feed = jsonfeed(row)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    (item,) = feed["items"]
    assert item["id"]
    assert isinstance(item["content_text"], str)
    for name in ("date_published", "date_modified"):
        assert datetime.fromisoformat(item[name].replace("Z", "+00:00")) == row.decided_at
    assert item["_monitor"] == cut(as_json(row))
    assert item.get("url") == row.link


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_break_no_entry(text):
    feed = atom(hostile(text), WHOLE)
    assert_is_valid(feed)
    assert only(named(feed, "entry")[1], "title") == WHOLE.headline
    title = untitled(hostile(text))
    assert only(named(feed, "entry")[0], "title").splitlines() == for_xml(title).splitlines()
    assert jsonfeed(hostile(text), WHOLE)["items"][0]["title"] == cut(title)


@pytest.mark.parametrize(
    ("language", "quote"),
    [("ar", "في نص المقال: «… قُتل أربعة عمال …»"), ("en", "In the article: “… قُتل أربعة عمال …”")],
)
def test_what_was_found_in_the_article_is_quoted_under_the_summary_or_the_headline(language, quote):
    options = replace(OPTIONS, language=language)
    for row, begins in ((WHOLE, WHOLE.summary), (BARE, untitled(BARE))):
        told = replace(row, article=("… قُتل أربعة عمال …",))
        (entry,) = named(atom(told, options=options), "entry")
        assert only(entry, "content") == f"{begins}\n\n{quote}"
        assert jsonfeed(told, options=options)["items"][0]["content_text"] == f"{begins}\n\n{quote}"
