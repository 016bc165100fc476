"""What a decision rests on, where feeds may date as they like."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.stories.told import HOUR, MINUTE, NOW, case, report


@pytest.mark.parametrize(
    ("dated", "seen", "first"),
    [
        (-20 * HOUR, NOW, -HOUR - 30 * MINUTE),
        (-HOUR - 10 * MINUTE, NOW, -HOUR - 10 * MINUTE),
        (-20 * HOUR, NOW - 3 * HOUR, -20 * HOUR),
        (HOUR, NOW, -HOUR),
    ],
    ids=["dated back when it was seen later", "a little earlier", "seen first", "later"],
)
def test_a_story_is_as_old_as_its_first_report_and_no_other_makes_it_much_older(dated, seen, first):
    honest = report("one", at=NOW - HOUR)
    other = replace(report("two", at=NOW + dated), seen_at=seen)
    assert case(other, honest).first_told_at == case(honest, other).first_told_at == NOW + first


def test_a_story_is_never_of_the_future():
    assert case(report(at=NOW + HOUR)).first_told_at == NOW
