from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.feeds.known import FULL_READING_EVERY, By, Mark, Marks, read_marks
from monitor.feeds.known_cut import Cut, cut
from monitor.feeds.parse import parse, parse_known
from monitor.feeds.parts import Parts
from monitor.feeds.reading import Reading, read
from monitor.model import Parsed

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
BASE = "https://host.example/feeds/all.xml"
MARKS = Marks(
    by=By.BYTES,
    context=b"c" * 16,
    full_at=1_772_000_000,
    title="مرصد الفرات",
    marks={b"a" * 16: Mark(b"a" * 16, b"guid", b"link"), b"b" * 16: Mark(b"b" * 16, bytes(4), bytes(4))},
)


def item(number: int, inside: str = "") -> str:
    return f"<item><title>غارة {number}</title><guid>g{number}</guid><link>/{number}</link>{inside}</item>"


def rss(*items: str, head: str = "<title>t</title><ttl>5</ttl>") -> bytes:
    return f'<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


def poll(
    body: bytes, last: Parsed | None = None, *, after: timedelta = timedelta(minutes=5), base_url: str = BASE
) -> Parsed:
    known = last.marks if last else None
    result = parse("news", body, None, base_url=base_url, fetched_at=NOW + after if last else NOW, known=known)
    assert isinstance(result, Parsed), result
    return result


def titles(parsed: Parsed) -> list[tuple[int, str]]:
    return [(entry.position, entry.title) for entry in parsed.entries]


FIRST = rss(item(1), item(2), item(3))
ALL = [(0, "غارة 1"), (1, "غارة 2"), (2, "غارة 3")]


# Marks


@pytest.mark.parametrize("title", ["مرصد الفرات", "", None])
def test_marks_are_read_as_they_were_written(title: str | None) -> None:
    marks = replace(MARKS, title=title)
    assert read_marks(marks.to_bytes()) == marks


def test_a_long_title_is_not_kept() -> None:
    marks = read_marks(replace(MARKS, title="x" * 5000).to_bytes())
    assert marks == replace(MARKS, title=None)


@pytest.mark.parametrize(
    "stored",
    [None, b"", b"x", b"\0" * 200, MARKS.to_bytes()[:-1], b"\xff" + MARKS.to_bytes()[1:], MARKS.to_bytes() + b"x"],
)
def test_what_we_did_not_write_are_no_marks(stored: bytes | None) -> None:
    assert read_marks(stored) is None


def test_an_entry_without_guid_and_link_has_no_name() -> None:
    assert MARKS.marks[b"b" * 16].names() == frozenset()


def test_marks_take_24_bytes_an_entry() -> None:
    """A feed's state is written at each poll."""
    fifty = poll(rss(*map(item, range(50)))).marks
    one = poll(rss(item(1))).marks
    assert fifty
    assert one
    assert (len(fifty) - len(one)) / 49 == 24


# What is read


def test_a_known_entry_is_not_read_again_and_a_new_one_keeps_its_place() -> None:
    first = poll(FIRST)
    assert titles(first) == ALL
    second = poll(rss(item(1), item(4), item(2), item(3)), first)
    assert titles(second) == [(1, "غارة 4")]
    assert (second.title, second.ttl, second.window, second.is_whole) == ("t", timedelta(minutes=5), 4, True)
    assert titles(poll(rss(item(4), item(2)), second)) == []


def test_an_edited_entry_is_read_again() -> None:
    assert titles(poll(rss(item(1), item(2, "<description>x</description>"), item(3)), poll(FIRST))) == [(1, "غارة 2")]


def test_an_entry_that_was_gone_is_read_again() -> None:
    second = poll(rss(item(1), item(3)), poll(FIRST))
    assert titles(poll(FIRST, second)) == [(1, "غارة 2")]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1256", "utf-16"])
def test_in_any_encoding(codec: str) -> None:
    first, second = (document.decode().encode(codec) for document in (FIRST, rss(item(4), item(1), item(2), item(3))))
    assert titles(poll(second, poll(first))) == [(0, "غارة 4")]


def test_an_entry_that_could_not_be_read_is_tried_again_and_told_again() -> None:
    document = rss(item(1), "<item><georss:where><gml:pos>1 x</gml:pos></georss:where></item>", item(2)).replace(
        b"<rss", b'<rss xmlns:georss="http://www.georss.org/georss" xmlns:gml="http://www.opengis.net/gml"'
    )

    def losing(parts: Parts) -> Reading:
        """The middle entry is one that nothing can be made of, not even reduced."""
        reading = read(parts)
        entries = [None if "gml:pos" in text else raw for text, raw in zip(parts.entries, reading.entries, strict=True)]
        return replace(reading, entries=tuple(entries))

    known, seen = None, []
    for _ in range(2):
        result = parse("news", document, None, base_url=BASE, fetched_at=NOW, known=known, reader=losing)
        assert isinstance(result, Parsed)
        known = result.marks
        seen.append((titles(result), result.warnings))
    assert seen == [
        ([(0, "غارة 1"), (2, "غارة 2")], ("1 entries could not be read",)),
        ([], ("1 entries could not be read",)),
    ]


