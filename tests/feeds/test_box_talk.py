"""What a parsing process says is looked at before it counts: it may have been taken over."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds import box_talk as talk
from monitor.model import Entry, Parsed, ParseFailed

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
INSTANTS = st.none() | st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))
ENTRIES = st.builds(
    Entry,
    feed_id=st.just("news"),
    guid=TEXTS,
    link=st.none() | TEXTS.map("https://a.example/{}".format) | st.just("HTTP://A.EXAMPLE/"),
    title=TEXTS,
    summary=TEXTS,
    body=TEXTS,
    published_at=INSTANTS,
    updated_at=INSTANTS,
    author=TEXTS,
    position=st.integers(0, 2000),
)
RESULTS = st.builds(ParseFailed, detail=TEXTS) | st.builds(
    Parsed,
    entries=st.lists(ENTRIES, max_size=3).map(tuple),
    is_whole=st.booleans(),
    title=TEXTS,
    ttl=st.none() | st.integers(1, 1440).map(lambda minutes: timedelta(minutes=minutes)),
    warnings=st.lists(TEXTS, max_size=3).map(tuple),
    marks=st.none() | st.binary(max_size=40),
    window=st.integers(0, 2000),
    overlaps=st.none() | st.booleans(),
)
REMEDIES = st.dictionaries(st.text("0123456789abcdef", max_size=16), st.booleans(), max_size=3)


def read(packed: bytes) -> talk.Reply:
    return talk.unpack_reply(packed, feed_id="news")


@given(RESULTS, REMEDIES)
def test_a_reply_arrives_as_it_was_given(result: Parsed | ParseFailed, remedies: dict[str, bool]) -> None:
    packed = talk.pack_reply(talk.Reply(result=result, remedies=remedies))
    assert talk.REPLY.unpack(packed[: talk.REPLY.size])[0] == len(packed) - talk.REPLY.size
    assert read(packed[talk.REPLY.size :]) == talk.Reply(result=result, remedies=remedies)


def said(**changes: object) -> bytes:
    entry = ["g", "https://a.example/1", "t", "s", "b", None, None, "a", 0]
    for key, value in changes.pop("entry", {}).items():  # type: ignore[attr-defined]
        entry[key] = value
    good = {
        "entries": [entry], "is_whole": True, "title": "t", "ttl": None, "warnings": [], "marks": None, "window": 1,
        "overlaps": None, "remedies": {},
    }  # fmt: skip
    return json.dumps({**good, **changes}).encode()


def test_the_reply_that_the_bad_ones_are_made_from_is_good() -> None:
    assert isinstance(read(said()).result, Parsed)


GUID, LINK, TITLE, SUMMARY, BODY, PUBLISHED, UPDATED, AUTHOR, POSITION = range(9)


@pytest.mark.parametrize(
    "packed",
    [
        b"", b"{", b"[]", b"1", b"null", b"\xff", b"[" * 100_000, b"{}", b'{"failed": 1, "remedies": {}}', b"1" * 5000,
        b'{"failed": "x"}', b'{"failed": "x", "remedies": 1}',
        said(entries=None), said(entries={}), said(entries=[[]]), said(entries=["123456789"]),
        said(entries=[["", None, "", "", "", None, None, "", 0]] * 2001),
        said(entry={LINK: "javascript:x"}), said(entry={LINK: "file:///etc/passwd"}), said(entry={LINK: 1}),
        said(entry={LINK: "https://a.example/" + "x" * 5000}),
        said(entry={TITLE: None}), said(entry={TITLE: "x" * 4097}), said(entry={TITLE: "\ud800"}),
        said(entry={GUID: ["x"]}), said(entry={SUMMARY: "x" * 65_537}), said(entry={BODY: {}}), said(entry={AUTHOR: 0}),
        said(entry={PUBLISHED: "yesterday"}), said(entry={PUBLISHED: "2026-01-01T00:00:00"}),
        said(entry={PUBLISHED: 1}), said(entry={UPDATED: "0001-01-01T00:00:00+23:00"}),
        said(entry={POSITION: -1}), said(entry={POSITION: 1.5}), said(entry={POSITION: 10**30}),
        said(is_whole=1), said(title="x" * 5000), said(ttl="x"), said(ttl=1e300), said(ttl=float("nan")),
        said(warnings=[1]), said(warnings=["x"] * 301), said(warnings=["x" * 501]), said(marks="zz"), said(marks=1),
        said(window="1"), said(overlaps=0), said(remedies={"x" * 17: True}), said(remedies={"x": 1}),
    ],
)  # fmt: skip
def test_nonsense_is_known_as_that(packed: bytes) -> None:
    with pytest.raises(talk.Nonsense):
        read(packed)


@given(st.binary(max_size=200))
def test_no_bytes_are_anything_but_a_reply_or_nonsense(packed: bytes) -> None:
    with pytest.raises(talk.Nonsense):
        read(packed)
