"""What becomes of a report when its entry is edited."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.model import Origin
from monitor.stories.versions import MOST_EARLIER, renewed
from tests.stories.told import MINUTE, NOW, report


def edits(count: int):
    """A report, first seen ten minutes ago, after so many edits, a minute apart."""
    told = replace(report(text="0", at=NOW - 10 * MINUTE), entry_id=7)
    for number in range(1, count + 1):
        told = renewed(told, report(text=str(number), at=NOW + number * MINUTE, title=f"{number}"))
    return told


def test_an_edited_report_says_what_it_says_now_and_was_told_and_seen_when_it_first_was():
    told = edits(1)
    assert (told.title, told.sketch.text) == ("1", report(text="1").sketch.text)
    assert told.sketch.told_at == told.seen_at == NOW - 10 * MINUTE
    assert told.edited_at == NOW + MINUTE
    assert [each.seen_at for each in told.versions] == [NOW - 10 * MINUTE, NOW + MINUTE]


def test_an_edit_that_is_dated_back_dates_all_versions_back():
    told = renewed(report(text="0"), report(text="1", at=NOW - 5 * MINUTE))
    assert {each.sketch.told_at for each in told.versions} == {NOW - 5 * MINUTE}


@pytest.mark.parametrize("count", [0, 1, 3, 4, 9])
def test_the_first_version_and_the_newest_few_are_kept(count):
    numbers = list(range(count))
    kept = numbers[:1] + numbers[1:][-(MOST_EARLIER - 1) :]
    assert [each.sketch.text for each in edits(count).earlier] == [report(text=str(n)).sketch.text for n in kept]


def test_what_changed_no_word_is_no_other_version():
    told = edits(1)
    again = renewed(told, report(text="1", at=NOW + 9 * MINUTE))
    assert (again.earlier, again.edited_at) == (told.earlier, told.edited_at)


BARE, WIRE, AGENCY = (Origin(newsroom="one", owner=who or "one", credited=who) for who in (None, "wire", "agency"))


@pytest.mark.parametrize(
    ("was", "says", "now"),
    [(BARE, BARE, BARE), (BARE, WIRE, WIRE), (WIRE, BARE, WIRE), (WIRE, AGENCY, AGENCY)],
)
def test_whose_word_was_printed_is_not_taken_back_by_leaving_the_name_out(was, says, now):
    assert renewed(replace(report(text="0"), origin=was), replace(report(text="1"), origin=says)).origin == now
