"""What is known to break the parser is reduced or left out before it is read, and what came of it is told."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.feeds.box_salvage import Mended, digest, mend
from monitor.feeds.parts import reduce_entry, split
from monitor.feeds.reading import Raw, Reading

FIRST = "<item><title>خبر أول</title></item>"
POISON = "<item><title>عاجل: انفجار</title><category><x/></category></item>"
LAST = "<item><title>خبر أخير</title></item>"
REDUCED = reduce_entry(POISON)


def mended(*remedies: tuple[str, bool]) -> Mended:
    parts = split(f'<rss version="2.0"><channel>{FIRST}{POISON}{LAST}</channel></rss>')
    return mend(parts, {digest(entry): remedy for entry, remedy in remedies})


def back(document: Mended, *entries: Raw | None, broke: frozenset[int] = frozenset(), note: str = "") -> Reading:
    return document.back(Reading.of({"feed": {}}, entries, notes=(note,) if note else (), mended=broke))


def raw(title: str) -> Mapping[str, str]:
    return {"title": title}


def test_an_entry_is_reduced_if_that_helped_and_left_out_if_not() -> None:
    assert mended((POISON, True)).parts.entries == (FIRST, REDUCED, LAST)
    assert mended((POISON, False)).parts.entries == (FIRST, LAST)


def test_one_that_broke_the_parser_some_other_time_when_it_was_reduced_is_left_out() -> None:
    assert mended((POISON, True), (REDUCED, False)).parts.entries == (FIRST, LAST)


def test_without_a_remedy_for_it_a_document_stays_as_it_is() -> None:
    assert mended().parts.entries == mended((REDUCED, False)).parts.entries == (FIRST, POISON, LAST)
    assert back(mended((REDUCED, False)), raw("1"), raw("2"), raw("3")).notes == ()


def test_each_entry_comes_back_to_its_place() -> None:
    reading = back(mended((POISON, False)), raw("1"), raw("3"))
    assert reading.entries == (raw("1"), None, raw("3"))
    assert (reading.mended, reading.lost) == ({1}, 0)


def test_what_came_of_a_reduced_entry_is_told_and_not_what_was_hoped() -> None:
    read = back(mended((POISON, True)), raw("1"), raw("2"), raw("3"))
    unread = back(mended((POISON, True)), raw("1"), None, raw("3"))
    assert read.notes == ("the entry 'عاجل: انفجار' breaks the parser; it was read without its markup",)
    assert unread.notes == ("the entry 'عاجل: انفجار' breaks the parser; it could not be read",)


def test_what_breaks_the_parser_again_is_told_once() -> None:
    note = "the entry 'عاجل: انفجار' breaks the parser; it could not be read"
    reading = back(mended((POISON, True)), raw("1"), None, raw("3"), broke=frozenset({1}), note=note)
    assert (reading.notes, reading.mended) == ((note,), {1})