def test_what_was_mended_is_read_again_so_that_it_is_told_again() -> None:
    def mending(parts: Parts) -> Reading:
        return replace(read(parts), mended=frozenset({0}))

    first = parse("news", FIRST, None, base_url=BASE, fetched_at=NOW, reader=mending)
    assert isinstance(first, Parsed)
    assert titles(poll(FIRST, first)) == ALL[:1]


# When all is read


@pytest.mark.parametrize(
    "head",
    [
        "<title>t</title><ttl>5</ttl><link>https://moved.example/</link>",
        "<title>t</title><ttl>5</ttl><image>",
        "<title>u</title><ttl>5</ttl>",
    ],
)
def test_in_another_surrounding_all_is_read(head: str) -> None:
    again = poll(rss(item(1), item(2), item(3), head=head), poll(FIRST))
    assert titles(again) == ALL
    new = poll(rss(item(4), item(1), item(2), item(3), head=head), poll(FIRST))
    assert len(new.entries) == 4


@pytest.mark.parametrize("name", ["title", "link"])
def test_a_number_is_passed_over_only_where_it_is_no_title_and_no_address(name: str) -> None:
    one, two = (rss(item(1), head=f"<{name}>{n}</{name}><x:totalResults>{n}</x:totalResults>") for n in (1, 2))
    assert titles(poll(two, poll(one))) == ALL[:1]
    one, two = (rss(item(1), head=f"<x:totalResults>{n}</x:totalResults>") for n in (1, 2))
    assert titles(poll(two, poll(one))) == []


def test_white_space_that_comes_and_goes_with_entries_costs_no_full_reading() -> None:
    first = poll(rss("\n", item(1), "\n", item(2), "\n"))
    assert titles(poll(rss("\n  ", item(1), "\n\n"), first)) == []
    assert titles(poll(rss(item(3), item(2)), first)) == [(0, "غارة 3")]


def test_a_ttl_that_changes_behind_another_is_noticed() -> None:
    one, two = (rss(item(1), head=f"<ttl>30</ttl><ttl>{minutes}</ttl>") for minutes in (30, 40))
    assert poll(two, poll(one)).ttl == timedelta(minutes=40)


def test_where_cutting_by_bytes_comes_to_something_else_it_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def differs(body: bytes, known: Container[bytes]) -> Cut | None:
        found = cut(body, known)
        return found and replace(found, parts=replace(found.parts, head=found.parts.head + " "))

    assert by(poll(FIRST)) is By.BYTES
    monkeypatch.setattr("monitor.feeds.known_document.cut", differs)
    assert by(poll(FIRST)) is By.TEXT


def by(parsed: Parsed) -> By:
    marks = read_marks(parsed.marks)
    assert marks is not None
    return marks.by


@pytest.mark.parametrize(
    ("head", "minutes"),
    [
        ("<title>t</title><ttl>5</ttl><pubDate>Wed, 04 Mar 2026 10:00:00 GMT</pubDate>", 5),
        ("<title>t</title><ttl>5</ttl><pubDate>الأربعاء 4 مارس 2026 10:05</pubDate>", 5),
        ("<title>t</title><ttl>30</ttl><pubDate></pubDate>", 30),
        ("<title>t</title><ttl>30</ttl>\n <pubDate></pubDate>\n", None),  # white space within the head is not looked at
    ],
)
def test_dates_and_ttl_of_the_feed_cost_no_full_reading_and_the_ttl_is_noticed(head: str, minutes: int | None) -> None:
    first = poll(rss(item(1), item(2), head="<title>t</title><ttl>5</ttl><pubDate>x</pubDate>"))
    for items, new in (((item(1), item(2)), []), ((item(3), item(1), item(2)), [(0, "غارة 3")])):
        again = poll(rss(*items, head=head), first)
        assert again.window == len(items)
        if minutes is not None:
            assert titles(again) == new
            assert again.ttl == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "ttl",
    [
        "<ttl><b/>30</ttl>",
        "<ttl a='1'>30</ttl>",
        "<ttl>30</ttl><ttl>40</ttl>",
        "<ttl>x</ttl>",
        "<tagline type='xhtml'><ttl>30</ttl></tagline>",
    ],
)
def test_an_odd_ttl_is_left_to_feedparser(ttl: str) -> None:
    document = rss(item(1), head=f"<title>t</title>{ttl}")
    first = poll(document)
    again = poll(document, first)
    assert (again.entries, again.ttl) == ((), first.ttl)


def test_the_list_of_an_rdf_document_names_its_new_entries_and_costs_no_full_reading() -> None:
    def rdf(*numbers: int) -> bytes:
        listed = "".join(f'<rdf:li rdf:resource="https://a.example/{n}"/>' for n in numbers)
        items = "".join(f'<item rdf:about="{n}"><title>غارة {n}</title></item>' for n in numbers)
        return (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
            f"<channel><title>t</title><items><rdf:Seq>{listed}</rdf:Seq></items></channel>{items}</rdf:RDF>"
        ).encode()

    assert titles(poll(rdf(3, 1, 2), poll(rdf(1, 2)))) == [(0, "غارة 3")]


def test_where_the_document_came_from_belongs_to_its_surrounding() -> None:
    first = poll(FIRST)
    assert titles(poll(FIRST, first, base_url="https://host.example/feeds/all.xml?token=sesame")) == []
    assert titles(poll(FIRST, first, base_url="https://other.example/feeds/all.xml")) == ALL


@pytest.mark.parametrize("inside", ["<guid>g1</guid>", "<link>/1</link>"])
def test_a_new_entry_that_bears_the_name_of_one_that_stands_shows_all_of_them(inside: str) -> None:
    """Else nobody would see that the name is borne by two, and the new one would pass for an edit of the other."""
    new = f"<item><title>خبر آخر</title>{inside}</item>"
    assert len(poll(rss(new, item(1), item(2)), poll(FIRST)).entries) == 3


@pytest.mark.parametrize(("age", "all_read"), [(timedelta(hours=17, minutes=59), False), (FULL_READING_EVERY, True)])
def test_once_a_day_all_is_read(age: timedelta, all_read: bool) -> None:
    first = poll(FIRST)
    between = poll(FIRST, first, after=timedelta(hours=10))  # this does not put it off
    assert bool(poll(FIRST, between, after=age).entries) is all_read


def test_feeds_do_not_all_come_to_be_read_in_full_together() -> None:
    at = datetime.fromtimestamp(MARKS.full_at, UTC)
    hours = {
        next(hour for hour in range(30) if not MARKS.are_current(f"feed-{n}", at + timedelta(hours=hour)))
        for n in range(50)
    }
    assert hours >= {19, 20, 21, 22, 23}
    assert hours <= set(range(18, 25))


def test_marks_from_the_future_do_not_count() -> None:
    first = poll(FIRST)
    assert titles(poll(FIRST, first, after=timedelta(minutes=-5))) == ALL


def test_without_the_time_there_are_no_marks() -> None:
    first = poll(FIRST)
    again = parse("news", FIRST, None, base_url=BASE, known=first.marks)
    assert isinstance(again, Parsed)
    assert (titles(again), again.marks, again.overlaps) == (ALL, None, None)


def test_an_entry_dated_in_the_future_is_read_until_its_date_counts() -> None:
    document = rss(item(1), item(2, "<pubDate>Fri, 06 Mar 2026 12:07:00 GMT</pubDate>"))
    first = poll(document)
    early = poll(document, first)
    late = poll(document, early, after=timedelta(minutes=10))
    assert [parsed.entries[-1].published_at is None for parsed in (first, early, late)] == [True, True, False]
    assert titles(late) == ALL[1:2]
    assert poll(document, late, after=timedelta(minutes=15)).entries == ()


def test_a_head_that_breaks_the_parser_is_never_passed_over() -> None:
    def headless(parts: Parts) -> Reading:
        return replace(read(parts), headless=True)

    first = poll(FIRST)
    result = parse(
        "news", rss(item(4), item(1)), None, base_url=BASE, fetched_at=NOW, known=first.marks, reader=headless
    )
    assert isinstance(result, Parsed)
    assert len(result.entries) == 2


# Overlap


@pytest.mark.parametrize(
    ("second", "overlaps"),
    [
        (FIRST, True),
        (rss(item(3), item(4)), True),
        (rss(item(4), item(5)), False),
        (rss(item(1, "<description>edited</description>")), True),
        (rss(), None),
    ],
)
@pytest.mark.parametrize("after", [timedelta(minutes=5), timedelta(days=2)])
def test_whether_a_document_shares_an_entry_with_the_last(
    second: bytes, overlaps: bool | None, after: timedelta
) -> None:
    first = poll(FIRST)
    assert first.overlaps is None
    assert poll(second, first, after=after).overlaps is overlaps


# In which nothing is new


def test_where_nothing_is_new_neither_feedparser_nor_a_process_is_asked() -> None:
    def asked(parts: Parts) -> Reading:
        raise AssertionError(parts)

    first = poll(FIRST)
    quiet = rss(item(2), item(3), head="<title>t</title><ttl>7</ttl>")
    at = NOW + timedelta(minutes=5)
    known = parse_known("news", quiet, base_url=BASE, fetched_at=at, known=first.marks)
    assert known is not None
    assert (known.entries, known.title, known.ttl, known.window) == ((), "t", timedelta(minutes=7), 2)
    assert known == parse("news", quiet, None, base_url=BASE, fetched_at=at, known=first.marks, reader=asked)
    assert parse_known("news", rss(item(4)), base_url=BASE, fetched_at=at, known=first.marks) is None
    assert parse_known("news", quiet, base_url=BASE, fetched_at=at, known=None) is None
